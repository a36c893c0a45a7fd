"""Months that are not like others: leap days, the change of hour, and the hour between Paris and UTC at their ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.usage import log, schema
from catalog.usage.schema import Session
from mediaplatform.kernel.periods import Month, recognised_micros
from royalties.engine.policy import CCT
from royalties.runs.evidence import count_evidence

FEBRUARY = Month(2028, 2)
DAYS = st.dates(date(2027, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("month", "start", "hours"),
    [
        (Month(2028, 2), datetime(2028, 1, 31, 23, tzinfo=UTC), 29 * 24),
        (Month(2027, 2), datetime(2027, 1, 31, 23, tzinfo=UTC), 28 * 24),
        (Month(2026, 3), datetime(2026, 2, 28, 23, tzinfo=UTC), 31 * 24 - 1),
        (Month(2026, 10), datetime(2026, 9, 30, 22, tzinfo=UTC), 31 * 24 + 1),
        (Month(2026, 12), datetime(2026, 11, 30, 23, tzinfo=UTC), 31 * 24),
    ],
)
def test_a_month_has_the_hours_that_paris_gives_it(month: Month, start: datetime, hours: int) -> None:
    assert month.interval() == (start, start + timedelta(hours=hours))
    assert month.interval()[1] == month.following.interval()[0]
    assert Month.of(start) == month
    assert Month.of(start - timedelta.resolution) == month.previous


def test_a_leap_day_earns_its_day() -> None:
    line = {"amount_micros": 366, "starts_on": date(2028, 1, 1), "ends_on": date(2028, 12, 31)}
    assert [recognised_micros(**line, month=Month(2028, n)) for n in (1, 2, 3, 12)] == [31, 29, 31, 31]  # type: ignore[arg-type]
    only = {"amount_micros": 1_000, "starts_on": date(2028, 2, 29), "ends_on": date(2028, 2, 29)}
    assert recognised_micros(**only, month=FEBRUARY) == 1_000  # type: ignore[arg-type]


@given(ends=st.tuples(DAYS, DAYS).map(sorted), micros=st.integers(-(10**13), 10**13))
def test_the_months_of_a_line_sum_to_it(ends: list[date], micros: int) -> None:
    starts_on, ends_on = ends
    found, month = 0, Month(starts_on.year, starts_on.month)
    while month <= Month(ends_on.year, ends_on.month):
        found += recognised_micros(amount_micros=micros, starts_on=starts_on, ends_on=ends_on, month=month)
        month = month.following
    assert found == micros
    assert recognised_micros(amount_micros=micros, starts_on=starts_on, ends_on=ends_on, month=month) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("month", "inside", "outside"),
    [
        # The last and the first minute of a month in Paris; both ends are an hour or two off in UTC.
        (Month(2026, 10), "2026-10-31T22:59Z", "2026-10-31T23:00Z"),
        (Month(2026, 10), "2026-09-30T22:00Z", "2026-09-30T21:59Z"),
        (Month(2026, 3), "2026-03-31T21:59Z", "2026-03-31T22:00Z"),
        (Month(2028, 2), "2028-02-29T22:59Z", "2028-02-29T23:00Z"),
        # The hour that the clocks give back: 2:30 twice, one month all the same.
        (Month(2026, 10), "2026-10-25T01:30Z", "2026-11-25T01:30Z"),
    ],
)
def test_a_play_lies_in_the_month_of_paris(month: Month, inside: str, outside: str, tmp_path: Path) -> None:
    for text in (inside, outside):
        write_plays([datetime.fromisoformat(text)])
    plays = pa.concat_tables(pq.read_table(file) for file in log.export_month(month=month, folder=tmp_path))
    assert plays["started_at"].to_pylist() == [datetime.fromisoformat(inside)]


@pytest.mark.django_db
def test_a_day_of_utc_that_two_months_share_is_capped_in_each(tmp_path: Path) -> None:
    """31 October in UTC: 12 plays before 23:00 are October's, 12 after it November's; 10 count in each."""
    first = datetime(2026, 10, 31, 22, tzinfo=UTC)
    write_plays([first + timedelta(minutes=number) for number in range(12)])
    write_plays([first + timedelta(minutes=60 + number) for number in range(12)])
    assert counted_plays(Month(2026, 10), tmp_path / "october") == 10
    assert counted_plays(Month(2026, 11), tmp_path / "november") == 10


@pytest.mark.django_db
def test_the_cap_follows_the_day_of_utc_when_the_clocks_change(tmp_path: Path) -> None:
    """Sunday 25 October has 25 hours in Paris; its first two are still Saturday in UTC."""
    saturday = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # 1:30 on Sunday in Paris
    write_plays(
        [saturday + timedelta(minutes=number) for number in range(11)]
        + [saturday + timedelta(hours=1, minutes=number) for number in range(11)]
    )
    assert counted_plays(Month(2026, 10), tmp_path) == 20


def write_plays(starts: list[datetime]) -> None:
    """Write plays of one patron and resource into the log, on the accounting day of the first."""
    sessions = [
        Session(
            session_id=uuid4(),
            library_id=1,
            patron="0" * 32,
            resource_id=1,
            medium="music",
            source="web",
            max_age=None,
            duration_s=180,
            opened_at=start,
        )
        for start in starts
    ]
    log.write_day(day=log.day_of(starts[0]), table=schema.table_of((session, 180) for session in sessions))


def counted_plays(month: Month, folder: Path) -> int:
    """Return how many plays of the month count, as the reduction of the calculation has it."""
    log.export_month(month=month, folder=folder)
    resource = {"resource_id": 1, "release_id": 1, "medium": "music", "duration_s": 180}
    pq.write_table(pa.Table.from_pylist([resource]), folder / "resources.parquet")
    share = {"resource_id": 1, "payee_id": 1, "share_bp": 10_000}
    pq.write_table(pa.Table.from_pylist([share]), folder / "shares.parquet")
    [row] = count_evidence(input_dir=folder, policy=CCT).by_resource.to_pylist()
    plays: int = row["plays"]
    return plays
