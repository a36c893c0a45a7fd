"""What the play log calls a patron: another name each month, and after the month's key is destroyed nobody's."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from mediaplatform.kernel import ids
from mediaplatform.kernel.periods import ACCOUNTING_ZONE, Month
from subscriptions import SubscriptionsError
from subscriptions.models import Patron, PseudonymKey, SignedInBeside

MONTHS_KEPT = 4  # after the month's close
MONTHS_UNCLOSED = 12  # after the end of a month that nobody closes
KEY_BYTES = 32


class PseudonymsDestroyed(SubscriptionsError):
    """The month's key is gone, or the patron is: nobody can link plays to them any more."""

    code = "pseudonyms_destroyed"


def pseudonym_of(*, patron_id: int, month: Month) -> str:
    """Return what the play log calls a patron in an accounting month: 32 hex digits.

    Made with the month's own key and the patron's secret: without both, neither patron nor month can be linked.

    Raises:
        PseudonymsDestroyed: the month's key is destroyed, or the patron was removed.
    """
    secret = Patron.objects.filter(pk=patron_id).values_list("secret", flat=True).first()
    if secret is None:
        raise PseudonymsDestroyed(_("This patron was removed."))
    return _of_patron(bytes(secret), key=_key_of(month))


def list_names(*, patron_id: int) -> list[str]:
    """Return all pseudonyms that a patron can still be found by: of the months whose keys are there."""
    months = PseudonymKey.objects.exclude(key=None).values_list("month", flat=True)
    return [pseudonym_of(patron_id=patron_id, month=Month.parse(month)) for month in months]


def list_new_patrons(*, month: Month, before: timedelta) -> dict[str, datetime]:
    """Return when patrons were made, by pseudonym: those of the month, and of so long before it."""
    starts_at, ends_at = month.interval()
    key = _key_of(month)
    rows = Patron.objects.filter(created_at__gte=starts_at - before, created_at__lt=ends_at)
    return {
        _of_patron(bytes(secret), key=key): made for secret, made in rows.values_list("secret", "created_at")
    }


def note_signed_in_beside(*, patron_id: int, user_id: int, month: Month) -> None:
    """Remember that an account is signed in in the patron's browser: once a month, only as hashes."""
    account, pseudonym = (
        _of_account(user_id, key=_key_of(month)),
        pseudonym_of(patron_id=patron_id, month=month),
    )
    SignedInBeside.objects.bulk_create(
        [SignedInBeside(month=str(month), account=account, pseudonym=pseudonym)], ignore_conflicts=True
    )


def find_beside(*, month: Month, user_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Return the pseudonyms of patrons in whose browser each account was signed in that month."""
    key = _key_of(month)
    accounts = {_of_account(user_id, key=key): user_id for user_id in user_ids}
    found: dict[int, set[str]] = {}
    rows = SignedInBeside.objects.filter(month=str(month), account__in=accounts)
    for account, pseudonym in rows.values_list("account", "pseudonym"):
        found.setdefault(accounts[account], set()).add(pseudonym)
    return {user_id: frozenset(names) for user_id, names in found.items()}


def note_close(*, month: Month, at: datetime) -> None:
    """Remember when a month's accounts were closed: its key is destroyed 4 months later. The first close counts."""
    PseudonymKey.objects.get_or_create(
        month=str(month), defaults={"key": secrets.token_bytes(KEY_BYTES), "closed_at": at}
    )
    PseudonymKey.objects.filter(month=str(month), closed_at=None).update(closed_at=at)


@transaction.atomic
def destroy_old_keys(*, now: datetime) -> int:
    """Destroy the keys of months closed 4 months ago or more, and what was kept by them; return how many.

    Closed on 10 November, October's key is destroyed on 10 March. A month that nobody closed loses its key a year
    after its end: that nobody can find out who played what is not to wait for the accounts for ever.
    """
    today = now.astimezone(ACCOUNTING_ZONE).date()
    long_ago = Month.of(now)
    for _month in range(MONTHS_UNCLOSED + 1):
        long_ago = long_ago.previous
    old = [
        one.pk
        for one in PseudonymKey.objects.filter(destroyed_at=None)
        if one.month <= str(long_ago) or (one.closed_at and _kept_until(one.closed_at) <= today)
    ]
    keys = PseudonymKey.objects.filter(pk__in=old)
    SignedInBeside.objects.filter(month__in=list(keys.values_list("month", flat=True))).delete()
    return keys.update(key=None, destroyed_at=now)


def _kept_until(closed_at: datetime) -> date:
    """Return the same day four months later, or that month's last. 31 October -> 28 February."""
    closed_on = closed_at.astimezone(ACCOUNTING_ZONE).date()
    month = Month.of(closed_at)
    for _month in range(MONTHS_KEPT):
        month = month.following
    return month.first_day.replace(day=min(closed_on.day, month.last_day.day))


def _key_of(month: Month) -> bytes:
    made, _is_new = PseudonymKey.objects.get_or_create(
        month=str(month), defaults={"key": secrets.token_bytes(KEY_BYTES)}
    )
    if made.key is None:
        raise PseudonymsDestroyed(_("The pseudonyms of %(month)s are destroyed.") % {"month": month})
    return bytes(made.key)


def _of_patron(secret: bytes, *, key: bytes) -> str:
    return ids.keyed_hash(key, "patron", secret.hex())


def _of_account(user_id: int, *, key: bytes) -> str:
    return ids.keyed_hash(key, "account", str(user_id))
