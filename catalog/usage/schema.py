"""What a heartbeat may say, what it is worth, and the columns of the play log. Pure.

A session's credit follows three rules, heartbeat by heartbeat in the order of receipt:
the *union* of the listened intervals counts, so that nothing counts twice; it never exceeds the time that
went by since the session was opened, times the playback rate (2 at most; 1 for books and games); and never
the resource's own duration.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from catalog.errors import CatalogError
from mediaplatform.kernel.ids import derived_uuid

SCHEMA_VERSION = 1
RULE_VERSION = 1  # of the crediting and double-click rules; a row keeps the one it was made by

FIELDS: list[pa.Field[Any]] = [
    pa.field("play_id", pa.string(), nullable=False),
    pa.field("session_id", pa.string(), nullable=False),
    pa.field("library_id", pa.int64(), nullable=False),
    pa.field("patron", pa.string(), nullable=False),
    pa.field("resource_id", pa.int64(), nullable=False),
    pa.field("started_at", pa.timestamp("us", tz="UTC"), nullable=False),
    pa.field("seconds", pa.int32(), nullable=False),
    pa.field("status", pa.string(), nullable=False),
    pa.field("medium", pa.string(), nullable=False),
    pa.field("source", pa.string(), nullable=False),
    pa.field("profile_band", pa.int16()),
    pa.field("rule_version", pa.int16(), nullable=False),
]
SCHEMA = pa.schema(FIELDS, metadata={"schema_version": str(SCHEMA_VERSION)})
# The grain is one playback session; the order is total, so that the same plays are always the same bytes.
ORDER: list[tuple[str, Literal["ascending", "descending"]]] = [
    (name, "ascending") for name in ("library_id", "patron", "resource_id", "started_at", "play_id")
]
# Columns of `plays/*.parquet` in the calculation's file contract (docs/algorithms/cct.md).
CONTRACT_COLUMNS = ("library_id", "patron", "resource_id", "started_at", "seconds", "status")

COUNTED, DOUBLE_CLICK, HELD = "counted", "double_click", "held"
DOUBLE_CLICK_REACH = timedelta(seconds=30)  # COUNTER 5.1: the second of two within 30 s stays

EVENTS = frozenset({"start", "tick", "pause", "seek", "end", "hide"})
MAX_INTERVALS = 200
MAX_POSITION_S = 7 * 24 * 3600
MAX_SEQUENCE = 2**31 - 1
MAX_STATED_RATE = 16.0  # what browsers play at most
MAX_CREDITED_RATE = {"music": 2.0, "video": 2.0, "book": 1.0, "game": 1.0}
SPARE_BEATS = 100  # a heartbeat every half second, and these at once


class HeartbeatRefused(CatalogError):
    """A heartbeat that is not written to the log; `code` names the fault."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


@dataclass(frozen=True, slots=True)
class Beat:
    """What a player says: `intervals` in seconds of the resource; of activity for books and games."""

    sequence: int
    intervals: tuple[tuple[float, float], ...]
    rate: float
    event: str
    client_at: datetime | None


@dataclass(frozen=True, slots=True)
class Heard:
    """An acknowledged heartbeat as the credit needs it; `elapsed_s` counts from the session's opening."""

    intervals: Sequence[Sequence[float]]
    rate: float
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Session:
    """What the grant said of a playback session."""

    session_id: UUID
    library_id: int
    patron: str
    resource_id: int
    medium: str
    source: str
    max_age: int | None
    duration_s: int | None
    opened_at: datetime


