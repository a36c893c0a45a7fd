"""What a heartbeat may say, what it is worth, and the columns of the play log. Pure.

A session's credit follows three rules, heartbeat by heartbeat in the order of receipt:
the *union* of the listened intervals counts, so that nothing counts twice; it never exceeds the time that
went by since the session was opened, times the playback rate (2 at most; 1 for books and games); and never
the resource's own duration, nor what was delivered of it where that is known. All in whole milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from catalog.errors import CatalogError
from catalog.usage import hex_digits

SCHEMA_VERSION = 2  # 2: a play bears its session's id, stored once, in 16 bytes
RULE_VERSION = 2  # of the crediting and double-click rules; a row keeps the one it was made by

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

Number = TypeVar("Number", int, float)

EVENTS = frozenset({"start", "tick", "pause", "seek", "end", "hide"})
MAX_INTERVALS = 200
MAX_POSITION_S = 7 * 24 * 3600
MAX_SEQUENCE = 2**31 - 1
MAX_STATED_RATE = 16.0  # what browsers play at most
MAX_CREDITED_RATE = {"music": 2.0, "video": 2.0, "book": 1.0, "game": 1.0}
PERCENT, SECOND_MS, HALF_MS = 100, 1000, 500
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
    """An acknowledged heartbeat as the credit needs it.

    `elapsed_s` counts from the session's opening; `delivered_s` is what was delivered by then, None if unknown.
    """

    intervals: Sequence[Sequence[float]]
    rate: float
    elapsed_s: float
    delivered_s: int | None = None


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


def union(intervals: Iterable[tuple[Number, Number]]) -> list[tuple[Number, Number]]:
    """Merge intervals into disjoint ones, in order. [0, 5], [3, 9], [20, 21] -> [0, 9], [20, 21]."""
    merged: list[tuple[Number, Number]] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def credit(beats: Sequence[Heard], *, medium: str, duration_s: int | None) -> int:
    """Return the whole seconds a session is credited with, nearest. `beats` in the order of receipt.

    Claims beyond the time gone by are lost, not postponed: a session 10 s old at rate 1 that claims [0, 60]
    is credited 10 s, and with [60, 70] at 20 s of age 20 s. What was delivered is a bound if every heartbeat
    says it. `columns.credit` is the same for many sessions.
    """
    credited, heard_ms, rate = 0, 0, 0
    heard: list[tuple[int, int]] = []
    for beat in beats:
        heard = union([*heard, *((_ms(start), _ms(end)) for start, end in beat.intervals)])
        length = sum(end - start for start, end in heard)
        new_ms, heard_ms = length - heard_ms, length
        rate = max(rate, round(min(beat.rate, MAX_CREDITED_RATE[medium]) * PERCENT))
        bound = max(_ms(beat.elapsed_s), 0) * rate // PERCENT
        credited = max(credited, min(credited + new_ms, bound))
    bounds = [(credited + HALF_MS) // SECOND_MS]
    bounds += [] if duration_s is None else [duration_s]
    delivered = [beat.delivered_s for beat in beats if beat.delivered_s is not None]
    bounds += [max(delivered)] if delivered and len(delivered) == len(beats) else []
    return min(bounds)


def _ms(seconds: float) -> int:
    return round(seconds * SECOND_MS)


def table_of(plays: Iterable[tuple[Session, int]]) -> pa.Table:
    """Return the rows of sessions with their credited seconds, all `counted`, in no order."""
    columns: dict[str, list[object]] = {name: [] for name in SCHEMA.names}
    for session, seconds in plays:
        row = (
            str(session.session_id),  # a session is one play, and the play bears its id
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
    """Return the rows of both by session; a fresh row replaces the written one."""
    if not written.num_rows:
        return fresh
    kept = written.filter(pc.invert(pc.is_in(written["session_id"], fresh["session_id"])))
    return pa.concat_tables([kept, fresh])


def mark_held(plays: pa.Table, *, held: Sequence[str], released: Sequence[str]) -> pa.Table:
    """Return the plays with the status `held` on those sessions, and `counted` on released ones that bore it."""
    ids, status = plays["session_id"], plays["status"]
    is_released = pc.and_(
        pc.equal(status, pa.scalar(HELD)), pc.is_in(ids, value_set=pa.array(released, pa.string()))
    )
    status = pc.if_else(is_released, COUNTED, status)
    status = pc.if_else(pc.is_in(ids, value_set=pa.array(held, pa.string())), HELD, status)
    return plays.set_column(plays.schema.get_field_index("status"), SCHEMA.field("status"), status)


def settle(day: pa.Table, *, following: pa.Table) -> pa.Table:
    """Return a day's rows in the log's order, each double click marked; `held` rows stay held.

    Of two successive plays of a resource by a patron that start within 30 s, the second stays (COUNTER 5.1).
    `following` holds the next day's first rows: the second click may come after midnight.
    """
    own = day.num_rows
    both = (pa.concat_tables([day, following]) if following.num_rows else day).combine_chunks()
    order = sort_order(both)
    both = both.drop_columns(["play_id"]).take(order)
    is_double = pa.array(_is_first_of_double(both))
    is_held = pc.equal(both["status"], pa.scalar(HELD))
    status = pc.if_else(is_held, HELD, pc.if_else(is_double, DOUBLE_CLICK, COUNTED))
    both = both.set_column(both.schema.get_field_index("status"), SCHEMA.field("status"), status)
    both = both.add_column(0, SCHEMA.field("play_id"), both["session_id"])
    return (both.filter(pa.array(order < own)) if following.num_rows else both).cast(SCHEMA)


def sort_order(plays: pa.Table) -> npt.NDArray[np.int64]:
    """Return the positions that put plays into `ORDER`.

    Library, patron and resource become one integer, which sorts ten times faster than three columns; only
    where a patron came back to a resource do the start and the id decide.
    """
    library, patron, resource = (_ordinals(plays[name]) for name, _direction in ORDER[:3])
    key = _as_one(library, patron, resource)
    order = np.argsort(key)
    ordered = key[order]
    is_again = np.zeros(len(order), np.bool_)
    is_again[1:] = ordered[1:] == ordered[:-1]
    is_again[:-1] |= is_again[1:]
    again = order[is_again]
    started, ids = (_ordinals(plays[name].take(again)) for name, _direction in ORDER[3:])
    order[is_again] = again[np.lexsort((ids, started, key[again]))]
    return order


def _as_one(*columns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return one integer column in the order of several, the first one foremost."""
    key = np.zeros(len(columns[0]), np.int64)
    span = 1
    for column in columns:
        least, most = int(column.min(initial=0)), int(column.max(initial=0))
        if span * (most - least + 1) >= 2**63:  # ids too far apart: number what there is
            key, column = (np.unique(one, return_inverse=True)[1] for one in (key, column))  # noqa: PLW2901
            span, least, most = int(key.max(initial=0)) + 1, 0, int(column.max(initial=0))
        key = key * (most - least + 1) + (column - least)
        span *= most - least + 1
    return key


