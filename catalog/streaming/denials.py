"""The doorman's short list of grants that are no longer good: it reaches every process within 10 s.

An entry is needed only until the last grant that it could stop has expired. Each process keeps a copy, so
that a segment costs no look-up; while Valkey is away, the last copy stands.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from redis.exceptions import RedisError

from catalog.streaming.grants import CLOCK_SKEW, MAX_LIFE, Grant, GrantRefused
from catalog.streaming.valkey import get_valkey

DENIED = "streaming:denied"
COPY_S = 10.0
AWAY_S = 2.0  # a look-up that failed is tried again no sooner
LASTS = MAX_LIFE + CLOCK_SKEW

logger = logging.getLogger(__name__)


def deny(
    *,
    patrons: Iterable[str] = (),
    sessions: Iterable[UUID] = (),
    resources: Iterable[int] = (),
    now: datetime,
) -> None:
    """Stop all grants of these pseudonyms, sessions and resources: within 10 s, until the last has expired.

    Raises:
        RedisError: Valkey can't be reached; the grants run out by themselves within ten minutes.
    """
    subjects = [
        *(f"patron {one}" for one in patrons),
        *(f"session {one}" for one in sessions),
        *(f"resource {one}" for one in resources),
    ]
    if subjects:
        entries = dict.fromkeys(subjects, (now + LASTS).timestamp())
        get_valkey().zadd(DENIED, entries)
        get_valkey().zremrangebyscore(DENIED, "-inf", now.timestamp())


def allow(*, patrons: Iterable[str] = (), resources: Iterable[int] = ()) -> None:
    """Take pseudonyms and resources off the list: the patron was let in again, the work delivered again.

    Raises:
        RedisError: Valkey can't be reached.
    """
    if subjects := [*(f"patron {one}" for one in patrons), *(f"resource {one}" for one in resources)]:
        get_valkey().zrem(DENIED, *subjects)


def check(grant: Grant) -> None:
    """Refuse a grant whose patron, session or resource is denied.

    Raises:
        GrantRefused: denied.
    """
    denied = _copy.read()
    subjects = {
        f"patron {grant.patron}",
        f"session {grant.session_id}",
        f"resource {grant.resource_id}",
    }
    if denied and subjects & denied:
        raise GrantRefused("denied", "this playback was ended")


class _Copy:
    """This process's copy of the list, at most 10 s old while Valkey answers."""

    def __init__(self) -> None:
        self._denied: frozenset[str] = frozenset()
        self._stale_at = 0.0
        self._refreshing = threading.Lock()

    def read(self) -> frozenset[str]:
        if time.monotonic() >= self._stale_at and self._refreshing.acquire(blocking=False):
            try:
                self._refresh()
            finally:
                self._refreshing.release()
        return self._denied

    def forget(self) -> None:
        """Look again at the next question."""
        self._stale_at = 0.0

    def _refresh(self) -> None:
        try:
            found = get_valkey().zrangebyscore(DENIED, time.time(), "+inf")
        except RedisError:
            logger.warning("Valkey is unreachable: the list of denied grants may be out of date")
            self._stale_at = time.monotonic() + AWAY_S
            return
        self._denied = frozenset(entry.decode() for entry in found)  # type: ignore[union-attr]
        self._stale_at = time.monotonic() + COPY_S


_copy = _Copy()
