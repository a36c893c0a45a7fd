"""Counts from the play log. Nothing here tells of fewer than 5 patrons to anybody but their library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from catalog.usage import log, schema
from mediaplatform.kernel import anonymity
from mediaplatform.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Use:
    """Counted plays, their seconds, and the distinct patrons behind them."""

    plays: int
    seconds: int
    patrons: int


def count_library_use(*, library_id: int, month: Month) -> dict[str, Use]:
    """Return a library's own use of a month by medium; the key `all` is the whole. For that library only."""
    plays = _read_month(month, ["medium", "patron", "seconds", "status"], library_id)
    media = sorted({str(medium) for medium in pc.unique(plays["medium"]).to_pylist()})
    by_medium = {name: _use_of(plays.filter(pc.field("medium") == name)) for name in media}
    return {"all": _use_of(plays), **by_medium}


def count_library_days(*, library_id: int, month: Month) -> dict[date, Use]:
    """Return a library's own use of each day of a month, zeros included. For that library only."""
    days = [month.first_day + timedelta(days=n) for n in range(month.last_day.day)]
    return {day: _use_of(_counted(day, ["patron", "seconds", "status"], library_id)) for day in days}


def count_resource_use(*, resource_ids: Iterable[int], month: Month) -> dict[int, Use | None]:
    """Return each resource's use of a month over all libraries; None below 5 patrons. For creators."""
    plays = _read_month(month, ["resource_id", "library_id", "patron", "seconds", "status"], None)
    uses = {one: _use_of(plays.filter(pc.field("resource_id") == one)) for one in resource_ids}
    return {one: use if anonymity.may_show(use.patrons) else None for one, use in uses.items()}


def _read_month(month: Month, columns: list[str], library_id: int | None) -> pa.Table:
    days = (month.first_day + timedelta(days=n) for n in range(month.last_day.day))
    return pa.concat_tables([_counted(day, columns, library_id) for day in days])


def _counted(day: date, columns: list[str], library_id: int | None) -> pa.Table:
    plays = log.read_day(day=day, columns=columns, library_id=library_id)
    return plays.filter(pc.field("status") == schema.COUNTED)


def _use_of(plays: pa.Table) -> Use:
    return Use(
        plays=plays.num_rows,
        seconds=pc.sum(plays["seconds"]).as_py() or 0,
        patrons=pc.count_distinct(plays["patron"]).as_py(),
    )
