"""Counting facets, compared with a count written otherwise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalog.works.search import facets, ranking
from tests.factories.catalog import make_audience

BOB = make_audience()
LADDER = ranking.make_ladder(BOB.place, BOB.own)
VALUES = {
    "medium": ["music", "book"],
    "subject": ["folk", "jazz"],
    "language": ["fr", "br"],
    "age": ["3", "10", "99"],
    "near": ["own", "epci", "region", "moon"],
    "decade": ["2020"],
}
TAGS = ["m:music", "m:book", "s:folk", "s:jazz", "l:fr", "l:br", "a:0", "a:8", "a:none", "y:2020",
        "p:commune:42218", "p:epci:244200770", "p:region:84", "n:ana"]  # fmt: skip
rows = st.lists(st.frozensets(st.sampled_from(TAGS)).filter(lambda row: sum(t[0] == "a" for t in row) < 2))
choices = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(values), unique=True) for name, values in VALUES.items()}
)


def is_within(row: frozenset[str], facet: str, values: list[str]) -> bool:
    return not values or any(set(facets.tags_of(facet, value, LADDER)) & row for value in values)


@given(rows=rows, chosen=choices)
def test_a_value_counts_what_choosing_it_alone_in_its_facet_would_leave(
    rows: list[frozenset[str]], chosen: dict[str, list[str]]
) -> None:
    counts = facets.count(rows, chosen, LADDER)
    for facet, values in VALUES.items():
        for value in values:
            other = {name: picked for name, picked in chosen.items() if name != facet} | {facet: [value]}
            left = [
                row for row in rows if all(is_within(row, name, picked) for name, picked in other.items())
            ]
            assert counts[facet][value] == len(left)


@given(rows=rows, chosen=choices)
def test_what_is_kept_is_within_every_choice(
    rows: list[frozenset[str]], chosen: dict[str, list[str]]
) -> None:
    expected = [all(is_within(row, name, picked) for name, picked in chosen.items()) for row in rows]
    assert facets.keep(rows, chosen, LADDER) == expected
