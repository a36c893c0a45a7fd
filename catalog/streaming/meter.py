"""Counts what each playback fetches, in Valkey, for all processes together.

A process adds up by itself for a second (or eight requests of one session) and then tells Valkey the sums in one
pipeline, beside the requests: so a segment waits for nothing, and the shared count is late by no more than that.
Each sum is one script, atomic over the processes.

    meter:{patron}:<session>          hash: level and at (a bucket, in ms of media), fetched, since (ms), asked
    meter:{patron}                    hash: the same bucket of all that the patron plays
    meter:{patron}:<session>:clients  sorted set: keyed hash of browser and network -> last seen (ms); ten minutes
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import logging
import math
import threading
import time
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from redis.exceptions import RedisError

from catalog.errors import CatalogError
from catalog.streaming import limits
from catalog.streaming.grants import Grant
from catalog.streaming.limits import Excess, Reading
from catalog.streaming.valkey import get_valkey

TELL_EVERY_S = 1.0
TELL_AFTER = 8  # requests of one session
AWAY_S = 2.0
BEGUN_WITHIN_S = 30  # a player fetches as soon as it has opened
UNTOLD_S = 2 * TELL_AFTER * limits.SEGMENT_S
MOST_WAITING = 10_000  # sessions whose sums wait for Valkey

COUNT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local amount, window, keep = tonumber(ARGV[1]), tonumber(ARGV[7]), tonumber(ARGV[8])
local function draw(key, fill, burst, lasts)
  local bucket = redis.call('HMGET', key, 'level', 'at')
  local level = tonumber(bucket[1] or burst) + (now - tonumber(bucket[2] or now)) * fill
  level = math.min(burst, level) - amount
  redis.call('HSET', key, 'level', level, 'at', now)
  redis.call('PEXPIRE', key, lasts)
  return math.floor(level)
end
local pace = draw(KEYS[1], tonumber(ARGV[3]), tonumber(ARGV[4]), keep)
local patron = draw(KEYS[2], tonumber(ARGV[5]), tonumber(ARGV[6]), keep)
local fetched = redis.call('HINCRBY', KEYS[1], 'fetched', ARGV[2])
redis.call('HSETNX', KEYS[1], 'since', now)
for i = 9, #ARGV do redis.call('ZADD', KEYS[3], now, ARGV[i]) end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - window)
redis.call('PEXPIRE', KEYS[3], window)
return {pace, patron, fetched, redis.call('ZCARD', KEYS[3])}
"""
KEPT_MS = 24 * 3600 * 1000  # as long as a session may be renewed

logger = logging.getLogger(__name__)


class NotCounted(CatalogError):
    """Valkey can't be reached, and the settings prefer to serve nothing uncounted."""

    retry_after_s = int(AWAY_S)


@dataclass(slots=True)
class _Sum:
    """What one session fetched since Valkey was told."""

    grant: Grant
    seconds: int = 0
    files: int = 0
    clients: set[bytes] = field(default_factory=set)
    is_asked: bool = False


@dataclass(slots=True)
class _Held:
    """A session that is refused until an instant of this process's clock; news until somebody was told."""

    until: float
    excess: Excess
    is_news: bool = True


