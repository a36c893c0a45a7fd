"""Each row says why it is so much, whatever the members' rules are."""

from __future__ import annotations

from typing import Any

import pytest

from royalties.statements.display import Row
from royalties.statements.words import say_row

USAGE = {
    "mode": "user_centric",
    "measure": "seconds",
    "envelope": 40_000_000,
    "library_patrons": 31,
    "budget": 1_290_322,
    "patrons": 12,
    "plays": 40,
    "seconds": 4_500,
    "resource_amount": 840_000,
    "share_bp": 10_000,
}
TERRITORY = {
    "envelope": 15_000_000,
    "proximity": "own",
    "weight": 16,
    "share_bp": 6_000,
    "usage_amount": 840_000,
    "resource_amount": 300_000,
    "patrons": 12,
}
FLOOR = {"gross": 900_000, "floor": 1_000_000, "patrons": 3}


def say(envelope: str, formula: dict[str, Any], *, amount: int = 840_000, merged: int = 0) -> str:
    row = Row(envelope, amount, territory_name="Firminy", formula=formula, merged=merged)
    return " ".join(say_row(row)).replace("\xa0", " ")


def test_a_play_is_told_with_its_people_time_and_budget() -> None:
    assert say("usage", USAGE) == (
        "12 patrons of Firminy gave you €0.84, by spending 1 h 15 min with it in 40 plays. "
        "31 patrons came there that month: of the €40.00 for plays each had €1.29 to give, in proportion to "
        "the time spent with each work. These gave €0.840000 to this one."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measure": "plays"}, "in proportion to the plays of each work"),
        ({"mode": "pro_rata"}, "were divided by all time spent: €0.840000 fell to this work"),
        ({"mode": "pro_rata", "measure": "plays"}, "were divided by all plays: €0.840000 fell to this work"),
        ({"share_bp": 6_000}, "Your share of this work is 60%: €0.840000."),
    ],
)
def test_other_rules_are_told_in_their_own_words(changes: dict[str, Any], words: str) -> None:
    assert words in say("usage", {**USAGE, **changes})


@pytest.mark.parametrize(
    ("proximity", "words"),
    [
        ("own", "from the library’s own territory, Firminy: your weight is 16"),
        ("epci", "from the same group of communes as Firminy"),
        ("departement", "from the same département as Firminy"),
        ("region", "from the same region as Firminy"),
        ("country", "from the same country as Firminy"),
        ("abroad", "from another country than Firminy"),
    ],
)
def test_nearness_is_named(proximity: str, words: str) -> None:
    assert words in say("territory", {**TERRITORY, "proximity": proximity})


def test_a_shared_work_tells_how_its_local_part_was_shared() -> None:
    assert "the same weight times your share of 60% made €0.840000" in say("territory", TERRITORY)


@pytest.mark.parametrize(
    ("exponent", "words"),
    [
        ("0", "Everybody who was heard counts the same: 1 of 9."),
        ("1/2", "The square root of each audience counts, times 1,000: 1 for yours, of 9 in all."),
        ("1", "Audiences count as they are: 1 of 9."),
    ],
)
def test_diversity_names_its_exponent(exponent: str, words: str) -> None:
    formula = {"envelope": 5, "patrons": 7, "exponent": exponent, "weight": 1, "all_weights": 9}
    assert words in say("diversity", formula)


def test_the_floor_says_what_it_lifts() -> None:
    assert say("floor", FLOOR, amount=100_000) == (
        "Your month came to €0.900000. The solidarity fund lifts it to the floor of €1.00."
    )
    assert "the fund was not enough" in say("floor", FLOOR, amount=66_667).replace("solidarity ", "").replace(
        "The fund", "the fund"
    )


def test_merged_rows_say_that_they_are() -> None:
    assert say("usage", {}, merged=1).startswith(
        "1 line is shown as one so that nobody can tell who listened"
    )
    assert say("usage", {}, merged=3).startswith("3 lines are shown as one")
