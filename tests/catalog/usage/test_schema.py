"""What a heartbeat may say, what it is worth, and how plays become the log's rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.usage import schema
from catalog.usage.schema import Heard, HeartbeatRefused, Session
from tests.catalog.usage.conftest import make_session

NOON = datetime(2026, 10, 14, 10, tzinfo=UTC)
DAY = {"starts_at": datetime(2026, 10, 13, 22, tzinfo=UTC), "ends_at": datetime(2026, 10, 14, 22, tzinfo=UTC)}

spans = st.tuples(st.integers(0, 300), st.integers(0, 60)).map(
    lambda pair: (float(pair[0]), float(sum(pair)))
)


def body(**changes: object) -> dict[str, object]:
    return {"sequence": 3, "intervals": [[0, 9.8]], "rate": 1, "event": "tick", **changes}


def test_a_heartbeat_is_read_as_it_was_said() -> None:
    beat = schema.parse_beat(
        body(intervals=[[0.0, 9.8], [30, 31.2]], rate=1.5, client_at="2026-10-14T12:00:00+02:00")
    )
    assert beat == schema.Beat(3, ((0.0, 9.8), (30.0, 31.2)), 1.5, "tick", NOON)


def test_rate_intervals_and_clock_may_be_left_out() -> None:
    assert schema.parse_beat({"sequence": 0, "event": "start"}) == schema.Beat(0, (), 1.0, "start", None)


@pytest.mark.parametrize(
    ("faulty", "code"),
    [
        ([], "malformed"),
        (body(sequence=-1), "bad_sequence"),
        (body(sequence=True), "bad_sequence"),
        (body(sequence=1.0), "bad_sequence"),
        (body(sequence=2**31), "bad_sequence"),
        (body(rate="fast"), "bad_rate"),
        (body(rate=-1), "bad_rate"),
        (body(rate=16.1), "bad_rate"),
        (body(rate=json.loads("NaN")), "bad_rate"),
        (body(event="applause"), "bad_event"),
        (body(event=["tick"]), "bad_event"),
        (body(client_at="yesterday"), "bad_clock"),
        (body(client_at="2026-10-14T12:00:00"), "bad_clock"),
        (body(client_at=5), "bad_clock"),
        (body(intervals="all"), "bad_interval"),
        (body(intervals=["ab"]), "bad_interval"),
        (body(intervals=[[1]]), "bad_interval"),
        (body(intervals=[[1, 2, 3]]), "bad_interval"),
        (body(intervals=[[2, 1]]), "bad_interval"),
        (body(intervals=[[-1, 1]]), "bad_interval"),
        (body(intervals=[[0, 10**400]]), "bad_interval"),
        (body(intervals=[[0, json.loads("1e400")]]), "bad_interval"),
        (body(intervals=[[json.loads("NaN"), 1]]), "bad_interval"),
        (body(intervals=[[0, True]]), "bad_interval"),
        (body(intervals=[[0, 1]] * 201), "too_many_intervals"),
    ],
)
def test_a_faulty_heartbeat_is_refused_by_name(faulty: object, code: str) -> None:
    with pytest.raises(HeartbeatRefused) as refusal:
        schema.parse_beat(faulty)
    assert refusal.value.code == code


def test_a_flood_of_heartbeats_is_refused() -> None:
    schema.check_pace(sequence=100, elapsed_s=-5)
    schema.check_pace(sequence=300, elapsed_s=100)
    with pytest.raises(HeartbeatRefused, match="too_many_heartbeats"):
        schema.check_pace(sequence=301, elapsed_s=100)


def test_the_union_of_intervals() -> None:
    assert schema.union([(20, 21), (3, 9), (0, 5), (9, 9.5), (40, 40)]) == [(0, 9.5), (20, 21)]


@given(st.lists(spans, max_size=12))
def test_the_union_holds_the_seconds_that_a_plain_count_finds(intervals: list[tuple[float, float]]) -> None:
    heard = {second for start, end in intervals for second in range(int(start), int(end))}
    assert sum(end - start for start, end in schema.union(intervals)) == len(heard)


def beats(*claims: tuple[list[tuple[float, float]], float, float]) -> list[Heard]:
    return [Heard(intervals, rate, elapsed_s) for intervals, rate, elapsed_s in claims]


@pytest.mark.parametrize(
    ("heard", "medium", "duration_s", "seconds"),
    [
        (beats(), "music", 100, 0),
        (beats(([(0, 9.8)], 1, 10)), "music", 100, 10),
        (beats(([(0, 10)], 1, 10), ([(5, 20)], 1, 20)), "music", 100, 20),
        (beats(([(0, 10)], 1, 10), ([(0, 10)], 1, 20)), "music", 100, 10),
        (beats(([(0, 60)], 1, 10), ([(60, 70)], 1, 20)), "music", 100, 20),
        (beats(([(0, 60)], 2, 10)), "music", 100, 20),
        (beats(([(0, 60)], 16, 10)), "video", 100, 20),
        (beats(([(0, 60)], 2, 10)), "book", None, 10),
        (beats(([(0, 60)], 2, 10)), "game", None, 10),
        (beats(([(0, 60)], 1, -10)), "music", 100, 0),
        (beats(([(0, 500)], 1, 500)), "music", 100, 100),
        (beats(([(0, 20)], 2, 10), ([(20, 21)], 0.5, 12)), "music", 100, 21),
        (beats(([(0, 5)], 1, 30), ([], 1, 10)), "music", 100, 5),
    ],
)
def test_the_credit_of_a_session(
    heard: list[Heard], medium: str, duration_s: int | None, seconds: int
) -> None:
    assert schema.credit(heard, medium=medium, duration_s=duration_s) == seconds


@given(st.lists(st.tuples(st.lists(spans, max_size=3), st.floats(0, 16), st.floats(0, 900)), max_size=8))
def test_a_credit_exceeds_neither_the_union_nor_twice_the_time_nor_the_duration(
    claims: list[tuple[list[tuple[float, float]], float, float]],
) -> None:
    claims.sort(key=lambda claim: claim[2])
    seconds = schema.credit(beats(*claims), medium="music", duration_s=200)
    heard = schema.union(interval for intervals, _, _ in claims for interval in intervals)
    latest = max((elapsed for _, _, elapsed in claims), default=0)
    assert 0 <= seconds <= min(200, sum(end - start for start, end in heard) + 0.5, 2 * latest + 0.5)


def a_session(number: int, *, after_s: float = 0, patron: str = "aa", resource_id: int = 12) -> Session:
    opened = NOON + timedelta(seconds=after_s)
    return Session(UUID(int=number), 3, patron * 16, resource_id, "music", "web", None, 185, opened)


def plays(*sessions: Session) -> pa.Table:
    return schema.table_of((session, 60) for session in sessions)


def statuses(table: pa.Table) -> list[str]:
    by_start = sorted(zip(table["started_at"].to_pylist(), table["status"].to_pylist(), strict=True))
    return [str(status) for _, status in by_start]


NOTHING = schema.SCHEMA.empty_table()


@pytest.mark.parametrize(
    ("sessions", "marked"),
    [
        ([a_session(1), a_session(2, after_s=30)], ["double_click", "counted"]),
        ([a_session(1), a_session(2, after_s=30.000001)], ["counted", "counted"]),
        (
            [a_session(1), a_session(2, after_s=20), a_session(3, after_s=40)],
            ["double_click", "double_click", "counted"],
        ),
        ([a_session(1), a_session(2, after_s=5, patron="bb")], ["counted", "counted"]),
        ([a_session(1), a_session(2, after_s=5, resource_id=13)], ["counted", "counted"]),
        ([a_session(1), a_session(2)], ["double_click", "counted"]),
        ([a_session(1)], ["counted"]),
        ([], []),
    ],
)
def test_double_clicks_are_marked(sessions: list[Session], marked: list[str]) -> None:
    assert sorted(statuses(schema.settle(plays(*sessions), following=NOTHING))) == sorted(marked)


def test_the_second_of_a_double_click_stays() -> None:
    assert statuses(schema.settle(plays(a_session(1), a_session(2, after_s=9)), following=NOTHING)) == [
        "double_click",
        "counted",
    ]


def test_the_second_click_may_come_after_midnight() -> None:
    settled = schema.settle(plays(a_session(1)), following=plays(a_session(2, after_s=9)))
    assert (settled.num_rows, statuses(settled)) == (1, ["double_click"])


def test_a_mark_is_taken_back_when_its_reason_is_gone() -> None:
    marked = schema.settle(plays(a_session(1)), following=plays(a_session(2, after_s=9)))
    assert statuses(schema.settle(marked, following=NOTHING)) == ["counted"]


def test_what_is_held_stays_held() -> None:
    both = plays(a_session(1), a_session(2, after_s=9))
    held = both.set_column(7, schema.SCHEMA.field("status"), pa.array(["held", "counted"]))
    assert statuses(schema.settle(held, following=NOTHING)) == ["held", "counted"]


@given(st.permutations([a_session(n, after_s=n % 3, patron="ab"[n % 2] * 2) for n in range(8)]))
def test_the_order_of_arrival_changes_nothing(sessions: list[Session]) -> None:
    expected = schema.settle(plays(*sorted(sessions, key=lambda s: s.session_id)), following=NOTHING)
    assert schema.settle(plays(*sessions), following=NOTHING).equals(expected)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 7, 2**62]),
            st.sampled_from(["aa", "ab", "ff"]),
            st.sampled_from([-(2**62), 3, 2**62]),
            st.integers(0, 3),
        ),
        max_size=30,
    )
)
def test_plays_are_sorted_as_arrow_sorts_them(rows: list[tuple[int, str, int, int]]) -> None:
    table = schema.table_of(
        (make_session(library_id=a, patron=b, resource_id=c, opened_at=NOON + timedelta(seconds=d)), 60)
        for a, b, c, d in rows
    )
    assert table.take(schema.sort_order(table)).equals(table.sort_by(schema.ORDER))


def test_a_fresh_row_replaces_the_written_one() -> None:
    written = schema.table_of([(a_session(1), 10), (a_session(2), 20)])
    merged = schema.merge(written=written, fresh=schema.table_of([(a_session(2), 25), (a_session(3), 30)]))
    assert dict(zip(merged["session_id"].to_pylist(), merged["seconds"].to_pylist(), strict=True)) == {
        str(UUID(int=1)): 10,
        str(UUID(int=2)): 25,
        str(UUID(int=3)): 30,
    }


def replaced(name: str, values: list[object]) -> pa.Table:
    table = plays(a_session(1), a_session(2, after_s=60))
    place = schema.SCHEMA.get_field_index(name)
    return table.set_column(
        place,
        pa.field(name, schema.SCHEMA.field(name).type),
        pa.array(values, schema.SCHEMA.field(name).type),
    )


def test_a_days_table_may_be_written() -> None:
    table = plays(a_session(1), a_session(2, after_s=60))
    assert schema.check_table(table, **DAY).equals(table)
    assert schema.check_table(NOTHING, **DAY).num_rows == 0


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        (plays().drop_columns(["patron"]), "columns"),
        (replaced("patron", [None, "aa"]), "non-nullable"),
        (replaced("seconds", [1, -1]), "below zero"),
        (replaced("status", ["counted", "odd"]), "odd"),
        (replaced("medium", ["music", "radio"]), "radio"),
        (replaced("play_id", ["same", "same"]), "twice"),
        (replaced("started_at", [DAY["ends_at"], NOON]), "do not all lie"),
        (replaced("started_at", [DAY["starts_at"] - timedelta.resolution, NOON]), "do not all lie"),
    ],
)
def test_a_table_that_is_no_days_plays_is_refused(table: pa.Table, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        schema.check_table(table, **DAY)