def _ordinals(column: pa.ChunkedArray[Any]) -> npt.NDArray[np.int64]:
    """Return integers in the order of the column's values."""
    if not pa.types.is_string(column.type):
        found: npt.NDArray[np.int64] = column.cast(pa.int64()).to_numpy()
        return found
    text = column.combine_chunks()
    if (ranked := hex_digits.rank(text)) is not None:
        return ranked
    coded = text.dictionary_encode()
    rank = np.empty(len(coded.dictionary), np.int64)
    rank[pc.sort_indices(coded.dictionary).to_numpy()] = np.arange(len(rank))
    numbers: npt.NDArray[np.int64] = rank[coded.indices.to_numpy()]
    return numbers


def _is_first_of_double(plays: pa.Table) -> npt.NDArray[np.bool_]:
    """Tell of each sorted row whether the same patron starts the same resource again within 30 s."""
    first = np.zeros(plays.num_rows, dtype=np.bool_)
    if plays.num_rows > 1:
        started = plays["started_at"].cast(pa.int64()).to_numpy()
        is_same = np.diff(started) <= DOUBLE_CLICK_REACH // timedelta(microseconds=1)
        for name in ("library_id", "patron", "resource_id"):
            values = plays[name].combine_chunks()
            is_same &= pc.equal(values.slice(1), values.slice(0, len(values) - 1)).to_numpy(
                zero_copy_only=False
            )
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
