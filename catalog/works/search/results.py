"""What is asked of a search, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.works.cards import ReleaseCard

RELEVANCE, NEWEST, TITLE, NEAREST = SORTS = ("relevance", "newest", "title", "nearest")
PAGE, MOST_A_PAGE = 60, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A search as it was asked; what makes no sense is left out (`normalised`).

    `chosen`: values by facet (catalog.works.search.facets.FACETS). `sort`: one of SORTS, empty for the usual:
    by relevance with a query, else the newest first. `cursor`: from the page before, empty for the first.
    """

    query: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    cursor: str = ""
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value with the number of works that it leaves; `label` in the reader's language."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A facet with its values, the chosen ones first. `is_capped`: counts are of the works that are ranked."""

    code: str
    label: str
    values: tuple[FacetValue, ...]
    is_capped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of results.

    `total` is exact unless `is_capped`: then there are at least as many. `meant`: the words that were looked for
    in the place of the query when nothing bears its own, else empty. `next_cursor` is empty on the last page.
    `facets` are empty beyond the first page: they would not change.
    """

    cards: tuple[ReleaseCard, ...]
    total: int
    is_capped: bool
    sort: str
    meant: str
    facets: tuple[Facet, ...]
    next_cursor: str
