"""Facets and their values in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from catalog.models import Medium
from catalog.works import names
from catalog.works.accessibility import FEATURES, describe_features
from catalog.works.search import facets
from catalog.works.search.results import Facet, FacetValue

TITLES = {
    facets.MEDIUM: gettext_lazy("Medium"),
    facets.AGE: gettext_lazy("For whom"),
    facets.NEAR: gettext_lazy("From here"),
    facets.SUBJECT: gettext_lazy("Subject"),
    facets.LANGUAGE: gettext_lazy("Language"),
    facets.DECADE: gettext_lazy("Years"),
    facets.ACCESS: gettext_lazy("Accessibility"),
}
SORTS = {
    "relevance": gettext_lazy("Best match"),
    "newest": gettext_lazy("Newest first"),
    "title": gettext_lazy("By title"),
    "nearest": gettext_lazy("Nearest first"),
}
MOST_VALUES = 12
IN_ORDER = {facets.AGE: facets.AGES, facets.NEAR: facets.WITHIN, facets.MEDIUM: tuple(Medium.values)}


def label(facet: str, value: str, places: Mapping[str, str]) -> str:
    """Name a facet's value; `places`: the library's territories by nearness."""
    if facet == facets.MEDIUM:
        named = str(Medium(value).label) if value in Medium.values else value
    elif facet == facets.AGE:
        named = gettext("Suits a child of %(age)s") % {"age": value}
    elif facet == facets.NEAR:
        named = places.get(value, value)
    elif facet == facets.LANGUAGE:
        named = names.language_name(value)
    elif facet == facets.DECADE:
        named = gettext("%(decade)ss") % {"decade": value}
    elif facet == facets.ACCESS:
        named = next(iter(describe_features([value])), value)
    else:
        named = value
    return str(capfirst(named))


def describe(
    counts: Mapping[str, Counter[str]],
    chosen: Mapping[str, Sequence[str]],
    places: Mapping[str, str],
    capped: Mapping[str, bool],
) -> tuple[Facet, ...]:
    """Return the facets that there is anything to choose in, each with its most frequent values."""
    described = (
        _describe(code, counts[code], chosen.get(code, ()), places, is_capped=capped[code]) for code in counts
    )
    return tuple(facet for facet in described if len(facet.values) > 1 or chosen.get(facet.code))


def _describe(
    code: str, counts: Counter[str], chosen: Sequence[str], places: Mapping[str, str], *, is_capped: bool
) -> Facet:
    shown = [value for value in _order(code, counts) if code != facets.NEAR or value in places]
    first = [value for value in shown if value in chosen or counts[value]][:MOST_VALUES]
    if code == facets.ACCESS:  # of the list's codes, those that say something to a reader
        first = [value for value in FEATURES if counts[value]][:MOST_VALUES]
    values = [*first, *(value for value in chosen if value not in first)]
    return Facet(
        code=code,
        label=str(TITLES[code]),
        values=tuple(
            FacetValue(
                value=value,
                label=label(code, value, places),
                count=counts[value],
                is_chosen=value in chosen,
            )
            for value in values
        ),
        is_capped=is_capped,
    )


def _order(code: str, counts: Counter[str]) -> list[str]:
    """Ages, places and media have an order of their own, years go back, the rest goes by number."""
    if code in IN_ORDER:
        return [str(value) for value in IN_ORDER[code]]
    if code == facets.DECADE:
        return sorted(counts, reverse=True)
    return sorted(counts, key=lambda value: (-counts[value], value))
