"""The tables of docs/algorithms/usage.md are what the code does."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from catalog.usage import schema
from catalog.usage.schema import Heard
from tests.catalog.usage.conftest import NOON, make_session

PAGE = (Path(__file__).parents[3] / "docs" / "algorithms" / "usage.md").read_text("utf-8")


def rows_under(heading: str) -> list[list[str]]:
    """Return the cells of the first table whose head begins with the word."""
    lines = PAGE.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {heading}"))
    body = lines[start + 2 :]
    end = next(number for number, line in enumerate(body) if not line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body[:end]]


def heard(text: str) -> list[Heard]:
    """Read `10 x1 [0,4] [100,106]; 20 x1 [5,15] d12`."""
    beats = []
    for beat in text.split(";"):
        age, rate = re.match(r" *(-?[\d.]+) x([\d.]+)", beat).groups()  # type: ignore[union-attr]
        intervals = [(float(start), float(end)) for start, end in re.findall(r"\[([\d.]+),([\d.]+)\]", beat)]
        delivered = re.search(r" d(\d+)", beat)
        delivered_s = int(delivered[1]) if delivered else None
        beats.append(Heard(intervals, float(rate), float(age), delivered_s))
    return beats


@pytest.mark.parametrize("row", rows_under("case"), ids=lambda row: row[0])
def test_a_session_is_credited_as_the_page_says(row: list[str]) -> None:
    _case, medium, duration, beats, seconds = row
    credited = schema.credit(heard(beats), medium=medium, duration_s=int(duration) if duration else None)
    assert credited == int(seconds)


@pytest.mark.parametrize("row", rows_under("starts"), ids=lambda row: row[0])
def test_double_clicks_are_marked_as_the_page_says(row: list[str]) -> None:
    starts, statuses = ([cell.strip() for cell in text.split(",")] for text in row)
    sessions = [make_session(opened_at=NOON + timedelta(seconds=int(start))) for start in starts]
    day = schema.table_of((session, 60) for session in sessions)
    settled = schema.settle(day, following=schema.SCHEMA.empty_table())
    assert settled["status"].to_pylist() == statuses


def test_another_patron_library_or_work_is_no_double_click() -> None:
    others = [{}, {"patron": "cd" * 16}, {"library_id": 4}, {"resource_id": 13}]
    day = schema.table_of((make_session(**one), 60) for one in others)  # type: ignore[arg-type]
    settled = schema.settle(day, following=schema.SCHEMA.empty_table())
    assert settled["status"].to_pylist() == ["counted"] * 4


def test_the_page_states_the_bounds_that_the_code_has() -> None:
    assert {medium: f"{rate:g}" for medium, rate in schema.MAX_CREDITED_RATE.items()} == {
        "music": "2",
        "video": "2",
        "book": "1",
        "game": "1",
    }
    assert timedelta(seconds=30) == schema.DOUBLE_CLICK_REACH
