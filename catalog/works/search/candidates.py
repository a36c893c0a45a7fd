"""Which works a search considers: bounded sets, however much there is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from catalog.works.search import reading, sets, words
from catalog.works.search.ranking import Ladder
from catalog.works.search.reading import Field, Reader, Row, Wanted
from catalog.works.search.sets import Documents, whole
from catalog.works.search.typed import Typed

MOST = 500  # works ranked and counted; of more only the newest, the nearest and those so called
MOST_SO_CALLED, MOST_NEAR, MOST_EXACT = 250, 100, 50
Needed = Mapping[str, AbstractSet[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """The considered rows of a set, and the set itself; `is_capped`: there are more. `within`: whatever the words."""

    rows: list[Row]
    is_capped: bool
    documents: Documents
    within: Documents


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
        said = Documents().saying(whole(typed))
        found = self._found(within.either(said), within, least)
        if found.is_capped or not self.goes_on or (begun := begun_in_names(typed)) is None:
            return found
        (rows,) = self.reader.read(self.field.newest(within.either(begun), MOST + 1))
        rows = _union(found.rows, rows)
        return Found(rows, len(rows) > MOST, within.either(said, begun), within)

    def widen(self, found: Found) -> Found:
        """Add to the newest of more than MOST the nearest, those so called, and those called just that."""
        if not found.is_capped or self.typed.is_beginning:
            return found
        tags, key, reach = sorted(self.ladder.around), self.typed.key, self.field.reach(found.rows)
        near = found.documents.bearing_any(tags)
        wanted = [self.field.newest(near, MOST_NEAR, least=4 * reach)] if tags else []
        if key:
            called = found.within.named(whole(self.typed))
            just_that = found.within.called(key)
            wanted.append(self.field.newest(called, MOST_SO_CALLED, least=2 * reach))
            wanted.append(Wanted(just_that, MOST_EXACT, reading.newest_of_few))
        return dataclasses.replace(found, rows=_union(found.rows, *self.reader.read(*wanted)))

    def _find_begun(self, within: Documents) -> Found:
        """Find titles that begin so; a letter or two in a name must be a whole word."""
        titles, names = Documents().titled(self.typed.key), Documents().named(whole(self.typed))
        read = self.reader.read(
            Wanted(within.either(titles), MOST + 1, reading.first_titled),
            self.field.newest(within.either(names), MOST_SO_CALLED),
        )
        rows = _union(*read)
        return Found(rows, len(rows) > MOST, within.either(titles, names), within)

    def _found(self, documents: Documents, within: Documents, least: int) -> Found:
        (rows,) = self.reader.read(self.field.newest(documents, MOST + 1, least=least))
        return Found(rows, len(rows) > MOST, documents, within)

    def _within(self, needed: Needed) -> Documents:
        documents = self.field.documents
        for tags in needed.values():
            documents = documents.bearing_any(tags)
        return documents


def begun_in_names(typed: Typed) -> Documents | None:
    """Return what has the last word as a beginning in titles or names, the others anywhere; None if no word goes on so.

    The words that go on so are asked for as they stand: the index can leave out older works for each of them, but has
    to read all works for a beginning.
    """
    if not (going_on := words.going_on(typed.words[-1])):
        return None
    begun = Documents().named(sets.any_of(going_on))
    return begun.saying(whole(Typed(typed.words[:-1]))) if typed.words[:-1] else begun


def ranks(rows: Iterable[Row], typed: Typed) -> dict[int, float]:
    """Return how well the words fit, by release: ts_rank, the last word as far as it is typed."""
    if not typed.words:
        return {}
    return reading.read_ranks([row.release_id for row in rows], sets.as_far_as_typed(typed))


def page_of(
    found: Found, field: Field, *, sort: str, after: tuple[Any, int] | None, limit: int, every: float
) -> Wanted:
    """Ask for the next rows of a set sorted by `newest` or `title`, however long it is.

    `after`: when or under what title, and with which id, the page before ended. `every`: of so many works one is in
    the set; 0: that is not known.
    """
    documents = found.documents
    if sort == "newest":
        if after is None:
            return field.newest(documents, limit)
        older = documents.keep("(d.published_at, d.release_id) < (%s, %s)", *after)
        return field.newest(older, limit, until=after[0])
    if after is None:
        return field.titled(documents, limit, every=every)
    later = documents.keep("(d.title_key, d.release_id) > (%s, %s)", *after)
    return field.titled(later, limit, since=after[0], every=every)


def _union(*several: Iterable[Row]) -> list[Row]:
    return list({row.release_id: row for rows in several for row in rows}.values())