def parse_beat(body: object) -> Beat:
    """Read the decoded JSON of a heartbeat.

    Raises:
        HeartbeatRefused: malformed, bad_sequence, bad_rate, bad_event, bad_clock, bad_interval or
            too_many_intervals.
    """
    if not isinstance(body, Mapping):
        raise HeartbeatRefused("malformed", "a heartbeat is a JSON object")
    sequence, event = body.get("sequence"), body.get("event")
    if not isinstance(sequence, int) or isinstance(sequence, bool) or not 0 <= sequence <= MAX_SEQUENCE:
        raise HeartbeatRefused("bad_sequence", f"`sequence` is an integer from 0 to {MAX_SEQUENCE}")
    rate = _number(body.get("rate", 1), high=MAX_STATED_RATE)
    if rate is None:
        raise HeartbeatRefused("bad_rate", f"`rate` is a number from 0 to {MAX_STATED_RATE:g}")
    if not isinstance(event, str) or event not in EVENTS:
        raise HeartbeatRefused("bad_event", f"`event` is one of {', '.join(sorted(EVENTS))}")
    intervals = _parse_intervals(body.get("intervals", []))
    return Beat(sequence, intervals, rate, event, _parse_clock(body.get("client_at")))


def check_pace(*, sequence: int, elapsed_s: float) -> None:
    """Refuse more heartbeats than a player sends: two a second since the opening, and 100 to spare.

    Raises:
        HeartbeatRefused: too_many_heartbeats.
    """
    if sequence > SPARE_BEATS + 2 * max(elapsed_s, 0):
        raise HeartbeatRefused(
            "too_many_heartbeats", "the session has sent more heartbeats than its time allows"
        )


def _parse_intervals(stated: object) -> tuple[tuple[float, float], ...]:
    if not isinstance(stated, list):
        raise HeartbeatRefused("bad_interval", "`intervals` is a list of [from, to]")
    if len(stated) > MAX_INTERVALS:
        raise HeartbeatRefused("too_many_intervals", f"at most {MAX_INTERVALS} intervals a heartbeat")
    intervals = []
    for pair in stated:
        ends = [_number(value, high=MAX_POSITION_S) for value in pair] if isinstance(pair, list) else []
        if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[0] > ends[1]:  # noqa: PLR2004 - from and to
            raise HeartbeatRefused(
                "bad_interval", f"{str(pair)[:60]} is no [from, to] within 0 to {MAX_POSITION_S} s"
            )
        intervals.append((ends[0], ends[1]))
    return tuple(intervals)


def _parse_clock(stated: object) -> datetime | None:
    """Return the client's clock; it is kept as evidence and decides nothing."""
    if stated is None:
        return None
    try:
        clock = datetime.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        clock = None
    if clock is None or clock.utcoffset() is None:
        raise HeartbeatRefused("bad_clock", "`client_at` is an ISO 8601 instant with its offset")
    return clock


def _number(value: object, *, high: float) -> float | None:
    """Return a finite number within [0, high], None for anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= high:
        return None
    return round(float(value), 3)


def union(intervals: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
    """Merge intervals into disjoint ones, in order. [0, 5], [3, 9], [20, 21] -> [0, 9], [20, 21]."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted((start, end) for start, end in intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def credit(beats: Iterable[Heard], *, medium: str, duration_s: int | None) -> int:
    """Return the whole seconds a session is credited with, nearest. `beats` in the order of receipt.

    Claims beyond the time gone by are lost, not postponed: a session 10 s old at rate 1 that claims [0, 60]
    is credited 10 s, and with [60, 70] at 20 s of age 20 s.
    """
    credited, heard_s, rate = 0.0, 0.0, 0.0
    heard: list[tuple[float, float]] = []
    for beat in beats:
        heard = union([*heard, *beat.intervals])
        new_s, heard_s = _length(heard) - heard_s, _length(heard)
        rate = max(rate, min(beat.rate, MAX_CREDITED_RATE[medium]))
        credited = max(credited, min(credited + new_s, max(beat.elapsed_s, 0) * rate))
    whole = math.floor(credited + 0.5)
    return whole if duration_s is None else min(whole, duration_s)


def _length(intervals: Iterable[tuple[float, float]]) -> float:
    return math.fsum(end - start for start, end in intervals)


def play_id_of(session_id: UUID) -> str:
    """Return the id of a session's one play: always the same."""
    return str(derived_uuid("play", str(session_id)))


