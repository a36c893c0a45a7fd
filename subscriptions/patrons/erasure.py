"""Forgetting a patron: on their wish, or a year after they were last here. No total changes by it.

What they played stays in the log under a pseudonym that nobody can make again: it came from the month's key and
from the patron's secret, and the secret goes with the patron.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import Q
from redis.exceptions import RedisError

from catalog.streaming import denials
from subscriptions.models import AccessCode, Patron, SignedInBeside
from subscriptions.patrons import pseudonyms

PATRON_KEPT = timedelta(days=365)  # after the last day of use, as libraries keep their members' records

logger = logging.getLogger(__name__)


@transaction.atomic
def erase_patron(*, patron_id: int, now: datetime) -> bool:
    """Remove a patron with profiles, positions and every link to their plays; False if they were gone.

    Their codes let nobody in any more, and are counted as withdrawn. What plays stops within half a minute.
    """
    patron = Patron.objects.select_for_update().filter(pk=patron_id).first()
    if patron is None:
        return False
    names = pseudonyms.list_names(patron_id=patron_id)
    SignedInBeside.objects.filter(pseudonym__in=names).delete()
    AccessCode.objects.filter(patron=patron).update(
        patron=None, redeemed_at=None, revoked_at=now, sealed_code=None
    )
    patron.delete()
    transaction.on_commit(lambda: _stop(names, now))
    return True


def remove_absent_patrons(*, on: date, now: datetime) -> int:
    """Erase the patrons who have not been here for a year; return how many."""
    limit = on - PATRON_KEPT
    absent = Patron.objects.filter(
        Q(last_seen_on__lt=limit) | Q(last_seen_on=None, created_at__date__lt=limit)
    )
    return sum(erase_patron(patron_id=pk, now=now) for pk in absent.values_list("pk", flat=True))


def forget_old_sessions() -> None:
    """Delete the browser sessions that have expired."""
    SessionStore.clear_expired()


def _stop(names: list[str], now: datetime) -> None:
    try:
        denials.deny(patrons=names, now=now)
    except RedisError:
        logger.warning("Valkey is unreachable: what plays stops when its grant ends, within ten minutes")