class Meter:
    """One process's sums, and whom it holds back for now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: dict[UUID, _Sum] = {}
        self._held: dict[UUID, _Held] = {}
        self._timer: threading.Timer | None = None
        self._away_until = 0.0

    def count(self, grant: Grant, *, path: str, client: bytes) -> tuple[Excess, bool] | None:
        """Count a file that is about to be served; None to serve it, else why not, and whether that is news.

        Without a path it is a proxy that asks once for what it serves many times: then nobody knows how much.

        Raises:
            NotCounted: Valkey is away, and nothing is to be served uncounted.
        """
        with self._lock:
            if found := self._find_held(grant.session_id):
                return found
            mine = self._sums.get(grant.session_id)
            if mine is None:
                mine = self._sums[grant.session_id] = _Sum(grant)
            mine.files += 1
            mine.seconds += limits.seconds_of(medium=grant.medium, path=path)
            mine.clients.add(client)
            mine.is_asked = mine.is_asked or not path
            if mine.files < TELL_AFTER and settings.SERVE_UNCOUNTED:
                self._tell_soon()
                return None
        self.tell()
        with self._lock:
            return self._find_held(grant.session_id)

    def tell(self) -> None:
        """Tell Valkey what was added up; while it is away, the sums wait for it.

        Raises:
            NotCounted: as `count`.
        """
        with self._lock:
            told, self._sums, self._timer = self._sums, {}, None
            is_away = time.monotonic() < self._away_until
        try:
            found = [] if is_away or not told else _tell(list(told.values()))
        except RedisError:
            logger.warning("Valkey is unreachable: what is streamed is not counted")
            self._away_until, is_away = time.monotonic() + AWAY_S, True
        with self._lock:
            if is_away:
                self._take_back(told)
            else:
                self._hold(found)
        if is_away and not settings.SERVE_UNCOUNTED:
            raise NotCounted("what is fetched can't be counted now")

    def forget(self) -> None:
        """Begin anew, in this process."""
        with self._lock:
            self._sums, self._held, self._away_until = {}, {}, 0.0

    def _find_held(self, session: UUID) -> tuple[Excess, bool] | None:
        held, now = self._held.get(session), time.monotonic()
        if held is None or held.until <= now:
            return None
        was_news, held.is_news = held.is_news, False
        left_s = max(1, math.ceil(held.until - now))
        return Excess(held.excess.rule, left_s, held.excess.evidence), was_news

    def _hold(self, found: list[tuple[Grant, Excess | None]]) -> None:
        now = time.monotonic()
        self._held = {session: held for session, held in self._held.items() if held.until > now}
        for grant, excess in found:
            if excess:
                self._held[grant.session_id] = _Held(now + excess.retry_after_s, excess)

    def _take_back(self, told: dict[UUID, _Sum]) -> None:
        for session, one in list(told.items())[:MOST_WAITING]:
            mine = self._sums.setdefault(session, _Sum(one.grant))
            mine.seconds += one.seconds
            mine.files += one.files
            mine.clients |= one.clients
            mine.is_asked = mine.is_asked or one.is_asked

    def _tell_soon(self) -> None:
        """See to it that nothing waits for long, even if nobody asks for anything any more."""
        if self._timer is None:
            self._timer = threading.Timer(TELL_EVERY_S, self._tell_quietly)
            self._timer.daemon = True
            self._timer.start()

    def _tell_quietly(self) -> None:
        with contextlib.suppress(NotCounted):
            self.tell()


def _tell(sums: list[_Sum]) -> list[tuple[Grant, Excess | None]]:
    """Add sums to the shared counts in one pipeline; return what each session's say.

    Raises:
        RedisError: Valkey can't be reached.
    """
    pipeline = get_valkey().pipeline(transaction=False)
    window_ms = int(limits.CLIENTS_WINDOW.total_seconds() * 1000)
    for one in sums:
        patron, session = f"meter:{{{one.grant.patron}}}", _key_of(one.grant)
        counted = one.seconds if one.grant.medium in limits.STREAMED else one.files
        pipeline.eval(
            COUNT,
            3,
            *(session, patron, f"{session}:clients"),
            *(1000 * one.seconds, counted),
            *(limits.PACE, 1000 * limits.BURST_S, limits.PATRON_PACE, 1000 * limits.PATRON_BURST_S),
            *(window_ms, KEPT_MS),
            *one.clients,
        )
    for one in sums:
        if one.is_asked:
            pipeline.hset(_key_of(one.grant), "asked", 1)
    found = []
    for one, (pace, patron_pace, fetched, clients) in zip(sums, pipeline.execute(), strict=False):
        reading = Reading(pace / 1000, patron_pace / 1000, fetched, clients)
        cap = limits.egress_cap(medium=one.grant.medium, duration_s=one.grant.duration_s)
        found.append((one.grant, limits.judge(reading, cap=cap)))
    return found


def find_delivered_s(grant: Grant) -> int | None:
    """Return the seconds of media that a session can have been sent so far; None where that is not known.

    It is not of books and games, nor where a proxy or a CDN serves by itself, nor if the count began late (Valkey had
    lost it). What processes have not told yet is allowed for.
    """
    if grant.medium not in limits.STREAMED:
        return None
    try:
        fetched, since_ms, asked = get_valkey().hmget(_key_of(grant), "fetched", "since", "asked")
    except RedisError:
        return None
    if not fetched or not since_ms or asked:
        return None
    is_whole = int(since_ms) - grant.opened_at.timestamp() * 1000 < 1000 * BEGUN_WITHIN_S
    return int(fetched) + UNTOLD_S if int(fetched) and is_whole else None


def _key_of(grant: Grant) -> str:
    return f"meter:{{{grant.patron}}}:{grant.session_id}"


def client_of(request: HttpRequest, grant: Grant) -> bytes:
    """Return what tells the clients of one session apart: a keyed hash of browser and network, good for nothing else.

    The network is the first 24 bits of an address, 48 of IPv6: a telephone's changes within them.
    """
    agent, address = request.META.get("HTTP_USER_AGENT", ""), request.META.get("REMOTE_ADDR", "")
    said = f"{_network_of(address)} {agent}".encode("utf-8", "replace")
    key = grant.session_id.bytes + settings.SECRET_KEY.encode()[:48]
    return hashlib.blake2b(said, digest_size=8, key=key).digest()


@lru_cache(maxsize=20_000)
def _network_of(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))  # noqa: PLR2004


meter = Meter()
