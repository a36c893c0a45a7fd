"""Reads the first works of sets, however much is in them: ids by the index alone, then what may be seen of these.

A set's documents bear words and tags; whether a work is visible costs three look-ups, so it is asked of those alone
that would be read. `Release.visible_to` decides, over the live tables, in the same call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import BigIntegerField, DateTimeField, ExpressionWrapper, F, Func, OrderBy
from django.db.models.expressions import RawSQL

from catalog.models import Release
from catalog.models.search import SearchDocument, SearchDocumentQuerySet
from catalog.works.audience import Audience
from catalog.works.search import cursors, layers, spans

WEIGHTS = [0.1, 0.2, 0.4, 1.0]  # D, C, B, A
SPARE = 8  # an eighth more is asked for than is needed
WIDER = 8  # times as much is asked for if too little of it is visible
# The same order as the index's, but not by it: walking back in time reads everything if the set is small.
LATEST = OrderBy(ExpressionWrapper(F("published_at") + timedelta(0), DateTimeField()), descending=True)
PUBLISHED_US = Func(  # a whole number: an instant costs ten times as much to read
    F("published_at"),
    template="(extract(epoch FROM %(expressions)s) * 1000000)::bigint",
    output_field=BigIntegerField(),
)
FIRST_DAY, DAY_US = date(1970, 1, 1), 86_400_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A document as far as counting and ordering need it. `published_us`: microseconds since 1970."""

    release_id: int
    published_us: int
    title_key: str
    tags: frozenset[str]

    @property
    def published_on(self) -> date:
        return FIRST_DAY + timedelta(days=self.published_us // DAY_US)


Order = Callable[[SearchDocumentQuerySet, int], list[int]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The first `limit` visible documents of a set; `order` returns its first ids, all of them if they are fewer."""

    documents: SearchDocumentQuerySet
    limit: int
    order: Order


@dataclass(frozen=True, slots=True)
class Field:
    """Where a search looks: an audience's documents on a day, published until an instant."""

    audience: Audience
    on: date
    as_of: datetime

    @property
    def documents(self) -> SearchDocumentQuerySet:
        """Return what the index knows to be for the audience: all that is visible, and more."""
        return SearchDocument.objects.hinted(self.audience).filter(published_at__lte=self.as_of)

    def newest(
        self,
        documents: SearchDocumentQuerySet,
        limit: int,
        *,
        until: datetime | None = None,
        least: int = 0,
    ) -> Wanted:
        """Ask for the newest of a set; `until`: it holds nothing later; `least`: of fewer works too few are in it."""

        def order(those: SearchDocumentQuerySet, most: int) -> list[int]:
            return newest_ids(those, as_of=until or self.as_of, limit=most, least=least)

        return Wanted(documents, limit, order)

    def reach(self, rows: Sequence[Row]) -> int:
        """Return among how many of the latest works these lie, about."""
        oldest = cursors.from_microseconds(min(row.published_us for row in rows))
        known = (layer.works for layer in layers.before(self.as_of) if layer.begin <= oldest)
        return next(known, 0)

    def visible(self, documents: SearchDocumentQuerySet) -> SearchDocumentQuerySet:
        """Keep what the audience may see."""
        return documents.filter(release__in=Release.objects.visible_to(self.audience, on=self.on))


def newest_ids(
    documents: SearchDocumentQuerySet, *, as_of: datetime, limit: int, least: float = 0
) -> list[int]:
    """Return the ids of a set's newest documents, newest first; fewer than `limit`: there are no more.

    The latest 16,384 works are looked at first, then as many as should hold enough: the index leaves out older ones
    before any row is read. The last layer is everything.
    """
    for layer in layers.before(as_of):
        if layer.works < least:
            continue
        ids = newest_of_few(documents.filter(spans__overlap=spans.covering(layer.begin, as_of)), limit)
        if len(ids) == limit:
            return ids
        least = 1.2 * layer.works * limit / (len(ids) + 0.1)
    return newest_of_few(documents, limit)


def newest_of_few(documents: SearchDocumentQuerySet, limit: int) -> list[int]:
    """Return the same, when the set is known to be small: it is read whole."""
    return list(documents.order_by(LATEST, "-pk").values_list("pk", flat=True)[:limit])


def by_title(documents: SearchDocumentQuerySet, limit: int) -> list[int]:
    """Return the ids of a set's first documents by title."""
    return list(documents.order_by("title_key", "pk").values_list("pk", flat=True)[:limit])


class Reader:
    """Reads rows once each, whatever sets they are in."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self._rows: dict[int, Row | None] = {}  # None: not visible

    def read(self, *wanted: Wanted) -> list[list[Row]]:
        """Return each set's first visible rows, in its order: as many as were asked for, unless there are no more."""
        asked = [one.limit + one.limit // SPARE + 1 for one in wanted]
        found = [one.order(one.documents, most) for one, most in zip(wanted, asked, strict=True)]
        self._fetch(chain.from_iterable(found))
        return [
            self._complete(one, ids, is_all=len(ids) < most)
            for one, ids, most in zip(wanted, found, asked, strict=True)
        ]

    def _complete(self, wanted: Wanted, ids: Sequence[int], *, is_all: bool) -> list[Row]:
        """Return the visible ones of ids; if they are too few, look wider, then among nothing but visible ones."""
        if len(rows := self._visible(ids)) >= wanted.limit or is_all:
            return rows[: wanted.limit]
        most = wanted.limit * WIDER
        wide = wanted.order(wanted.documents, most)
        seen = set(self.field.visible(_among(wide)).values_list("pk", flat=True))
        found = [one for one in wide if one in seen][: wanted.limit]
        if len(found) < wanted.limit and len(wide) == most:
            found = wanted.order(self.field.visible(wanted.documents), wanted.limit)
        self._fetch(found)
        return self._visible(found)

    def _visible(self, ids: Iterable[int]) -> list[Row]:
        return [row for one in ids if (row := self._rows[one])]

    def _fetch(self, ids: Iterable[int]) -> None:
        new = [one for one in dict.fromkeys(ids) if one not in self._rows]
        if not new:
            return
        self._rows |= dict.fromkeys(new)
        rows = self.field.visible(_among(new)).annotate(published_us=PUBLISHED_US)
        for pk, published_us, title_key, tags in rows.values_list("pk", "published_us", "title_key", "tags"):
            self._rows[pk] = Row(pk, published_us, title_key, frozenset(tags))


def read_ranks(ids: Sequence[int], query: SearchQuery) -> dict[int, float]:
    """Return ts_rank for each of the documents."""
    ranked = _among(ids).annotate(rank=SearchRank(F("words"), query, weights=WEIGHTS))
    return dict(ranked.values_list("pk", "rank"))


def _among(ids: Sequence[int]) -> SearchDocumentQuerySet:
    array = f"{{{','.join(map(str, ids))}}}"  # as text: a list is written item by item
    return SearchDocument.objects.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [array]))
