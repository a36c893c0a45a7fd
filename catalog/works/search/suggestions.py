"""What may be meant while one types: titles, names, subjects. Nothing that the audience may not see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst, slugify

from catalog.models import Credit, Release
from catalog.models.search import SearchDocumentQuerySet, SearchTerm
from catalog.works import shelf
from catalog.works.audience import Audience
from catalog.works.search import candidates, corrections, ranking, typed
from catalog.works.search.candidates import Field, Row
from catalog.works.search.typed import WHOLE, Typed

TITLE, NAME, SUBJECT = "title", "name", "subject"
MOST = {TITLE: 5, NAME: 3, SUBJECT: 2}
BEGUN, SO_CALLED, TERMS, WITNESSES = 20, 40, 10, 200
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
    documents = field.documents()
    rows = _documents(documents, read)
    names = {tag[2:] for row in rows for tag in row.tags if tag[0] == "n" and _is_begun(read, tag[2:])}
    terms = _terms(documents, read, names)
    return [*_titles(field, read, rows), *terms]


def _documents(documents: SearchDocumentQuerySet, read: Typed) -> list[Row]:
    """Read some works whose title begins so, and the newest whose title or names bear the words."""
    begun = documents.filter(title_key__startswith=read.key).order_by("title_key", "pk")
    rows = candidates.read_rows(begun[:BEGUN], Typed(()))
    if len(read.words[-1]) >= WHOLE or len(read.words) > 1:
        so_called = documents.filter(names=candidates.written(read)).order_by("-published_at", "-pk")
        rows += candidates.read_rows(so_called[:SO_CALLED], Typed(()))
    return list({row.release_id: row for row in rows}.values())


def _is_begun(read: Typed, key: str) -> bool:
    """Tell whether each typed word begins a word of a name."""
    words = key.split()
    return all(any(word.startswith(one) for word in words) for one in read.words)


def _titles(field: Field, read: Typed, rows: Iterable[Row]) -> list[Suggestion]:
    ladder = ranking.make_ladder(field.audience.place, field.audience.own)

    def order(row: Row) -> tuple[int, int]:
        text = ranking.text_score(key=read.key, title_key=row.title_key, tags=frozenset(), rank=0.5)
        fresh = ranking.freshness(published=row.published_at.date(), on=field.on)
        return -ranking.score(text=text, nearness=ladder.nearness(row.tags), fresh=fresh), -row.release_id

    titled = sorted((row for row in rows if _is_begun(read, row.title_key)), key=order)[: MOST[TITLE]]
    ids = [row.release_id for row in titled]
    credits_ = Credit.objects.select_related("party").order_by("position", "pk")
    works = Release.objects.select_related("label").prefetch_related(Prefetch("credits", credits_))
    found = works.in_bulk(ids)
    return [
        Suggestion(
            kind=TITLE,
            text=found[pk].title,
            detail=shelf.main_artist(found[pk], found[pk].credits.all()),
            url=shelf.release_url(found[pk]),
        )
        for pk in ids
        if pk in found
    ]


def _terms(documents: SearchDocumentQuerySet, read: Typed, seen: set[str]) -> list[Suggestion]:
    """List names and subjects: those seen on a work just read, then those that begin so and that a work bears."""
    begun = SearchTerm.objects.filter(key__startswith=read.key).exclude(kind=SearchTerm.Kind.WORD)
    asked = list(begun.order_by("key", "pk")[: 2 * TERMS])
    if seen:
        asked += SearchTerm.objects.filter(kind=SearchTerm.Kind.NAME, key__in=sorted(seen)[:TERMS])
    terms = list({term.pk: term for term in asked}.values())
    shown = {f"n:{key}" for key in seen}
    shown |= _borne(documents, [tag for term in terms if (tag := _tag(term)) not in shown])
    visible = [term for term in terms if _tag(term) in shown]
    return [
        _describe(term)
        for kind in (NAME, SUBJECT)
        for term in [one for one in visible if one.kind == kind][: MOST[kind]]
    ]


def _borne(documents: SearchDocumentQuerySet, tags: Sequence[str]) -> set[str]:
    """Return which of the tags a visible work bears; the rare one is asked for alone if others hide it."""
    if not tags:
        return set()
    witnesses = list(documents.filter(tags__overlap=list(tags)).values_list("tags", flat=True)[:WITNESSES])
    seen = {tag for found in witnesses for tag in found} & set(tags)
    if len(witnesses) == WITNESSES:
        seen |= {tag for tag in set(tags) - seen if documents.filter(tags__contains=[tag]).exists()}
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
