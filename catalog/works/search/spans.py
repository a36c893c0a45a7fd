"""Stretches of time as numbers that an index of arrays can intersect with words: of two minutes, two hours, six days.

`catalog_spans(published_at)` in the database (migration 0018) writes them; this is the other side. Pure.
"""

from __future__ import annotations

from datetime import UTC, datetime

SHIFTS = (7, 13, 19)  # 128 s, 2.3 h, 6.1 days; from 1974 on the three kinds of numbers never meet
MOST_KEYS = 128


def spans_of(moment: datetime) -> list[int]:
    """Return the spans that an instant lies in, the shortest first: as `catalog_spans` does.

    >>> spans_of(datetime(2026, 11, 27, tzinfo=UTC))
    [14029200, 219206, 3425]
    """
    return [_seconds(moment) >> shift for shift in SHIFTS]


def covering(begin: datetime, end: datetime) -> list[int]:
    """Return the spans that cover all from `begin` to `end`, of the shortest kind of which MOST_KEYS suffice.

    They cover some of the time before `begin` too: what is found by them is all since some instant.
    """
    first, last = _seconds(begin), max(_seconds(begin), _seconds(end))
    ranges = [range(first >> shift, (last >> shift) + 1) for shift in SHIFTS]
    return list(next((one for one in ranges if len(one) <= MOST_KEYS), ranges[-1]))


def _seconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() // 1)
