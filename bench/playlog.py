"""What it costs to make a day's object of heartbeats."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import md5
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection

from bench.place import cpu_s
from catalog.usage import columns, compaction, log, packing, schema, services

BEATS_A_PLAY = 20
DAY_US = int(datetime(2026, 10, 14, tzinfo=UTC).timestamp()) * 1_000_000
HEARTBEATS = """
INSERT INTO catalog_heartbeat (session_id, sequence, library_id, patron, resource_id, medium, source, duration_s,
    opened_at, intervals, rate, event, received_at, credible_until)
SELECT md5(play::text)::uuid, beat, play %% 500, md5((play %% 20000)::text), play %% 100000, 'music', 'web', 200,
    opened, jsonb_build_array(jsonb_build_array(beat * 10.0, beat * 10.0 + 10.0)), 1, 'tick', told, told
FROM generate_series(1, %s) play, generate_series(0, %s - 1) beat,
    LATERAL (SELECT timestamptz '2026-10-14 00:00Z' + play * interval '1 second' AS opened) o,
    LATERAL (SELECT opened + (beat + 1) * interval '10 seconds' AS told) t
"""


def make_heartbeats(plays: int) -> pa.Table:
    """Return the buffer's rows of so many plays of 200 s, a tenth of which go back once."""
    random = np.random.default_rng(7)
    session = np.repeat(np.arange(plays), BEATS_A_PLAY)
    number = np.tile(np.arange(BEATS_A_PLAY), plays)
    goes_back = np.repeat(random.random(plays) < 0.1, BEATS_A_PLAY) & (number > BEATS_A_PLAY // 2)
    start = number * 10 - goes_back * 25
    patron = (random.random(plays) ** 2 * (plays // 5 + 1)).astype(np.int64)
    ids = np.array([random.bytes(16).hex() for _ in range(plays)])
    texts = [f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in sorted(ids)]
    values: dict[str, Any] = {
        "session_id": pa.array(texts).take(pa.array(session)),
        "library_id": (patron % 500)[session],
        "patron": pa.array(
            [md5(b"%d" % one, usedforsecurity=False).hexdigest() for one in patron.tolist()]
        ).take(pa.array(session)),
        "resource_id": (1_000_000 ** random.random(plays)).astype(np.int64)[session],
        "medium": pa.repeat("music", len(session)),
        "source": pa.repeat("web", len(session)),
        "max_age": pa.nulls(len(session), pa.int16()),
        "duration_s": random.integers(100, 300, plays)[session],
        "opened_us": (DAY_US + random.integers(0, 86_400_000_000, plays))[session],
        "elapsed_ms": number * 10_000 + 10_000,
        "rate_percent": np.full(len(session), 100),
        "start_s": np.maximum(start, 0).astype(np.float64),
        "stop_s": start + 10.0,
        "further": pa.repeat("", len(session)),
        "delivered_s": pa.nulls(len(session), pa.int64()),
    }
    return pa.table({name: values[name] for name in columns.BUFFER.names}).cast(columns.BUFFER)


def measure_log(plays: int) -> None:
    """Print rows a second of each step against a bare Parquet write of the same plays."""
    heartbeats = make_heartbeats(plays)
    nothing = schema.SCHEMA.empty_table()
    credited, credit_s = _timed(lambda: columns.credit_buffer(heartbeats))
    settled, settle_s = _timed(
        lambda: schema.settle(schema.merge(written=nothing, fresh=credited), following=nothing)
    )
    data, write_s = _timed(lambda: log.to_parquet(settled))
    packed = packing.pack(settled)
    _none, bare_s = _timed(lambda: pq.write_table(packed, io.BytesIO(), compression="zstd"))
    sample = heartbeats.slice(0, min(heartbeats.num_rows, 20_000 * BEATS_A_PLAY))
    slow, rule_s = _timed(lambda: _by_the_rule(sample))
    rule_s *= heartbeats.num_rows / sample.num_rows
    assert slow == credited["seconds"].slice(0, len(slow)).to_pylist()
    print(f"{plays:,} plays of {heartbeats.num_rows:,} heartbeats; {len(data) / plays:.1f} bytes a play")
    for name, seconds in (
        ("bare Parquet write", bare_s),
        ("sort, double clicks, our Parquet", settle_s + write_s),
        ("credit, in columns", credit_s),
        ("all three", credit_s + settle_s + write_s),
        ("credit session by session (the rule)", rule_s),
    ):
        print(f"{name:40} {plays / seconds:12,.0f} plays/s {seconds / bare_s:8.1f} x bare")


def _by_the_rule(rows: pa.Table) -> list[int]:
    """Credit by `schema.credit`, as compaction did before it went by columns."""
    found = []
    table = rows.select(["start_s", "stop_s", "elapsed_ms", "rate_percent", "duration_s"]).to_pylist()
    for first in range(0, len(table), BEATS_A_PLAY):
        beats = table[first : first + BEATS_A_PLAY]
        heard = []
        for beat in beats:
            claimed = [(beat["start_s"], beat["stop_s"])]
            heard.append(schema.Heard(claimed, beat["rate_percent"] / 100, beat["elapsed_ms"] / 1000))
        found.append(schema.credit(heard, medium="music", duration_s=beats[0]["duration_s"]))
    return found


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    """Return what it makes and the least CPU seconds of three tries."""
    costs = []
    for _try in range(3):
        begun = time.process_time()
        made = act()
        costs.append(time.process_time() - begun)
    return made, min(costs)


def measure_day(plays: int, *servers: int) -> None:
    """Print what compacting a day costs with its heartbeats in PostgreSQL, against only reading them."""
    with connection.cursor() as cursor:
        cursor.execute(HEARTBEATS, [plays, BEATS_A_PLAY])
    heartbeats = plays * BEATS_A_PLAY
    day = log.day_of(datetime(2026, 10, 14, 12, tzinfo=UTC))
    print(f"{plays:,} plays of {heartbeats:,} heartbeats in PostgreSQL; CPU of both sides")
    for name, act in (
        ("COPY them out and look at nothing", _drain),
        ("compact the day", lambda: compaction.compact_day(day=day)),
        ("compact it again, nothing being new", lambda: compaction.compact_day(day=day)),
    ):
        before = cpu_s(*servers) + time.process_time()
        act()
        spent = cpu_s(*servers) + time.process_time() - before
        print(
            f"{name:40} {plays / spent:12,.0f} plays/s {heartbeats / spent:12,.0f} heartbeats/s", flush=True
        )


def _drain() -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {services.TABLE} TO STDOUT") as copy:
        for _block in copy:
            pass
