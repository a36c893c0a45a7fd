"""The formula of docs/algorithms/search.md, with the numbers that stand there."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.works.search import ranking
from mediaplatform.kernel.territories import PROXIMITIES
from tests.factories.catalog import make_audience

PAGE = Path(__file__).parents[4] / "docs/algorithms/search.md"
TODAY = date(2026, 11, 27)


def worked_numbers() -> list[list[str]]:
    rows = PAGE.read_text().split("| query | title |")[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@pytest.mark.parametrize(("query", "title", "rank", "nearness", "days", "score"), worked_numbers())
def test_the_formula_gives_the_documented_score(
    query: str, title: str, rank: str, nearness: str, days: str, score: str
) -> None:
    text = ranking.text_score(key=query, title_key=title, tags=frozenset(), rank=float(rank))
    fresh = ranking.freshness(published=TODAY - timedelta(days=int(days)), on=TODAY)
    assert ranking.score(text=text, nearness=nearness, fresh=fresh) == int(score)


def test_the_name_of_a_creator_counts_as_a_title() -> None:
    tags = frozenset({"n:ana roux"})
    assert ranking.text_score(key="ana roux", title_key="jardins", tags=tags, rank=0.1) == 1
    assert ranking.text_score(key="roux", title_key="jardins", tags=tags, rank=0.5) == 0.4
    assert ranking.text_score(key="", title_key="jardins", tags=tags, rank=0.0) == 0


def test_the_nearest_creator_decides_how_near() -> None:
    bob = make_audience()
    ladder = ranking.make_ladder(bob.place, bob.own)
    assert ladder.nearness(frozenset({"p:region:84", "p:departement:42", "p:country:FR"})) == "departement"
    assert ladder.nearness(frozenset({"p:commune:42218", "p:epci:244200770"})) == "own"
    assert ladder.nearness(frozenset({"p:country:BE"})) == "abroad"


@given(
    text=st.floats(0, 1), nearness=st.sampled_from(PROXIMITIES), days=st.integers(-10, 100_000)
)  # a day ahead: another time zone
def test_a_score_is_between_nothing_and_a_million(text: float, nearness: str, days: int) -> None:
    fresh = ranking.freshness(published=TODAY - timedelta(days=days), on=TODAY)
    assert 0 <= ranking.score(text=text, nearness=nearness, fresh=fresh) <= 1_000_000
