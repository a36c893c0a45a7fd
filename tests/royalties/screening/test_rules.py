"""The tables of docs/algorithms/screening.md are what the rules do."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from royalties.screening import rules
from royalties.screening.rules import Known, Plays

PAGE = (Path(__file__).parents[3] / "docs" / "algorithms" / "screening.md").read_text("utf-8")
DAY_US = 86_400_000_000


def rows_under(heading: str) -> list[list[str]]:
    lines = PAGE.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {heading} "))
    body = lines[start + 2 :]
    end = next(number for number, line in enumerate(body) if not line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body[:end]]


def plays(*rows: tuple[int, int, int, int]) -> Plays:
    """Return plays of one library from (patron, resource, start in seconds of the month, seconds)."""
    patron, resource, start, seconds = (
        np.array(column, np.int64) for column in (zip(*rows, strict=True) if rows else [[]] * 4)
    )
    started_us = start * 1_000_000
    library = np.full(len(patron), 3, np.int64)
    return Plays(library, patron, resource, started_us // DAY_US, started_us, seconds)


def found(log: Plays, known: Known | None = None) -> list[str]:
    return [one.rule for one in rules.screen(log, known or Known())]


def test_the_page_states_the_thresholds_that_the_code_has() -> None:
    stated = {tuple(name.split()): float(value) for name, value in rows_under("threshold")}
    assert stated == {
        (rule, name): value for rule, limits in rules.THRESHOLDS.items() for name, value in limits.items()
    }
    assert [row[1].strip("`") for row in rows_under("rule")] == list(rules.RULES)


@pytest.mark.parametrize("row", rows_under("case"), ids=lambda row: row[0])
def test_a_patrons_day_is_held_as_the_page_says(row: list[str]) -> None:
    _case, said, works, held = row
    count, seconds, gap = map(int, re.match(r"(\d+) x (\d+) @ (\d+)", said).groups())  # type: ignore[union-attr]
    log = plays(*((1, 7 if works == "one" else n, n * gap, seconds) for n in range(count)))
    assert found(log) == ([held] if held else [])


@pytest.mark.parametrize("row", rows_under("patrons' plays"), ids=lambda row: row[0])
def test_outliers_are_found_as_the_page_says(row: list[str]) -> None:
    said, z, is_outlier = row
    counts = [
        int(number)
        for number, times in re.findall(r"(\d+)(?: x(\d+))?", said)
        for _ in range(int(times or 1))
    ]
    # Spread over the month, so that no other rule minds.
    log = plays(
        *(
            (who, who * 10_000 + n, (n * 37 + n % 7 * 5) % 2_500_000, 1)
            for who, many in enumerate(counts)
            for n in range(many)
        )
    )
    outliers = [one for one in rules.screen(log, Known()) if one.rule == rules.OUTLIER]
    assert [one.patron for one in outliers] == ([len(counts) - 1] if is_outlier == "yes" else [])
    assert [f"{one.numbers['z']:.3f}" for one in outliers] == ([z] if is_outlier == "yes" else [])


def a_payees_month(*counts: int) -> Plays:
    """Return plays of one work by patrons 0, 1, 2..., ten a day at most, a day after the other."""
    return plays(
        *(
            (who, 7, n // 10 * 86_400 + n % 10 * 3_000 + n * n % 97, 60)
            for who, many in enumerate(counts)
            for n in range(many)
        )
    )


@pytest.mark.parametrize(
    ("counts", "held"),
    [
        ([40, 20, *[10] * 5], 60),  # 60 of 110
        ([30, 20, *[10] * 5], 0),  # 50 of 100: not over 100
        ([30, 20, *[10] * 6], 0),  # 50 of 110: less than half
        ([120], 120),
    ],
)
def test_half_of_a_payees_month_from_two_patrons_is_held(counts: list[int], held: int) -> None:
    known = Known(payees_of={7: (12,)})
    cases = [one for one in rules.screen(a_payees_month(*counts), known) if one.rule == rules.FEW_PATRONS]
    assert [(one.payee, len(one.plays)) for one in cases] == ([(12, held)] if held else [])


@pytest.mark.parametrize(("count", "held"), [(201, 201), (200, 0)])
def test_a_new_accounts_first_two_days_are_held(count: int, held: int) -> None:
    log = plays(
        *((1, n, 1_000 + n * 700 + n * n % 97, 60) for n in range(count)), (1, 999, 1_000 + 48 * 3_600, 60)
    )
    cases = [
        one
        for one in rules.screen(log, Known(created_us={1: 1_000_000_000}))
        if one.rule == rules.NEW_ACCOUNT
    ]
    assert [len(one.plays) for one in cases] == ([held] if held else [])
    assert rules.NEW_ACCOUNT not in found(log)  # an old account may


@pytest.mark.parametrize(("count", "held"), [(6, True), (5, False)])
def test_the_sixth_play_from_a_payees_household_holds_them(count: int, held: bool) -> None:
    known = Known(payees_of={7: (12,), 8: (13,)}, households={12: frozenset({1})})
    log = plays(*((1, 7, n * 90_000, 60) for n in range(count)), *((1, 8, n * 90_500, 60) for n in range(9)))
    cases = [one for one in rules.screen(log, known) if one.rule == rules.HOUSEHOLD]
    assert [(one.payee, one.patron, len(one.plays)) for one in cases] == ([(12, 1, count)] if held else [])


def test_an_empty_month_holds_nothing() -> None:
    assert found(plays()) == []


def test_other_patrons_days_are_no_matter() -> None:
    assert found(plays(*((n, 7, n * 700, 60) for n in range(30)))) == []
