"""How often an address may guess a code: a library's patrons share one address, so only failures count."""

from __future__ import annotations

import hashlib
import logging

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import ConnectionError as CacheUnreachable

from subscriptions import SubscriptionsError

FAILURES_A_MINUTE = 10
WINDOW_S = 60

logger = logging.getLogger(__name__)


class TooManyAttempts(SubscriptionsError):
    """Too many wrong codes came from an address."""

    code = "too_many_attempts"


def refuse_if_too_many(*, address: str) -> None:
    """Let an address try on, unless it failed too often within the last minute.

    With the cache stopped nobody is refused: a code has 60 random bits, and patrons come first.

    Raises:
        TooManyAttempts: 10 failures in the running minute.
    """
    try:
        failures = cache.get(_key(address), 0)
    except CacheUnreachable:
        logger.warning("the cache is unreachable: attempts at access codes are not counted")
        return
    if failures >= FAILURES_A_MINUTE:
        raise TooManyAttempts(_("Too many attempts from here. Wait a minute, then try again."))


def count_failure(*, address: str) -> None:
    """Note a failed attempt; the minute begins with the first."""
    try:
        cache.add(_key(address), 0, WINDOW_S)
        cache.incr(_key(address))
    except (CacheUnreachable, ValueError):  # ValueError: the minute ended between the two
        return


def _key(address: str) -> str:
    """No address is kept, not even for a minute."""
    return f"code-attempts:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