def table_of(plays: Iterable[tuple[Session, int]]) -> pa.Table:
    """Return the rows of sessions with their credited seconds, all `counted`, in no order."""
    columns: dict[str, list[object]] = {name: [] for name in SCHEMA.names}
    for session, seconds in plays:
        row = (
            play_id_of(session.session_id),
            str(session.session_id),
            session.library_id,
            session.patron,
            session.resource_id,
            session.opened_at,
            seconds,
            COUNTED,
            session.medium,
            session.source,
            session.max_age,
            RULE_VERSION,
        )
        for name, value in zip(SCHEMA.names, row, strict=True):
            columns[name].append(value)
    return pa.table(columns, schema=SCHEMA)


def merge(*, written: pa.Table, fresh: pa.Table) -> pa.Table:
    """Return the rows of both by play_id; a fresh row replaces the written one."""
    kept = written.filter(pc.invert(pc.is_in(written["play_id"], fresh["play_id"])))
    return pa.concat_tables([kept, fresh])


def settle(day: pa.Table, *, following: pa.Table) -> pa.Table:
    """Return a day's rows in the log's order, each double click marked; `held` rows stay held.

    Of two successive plays of a resource by a patron that start within 30 s, the second stays (COUNTER 5.1).
    `following` holds the next day's first rows: the second click may come after midnight.
    """
    own = day.num_rows
    is_own = pa.array([True] * own + [False] * following.num_rows, pa.bool_())
    both = pa.concat_tables([day, following]).append_column("own", is_own)
    both = both.sort_by(ORDER)
    status = np.array(both["status"].to_pylist(), dtype=object)
    status[status == DOUBLE_CLICK] = COUNTED
    status[(status == COUNTED) & _is_first_of_double(both)] = DOUBLE_CLICK
    both = both.set_column(
        both.schema.get_field_index("status"), SCHEMA.field("status"), pa.array(status, pa.string())
    )
    return both.filter(both["own"]).drop_columns(["own"]).cast(SCHEMA)


def _is_first_of_double(plays: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell of each sorted row whether the same patron starts the same resource again within 30 s."""
    first = np.zeros(plays.num_rows, dtype=np.bool_)
    if plays.num_rows > 1:
        started = plays["started_at"].cast(pa.int64()).to_numpy()
        is_same = np.diff(started) <= DOUBLE_CLICK_REACH // timedelta(microseconds=1)
        for name in ("library_id", "patron", "resource_id"):
            values = plays[name].to_numpy()
            is_same &= values[1:] == values[:-1]
        first[:-1] = is_same
    return first


def check_table(table: pa.Table, *, starts_at: datetime, ends_at: datetime) -> pa.Table:
    """Return the table with the log's exact schema if its rows may be one day's.

    Raises:
        ValueError: columns that do not fit, a play outside [starts_at, ends_at), negative seconds, an
            unknown status
            or medium, or a play twice.
    """
    try:
        table = table.select(SCHEMA.names).cast(SCHEMA)
    except (KeyError, pa.ArrowException) as error:
        raise ValueError(f"these are not the play log's columns: {error}") from error
    if not table.num_rows:
        return table
    first, last = pc.min(table["started_at"]).as_py(), pc.max(table["started_at"]).as_py()
    if not starts_at <= first <= last < ends_at:
        raise ValueError(f"plays from {first} to {last} do not all lie in the day that begins at {starts_at}")
    if pc.min(table["seconds"]).as_py() < 0:
        raise ValueError("seconds below zero")
    words = {*pc.unique(table["status"]).to_pylist(), *pc.unique(table["medium"]).to_pylist()}
    unknown = {str(word) for word in words} - {COUNTED, DOUBLE_CLICK, HELD, *MAX_CREDITED_RATE}
    if unknown:
        raise ValueError(f"no such status or medium: {', '.join(sorted(unknown))}")
    if pc.count_distinct(table["play_id"]).as_py() != table.num_rows:
        raise ValueError("a play stands there twice")
    return table
