"""The credit of many sessions at once, in columns. Pure.

`schema.credit` is the rule, written to be read; this is the same arithmetic on whole milliseconds for a day of
heartbeats, and tests compare both on generated sessions. Sessions in which no second was claimed twice (nearly
all) never leave NumPy; for the others the rule's own union says what each heartbeat added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from catalog.usage import schema

Ints = npt.NDArray[np.int64]
UNKNOWN = -1  # a duration or a delivery that nobody knows

FIELDS: list[tuple[str, pa.DataType]] = [
    ("session_id", pa.string()),
    ("library_id", pa.int64()),
    ("patron", pa.string()),
    ("resource_id", pa.int64()),
    ("medium", pa.string()),
    ("source", pa.string()),
    ("max_age", pa.int16()),
    ("duration_s", pa.int64()),
    ("opened_us", pa.int64()),
    ("elapsed_ms", pa.int64()),
    ("rate_percent", pa.int64()),
    ("start_s", pa.float64()),  # of the first interval
    ("stop_s", pa.float64()),
    ("further", pa.string()),  # the others, as `30.0,31.2,40,44`
    ("delivered_s", pa.int64()),
]
BUFFER = pa.schema(FIELDS)


@dataclass(frozen=True, slots=True)
class Beats:
    """Heartbeats sorted by session, then by receipt.

    `first`: where each session begins, and at the end how many heartbeats there are. `starts` and `stops` are the
    claimed intervals in ms, each of heartbeat `beat`. `rate`: in hundredths, capped for the medium.
    """

    first: Ints
    elapsed_ms: Ints
    rate: Ints
    delivered_s: Ints
    beat: Ints
    starts: Ints
    stops: Ints


def credit_buffer(rows: pa.Table) -> pa.Table:
    """Return one play (`schema.SCHEMA`, `counted`) for each session of rows of `BUFFER`.

    The rows are sorted by session, then by receipt; of what the grant said a session's first row tells.
    """
    first = np.append(_starts_of(rows["session_id"]), rows.num_rows)
    one = rows.take(pa.array(first[:-1]))
    cap = _caps(one["medium"])
    sessions = np.repeat(np.arange(len(first) - 1), np.diff(first))
    beat, starts, stops = _intervals(rows)
    beats = Beats(
        first=first,
        elapsed_ms=_ints(rows["elapsed_ms"]),
        rate=np.minimum(_ints(rows["rate_percent"]), cap[sessions]),
        delivered_s=_ints(rows["delivered_s"]),
        beat=beat,
        starts=starts,
        stops=stops,
    )
    seconds = credit(beats, duration_s=_ints(one["duration_s"]))
    rows_made = one.num_rows
    columns = [
        one["session_id"],
        one["session_id"],
        one["library_id"],
        one["patron"],
        one["resource_id"],
        one["opened_us"].cast(pa.timestamp("us", tz="UTC")),
        pa.array(seconds, pa.int32()),
        pa.repeat(schema.COUNTED, rows_made),
        one["medium"],
        one["source"],
        one["max_age"],
        pa.repeat(pa.scalar(schema.RULE_VERSION, pa.int16()), rows_made),
    ]
    return pa.table(columns, schema=schema.SCHEMA)


def last_session_begins(rows: pa.Table) -> int:
    """Return the position of the first row of the last session."""
    found = _starts_of(rows["session_id"])
    return int(found[-1]) if len(found) else 0


def credit(beats: Beats, *, duration_s: Ints) -> Ints:
    """Return the whole seconds that each session is credited with: `schema.credit` for all of them."""
    counts = np.diff(beats.first)
    new_ms = _new_ms(beats)
    order = np.argsort(-counts, kind="stable")  # the longest first: who still has a heartbeat is a prefix
    begins, falling = beats.first[:-1][order], -counts[order]
    credited, rate = np.zeros(len(order), np.int64), np.zeros(len(order), np.int64)
    for turn in range(int(counts.max(initial=0))):
        active = int(np.searchsorted(falling, -turn, side="left"))
        at = begins[:active] + turn
        rate[:active] = np.maximum(rate[:active], beats.rate[at])
        bound = np.maximum(beats.elapsed_ms[at], 0) * rate[:active] // schema.PERCENT
        most = np.minimum(credited[:active] + new_ms[at], bound)
        credited[:active] = np.maximum(credited[:active], most)
    whole = np.empty_like(credited)
    whole[order] = (credited + schema.HALF_MS) // schema.SECOND_MS
    for limit in (duration_s, _delivered(beats)):
        whole = np.where(limit == UNKNOWN, whole, np.minimum(whole, limit))
    return whole


def _delivered(beats: Beats) -> Ints:
    """Return what was delivered to each session, unknown where one of its heartbeats does not say."""
    least = np.minimum.reduceat(beats.delivered_s, beats.first[:-1]) if len(beats.first) > 1 else np.empty(0)
    most = np.maximum.reduceat(beats.delivered_s, beats.first[:-1]) if len(beats.first) > 1 else np.empty(0)
    return np.where(least == UNKNOWN, UNKNOWN, most).astype(np.int64)


def _new_ms(beats: Beats) -> Ints:
    """Return what each heartbeat claims that no earlier one of its session had claimed."""
    lengths = beats.stops - beats.starts
    new = np.bincount(beats.beat, weights=lengths, minlength=int(beats.first[-1])).astype(np.int64)
    sessions = np.repeat(np.arange(len(beats.first) - 1), np.diff(beats.first))[beats.beat]
    is_same = sessions[1:] == sessions[:-1]
    goes_back = is_same & (beats.starts[1:] < beats.stops[:-1])
    for begin, end in _runs_of(sessions, sessions[1:][goes_back]):
        numbers, starts, stops = (
            column[begin:end].tolist() for column in (beats.beat, beats.starts, beats.stops)
        )
        _attribute(new, numbers, list(zip(starts, stops, strict=True)))
    return new


def _runs_of(sorted_keys: Ints, wanted: Ints) -> list[tuple[int, int]]:
    """Return where each wanted key begins and ends."""
    keys = np.unique(wanted)
    begins = np.searchsorted(sorted_keys, keys, side="left")
    return list(zip(begins.tolist(), np.searchsorted(sorted_keys, keys, side="right").tolist(), strict=True))


def _attribute(new: Ints, beat: list[int], spans: list[tuple[int, int]]) -> None:
    """Write what each heartbeat of one session adds to the union of those before it."""
    heard: list[tuple[int, int]] = []
    added = dict.fromkeys(beat, 0)
    for number, (start, stop) in zip(beat, spans, strict=True):
        twice = sum(min(stop, b) - max(start, a) for a, b in heard if a < stop and start < b)
        added[number] += stop - start - twice
        if heard and heard[-1][1] == start:
            heard[-1] = (heard[-1][0], stop)
        else:
            heard = schema.union([*heard, (start, stop)])
    for number, milliseconds in added.items():
        new[number] = milliseconds


def _starts_of(keys: pa.ChunkedArray[Any]) -> Ints:
    """Return where a sorted column takes a new value."""
    if not len(keys):
        return np.empty(0, np.int64)
    flat = keys.combine_chunks()
    is_new = pc.not_equal(flat.slice(1), flat.slice(0, len(flat) - 1)).to_numpy(zero_copy_only=False)
    return np.append(0, np.flatnonzero(is_new) + 1).astype(np.int64)


def _caps(media: pa.ChunkedArray[Any]) -> Ints:
    """Return each medium's highest credited rate in hundredths."""
    words = list(schema.MAX_CREDITED_RATE)
    rates = np.array([round(schema.MAX_CREDITED_RATE[word] * schema.PERCENT) for word in words], np.int64)
    caps: Ints = rates[pc.index_in(media, pa.array(words)).to_numpy()]
    return caps


