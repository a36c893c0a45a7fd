"""Plays that are held back: which, by whose case, and what was decided. The log follows at its next compaction.

Who holds gives its case a key; nothing here knows why. Rows are never deleted: they say since when a play has
been what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pyarrow.compute as pc

from catalog.models import PlayHold
from catalog.usage import log, schema
from mediaplatform.kernel.periods import Month

HELD, KEPT, RELEASED = PlayHold.State.HELD, PlayHold.State.KEPT, PlayHold.State.RELEASED


@dataclass(frozen=True, slots=True)
class Marks:
    """Sessions of a day by what their holds say: `held` by any case, `released` by all that held them."""

    held: list[str]
    released: list[str]


def hold(*, case_key: str, plays: Mapping[date, Iterable[UUID]], now: datetime) -> int:
    """Hold plays by accounting day; held again by the same case they stay as they are. Return how many are new."""
    rows = [
        PlayHold(play_id=play, day=day, case_key=case_key, changed_at=now)
        for day, ids in plays.items()
        for play in ids
    ]
    before = PlayHold.objects.filter(case_key=case_key).count()
    PlayHold.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)
    return PlayHold.objects.filter(case_key=case_key).count() - before


def decide(*, case_key: str, keep: bool, now: datetime) -> int:
    """Keep all plays of a case held, or release them; return how many. It may be decided anew."""
    return PlayHold.objects.filter(case_key=case_key).update(
        state=KEPT if keep else RELEASED, changed_at=now, is_written=False
    )


def reopen(*, case_key: str, now: datetime) -> int:
    """Hold all plays of a case again, undecided; return how many."""
    return PlayHold.objects.filter(case_key=case_key).update(state=HELD, changed_at=now, is_written=False)


def list_plays(*, case_key: str) -> dict[date, list[UUID]]:
    """Return a case's plays by accounting day."""
    found: dict[date, list[UUID]] = {}
    rows = PlayHold.objects.filter(case_key=case_key).order_by("day", "play_id")
    for day, play in rows.values_list("day", "play_id"):
        found.setdefault(day, []).append(play)
    return found


def marks_of(*, day: date) -> Marks:
    """Return what the holds of a day make of its plays."""
    states: dict[str, set[str]] = {}
    for play, state in PlayHold.objects.filter(day=day).values_list("play_id", "state"):
        states.setdefault(str(play), set()).add(state)
    released = sorted(play for play, found in states.items() if found == {RELEASED})
    return Marks(held=sorted(set(states) - set(released)), released=released)


def list_unwritten() -> list[tuple[date, datetime]]:
    """Return the days whose object does not say yet what its holds say, with the newest change of each."""
    newest: dict[date, datetime] = {}
    for day, changed_at in PlayHold.objects.filter(is_written=False).values_list("day", "changed_at"):
        newest[day] = max(changed_at, newest.get(day, changed_at))
    return sorted(newest.items())


def note_written(*, day: date, up_to: datetime) -> None:
    """Remember that a day's object says what its holds said up to an instant."""
    PlayHold.objects.filter(day=day, is_written=False, changed_at__lte=up_to).update(is_written=True)


def count_undecided(*, month: Month) -> int:
    """Return how many plays of a month are held without anybody's decision: they keep it from being closed."""
    days = [month.first_day + timedelta(days=n) for n in range(month.last_day.day)]
    in_log: set[str] = set()
    for day in days:
        plays = log.read_day(day=day, columns=["session_id", "status"])
        in_log.update(map(str, plays.filter(pc.field("status") == schema.HELD)["session_id"].to_pylist()))
    open_ids: set[str] = set()
    decided: set[str] = set()
    for play, state in PlayHold.objects.filter(day__range=(days[0], days[-1])).values_list(
        "play_id", "state"
    ):
        (open_ids if state == HELD else decided).add(str(play))
    return len((in_log | open_ids) - (decided - open_ids))
