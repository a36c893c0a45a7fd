"""The play log: one Parquet object an accounting day, and the manifest row that says which one it is.

Grain: one row a playback session. Columns and order: `catalog.usage.schema`. An object is named after its
SHA-256 and never changes; a day is replaced by switching its manifest row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from catalog.errors import CatalogError
from catalog.models import PlayLogDay, PlayLogObject
from catalog.usage import packing, schema
from mediaplatform.infrastructure.objectstore import ObjectMissing, get_store
from mediaplatform.kernel.periods import ACCOUNTING_ZONE, Month

CONTENT_TYPE = "application/vnd.apache.parquet"
ROWS_A_GROUP = 131_072
REPEATING = [
    "library_id",
    "patron",
    "resource_id",
    "status",
    "medium",
    "source",
    "profile_band",
    "rule_version",
]
READERS_GRACE = timedelta(hours=1)  # a reader may still hold the name of an object that was superseded


class DayMoved(CatalogError):
    """The day was switched by somebody else meanwhile; what was built on its old state is stale."""

    code = "day_moved"


def day_of(instant: datetime) -> date:
    """Return the accounting day of an aware instant. 2026-10-31 23:30 UTC in Paris is 2026-11-01."""
    return instant.astimezone(ACCOUNTING_ZONE).date()


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """Return an accounting day as [start, end) in UTC; it has 23 or 25 hours when the clocks change."""
    start, end = (
        datetime(d.year, d.month, d.day, tzinfo=ACCOUNTING_ZONE) for d in (day, day + timedelta(days=1))
    )
    return start.astimezone(UTC), end.astimezone(UTC)


def find_day(*, day: date) -> PlayLogDay | None:
    """Return the day's manifest row, if it has one."""
    return PlayLogDay.objects.filter(day=day).first()


def read_day(*, day: date, columns: Sequence[str] | None = None, library_id: int | None = None) -> pa.Table:
    """Return a day's plays, all or a library's; none when nothing was written."""
    try:
        return _read(find_day(day=day), columns, library_id)
    except ObjectMissing:  # superseded and swept between the two look-ups: the manifest names another by now
        return _read(find_day(day=day), columns, library_id)


def _read(written: PlayLogDay | None, columns: Sequence[str] | None, library_id: int | None) -> pa.Table:
    names = list(columns or schema.SCHEMA.names)
    if written is None:
        return schema.SCHEMA.empty_table().select(names)
    data = pa.BufferReader(get_store().get_bytes(key=written.object_key))
    only = None if library_id is None else pc.field("library_id") == library_id
    # Threads of Arrow that let go of Python's bytes while the interpreter ends abort the whole process: none here.
    stored = pq.read_table(
        data, columns=packing.stored_columns(names), filters=only, use_threads=False, pre_buffer=False
    )
    return packing.unpack(stored).select(names)


def write_day(*, day: date, table: pa.Table) -> PlayLogDay:
    """Replace a day's plays by those of the table (columns of `schema.SCHEMA`, in any order of rows).

    Double clicks are marked. The same plays again change nothing; heartbeats of the day that wait in the
    buffer are merged by the next compaction.

    Raises:
        ValueError: the table is not a day's plays (see `schema.check_table`).
        DayMoved: the day was written by another process at the same time.
    """
    starts_at, ends_at = bounds_of(day)
    table = schema.check_table(table, starts_at=starts_at, ends_at=ends_at)
    settled = schema.settle(table, following=schema.SCHEMA.empty_table())
    return switch_day(day=day, table=settled, heartbeats=0, replaces=find_day(day=day))


def switch_day(*, day: date, table: pa.Table, heartbeats: int, replaces: PlayLogDay | None) -> PlayLogDay:
    """Store the settled table as a new object and make it the day's, if the day still is as in `replaces`.

    Raises:
        DayMoved: it is not.
    """
    data = to_parquet(table)
    sha256 = hashlib.sha256(data).hexdigest()
    key = f"usage/day={day.isoformat()}/{sha256}.parquet"
    if replaces is None or replaces.object_key != key:
        PlayLogObject.objects.update_or_create(object_key=key, defaults={"day": day, "written_at": Now()})
        get_store().put_bytes(key=key, data=data, content_type=CONTENT_TYPE)
    values = {
        "object_key": key,
        "rows": table.num_rows,
        "heartbeats": heartbeats,
        "sha256": sha256,
        "schema_version": schema.SCHEMA_VERSION,
        "written_at": Now(),
    }
    with transaction.atomic():
        if replaces is None:
            PlayLogDay.objects.bulk_create([PlayLogDay(day=day, **values)], ignore_conflicts=True)
            is_mine = PlayLogDay.objects.filter(day=day, object_key=key, heartbeats=heartbeats).exists()
        else:
            state = {"object_key": replaces.object_key, "heartbeats": replaces.heartbeats}
            is_mine = bool(PlayLogDay.objects.filter(day=day, **state).update(**values))
    if not is_mine:
        raise DayMoved(f"{day} was written by another process meanwhile")
    return PlayLogDay.objects.get(day=day)


def to_parquet(table: pa.Table) -> bytes:
    """Return the table, sorted by `schema.ORDER`, as zstd Parquet; the same rows, the same bytes."""
    sink = pa.BufferOutputStream()
    packed = packing.pack(table)
    pq.write_table(
        packed,
        sink,
        compression="zstd",
        compression_level=3,
        use_dictionary=REPEATING,  # type: ignore[arg-type]  # the stubs know only yes and no
        column_encoding={"started_at": "DELTA_BINARY_PACKED", "seconds": "DELTA_BINARY_PACKED"},
        row_group_size=ROWS_A_GROUP,
        sorting_columns=pq.SortingColumn.from_ordering(packed.schema, packing.ORDER),
    )
    data: bytes = sink.getvalue().to_pybytes()
    return data


def sweep_objects(*, now: datetime) -> int:
    """Delete objects that no day names, an hour after they were written; return how many."""
    is_current = PlayLogDay.objects.filter(object_key=OuterRef("object_key"))
    stale = PlayLogObject.objects.filter(~Exists(is_current), written_at__lt=now - READERS_GRACE)
    swept = 0
    for entry in stale:
        get_store().delete(key=entry.object_key)
        entry.delete()
        swept += 1
    return swept


def read_month(*, month: Month) -> list[str]:
    """Return the object keys of an accounting month's days, in order. No day lies in two months."""
    days = PlayLogDay.objects.filter(day__range=(month.first_day, month.last_day)).order_by("day")
    return list(days.values_list("object_key", flat=True))


def export_month(*, month: Month, folder: Path) -> list[Path]:
    """Write a month as `plays/<day>.parquet` of the calculation's file contract; return the files."""
    target = folder / "plays"
    target.mkdir(parents=True, exist_ok=True)
    days = PlayLogDay.objects.filter(day__range=(month.first_day, month.last_day)).order_by("day")
    files = []
    for day in days.values_list("day", flat=True):
        path = target / f"{day.isoformat()}.parquet"
        pq.write_table(read_day(day=day, columns=schema.CONTRACT_COLUMNS), path, compression="zstd")
        files.append(path)
    return files
