"""Prolongs the seats of those whose heartbeats came, in one question a second.

A heartbeat waits for one disk, that of the log. Valkey writes to its own before it answers, and to ask it for each
heartbeat cost more than all the rest of it (docs/adr/0023). A lease has ninety seconds, heartbeats come every ten: a
second late, or one that a killed process took with it, is soon made good.
"""

from __future__ import annotations

import logging
import threading

from redis.exceptions import RedisError

from catalog.streaming import seats
from catalog.streaming.grants import Grant

PROLONG_EVERY_S = 1.0

logger = logging.getLogger(__name__)


class Leases:
    """One process's seats to be prolonged, by library and seat."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[int, str], Grant] = {}
        self._timer: threading.Timer | None = None

    def keep(self, grant: Grant) -> None:
        """See to it that a seat is prolonged within a second; that it cannot be is told in the log alone."""
        if not grant.seat:
            return
        with self._lock:
            self._waiting[grant.library_id, grant.seat] = grant
            if self._timer is None:
                self._timer = threading.Timer(PROLONG_EVERY_S, self.prolong)
                self._timer.daemon = True
                self._timer.start()

    def prolong(self) -> None:
        """Prolong all that wait. While Valkey is away they lapse, unless the next heartbeat comes in time."""
        with self._lock:
            waiting, self._waiting, self._timer = self._waiting, {}, None
        if not waiting:
            return
        try:
            seats.renew(waiting.values())
        except RedisError:
            logger.warning("Valkey is unreachable: %d seats were not prolonged", len(waiting))


leases = Leases()
