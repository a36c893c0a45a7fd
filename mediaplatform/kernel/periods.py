"""Accounting months: calendar months of the platform's time zone as half-open UTC intervals."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime
from zoneinfo import ZoneInfo

ACCOUNTING_ZONE = ZoneInfo("Europe/Paris")
MONTH_FORM = re.compile(r"(\d{4})-(\d{2})")
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month. `str(Month(2026, 10))` is `2026-10`."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= MONTHS_A_YEAR or not 1 <= self.year <= MAXYEAR - 1:
            raise ValueError(f"no such month: {self.year}-{self.month}")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `yyyy-mm`; raise ValueError for anything else."""
        match = MONTH_FORM.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not a month: write yyyy-mm, for example 2026-10")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, instant: datetime, zone: ZoneInfo = ACCOUNTING_ZONE) -> Month:
        """Return the accounting month in which an aware instant falls."""
        local = instant.astimezone(zone)
        return cls(local.year, local.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def following(self) -> Month:
        return Month(self.year + self.month // MONTHS_A_YEAR, self.month % MONTHS_A_YEAR + 1)

    @property
    def previous(self) -> Month:
        return Month(self.year - 1, MONTHS_A_YEAR) if self.month == 1 else Month(self.year, self.month - 1)

    def interval(self, zone: ZoneInfo = ACCOUNTING_ZONE) -> tuple[datetime, datetime]:
        """Return [start, end) in UTC. October 2026 in Paris is 2026-09-30 22:00 to 2026-10-31 23:00."""
        start, end = (datetime(m.year, m.month, 1, tzinfo=zone) for m in (self, self.following))
        return start.astimezone(UTC), end.astimezone(UTC)


def recognised_micros(*, amount_micros: int, starts_on: date, ends_on: date, month: Month) -> int:
    """Return the part of a subscription line that belongs to `month`, both ends of the line included.

    `floor(N*c(m)/D) - floor(N*c(m-1)/D)`, c the days elapsed at the end of a month: the months sum to N.
    1,200 EUR from 2026-01-15 to 2027-01-14 gives 55,890,410 micros in January 2026.

    Raises:
        ValueError: the line ends before it starts.
    """
    days = (ends_on - starts_on).days + 1
    if days < 1:
        raise ValueError(f"the line ends on {ends_on}, before it starts on {starts_on}")

    def elapsed(last: date) -> int:
        return min(max((last - starts_on).days + 1, 0), days)

    now, before = elapsed(month.last_day), elapsed(month.previous.last_day)
    return amount_micros * now // days - amount_micros * before // days
