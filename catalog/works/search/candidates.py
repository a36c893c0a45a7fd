"""Reads bounded sets of documents: never more than a set's limit is fetched or ranked, however much there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import and_

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import DateTimeField, ExpressionWrapper, F, FloatField, OrderBy, Q, Value

from catalog.models import Medium
from catalog.models.search import SearchDocument, SearchDocumentQuerySet
from catalog.works.audience import Audience
from catalog.works.search.ranking import Ladder
from catalog.works.search.typed import Typed

SIMPLE, FRENCH = "catalog_simple", "catalog_french"
MOST = 1_000  # works ranked and counted; of more only the newest, the nearest and those so called
MOST_SO_CALLED, MOST_NEAR, MOST_EXACT = 500, 200, 50
WEIGHTS = [0.1, 0.2, 0.4, 1.0]  # D, C, B, A
RECENT = 8_000
# The same order as the index's, but not by it.
LATEST = OrderBy(ExpressionWrapper(F("published_at") + timedelta(0), DateTimeField()), descending=True)
Needed = Mapping[str, AbstractSet[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """A document as far as ranking and counting need it. `rank`: ts_rank, 0 without words."""

    release_id: int
    published_at: datetime
    title_key: str
    tags: frozenset[str]
    rank: float


@dataclass(frozen=True, slots=True)
class Found:
    """A set of documents; `is_capped`: there are more."""

    rows: list[Row]
    is_capped: bool


@dataclass(frozen=True, slots=True)
class Field:
    """Where a search looks: an audience's documents on a day, published until an instant."""

    audience: Audience
    on: date
    as_of: datetime

    @property
    def hints(self) -> int:
        """How many conditions the audience itself adds."""
        return (self.audience.max_age is not None) + (len(self.audience.media) < len(Medium.values))

    def documents(self, needed: Iterable[AbstractSet[str]] = ()) -> SearchDocumentQuerySet:
        """Return the visible documents that bear one tag of each set."""
        found = SearchDocument.objects.visible_to(self.audience, on=self.on)
        found = found.filter(published_at__lte=self.as_of)
        return reduce(lambda kept, tags: kept.filter(tags__overlap=sorted(tags)), needed, found)


def matching(field: Field, typed: Typed, needed: Needed) -> SearchDocumentQuerySet:
    """Return the visible documents that bear the words and one tag of each set, in no order."""
    documents = field.documents(needed.values())
    if not typed.words:
        return documents
    if typed.is_beginning:
        return documents.filter(Q(title_key__startswith=typed.key) | Q(names=written(typed)))
    return documents.filter(words=written(typed))


def find(field: Field, typed: Typed, needed: Needed, ladder: Ladder) -> Found:
    """Find what bears the words and the tags; if that is more than MOST, the newest, the nearest, those so called."""
    if not typed.is_beginning:
        return _newest_and_nearest(field, typed, needed, ladder)
    documents = field.documents(needed.values())
    begun = documents.filter(title_key__startswith=typed.key).order_by("title_key", "pk")
    whole = documents.filter(names=written(typed)).order_by(LATEST, "-pk")
    rows = _union(read_rows(begun[: MOST + 1], typed), read_rows(whole[:MOST_SO_CALLED], typed))
    return Found(rows[:MOST], is_capped=len(rows) > MOST)


def written(typed: Typed) -> SearchQuery:
    """Ask for all words as written, the last as far as it is typed, or for their French stems."""
    as_written = SearchQuery(typed.as_written, config=SIMPLE, search_type="raw")
    return as_written | SearchQuery(typed.key, config=FRENCH)


def _newest_and_nearest(field: Field, typed: Typed, needed: Needed, ladder: Ladder) -> Found:
    documents = matching(field, typed, needed)
    conditions = len(needed) + bool(typed.words) + field.hints
    rows = _read_newest(field, documents, typed, limit=MOST + 1, conditions=conditions)
    if len(rows) <= MOST:
        return Found(rows, is_capped=False)
    by = (
        LATEST if conditions else "-published_at"
    )  # with other conditions, those from around are few: by the index
    more = [
        read_rows(documents.filter(tags__overlap=tags).order_by(by, "-pk")[:MOST_NEAR], typed)
        for tags in _near(ladder)
    ]
    if typed.words:
        borne = field.documents(needed.values())
        so_called = Q(title_key=typed.key) | Q(tags__contains=[f"n:{typed.key}"])
        more += [
            read_rows(borne.filter(so_called).order_by(LATEST, "-pk")[:MOST_EXACT], typed),
            _read_newest(
                field,
                borne.filter(names=written(typed)),
                typed,
                limit=MOST_SO_CALLED,
                conditions=conditions,
            ),
        ]
    return Found(_union(rows, *more), is_capped=True)


def _read_newest(
    field: Field, documents: SearchDocumentQuerySet, typed: Typed, *, limit: int, conditions: int
) -> list[Row]:
    """Read the newest of a set, in a time that no estimate of PostgreSQL's can spoil.

    One condition it knows the frequency of, and chooses well between walking back in time and the index over
    words and tags. Of several that exclude each other (poems among games) it thinks there are many, walks, and
    reads a million rows: so the latest RECENT works are looked at first, and if they hold too few, the index.
    """
    if conditions <= 1:
        return read_rows(documents.order_by("-published_at", "-pk")[:limit], typed)
    latest = SearchDocument.objects.filter(published_at__lte=field.as_of).order_by("-published_at", "-pk")
    recent = documents.filter(pk__in=latest.values("pk")[:RECENT])
    rows = read_rows(recent.order_by(LATEST, "-pk")[:limit], typed)
    return rows if len(rows) == limit else read_rows(documents.order_by(LATEST, "-pk")[:limit], typed)


def _near(ladder: Ladder) -> list[list[str]]:
    tags = sorted(ladder.own) + [tag for level, tag in ladder.shared if level != "country"]
    return [tags] if tags else []


def read_rows(chosen: SearchDocumentQuerySet, typed: Typed) -> list[Row]:
    """Read a limited set; ranked after the limit, as a rank costs more than a row."""
    rank = (
        SearchRank(F("words"), written(typed), weights=WEIGHTS) if typed.words else Value(0.0, FloatField())
    )
    limited = SearchDocument.objects.filter(pk__in=chosen.values("pk")).annotate(rank=rank)
    return [
        Row(pk, published_at, title_key, frozenset(tags), rank)
        for pk, published_at, title_key, tags, rank in limited.values_list(
            "pk", "published_at", "title_key", "tags", "rank"
        )
    ]


def _union(*sets: Iterable[Row]) -> list[Row]:
    return list({row.release_id: row for rows in sets for row in rows}.values())


def page_by_column(
    documents: SearchDocumentQuerySet,
    *,
    sort: str,
    after: tuple[int | str | datetime, ...] | None,
    limit: int,
) -> list[tuple[int, datetime, str]]:
    """Return the next rows of a list sorted by `newest` or `title`, however long it is: (id, published, title key)."""
    column, back = ("published_at", "-") if sort == "newest" else ("title_key", "")
    if after is not None:
        key, last = after
        step = "lt" if back else "gt"
        beyond = Q(**{f"{column}__{step}": key}) | Q(**{column: key, f"pk__{step}": last})
        edge = Q(**{f"{column}__{step}e": key})  # lets an index begin where the page before ended
        documents = documents.filter(reduce(and_, (edge, beyond)))
    chosen = documents.order_by(f"{back}{column}", f"{back}pk")
    return list(chosen.values_list("pk", "published_at", "title_key")[:limit])
