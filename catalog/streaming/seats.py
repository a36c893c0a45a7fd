"""Seats: how many play at once, as leases in Valkey that heartbeats renew.

A seat is a browser's, not a session's: the next track sits where the last one did. A lease that nobody renews
lapses after 90 s, so that a crashed player frees its seat by itself.

    seats:{library}            sorted set of the library's seats by the end of their lease (ms)
    seats:{library}:<profile>  the same of one profile
    seats:{library}:uses       hash: seat -> session and when what it plays will likely be over (ms)
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from catalog.streaming.grants import Grant
from catalog.streaming.valkey import get_valkey

LEASE = timedelta(seconds=90)
NO_LIMIT = -1

TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local seat, session, lease, plays = ARGV[1], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
for _, lapsed in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  redis.call('HDEL', KEYS[3], lapsed)
end
for i = 1, 2 do
  local limit = tonumber(ARGV[i + 1])
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
  local sits = redis.call('ZSCORE', KEYS[i], seat)
  if limit >= 0 and not sits and redis.call('ZCARD', KEYS[i]) >= limit then
    local free = nil
    local taken = redis.call('ZRANGE', KEYS[i], 0, -1, 'WITHSCORES')
    for n = 1, #taken, 2 do
      local use = redis.call('HGET', KEYS[3], taken[n]) or ''
      local over = math.max(tonumber(taken[n + 1]), tonumber(string.match(use, '%d+$') or '0'))
      if free == nil or over < free then free = over end
    end
    return {i, (free or now + lease) - now}
  end
end
for i = 1, 2 do
  redis.call('ZADD', KEYS[i], now + lease, seat)
  redis.call('PEXPIRE', KEYS[i], lease)
end
redis.call('HSET', KEYS[3], seat, session .. ' ' .. string.format('%d', now + plays))
redis.call('PEXPIRE', KEYS[3], lease)
return {0, 0}
"""
RENEW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept = {}
for i = 3, #KEYS do
  local seat = ARGV[i - 1]
  if tonumber(redis.call('ZSCORE', KEYS[1], seat) or 0) > now then
    for _, key in ipairs({KEYS[1], KEYS[i]}) do
      redis.call('ZADD', key, now + ARGV[1], seat)
      redis.call('PEXPIRE', key, ARGV[1])
    end
    redis.call('PEXPIRE', KEYS[2], ARGV[1])
    kept[#kept + 1] = seat
  end
end
return kept
"""
LEAVE = """
local use = redis.call('HGET', KEYS[3], ARGV[1]) or ''
if string.match(use, '^%S+') ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[3], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1]) + redis.call('ZREM', KEYS[2], ARGV[1])
"""
LIMITS = {1: "profile", 2: "library"}


@dataclass(frozen=True, slots=True)
class Full:
    """No seat is free: whose limit it is (`profile` or `library`), and when one is likely free."""

    limit: str
    seats: int
    free_in_s: int


def take(grant: Grant, *, profile_limit: int, library_limit: int) -> Full | None:
    """Seat a grant, or say what is full. `grant.seat` is `<profile>-<browser>`; a limit may be `NO_LIMIT`.

    Who sits already keeps their seat whatever the limits are. A seat is likely free when its lease lapses, or
    when the track or film that it plays is over, whichever comes later.

    Raises:
        RedisError: Valkey can't be reached.
    """
    limits = (profile_limit, library_limit)
    plays_ms = 1000 * (grant.duration_s or 0)
    which, wait_ms = get_valkey().eval(
        TAKE, 3, *_keys(grant), grant.seat, *limits, str(grant.session_id), _lease_ms(), plays_ms
    )
    if not which:
        return None
    return Full(limit=LIMITS[which], seats=limits[which - 1], free_in_s=math.ceil(wait_ms / 1000))


def renew(grants: Iterable[Grant]) -> set[tuple[int, str]]:
    """Prolong seats' leases by 90 s from now, all at once; return those (library, seat) that had not lapsed.

    A seat that lapsed has to be taken again.

    Raises:
        RedisError: Valkey can't be reached.
    """
    by_library: dict[int, dict[str, Grant]] = {}
    for grant in grants:
        by_library.setdefault(grant.library_id, {})[grant.seat] = grant
    pipeline = get_valkey().pipeline(transaction=False)
    for sitting in by_library.values():
        _, library, uses = _keys(next(iter(sitting.values())))
        profiles = [_keys(grant)[0] for grant in sitting.values()]
        pipeline.eval(RENEW, 2 + len(profiles), library, uses, *profiles, _lease_ms(), *sitting)
    kept = zip(by_library, pipeline.execute(), strict=True)
    return {(library_id, seat.decode()) for library_id, seats in kept for seat in seats}


def leave(grant: Grant) -> bool:
    """Free a seat, if it is this session that sits on it and not already the next one.

    Raises:
        RedisError: Valkey can't be reached.
    """
    return bool(get_valkey().eval(LEAVE, 3, *_keys(grant), grant.seat, str(grant.session_id)))


def _keys(grant: Grant) -> tuple[str, str, str]:
    """Return the keys of a seat's profile, its library, and the library's uses: one slot of a cluster."""
    library = f"seats:{{{grant.library_id}}}"
    return f"{library}:{grant.seat.partition('-')[0]}", library, f"{library}:uses"


def _lease_ms() -> int:
    return LEASE // timedelta(milliseconds=1)
