"""The doorman's short list of grants that are no longer good: it reaches every process within 10 s.

A grant is *denied*, and its playback is over; or it is *recalled* with all of its library's that were issued until
then: the door takes it for expired, and whoever plays has it renewed at once, if what they play is still theirs.

An entry is needed only until the last grant that it could stop has expired. Each process keeps a copy, so
that a segment costs no look-up; while Valkey is away, the last copy stands.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction
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


def stop_when_committed(*, resources: Collection[int], now: datetime) -> None:
    """Deny taken down resources once the transaction is through; without Valkey their grants run out by themselves."""

    def stop() -> None:
        try:
            deny(resources=resources, now=now)
        except RedisError:
            logger.exception("withdrawn resources %s may be heard until their grants end", list(resources))

    transaction.on_commit(stop)


def recall(*, library_id: int, now: datetime) -> None:
    """Let all running playbacks of a library be decided anew, within 10 s: what it shows has changed.

    Raises:
        RedisError: Valkey can't be reached; grants are decided anew within ten minutes anyway.
    """
    get_valkey().zadd(DENIED, {f"library {library_id}": (now + LASTS).timestamp()})


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
    if denied and subjects & denied.keys():
        raise GrantRefused("denied", "this playback was ended")


def check_recall(grant: Grant) -> None:
    """Refuse a grant that its library has recalled since it was issued.

    Raises:
        GrantRefused: expired.
    """
    denied = _copy.read()
    until = denied.get(f"library {grant.library_id}") if denied else None
    if until is not None and grant.issued_at.timestamp() <= until - LASTS.total_seconds():
        raise GrantRefused("expired", "what the library shows has changed: renew the grant")


class _Copy:
    """This process's copy of the list, at most 10 s old while Valkey answers."""

    def __init__(self) -> None:
        self._denied: Mapping[str, float] = {}
        self._stale_at = 0.0
        self._refreshing = threading.Lock()

    def read(self) -> Mapping[str, float]:
        """Return the entries, each with the time at which it lapses."""
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
            found = get_valkey().zrangebyscore(DENIED, time.time(), "+inf", withscores=True)
        except RedisError:
            logger.warning("Valkey is unreachable: the list of denied grants may be out of date")
            self._stale_at = time.monotonic() + AWAY_S
            return
        entries = cast("list[tuple[bytes, float]]", found)
        self._denied = {entry.decode(): lapses_at for entry, lapses_at in entries}
        self._stale_at = time.monotonic() + COPY_S


_copy = _Copy()
