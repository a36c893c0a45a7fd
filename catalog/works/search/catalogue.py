"""The search of the catalogue: one request in, one page out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from catalog.works import listing, names
from catalog.works.audience import Audience
from catalog.works.search import candidates, corrections, cursors, facets, labels, ranking, typed, words
from catalog.works.search.candidates import Finder, Found
from catalog.works.search.cursors import Cursor
from catalog.works.search.ranking import Ladder
from catalog.works.search.reading import Field, Row
from catalog.works.search.results import (
    MOST_A_PAGE,
    NEAREST,
    NEWEST,
    RELEVANCE,
    SORTS,
    TITLE,
    Facet,
    SearchPage,
    SearchRequest,
)
from catalog.works.search.typed import Typed

MOST_VALUES, LONGEST_VALUE = 20, 80
Key = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class _Search:
    """A search under way: what is asked, by which words, where, in the light of which library."""

    request: SearchRequest
    finder: Finder

    @property
    def field(self) -> Field:
        return self.finder.field

    @property
    def typed(self) -> Typed:
        return self.finder.typed

    @property
    def ladder(self) -> Ladder:
        return self.finder.ladder

    @property
    def needed(self) -> dict[str, frozenset[str]]:
        """What a work must bear; of media, only those of the library's subscription: others exclude each other."""
        wanted = facets.wanted(self.request.chosen, self.ladder)
        if facets.MEDIUM in wanted:
            wanted[facets.MEDIUM] &= {f"m:{medium}" for medium in self.field.audience.media}
        return wanted

    def key(self, row: Row, rank: float) -> Key:
        """Return a row's place in the order: smaller comes first. `rank`: ts_rank, read only by relevance."""
        if self.request.sort == NEWEST:
            return -row.published_us, -row.release_id
        if self.request.sort == TITLE:
            return row.title_key, row.release_id
        nearness = self.ladder.nearness(row.tags)
        if self.request.sort == NEAREST:
            return ranking.RANK[nearness], -row.published_us, -row.release_id
        text = ranking.text_score(key=self.typed.key, title_key=row.title_key, tags=row.tags, rank=rank)
        fresh = ranking.freshness(published=row.published_on, on=self.field.on)
        return -ranking.score(text=text, nearness=nearness, fresh=fresh), -row.release_id


def search_catalogue(
    *, audience: Audience, request: SearchRequest, on: date | None = None, now: datetime | None = None
) -> SearchPage:
    """Find works by words and facets; `now`: the instant of the first page, `on`: the day of availability.

    A word that nothing bears is put right if the catalogue knows one like it. Sorted by `newest` or `title` the
    list has no end; by `relevance` or `nearest` it ends after the best of 500 and more.

    Raises:
        CursorRefused: the cursor was not made here, or for another search.
    """
    asked = normalise(request)
    read = typed.read(asked.query)
    identity = _identity(asked, audience)
    cursor = cursors.read(asked.cursor, of=identity) if asked.cursor else None
    as_of = cursor.as_of if cursor else now or timezone.now()
    field = Field(audience, cursor.on if cursor else on or timezone.localdate(), as_of)
    ladder = ranking.make_ladder(audience.place, audience.own)
    if asked.query and not read.words:
        return SearchPage(
            cards=(), total=0, is_capped=False, sort=asked.sort, meant="", facets=(), next_cursor=""
        )
    search, base, found = _find(_Search(asked, _make_finder(field, read, ladder)))
    keys = _page(search, found, cursor)
    more, keys = len(keys) > asked.limit, keys[: asked.limit]
    last = Cursor(as_of, field.on, keys[-1][1]) if more else None
    return SearchPage(
        cards=tuple(listing.list_cards([release_id for release_id, _key in keys], audience)),
        total=len(found.rows),
        is_capped=found.is_capped,
        sort=asked.sort,
        meant=search.typed.key if search.typed != read else "",
        facets=() if cursor else _facets(search, base, found),
        next_cursor=cursors.write(last, of=identity) if last else "",
    )


def normalise(request: SearchRequest) -> SearchRequest:
    """Leave out of a request what makes no sense: unknown facets and sorts, empty and repeated values."""
    query = request.query.replace("\0", "").strip()[:200]
    chosen = {}
    for facet in facets.FACETS:
        values = dict.fromkeys(value.replace("\0", "").strip() for value in request.chosen.get(facet, ()))
        if kept := tuple(value for value in values if 0 < len(value) <= LONGEST_VALUE)[:MOST_VALUES]:
            chosen[facet] = kept
    usual = RELEVANCE if query else NEWEST
    sort = request.sort if request.sort in SORTS and (query or request.sort != RELEVANCE) else usual
    limit = min(max(request.limit, 1), MOST_A_PAGE)
    return dataclasses.replace(request, query=query, chosen=chosen, sort=sort, limit=limit)


def _identity(asked: SearchRequest, audience: Audience) -> object:
    """What makes a list: a cursor of another one is refused."""
    return [asked.query, sorted(asked.chosen.items()), asked.sort, audience.library_id, audience.max_age]


