"""Invented listening that looks like listening, and fits the play log."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from catalog.usage import schema
from mediaplatform.demo import plays
from mediaplatform.kernel.periods import ACCOUNTING_ZONE

DAYS = [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]
DURATION_S = 55


def title(key: str, number: int, **differently: object) -> plays.Title:
    facts: dict[str, object] = {
        "medium": "music",
        "proximity": "country",
        "min_age": 3,
        "is_explicit": False,
        "released_on": date(2026, 1, 1),
    }
    resources = tuple((number * 10 + n, DURATION_S) for n in range(3))
    return plays.Title(**{"key": key, "resources": resources, **facts, **differently})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def crowd() -> plays.Crowd:
    titles = [title(f"album {n}", n) for n in range(1, 12)]
    titles += [
        title("near", 20, proximity="own"),
        title("late", 21, min_age=16, is_explicit=True),
        title("unrated", 22, min_age=None),
    ]
    titles += [title("book", 23, medium="book", resources=((230, None),))]
    return plays.gather_crowd(library_id=7, name="Brest", size=90, titles=titles)


@pytest.fixture(scope="module")
def month(crowd: plays.Crowd) -> pa.Table:
    return pa.concat_tables([day_of(crowd, day) for day in DAYS])


def column(table: pa.Table, name: str) -> list[Any]:
    return list(table[name].to_pylist())


def day_of(crowd: plays.Crowd, day: date) -> pa.Table:
    return plays.plays_of_day(crowd=crowd, day=day, liveliness=1.0, pseudonym=lambda number: f"p{number:031}")


def test_a_day_fits_the_log_and_its_own_limits(crowd: plays.Crowd) -> None:
    day = day_of(crowd, date(2026, 10, 25))
    starts, ends = datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert schema.check_table(day, starts_at=starts, ends_at=ends).schema.equals(schema.SCHEMA)


def test_the_same_day_is_the_same_again(crowd: plays.Crowd) -> None:
    assert day_of(crowd, DAYS[3]).equals(day_of(crowd, DAYS[3]))


def test_nobody_hears_more_of_a_track_than_there_is(month: pa.Table) -> None:
    music = month.filter(pc.field("medium") == "music")
    assert max(column(music, "seconds")) <= DURATION_S
    assert min(column(music, "seconds")) >= 1


def test_a_month_holds_counted_plays_and_some_double_clicks(month: pa.Table) -> None:
    states = Counter(column(month, "status"))
    assert states["counted"] > 20 * states["double_click"] > 0
    assert states["counted"] + states["double_click"] == month.num_rows > 1_000


def test_children_are_never_given_what_is_rated_above_them_or_unrated(
    month: pa.Table, crowd: plays.Crowd
) -> None:
    young = month.filter(pc.field("profile_band") <= 10)
    forbidden = {
        resource for t in crowd.titles if t.key in {"late", "unrated"} for resource, _ in t.resources
    }
    assert young.num_rows > 100
    assert not forbidden & set(column(young, "resource_id"))


def test_taste_has_a_long_tail(month: pa.Table) -> None:
    heard = Counter(resource // 10 for resource in column(month, "resource_id")).most_common()
    assert heard[0][1] > 4 * heard[-1][1]
    assert len(heard) == 15


def test_what_is_made_near_by_is_heard_more_than_it_would_be_elsewhere() -> None:
    def share_of_first(proximity: str) -> float:
        titles = [title("one", 1, proximity=proximity), *(title(f"other {n}", n) for n in range(2, 8))]
        crowd = plays.gather_crowd(library_id=1, name="x", size=60, titles=titles)
        heard = [r for day in DAYS[:7] for r in column(day_of(crowd, day), "resource_id")]
        return float(sum(resource < 20 for resource in heard) / len(heard))

    assert share_of_first("own") > 1.5 * share_of_first("country")


def test_evenings_are_busier_than_mornings(month: pa.Table) -> None:
    hours = Counter(at.astimezone(ACCOUNTING_ZONE).hour for at in column(month, "started_at"))
    assert sum(hours[h] for h in range(18, 22)) > 2 * sum(hours[h] for h in range(8, 12))
    assert sum(hours[h] for h in range(1, 5)) < 0.02 * month.num_rows


def test_nobody_hears_a_record_before_it_is_out() -> None:
    titles = [title("old", 1), title("new", 2, released_on=date(2026, 10, 3))]
    crowd = plays.gather_crowd(library_id=1, name="x", size=60, titles=titles)
    heard = {day: {r // 10 for r in column(day_of(crowd, day), "resource_id")} for day in DAYS[1:3]}
    assert heard == {DAYS[1]: {1}, DAYS[2]: {1, 2}}
