"""The search page as it is shown: what was chosen as chips, addresses that can be shared. Pure but for labels."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from catalog.works.search import facets, labels
from catalog.works.search.results import SORTS, SearchPage, SearchRequest

LADDERS = frozenset({facets.AGE, facets.NEAR})  # one rung at a time: a higher one holds the lower


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen value, and where the list without it is."""

    label: str
    facet: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Order:
    """A way to sort, and where the list so sorted is."""

    code: str
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page says beside the works."""

    chips: tuple[Chip, ...]
    orders: tuple[Order, ...]
    more_url: str
    first_url: str
    without_filters_url: str
    ladders: frozenset[str] = LADDERS


def read_request(asked: QueryDict) -> SearchRequest:
    """Return what an address asks for."""
    return SearchRequest(
        query=asked.get("q", ""),
        chosen={facet: tuple(asked.getlist(facet)) for facet in facets.FACETS if facet in asked},
        sort=asked.get("sort", ""),
        cursor=asked.get("cursor", ""),
    )


def address(request: SearchRequest, *, cursor: str = "", sort: str | None = None) -> str:
    """Return the shortest address of a search: what is usual is not in it."""
    sort = request.sort if sort is None else sort
    usual = SORTS[0] if request.query else SORTS[1]
    pairs = [("q", request.query)] if request.query else []
    pairs += [(facet, value) for facet in facets.FACETS for value in request.chosen.get(facet, ())]
    pairs += [("sort", sort)] if sort != usual else []
    pairs += [("cursor", cursor)] if cursor else []
    return reverse("catalog:search") + (f"?{urlencode(pairs)}" if pairs else "")


def without(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """Return the search with one choice less."""
    left = tuple(one for one in request.chosen.get(facet, ()) if one != value)
    return _chosen(request, {**request.chosen, facet: left})


def show(request: SearchRequest, page: SearchPage) -> Shown:
    """Return what the page says of a normalised request and its answer."""
    named = {(facet.code, value.value): value.label for facet in page.facets for value in facet.values}
    chips = tuple(
        Chip(
            label=named.get((facet, value)) or labels.label(facet, value, {}),
            facet=facet,
            value=value,
            url=address(without(request, facet, value)),
        )
        for facet in facets.FACETS
        for value in request.chosen.get(facet, ())
    )
    sorts = [sort for sort in SORTS if request.query or sort != SORTS[0]]
    orders = tuple(
        Order(sort, str(labels.SORTS[sort]), address(request, sort=sort), sort == page.sort) for sort in sorts
    )
    return Shown(
        chips=chips,
        orders=orders,
        more_url=address(request, cursor=page.next_cursor) if page.next_cursor else "",
        first_url=address(request),
        without_filters_url=address(_chosen(request, {})),
    )


def _chosen(request: SearchRequest, chosen: dict[str, tuple[str, ...]]) -> SearchRequest:
    return SearchRequest(query=request.query, chosen=chosen, sort=request.sort)
