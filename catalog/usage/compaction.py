"""From the buffer of heartbeats to the play log, as often as one likes.

    buffer (PostgreSQL, 8 days) --credit--> one play a session --merge by play_id--> object --> manifest

The buffer holds every heartbeat of a day that may still change, so that a day is always made anew from all it
knows: repeated, concurrent or interrupted runs end in the same bytes.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from catalog.models import Heartbeat, PlayLogDay
from catalog.usage import buffer, holds, log, schema
from catalog.usage.log import DayMoved
from catalog.usage.services import LATE
from mediaplatform.infrastructure.db import LockTaken, advisory_lock

OPEN_DAYS = LATE.days + 1  # a session of the first open day may still be heard of today
ATTEMPTS, PAUSE_S = 100, 0.1  # while another process compacts the same day


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of a day: every field but `day`, `sessions` and `waiting` should be empty."""

    day: date
    sessions: int
    waiting: int = 0
    faults: list[str] = field(default_factory=list)


def compact_open_days(*, now: datetime) -> list[date]:
    """Compact each day that has news, forget what can no longer change, sweep; return the days compacted."""
    today = log.day_of(now)
    days = [today - timedelta(days=back) for back in range(OPEN_DAYS, -1, -1)]
    changed = [day for day in days if _has_news(day)]
    for day in changed:
        compact_day(day=day)
    apply_holds()
    _forget_before(days[0])
    log.sweep_objects(now=now)
    return changed


def compact_day(*, day: date) -> PlayLogDay | None:
    """Bring a day's object up to date with the buffer; None when there is nothing of that day anywhere.

    Unchanged plays give the same bytes, and no new object. One process at a time works on a day; the others
    wait up to ten seconds for it.

    Raises:
        DayMoved: other processes kept the day for themselves.
    """
    for _attempt in range(ATTEMPTS):
        try:
            with advisory_lock(f"play log {day}"):
                return _compact(day)
        except (LockTaken, DayMoved):
            time.sleep(PAUSE_S)
    raise DayMoved(f"{day} is being written by another process")


def _compact(day: date) -> PlayLogDay | None:
    replaces = log.find_day(day=day)
    _, ends_at = log.bounds_of(day)
    fresh, heartbeats = buffer.credit_day(day=day)
    is_own = pc.less(fresh["started_at"], pa.scalar(ends_at, type=fresh.schema.field("started_at").type))
    plays = schema.merge(written=log.read_day(day=day), fresh=fresh.filter(is_own))
    if replaces is None and not plays.num_rows:
        return None
    next_day = fresh.filter(pc.invert(is_own))
    following = schema.merge(written=_first_moments(day + timedelta(days=1)), fresh=next_day)
    marks = holds.marks_of(day=day)
    settled = schema.settle(
        schema.mark_held(plays, held=marks.held, released=marks.released), following=following
    )
    return log.switch_day(day=day, table=settled, heartbeats=heartbeats, replaces=replaces)


def _has_news(day: date) -> bool:
    """Tell whether the buffer holds more of a day than its object accounts for: heartbeats only ever come."""
    written = log.find_day(day=day)
    return buffer.of_day(day=day).count() != (written.heartbeats if written else 0)


def apply_holds() -> list[date]:
    """Bring the log up to date with what is held and released; return the days made anew."""
    days = holds.list_unwritten()
    for day, up_to in days:
        compact_day(day=day)
        holds.note_written(day=day, up_to=up_to)
    return [day for day, _up_to in days]


def _first_moments(day: date) -> pa.Table:
    """Return what is written of a day's first half minute."""
    plays = log.read_day(day=day)
    starts_at, _ = log.bounds_of(day)
    latest = pa.scalar(starts_at + schema.DOUBLE_CLICK_REACH, type=plays.schema.field("started_at").type)
    return plays.filter(pc.less_equal(plays["started_at"], latest))


def _forget_before(day: date) -> None:
    """Delete the heartbeats of earlier days: nothing can be added, and their objects account for all.

    A day that has news all the same (compaction stood still for a week) is compacted first.
    """
    oldest = Heartbeat.objects.order_by("opened_at").values_list("opened_at", flat=True).first()
    past = log.day_of(oldest) if oldest else day
    while past < day:
        if _has_news(past):
            compact_day(day=past)
        starts_at, ends_at = log.bounds_of(past)
        Heartbeat.objects.filter(opened_at__gte=starts_at, opened_at__lt=ends_at).delete()
        past += timedelta(days=1)


def verify_days(*, now: datetime) -> Iterator[Verdict]:
    """Compare each open day's log with the buffer: every acknowledged session must be in it exactly once.

    Sessions of a day that has news since its last compaction are `waiting`, not missing.
    """
    today = log.day_of(now)
    seen: dict[str, date] = {}
    for day in (today - timedelta(days=back) for back in range(OPEN_DAYS, -1, -1)):
        starts_at, ends_at = log.bounds_of(day)
        buffered = Heartbeat.objects.filter(opened_at__gte=starts_at, opened_at__lt=ends_at)
        acknowledged = {str(one) for one in buffered.values_list("session_id", flat=True).distinct()}
        plays = log.read_day(day=day, columns=["session_id"])
        logged = Counter(str(one) for one in plays["session_id"].to_pylist())
        missing = sorted(acknowledged - set(logged))
        is_behind = _has_news(day)
        faults = [f"{one} stands there {times} times" for one, times in sorted(logged.items()) if times > 1]
        faults += [f"{one} stands on {seen[one]} too" for one in sorted(set(logged) & set(seen))]
        faults += [] if is_behind else [f"{one} was acknowledged and is missing" for one in missing]
        seen.update(dict.fromkeys(logged, day))
        yield Verdict(day, len(acknowledged), len(missing) if is_behind else 0, faults)
