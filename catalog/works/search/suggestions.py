"""What may be meant while one types: titles, names, subjects. Nothing that the audience may not see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst, slugify

from catalog.models.search import SearchTerm
from catalog.works import listing, shelf
from catalog.works.audience import Audience
from catalog.works.search import corrections, ranking, reading, sets, typed, words
from catalog.works.search.reading import Field, Reader, Row, Wanted
from catalog.works.search.sets import Documents
from catalog.works.search.typed import Typed

TITLE, NAME, SUBJECT = "title", "name", "subject"
MOST = {TITLE: 5, NAME: 3, SUBJECT: 2}
BEGUN, SO_CALLED, TERMS, WITNESSES = 20, 40, 10, 100
LETTER = {NAME: "n", SUBJECT: "s"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`kind`: title, name or subject. `text` is as it is written; `detail`: a title's makers, else empty."""

    kind: str
    text: str
    detail: str
    url: str


def suggest(
    *, audience: Audience, query: str, on: date | None = None, now: datetime | None = None
) -> list[Suggestion]:
    """List what the typed letters may become: titles, then names, then subjects; typos put right if need be.

    Each one has been seen on a work that is visible to the audience in this very call.
    """
    read = typed.read(query[:200])
    if not read.words:
        return []
    field = Field(audience, on or timezone.localdate(), now or timezone.now())
    if found := _suggest(field, read):
        return found
    readings = corrections.put_right(read)
    return next((found for reading in readings if (found := _suggest(field, reading))), [])


def _suggest(field: Field, read: Typed) -> list[Suggestion]:
    reader = Reader(field)
    rows = _documents(reader, read)
    names = {tag[2:] for row in rows for tag in row.tags if tag[0] == "n" and _is_begun(read, tag[2:])}
    return [*_titles(field, read, rows), *_terms(reader, read, names)]


def _documents(reader: Reader, read: Typed) -> list[Row]:
    """Read some works whose title begins so, and the newest whose title or names bear the words."""
    documents = reader.field.documents
    found = reader.read(
        Wanted(documents.titled(read.key), BEGUN, reading.first_titled),
        reader.field.newest(_so_called(documents, read), SO_CALLED),
    )
    return list({row.release_id: row for rows in found for row in rows}.values())


def _so_called(documents: Documents, read: Typed) -> Documents:
    """Keep what bears the words in its title or names, the last as a beginning unless it is very short."""
    *before, last = read.words
    going_on = words.going_on(last) if read.may_go_on else []
    if not going_on:
        return documents.named(sets.whole(read))
    begun = documents.named(sets.any_of(going_on))
    return begun.named(sets.whole(Typed(tuple(before)))) if before else begun


def _is_begun(read: Typed, key: str) -> bool:
    """Tell whether each typed word begins a word of a name."""
    parts = key.split()
    return all(any(part.startswith(one) for part in parts) for one in read.words)


def _titles(field: Field, read: Typed, rows: Iterable[Row]) -> list[Suggestion]:
    ladder = ranking.make_ladder(field.audience.place, field.audience.own)

    def order(row: Row) -> tuple[int, int]:
        text = ranking.text_score(key=read.key, title_key=row.title_key, tags=frozenset(), rank=0.5)
        fresh = ranking.freshness(published=row.published_on, on=field.on)
        return -ranking.score(text=text, nearness=ladder.nearness(row.tags), fresh=fresh), -row.release_id

    titled = sorted((row for row in rows if _is_begun(read, row.title_key)), key=order)[: MOST[TITLE]]
    ids = [row.release_id for row in titled]
    works = listing.read_works(ids)
    return [
        Suggestion(
            kind=TITLE,
            text=works[pk].title,
            detail=shelf.main_artist(works[pk]),
            url=shelf.release_url(works[pk]),
        )
        for pk in ids
        if pk in works
    ]


def _terms(reader: Reader, read: Typed, seen: set[str]) -> list[Suggestion]:
    """List names and subjects: those seen on a work just read, then those that begin so and that a work bears."""
    begun = SearchTerm.objects.filter(key__startswith=read.key).order_by("key", "pk")
    by_kind = [begun.filter(kind=kind)[:TERMS] for kind in (SearchTerm.Kind.NAME, SearchTerm.Kind.SUBJECT)]
    asked = list(by_kind[0].union(by_kind[1], all=True))
    if seen:
        asked += SearchTerm.objects.filter(kind=SearchTerm.Kind.NAME, key__in=sorted(seen)[:TERMS])
    terms = {term.pk: term for term in asked}.values()
    shown = {f"n:{key}" for key in seen}
    suggestions = []
    for kind in (NAME, SUBJECT):
        of_kind = [term for term in terms if term.kind == kind]
        shown |= _borne(reader, [tag for term in of_kind if (tag := _tag(term)) not in shown], MOST[kind])
        suggestions += [_describe(term) for term in of_kind if _tag(term) in shown][: MOST[kind]]
    return suggestions


def _borne(reader: Reader, tags: Sequence[str], limit: int) -> set[str]:
    """Return the first of the tags that a visible work bears, `limit` of them if there are; others perhaps too."""
    if not tags:
        return set()
    field = reader.field
    (witnesses,) = reader.read(field.newest(field.documents.bearing_any(tags), WITNESSES))
    seen = {tag for row in witnesses for tag in row.tags} & set(tags)
    if len(witnesses) < WITNESSES:
        return seen
    for tag in tags:  # what others hide is asked for alone
        if limit <= 0:
            break
        if tag not in seen and reader.read(field.newest(field.documents.bearing_any([tag]), 1))[0]:
            seen.add(tag)
        limit -= tag in seen
    return seen


def _tag(term: SearchTerm) -> str:
    return f"{LETTER[term.kind]}:{term.key if term.kind == NAME else term.label}"


def _describe(term: SearchTerm) -> Suggestion:
    if term.kind == NAME:
        url = reverse("catalog:artist", args=[term.party_id, slugify(term.label) or "-"])
    else:
        url = f"{reverse('catalog:search')}?{urlencode({'subject': term.label})}"
    text = term.label if term.kind == NAME else str(capfirst(term.label))
    return Suggestion(kind=term.kind, text=text, detail="", url=url)