def _intervals(rows: pa.Table) -> tuple[Ints, Ints, Ints]:
    """Return the claimed intervals in ms with the number of their heartbeat; empty ones are left out."""
    start, stop = (_milliseconds(rows[name]) for name in ("start_s", "stop_s"))
    beat = np.arange(rows.num_rows)
    further: Any = rows["further"].combine_chunks()
    is_more = pc.not_equal(further, pa.scalar(""))
    if pc.any(is_more).as_py():
        parts: Any = pc.split_pattern(further.filter(is_more), ",")
        ends = _milliseconds(pc.list_flatten(parts).cast(pa.float64()))
        owner = np.flatnonzero(is_more.to_numpy(zero_copy_only=False))[
            pc.list_parent_indices(parts).to_numpy()[::2]
        ]
        order = np.argsort(np.concatenate([beat, owner]), kind="stable")
        beat, start, stop = (
            np.concatenate(pair)[order] for pair in ((beat, owner), (start, ends[::2]), (stop, ends[1::2]))
        )
    is_long = stop > start
    return beat[is_long].astype(np.int64), start[is_long], stop[is_long]


def _milliseconds(seconds: Any) -> Ints:
    filled: Any = pc.fill_null(seconds, pa.scalar(0.0))
    found: Ints = np.rint(filled.to_numpy() * schema.SECOND_MS).astype(np.int64)
    return found


def _ints(column: pa.ChunkedArray[Any]) -> Ints:
    """Return a column as integers, `UNKNOWN` where it is empty."""
    filled: Any = pc.fill_null(column, pa.scalar(UNKNOWN, column.type))
    found: Ints = filled.to_numpy().astype(np.int64)
    return found