def _find(search: _Search) -> tuple[_Search, Found | None, Found]:
    """Return the search as it was meant, what its words find, and what of it is within the chosen facets.

    Within several facets at once, what the words alone find need not be known, unless nothing is found.
    """
    if len(search.request.chosen) > 1:
        found = search.finder.find_newest(search.needed)
        if found.rows:
            return search, None, search.finder.widen(found)
    search, base = _read_meaning(search)
    return search, base, _narrow(search, base)


def _make_finder(field: Field, read: Typed, ladder: Ladder) -> Finder:
    """A last word that the catalogue knows is whole, any other may go on."""
    return Finder(field, read, ladder, goes_on=read.may_go_on and not words.is_known(read.words[-1]))


def _read_meaning(search: _Search) -> tuple[_Search, Found]:
    """Find what the words find; nothing: as a beginning, without a last word just begun, with typos put right."""
    base = search.finder.find_newest({})
    if base.rows or not search.typed.words:
        return search, base
    for finder in _other_readings(search):
        found = finder.find_newest({})
        if found.rows:
            return dataclasses.replace(search, finder=finder), found
    return search, base


def _other_readings(search: _Search) -> Iterator[Finder]:
    field, read, ladder = search.field, search.typed, search.ladder
    if read.may_go_on and not search.finder.goes_on:
        yield Finder(field, read, ladder, goes_on=True)
    if read.has_unfinished_end:
        yield _make_finder(field, read.without_end(), ladder)
    for reading in corrections.put_right(read):
        yield Finder(field, reading, ladder, goes_on=False)


def _narrow(search: _Search, base: Found) -> Found:
    """Return what is within the chosen facets, with the nearest and those so called if it is more than the newest."""
    chosen, finder = search.request.chosen, search.finder
    if base.is_capped and chosen:
        return finder.widen(finder.find_newest(search.needed, least=search.field.reach(base.rows)))
    if base.is_capped:
        return finder.widen(base)
    kept = facets.keep([row.tags for row in base.rows], chosen, search.ladder)
    rows = [row for row, is_kept in zip(base.rows, kept, strict=True) if is_kept]
    return dataclasses.replace(base, rows=rows)


def _page(search: _Search, found: Found, cursor: Cursor | None) -> list[tuple[int, Key]]:
    """Return the ids and keys of the next rows, one more than a page holds if there are more."""
    sort, limit = search.request.sort, search.request.limit + 1
    rows, ranks = found.rows, dict[int, float]()
    is_held = sort == NEWEST and not cursor and limit <= candidates.MOST  # the newest are among the rows
    if found.is_capped and sort in {NEWEST, TITLE} and not is_held:
        rows = _read_page_of_many(search, found, cursor, limit)
    elif sort == RELEVANCE:
        ranks = candidates.ranks(rows, search.typed)
    keyed = sorted((search.key(row, ranks.get(row.release_id, 0.0)), row.release_id) for row in rows)
    if cursor:
        keyed = [pair for pair in keyed if pair[0] > cursor.after]
    return [(release_id, key) for key, release_id in keyed[:limit]]


def _read_page_of_many(search: _Search, found: Found, cursor: Cursor | None, limit: int) -> list[Row]:
    sort = search.request.sort
    after: tuple[Any, int] | None = None
    if cursor and sort == NEWEST:
        moment, last = (-int(part) for part in cursor.after)
        after = cursors.from_microseconds(moment), last
    elif cursor:
        after = cursor.after[0], int(cursor.after[1])
    newest = [] if search.typed.is_beginning else found.rows[: candidates.MOST]
    every = search.field.reach(newest) / len(newest) if newest else 0
    wanted = candidates.page_of(found, search.field, sort=sort, after=after, limit=limit, every=every)
    return search.finder.reader.read(wanted)[0]


def _facets(search: _Search, base: Found | None, found: Found) -> tuple[Facet, ...]:
    """Count each facet without its own choice: from one set if it is whole, else from a set for each choice."""
    chosen, ladder = search.request.chosen, search.ladder
    sets: dict[str, Found] = dict.fromkeys(facets.FACETS, base or found)
    if chosen and (base is None or base.is_capped):
        sets = dict.fromkeys(facets.FACETS, found)
        for facet in chosen:
            others = {name: tags for name, tags in search.needed.items() if name != facet}
            sets[facet] = base if base and not others else search.finder.find_newest(others)
    different = {id(one): one for one in sets.values()}
    by_set = {
        name: facets.count([row.tags for row in one.rows], chosen, ladder) for name, one in different.items()
    }
    counts = {facet: by_set[id(one)][facet] for facet, one in sets.items()}
    capped = {facet: one.is_capped for facet, one in sets.items()}
    return labels.describe(counts, chosen, _places(search), capped)


def _places(search: _Search) -> Mapping[str, str]:
    """Name the library's territories by nearness."""
    return names.ladder_names(search.field.audience)
