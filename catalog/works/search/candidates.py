"""Which works a search considers: bounded sets, however much there is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from catalog.models.search import SearchDocumentQuerySet
from catalog.works.search import reading
from catalog.works.search.ranking import Ladder
from catalog.works.search.reading import Field, Reader, Row, Wanted
from catalog.works.search.typed import Typed

SIMPLE, FRENCH = "catalog_simple", "catalog_french"
MOST = 500  # works ranked and counted; of more only the newest, the nearest and those so called
MOST_SO_CALLED, MOST_NEAR, MOST_EXACT = 250, 100, 50
Needed = Mapping[str, AbstractSet[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """The considered rows of a set, and the set itself; `is_capped`: there are more. `within`: whatever the words."""

    rows: list[Row]
    is_capped: bool
    documents: SearchDocumentQuerySet
    within: SearchDocumentQuerySet


class Finder:
    """Finds the works of one search: by its words, within some facets.

    `goes_on`: the last word is looked for as a beginning too.
    """

    def __init__(self, field: Field, typed: Typed, ladder: Ladder, *, goes_on: bool) -> None:
        self.field, self.typed, self.ladder = field, typed, ladder
        self.goes_on = goes_on and typed.may_go_on
        self.reader = Reader(field)

    def find_newest(self, needed: Needed, *, least: int = 0) -> Found:
        """Find what bears the words and the tags; if that is more than MOST, the newest.

        `least`: among fewer works there are known to be too few.
        """
        within, typed = self._within(needed), self.typed
        if not typed.words:
            return self._found(within, within, least)
        if typed.is_beginning:
            return self._find_begun(within)
        words = within.filter(words=whole(typed))
        found = self._found(words, within, least)
        if found.is_capped or not self.goes_on:
            return found
        begun = within.filter(names=_begun(typed))
        if typed.words[:-1]:
            begun = begun.filter(words=whole(Typed(typed.words[:-1])))
        (rows,) = self.reader.read(self.field.newest(begun, MOST + 1))
        rows = _union(found.rows, rows)
        return Found(rows, len(rows) > MOST, words | begun, within)

    def widen(self, found: Found) -> Found:
        """Add to the newest of more than MOST the nearest, those so called, and those called just that."""
        if not found.is_capped or self.typed.is_beginning:
            return found
        tags, key, reach = sorted(self.ladder.around), self.typed.key, self.field.reach(found.rows)
        near = found.documents.filter(tags__overlap=tags)
        sets = [self.field.newest(near, MOST_NEAR, least=4 * reach)] if tags else []
        if key:
            called = found.within.filter(names=whole(self.typed))
            just_that = found.within.filter(Q(title_key=key) | Q(tags__contains=[f"n:{key}"]))
            sets.append(self.field.newest(called, MOST_SO_CALLED, least=2 * reach))
            sets.append(Wanted(just_that, MOST_EXACT, reading.newest_of_few))
        return dataclasses.replace(found, rows=_union(found.rows, *self.reader.read(*sets)))

    def _find_begun(self, within: SearchDocumentQuerySet) -> Found:
        """Find titles that begin so; a letter or two in a name must be a whole word."""
        titles = within.filter(title_key__startswith=self.typed.key)
        names = within.filter(names=whole(self.typed))
        read = self.reader.read(
            Wanted(titles, MOST + 1, reading.by_title), self.field.newest(names, MOST_SO_CALLED)
        )
        rows = _union(*read)
        return Found(rows, len(rows) > MOST, titles | names, within)

    def _found(self, documents: SearchDocumentQuerySet, within: SearchDocumentQuerySet, least: int) -> Found:
        (rows,) = self.reader.read(self.field.newest(documents, MOST + 1, least=least))
        return Found(rows, len(rows) > MOST, documents, within)

    def _within(self, needed: Needed) -> SearchDocumentQuerySet:
        documents = self.field.documents
        for tags in needed.values():
            documents = documents.filter(tags__overlap=sorted(tags))
        return documents


def written(typed: Typed) -> SearchQuery:
    """Ask for all words as written, the last as far as it is typed, or for their French stems."""
    return _raw(typed.as_far_as_typed) | SearchQuery(typed.key, config=FRENCH)


def whole(typed: Typed) -> SearchQuery:
    """Ask for all words as written, the last one too, or for their French stems."""
    return _raw(typed.as_written) | SearchQuery(typed.key, config=FRENCH)


def _begun(typed: Typed) -> SearchQuery:
    return _raw(f"'{typed.words[-1]}':*")


def _raw(query: str) -> SearchQuery:
    return SearchQuery(query, config=SIMPLE, search_type="raw")


def ranks(rows: Iterable[Row], typed: Typed) -> dict[int, float]:
    """Return how well the words fit, by release: ts_rank, the last word as far as it is typed."""
    return reading.read_ranks([row.release_id for row in rows], written(typed)) if typed.words else {}


def page_of(
    documents: SearchDocumentQuerySet,
    field: Field,
    *,
    sort: str,
    after: tuple[Any, int] | None,
    limit: int,
) -> Wanted:
    """Ask for the next rows of a set sorted by `newest` or `title`, however long it is.

    `after`: when or under what title, and with which id, the page before ended.
    """
    if sort == "newest":
        if after is None:
            return field.newest(documents, limit)
        moment, last = after
        older = Q(published_at__lt=moment) | Q(published_at=moment, pk__lt=last)
        return field.newest(documents.filter(older, published_at__lte=moment), limit, until=moment)
    if after is not None:  # the second condition lets the index begin where the page before ended
        title, last = after
        later = Q(title_key__gt=title) | Q(title_key=title, pk__gt=last)
        documents = documents.filter(later, title_key__gte=title)
    return Wanted(documents, limit, reading.by_title)


def _union(*sets: Iterable[Row]) -> list[Row]:
    return list({row.release_id: row for rows in sets for row in rows}.values())
