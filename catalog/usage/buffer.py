"""The buffer of heartbeats, read in columns: PostgreSQL sorts, NumPy credits, and memory holds a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pyarrow as pa
from django.db import connection
from django.db.models import QuerySet
from pyarrow import csv

from catalog.models import Heartbeat
from catalog.usage import columns, log, schema

CHUNK_BYTES = 64 * 2**20  # of text: about half a million heartbeats
ROWS = """
COPY (
    SELECT session_id, library_id, patron, resource_id, medium, source, max_age, duration_s,
        (extract(epoch FROM opened_at) * 1000000)::bigint,
        round(extract(epoch FROM credible_until - opened_at) * 1000)::bigint,
        (rate * 100)::int, intervals->0->0, intervals->0->1,
        CASE WHEN jsonb_array_length(intervals) > 1 THEN translate((intervals - 0)::text, '[] ', '') ELSE '' END,
        delivered_s
    FROM catalog_heartbeat WHERE opened_at >= %s AND opened_at <= %s
    ORDER BY session_id, received_at, sequence
) TO STDOUT (FORMAT csv)
"""


def of_day(*, day: date) -> QuerySet[Heartbeat]:
    """Return the heartbeats that decide a day: its own, and those of the next day's first half minute."""
    starts_at, ends_at = log.bounds_of(day)
    return Heartbeat.objects.filter(
        opened_at__gte=starts_at, opened_at__lte=ends_at + schema.DOUBLE_CLICK_REACH
    )


def credit_day(*, day: date) -> tuple[pa.Table, int]:
    """Return a play for each session of `of_day`, in no order, and the number of heartbeats read."""
    plays, heartbeats = [schema.SCHEMA.empty_table()], 0
    for rows in _whole_sessions(day):
        heartbeats += rows.num_rows
        plays.append(columns.credit_buffer(rows))
    return pa.concat_tables(plays), heartbeats


def _whole_sessions(day: date) -> Iterator[pa.Table]:
    """Yield the day's heartbeats in chunks that cut no session in two."""
    rest = columns.BUFFER.empty_table()
    for text in _read_lines(day):
        rows = pa.concat_tables([rest, _parse(text)])
        begins = columns.last_session_begins(rows)
        yield rows.slice(0, begins)
        rest = rows.slice(begins)
    if rest.num_rows:
        yield rest


def _read_lines(day: date) -> Iterator[bytes]:
    """Yield the day's rows as whole lines of CSV."""
    starts_at, ends_at = log.bounds_of(day)
    text = bytearray()
    with (
        connection.cursor() as cursor,
        cursor.copy(ROWS, [starts_at, ends_at + schema.DOUBLE_CLICK_REACH]) as copy,
    ):
        for block in copy:
            text += block
            if len(text) >= CHUNK_BYTES:
                end = text.rindex(b"\n") + 1
                yield bytes(text[:end])
                del text[:end]
    if text:
        yield bytes(text)


def _parse(text: bytes) -> pa.Table:
    return csv.read_csv(
        BytesIO(text),
        read_options=csv.ReadOptions(column_names=columns.BUFFER.names, use_threads=False),
        convert_options=csv.ConvertOptions(column_types=columns.BUFFER),
    )
