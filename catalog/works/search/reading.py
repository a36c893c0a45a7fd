"""Reads the first works of sets, however much is in them: ids by the index alone, then what may be seen of these.

A set's documents bear words and tags; whether a work is visible costs three look-ups, so it is asked of those alone
that would be read. `Release.visible_to` decides, over the live tables, in the same call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection

from catalog.models import Release
from catalog.models.search import hints
from catalog.works.audience import Audience
from catalog.works.search import cursors, layers, spans
from catalog.works.search.sets import Documents, Words

WEIGHTS = [0.1, 0.2, 0.4, 1.0]  # D, C, B, A
SPARE = 8  # an eighth more is asked for than is needed
WIDER = 8  # times as much is asked for if too little of it is visible
AT_LEAST = 16  # works for each one wanted are looked at
WALK = 1_000  # works that the index by title may read one by one
# The same order as the index's, but not by it: walking back in time reads everything if the set is small.
LATEST = "d.published_at + interval '0' DESC, d.release_id DESC"
BY_TITLE, SORTED = "d.title_key, d.release_id", "d.title_key || '', d.release_id"  # by the index, and not
# A moment as a whole number: an instant costs ten times as much to read.
ROW = "d.release_id, (extract(epoch FROM d.published_at) * 1000000)::bigint, d.title_key, d.tags"
NOTHING: tuple[str, tuple[Any, ...]] = ("SELECT 0 WHERE false", ())
FIRST_DAY, DAY_US = date(1970, 1, 1), 86_400_000_000


class Row(NamedTuple):
    """A document as far as counting and ordering need it. `published_us`: microseconds since 1970."""

    release_id: int
    published_us: int
    title_key: str
    tags: frozenset[str]

    @property
    def published_on(self) -> date:
        return FIRST_DAY + timedelta(days=self.published_us // DAY_US)


Order = Callable[[Documents, int], list[int]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The first `limit` visible documents of a set; `order` returns its first ids, all of them if they are fewer."""

    documents: Documents
    limit: int
    order: Order


@dataclass(frozen=True)
class Field:
    """Where a search looks: an audience's documents on a day, published until an instant."""

    audience: Audience
    on: date
    as_of: datetime

    @cached_property
    def documents(self) -> Documents:
        """What the index knows to be for the audience: all that is visible, and more."""
        found = Documents().keep("d.published_at <= %s", self.as_of)
        for tags in hints(self.audience):
            found = found.bearing_any(tags)
        return found

    @cached_property
    def _visible(self) -> tuple[str, tuple[Any, ...]]:
        """What the audience may see: `Release.visible_to` in SQL."""
        shown = Release.objects.visible_to(self.audience, on=self.on).order_by().values("pk")
        try:
            return shown.query.sql_with_params()
        except EmptyResultSet:
            return NOTHING

    def newest(
        self,
        documents: Documents,
        limit: int,
        *,
        until: datetime | None = None,
        least: int = 0,
    ) -> Wanted:
        """Ask for the newest of a set; `until`: it holds nothing later; `least`: of fewer works too few are in it."""

        def order(those: Documents, most: int) -> list[int]:
            return newest_ids(those, as_of=until or self.as_of, limit=most, least=least)

        return Wanted(documents, limit, order)

    def titled(self, documents: Documents, limit: int, *, since: str = "", every: float = 0) -> Wanted:
        """Ask for the first of a set by title; `since`: it holds none before that; `every`: one of so many is in it."""

        def order(those: Documents, most: int) -> list[int]:
            return titled_ids(those, since=since, every=every, as_of=self.as_of, limit=most)

        return Wanted(documents, limit, order)

    def reach(self, rows: Sequence[Row]) -> int:
        """Return among how many of the latest works these lie, about."""
        oldest = cursors.from_microseconds(min(row.published_us for row in rows))
        known = (layer.works for layer in layers.before(self.as_of) if layer.begin <= oldest)
        return next(known, 0)

    def visible(self, documents: Documents) -> Documents:
        """Keep what the audience may see."""
        shown, values = self._visible
        return documents.keep(f"d.release_id IN ({shown})", *values)


def newest_ids(documents: Documents, *, as_of: datetime, limit: int, least: float = 0) -> list[int]:
    """Return the ids of a set's newest documents, newest first; fewer than `limit`: there are no more.

    Some latest works are looked at first (of 16 the set should hold one), then as many as should hold enough: the index
    leaves out older ones before any row is read. The last layer is everything.
    """
    least = max(least, AT_LEAST * limit)
    for layer in layers.before(as_of):
        if layer.works < least:
            continue
        ids = newest_of_few(documents.in_spans(spans.covering(layer.begin, as_of)), limit)
        if len(ids) == limit:
            return ids
        least = 1.2 * layer.works * limit / (len(ids) + 0.1)
    return newest_of_few(documents, limit)


def newest_of_few(documents: Documents, limit: int) -> list[int]:
    """Return the same, when the set is known to be small: it is read whole."""
    return _ids(documents, LATEST, limit)


def titled_ids(documents: Documents, *, since: str, every: float, as_of: datetime, limit: int) -> list[int]:
    """Return the ids of a set's first documents by title; `since`: it holds none before that title.

    `every`: of so many works one is in it, if that is known. Of much, the index by title is read until there is enough.
    Of less, a stretch of the alphabet that should hold enough, then wider ones, at last everything: words crowd.
    """
    if 0 < every * limit <= WALK:
        return first_titled(documents, limit)
    least = 1.2 * every * limit
    for stretch in layers.titles(since, as_of):
        if stretch.works < least:
            continue
        ids = _ids(
            documents.keep("d.title_key >= %s AND d.title_key < %s", since, stretch.end), SORTED, limit
        )
        if len(ids) == limit:
            return ids
        least = stretch.works * min(WIDER, 1.2 * limit / (len(ids) + 0.1))
    return _ids(documents, SORTED, limit)


def first_titled(documents: Documents, limit: int) -> list[int]:
    """Return the same by the index alone: it reads on until there is enough."""
    return _ids(documents, BY_TITLE, limit)


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
        seen = {pk for (pk,) in _select("d.release_id", self.field.visible(_among(wide)))}
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
        for pk, published_us, title_key, tags in _select(ROW, self.field.visible(_among(new))):
            self._rows[pk] = Row(pk, published_us, title_key, frozenset(tags))


def read_ranks(ids: Sequence[int], words: Words) -> dict[int, float]:
    """Return ts_rank for each of the documents."""
    rank = f"d.release_id, ts_rank(%s::float4[], d.words, {words.sql})"
    return dict(_select(rank, _among(ids), WEIGHTS, *words.values))


def _among(ids: Sequence[int]) -> Documents:
    array = f"{{{','.join(map(str, ids))}}}"  # as text: a list is written item by item
    return Documents().keep("d.release_id IN (SELECT unnest(%s::bigint[]))", array)


def _ids(documents: Documents, order: str, limit: int) -> list[int]:
    return [pk for (pk,) in _select("d.release_id", documents, rest=f" ORDER BY {order} LIMIT {limit:d}")]


def _select(columns: str, documents: Documents, *values: Any, rest: str = "") -> list[tuple[Any, ...]]:
    """Read some columns of a set; `values`: those in the columns. All SQL is ours, values are bound."""
    asked = f"SELECT {columns} FROM catalog_searchdocument d WHERE {documents.where}{rest}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(asked, (*values, *documents.values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
