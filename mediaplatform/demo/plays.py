"""Plausible listening: who of a library's public plays what, when and for how long. Pure and repeatable.

Tastes are long-tailed and personal, with a leaning to what was made near by; evenings, Wednesdays and
week-ends are busier; an album is played on; some plays are broken off or clicked twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from catalog.usage import schema
from mediaplatform.kernel.ids import derived_uuid
from mediaplatform.kernel.periods import ACCOUNTING_ZONE
from mediaplatform.kernel.territories import PROXIMITIES

LEANING = dict(zip(PROXIMITIES, (3.2, 2.2, 1.7, 1.4, 1.0, 0.9), strict=True))
WEEKDAYS = (0.85, 0.85, 1.25, 0.85, 0.95, 1.3, 1.35)  # Monday first
HOURS = np.array([0, 0, 0, 0, 0, 0, 1, 3, 4, 4, 5, 5, 6, 6, 5, 5, 7, 9, 10, 12, 14, 13, 8, 2], dtype=float)
YOUTH_BANDS = (3, 6, 6, 10, 10)
SHARE_OF_YOUTH = 0.22
DOUBLE_CLICKS, ABANDONED = 0.02, 0.18
LAST_START = timedelta(hours=23, minutes=58)
RELEASE_SPREAD, TASTE_SPREAD = 0.8, 1.1


@dataclass(frozen=True, slots=True)
class Title:
    """A release as listeners see it; `resources` are (id, duration in seconds or None) in order."""

    key: str
    medium: str
    proximity: str
    min_age: int | None
    is_explicit: bool
    released_on: date
    resources: tuple[tuple[int, int | None], ...]


@dataclass(frozen=True, slots=True)
class Listener:
    """One member of the public: how often (sessions a day) and what (a weight for each title)."""

    number: int
    band: int | None
    sessions_a_day: float
    tastes: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Crowd:
    """A library's public."""

    library_id: int
    name: str
    titles: tuple[Title, ...]
    listeners: tuple[Listener, ...]


def _chance(*parts: object) -> np.random.Generator:
    """Return a generator that the same parts always start alike."""
    return np.random.default_rng(list(hashlib.sha256("\0".join(map(str, parts)).encode()).digest()[:16]))


def gather_crowd(*, library_id: int, name: str, size: int, titles: Sequence[Title]) -> Crowd:
    """Return `size` listeners with their habits; a child's profile plays only what is rated for its age."""
    fame = np.array(
        [
            _chance("fame", title.key).lognormal(0, RELEASE_SPREAD) * LEANING[title.proximity]
            for title in titles
        ]
    )
    listeners = []
    for number in range(size):
        chance = _chance("listener", name, number)
        band = int(chance.choice(YOUTH_BANDS)) if chance.random() < SHARE_OF_YOUTH else None
        tastes = fame * chance.lognormal(0, TASTE_SPREAD, len(titles))
        for place, title in enumerate(titles):
            if band is not None and (title.min_age is None or title.min_age > band or title.is_explicit):
                tastes[place] = 0
        habit = min(0.04 + chance.gamma(1.3, 0.28), 1.8)
        listeners.append(Listener(number, band, habit, tastes))
    return Crowd(library_id, name, tuple(titles), tuple(listeners))


def plays_of_day(*, crowd: Crowd, day: date, liveliness: float, pseudonym: Callable[[int], str]) -> pa.Table:
    """Return a library's plays of an accounting day in the log's schema, settled (double clicks are marked).

    `liveliness` scales how many come (1: as usual); `pseudonym` names a listener, by number, in that month.
    """
    chance = _chance("day", crowd.name, day)
    is_out = np.array([title.released_on <= day for title in crowd.titles])
    rows: list[tuple[schema.Session, int]] = []
    for listener in crowd.listeners:
        visits = chance.poisson(listener.sessions_a_day * WEEKDAYS[day.weekday()] * liveliness)
        for visit in range(visits):
            tastes = listener.tastes * is_out
            if not tastes.any():
                continue
            title = crowd.titles[int(chance.choice(len(crowd.titles), p=tastes / tastes.sum()))]
            at = _hour(chance)
            for place, (resource_id, seconds, starts) in enumerate(_listen(title, at, chance)):
                key = ("demo", crowd.name, str(day), str(listener.number), str(visit), str(place))
                session = schema.Session(
                    session_id=derived_uuid(*key),
                    library_id=crowd.library_id,
                    patron=pseudonym(listener.number),
                    resource_id=resource_id,
                    medium=title.medium,
                    source="web",
                    max_age=listener.band,
                    duration_s=None,
                    opened_at=_instant(day, starts),
                )
                rows.append((session, seconds))
    return schema.settle(schema.table_of(rows), following=schema.SCHEMA.empty_table())


def _hour(chance: np.random.Generator) -> timedelta:
    """Return a time of day, most often in the evening."""
    hour = int(chance.choice(24, p=HOURS / HOURS.sum()))
    return timedelta(hours=hour, seconds=int(chance.integers(0, 3300)))


def _listen(title: Title, at: timedelta, chance: np.random.Generator) -> list[tuple[int, int, timedelta]]:
    """Return (resource, seconds, start) of one visit: an album from some track on, anything else once."""
    first = int(chance.integers(0, len(title.resources))) if chance.random() < 0.35 else 0  # noqa: PLR2004
    heard: list[tuple[int, int, timedelta]] = []
    for resource_id, duration in title.resources[first:]:
        seconds = _seconds(title.medium, duration, chance)
        if chance.random() < DOUBLE_CLICKS:
            heard.append((resource_id, int(chance.integers(1, 8)), at))
            at += timedelta(seconds=int(chance.integers(9, 25)))
        if at > LAST_START:
            break
        heard.append((resource_id, seconds, at))
        at += timedelta(seconds=seconds + int(chance.integers(1, 5)))
        if seconds < (duration or 0) and chance.random() < 0.6:  # noqa: PLR2004 - who breaks off often leaves
            break
    return heard


def _seconds(medium: str, duration: int | None, chance: np.random.Generator) -> int:
    """Return how long one play lasts, in seconds; never longer than the resource."""
    if duration is None:
        typical = {"book": 420, "game": 780}.get(medium, 300)
        return int(min(max(chance.lognormal(np.log(typical), 0.7), 20), 5400))
    if chance.random() < ABANDONED:
        return max(1, int(duration * chance.beta(1.2, 2.0)))
    return duration


def _instant(day: date, since_midnight: timedelta) -> datetime:
    """Return the instant of a wall-clock time in the accounting zone."""
    clock = (datetime.combine(date.min, time()) + since_midnight).time()
    return datetime.combine(day, clock, tzinfo=ACCOUNTING_ZONE).astimezone(UTC)
