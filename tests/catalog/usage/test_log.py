"""The log's days and months, and what is counted from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from catalog.models import PlayLogDay
from catalog.usage import compaction, log, schema, selectors, tasks
from catalog.usage.selectors import Use
from mediaplatform.infrastructure.objectstore import get_store
from mediaplatform.kernel.periods import Month
from tests.catalog.usage.conftest import NOON, make_session

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)
DAY = date(2026, 10, 14)
Listened = Callable[..., UUID]


def table(*starts: datetime, patrons: int = 1, **changes: object) -> pa.Table:
    sessions = [
        make_session(opened_at=start, patron=f"{n:032x}", **changes)
        for start in starts
        for n in range(patrons)
    ]
    return schema.table_of((session, 60) for session in sessions)


@pytest.mark.parametrize(
    ("day", "start", "hours"),
    [
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (date(2026, 11, 1), datetime(2026, 10, 31, 23, tzinfo=UTC), 24),
    ],
)
def test_an_accounting_day_is_one_of_paris(day: date, start: datetime, hours: int) -> None:
    assert log.bounds_of(day) == (start, start + timedelta(hours=hours))
    assert log.day_of(start) == day
    assert log.day_of(start - timedelta.resolution) == day - timedelta(days=1)


def test_a_written_day_is_read_again_in_the_logs_order() -> None:
    written = log.write_day(day=DAY, table=table(NOON, NOON + timedelta(hours=1), patrons=3))
    plays = log.read_day(day=DAY)
    assert (written.rows, plays.num_rows, plays.schema.names) == (6, 6, schema.SCHEMA.names)
    assert plays.equals(plays.sort_by(schema.ORDER))


def test_a_day_that_was_never_written_has_no_plays() -> None:
    assert log.read_day(day=DAY).num_rows == 0


def test_rows_of_another_day_are_refused() -> None:
    with pytest.raises(ValueError, match="do not all lie"):
        log.write_day(day=DAY + timedelta(days=1), table=table(NOON))


def test_heartbeats_join_a_day_that_was_written_whole(listened: Listened) -> None:
    listened()
    compaction.compact_day(day=DAY)
    log.write_day(day=DAY, table=table(NOON + timedelta(hours=2), patrons=2))
    compaction.compact_open_days(now=NOON)
    assert log.read_day(day=DAY).num_rows == 3


def test_the_object_says_its_schema_version_and_order() -> None:
    written = log.write_day(day=DAY, table=table(NOON))
    file = pq.ParquetFile(pa.BufferReader(get_store().get_bytes(key=written.object_key)))
    assert file.schema_arrow.metadata[b"schema_version"] == b"2"
    assert [column.column_index for column in file.metadata.row_group(0).sorting_columns] == [1, 2, 3, 4, 0]


def test_a_month_is_exported_as_the_calculation_reads_it(tmp_path: Path) -> None:
    start, end = OCTOBER.interval()
    for instant in (start - timedelta.resolution, start, end - timedelta.resolution, end):
        log.write_day(day=log.day_of(instant), table=table(instant))
    files = log.export_month(month=OCTOBER, folder=tmp_path)
    plays = pa.concat_tables([pq.read_table(file) for file in files])
    assert [file.name for file in files] == ["2026-10-01.parquet", "2026-10-31.parquet"]
    assert plays["started_at"].to_pylist() == [start, end - timedelta.resolution]
    assert {field.name: str(field.type) for field in plays.schema} == {
        "library_id": "int64",
        "patron": "string",
        "resource_id": "int64",
        "started_at": "timestamp[us, tz=UTC]",
        "seconds": "int32",
        "status": "string",
    }
    assert len(log.read_month(month=OCTOBER)) == 2


def test_a_superseded_object_that_is_swept_does_not_disturb_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    log.write_day(day=DAY, table=table(NOON))
    stale = PlayLogDay.objects.get()
    log.write_day(day=DAY, table=table(NOON, patrons=2))
    get_store().delete(key=stale.object_key)
    answers = iter([stale, PlayLogDay.objects.get()])
    monkeypatch.setattr(log, "find_day", lambda **_day: next(answers))
    assert log.read_day(day=DAY).num_rows == 2


def test_a_librarys_use_is_counted_by_medium_and_day() -> None:
    video = table(NOON, patrons=2, medium="video", library_id=7)
    music = table(NOON, library_id=7, resource_id=13)
    log.write_day(day=DAY, table=pa.concat_tables([table(NOON, patrons=3), video, music]))
    assert selectors.count_library_use(library_id=7, month=OCTOBER) == {
        "all": Use(3, 180, 2),
        "music": Use(1, 60, 1),
        "video": Use(2, 120, 2),
    }
    days = selectors.count_library_days(library_id=3, month=OCTOBER)
    assert (len(days), days[DAY], days[date(2026, 10, 1)]) == (31, Use(3, 180, 3), Use(0, 0, 0))


def test_fewer_than_five_patrons_are_not_told_to_creators() -> None:
    few, enough = table(NOON, patrons=4, resource_id=1), table(NOON, patrons=5, resource_id=2)
    log.write_day(day=DAY, table=pa.concat_tables([few, enough]))
    assert selectors.count_resource_use(resource_ids=[1, 2], month=OCTOBER) == {1: None, 2: Use(5, 300, 5)}


def test_double_clicks_are_not_counted_as_use() -> None:
    log.write_day(day=DAY, table=table(NOON, NOON + timedelta(seconds=10)))
    assert selectors.count_library_use(library_id=3, month=OCTOBER)["all"] == Use(1, 60, 1)


def test_the_commands_compact_prove_and_export(listened: Listened, tmp_path: Path) -> None:
    listened()
    said = StringIO()
    call_command("compact_plays", "--day", "2026-10-14", stdout=said)
    call_command("compact_plays", "--day", "2026-10-15", stdout=said)
    call_command("compact_plays", stdout=said)
    call_command("usage", "verify", stdout=said)
    call_command("usage", "export", "2026-10", str(tmp_path), stdout=said)
    assert "2026-10-14: 1 plays" in said.getvalue()
    assert "2026-10-15: nothing was played" in said.getvalue()
    assert "Every acknowledged session is in the log once." in said.getvalue()
    assert (tmp_path / "plays" / "2026-10-14.parquet").exists()


def test_a_faulty_log_is_a_failed_command(monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = compaction.Verdict(DAY, 1, 0, ["x was acknowledged and is missing"])
    monkeypatch.setattr(compaction, "verify_days", lambda **_now: iter([faulty]))
    with pytest.raises(CommandError, match="x was acknowledged"):
        call_command("usage", "verify", stdout=StringIO())


def test_the_task_compacts(listened: Listened) -> None:
    from django.utils import timezone

    listened(opened_at=timezone.now() - timedelta(minutes=5))
    tasks.compact_plays()
    assert PlayLogDay.objects.get().rows == 1
