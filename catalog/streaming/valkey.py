"""The connection that seats and denials share; short timeouts, for a stream never waits on them."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from redis import Redis

TIMEOUT_S = 0.5


def get_valkey() -> Redis:
    """Return this process's connection pool to Valkey; nothing is sent yet."""
    return _connect(settings.REDIS_URL)


@lru_cache(maxsize=4)
def _connect(address: str) -> Redis:
    return Redis.from_url(address, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)
