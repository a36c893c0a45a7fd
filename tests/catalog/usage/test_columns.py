"""A day of heartbeats in columns is credited as the rule credits each session."""

from __future__ import annotations

from uuid import UUID

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from catalog.usage import columns, packing, schema
from catalog.usage.schema import Heard
from tests.catalog.usage.conftest import NOON, make_session

NOON_US = int(NOON.timestamp()) * 1_000_000
# Thousandths of a second from few values, so that intervals touch, repeat and overlap.
positions = st.sampled_from([0.0, 0.4, 0.5, 1.499, 9.8, 10.0, 19.999, 20.0, 33.333, 60.0, 199.9])
spans = st.tuples(positions, positions).map(lambda pair: (min(pair), max(pair)))
beats = st.builds(
    Heard,
    intervals=st.lists(spans, max_size=4),
    rate=st.sampled_from([0.0, 0.5, 1.0, 1.25, 1.5, 2.0, 16.0]),
    elapsed_s=st.integers(-5_000, 300_000).map(lambda ms: ms / 1000),
    delivered_s=st.sampled_from([None, 0, 6, 12, 60, 200]),
)
sessions = st.tuples(
    st.lists(beats, min_size=1, max_size=6),
    st.sampled_from(["music", "video", "book", "game"]),
    st.sampled_from([None, 15, 185]),
)


def rows_of(number: int, heard: list[Heard], medium: str, duration_s: int | None) -> list[dict[str, object]]:
    """Return a session as the buffer's query does."""
    return [
        {
            "session_id": str(UUID(int=number)),
            "library_id": 3,
            "patron": "ab" * 16,
            "resource_id": 12,
            "medium": medium,
            "source": "web",
            "max_age": None,
            "duration_s": duration_s,
            "opened_us": NOON_US,
            "elapsed_ms": round(beat.elapsed_s * 1000),
            "rate_percent": round(beat.rate * 100),
            "start_s": beat.intervals[0][0] if beat.intervals else None,
            "stop_s": beat.intervals[0][1] if beat.intervals else None,
            "further": ",".join(str(end) for span in beat.intervals[1:] for end in span),
            "delivered_s": beat.delivered_s,
        }
        for beat in heard
    ]


@given(st.lists(sessions, max_size=6))
def test_columns_credit_what_the_rule_credits(said: list[tuple[list[Heard], str, int | None]]) -> None:
    rows = [row for number, one in enumerate(said) for row in rows_of(number, *one)]
    plays = columns.credit_buffer(pa.Table.from_pylist(rows, schema=columns.BUFFER))
    expected = [schema.credit(heard, medium=medium, duration_s=duration) for heard, medium, duration in said]
    assert plays["seconds"].to_pylist() == expected


def test_a_session_becomes_the_row_that_the_log_wants() -> None:
    session = make_session(session_id=UUID(int=5), max_age=10, medium="video", duration_s=600)
    rows = rows_of(5, [Heard([(0.0, 9.8)], 1.0, 10)], "video", 600)
    rows[0]["max_age"] = 10
    made = columns.credit_buffer(pa.Table.from_pylist(rows, schema=columns.BUFFER))
    assert made.equals(schema.table_of([(session, 10)]))


def test_no_heartbeats_make_no_plays() -> None:
    made = columns.credit_buffer(columns.BUFFER.empty_table())
    assert made.equals(schema.SCHEMA.empty_table())


def test_what_was_stored_is_read_again() -> None:
    table = schema.table_of((make_session(), seconds) for seconds in range(5))
    packed = packing.pack(table)
    assert packed.schema.field("session_id").type == pa.binary(16)
    assert packing.unpack(packed).select(schema.SCHEMA.names).equals(table)
    assert packing.unpack(packed.slice(2, 2)).select(schema.SCHEMA.names).equals(table.slice(2, 2))


def test_objects_of_the_first_version_are_read_too() -> None:
    old = schema.table_of([(make_session(), 60)]).set_column(
        0, schema.SCHEMA.field("play_id"), pa.array(["another id"])
    )
    read = packing.unpack(old.select(packing.stored_columns(schema.SCHEMA.names)))
    assert read["play_id"].to_pylist() == old["session_id"].to_pylist()
