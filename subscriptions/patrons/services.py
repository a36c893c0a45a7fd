"""Lets patrons in and out. Nothing here learns who they are."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from catalog.streaming import denials
from mediaplatform.accounts.models import User
from mediaplatform.kernel import ids
from mediaplatform.kernel.periods import Month
from subscriptions import SubscriptionsError
from subscriptions.models import AccessCode, CodeBatch, Library, Patron, Profile
from subscriptions.patrons import attempts, pseudonyms, sealing

CODE_BYTES = 12
MAX_CODES_A_BATCH = 1_000


logger = logging.getLogger(__name__)


class CodeRefused(SubscriptionsError):
    """A code does not let in; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class CodeMissing(SubscriptionsError):
    """The library has no such code."""

    code = "code_missing"


class BatchRefused(SubscriptionsError):
    """A batch of codes can't be made as asked."""

    code = "batch_refused"


def create_codes(
    *, library: Library, batch: str, count: int, expires_on: date, created_by: User | None = None
) -> list[str]:
    """Make a batch of codes and return them in readable form, in the order of the printed sheet.

    Raises:
        BatchRefused: the library has a batch of that name, or asks for none or more than 1,000 codes.
    """
    if not 1 <= count <= MAX_CODES_A_BATCH:
        raise BatchRefused(_("Ask for 1 to %(most)d codes at a time.") % {"most": MAX_CODES_A_BATCH})
    readable = [
        ids.format_code(secrets.token_bytes(CODE_BYTES), length=CODE_BYTES) for _number in range(count)
    ]
    try:
        with transaction.atomic():
            made = CodeBatch.objects.create(
                library=library, name=batch, expires_on=expires_on, created_by=created_by
            )
            AccessCode.objects.bulk_create(
                AccessCode(
                    batch=made,
                    code_hash=sealing.hash_code(library_id=library.pk, code=code),
                    sealed_code=sealing.seal(code),
                    last_four=code[-4:],
                )
                for code in readable
            )
    except IntegrityError as fault:
        message = _("There is a batch named “%(name)s” already. Choose another name.") % {"name": batch}
        raise BatchRefused(message) from fault
    return readable


def redeem_code(
    *, library: Library, code: str, now: datetime, address: str = "", only: int | None = None
) -> Patron:
    """Return the patron whom a code lets in; its first use makes the patron, a later one finds them again.

    `address` is where the attempt comes from; failures are counted for it. Two people who redeem one code at
    the same time are one patron. `only` this patron may come in, where a browser was handed to their child.

    Raises:
        CodeRefused: `code` is code_unknown, code_expired, code_revoked, patron_suspended or childs_browser.
        TooManyAttempts: 10 failures from the address within a minute.
    """
    attempts.refuse_if_too_many(address=address)
    try:
        return _redeem(library=library, code=code, now=now, only=only)
    except CodeRefused:
        attempts.count_failure(address=address)
        raise


@transaction.atomic
def _redeem(*, library: Library, code: str, now: datetime, only: int | None) -> Patron:
    today = timezone.localdate(now)
    code_hash = sealing.hash_code(library_id=library.pk, code=code)
    found = (
        AccessCode.objects.select_for_update(of=("self",))
        .select_related("batch", "patron")
        .filter(code_hash=code_hash)
        .first()
    )
    if found is None:
        raise CodeRefused("code_unknown", _("This code is not known here. Check its letters and digits."))
    state = found.state_on(today)
    if state == AccessCode.State.REVOKED:
        raise CodeRefused("code_revoked", _("This code was withdrawn. Ask your library for a new one."))
    if state == AccessCode.State.EXPIRED:
        last_day = date_format(found.batch.expires_on)
        message = _("This code was valid until %(day)s. Ask your library for a new one.") % {"day": last_day}
        raise CodeRefused("code_expired", message)
    if only is not None and found.patron_id != only:
        message = _("This browser was handed to a child. Leave the child's profile with the PIN first.")
        raise CodeRefused("childs_browser", message)
    if found.patron is None:
        found.patron = Patron.objects.create(library=library, last_seen_on=today)
        Profile.objects.create(patron=found.patron, kind=Profile.Kind.ADULT)
        found.redeemed_at, found.sealed_code = now, None
        found.save(update_fields=["patron", "redeemed_at", "sealed_code"])
    if found.patron.suspended_at:
        raise CodeRefused("patron_suspended", _("This access is suspended. Your library can open it again."))
    return found.patron


@transaction.atomic
def revoke_code(*, library: Library, code_id: int, now: datetime) -> AccessCode:
    """Withdraw a code; a patron who has no other one is suspended with it. Repeating it changes nothing.

    Raises:
        CodeMissing: the library has no such code.
    """
    code = (
        AccessCode.objects.select_for_update(of=("self",)).filter(pk=code_id, batch__library=library).first()
    )
    if code is None:
        raise CodeMissing(str(code_id))
    if code.revoked_at is None:
        code.revoked_at, code.sealed_code = now, None
        code.save(update_fields=["revoked_at", "sealed_code"])
        if code.patron_id and not AccessCode.objects.filter(patron=code.patron_id, revoked_at=None).exists():
            suspend_patron(patron_id=code.patron_id, now=now)
    return code


def suspend_patron(*, patron_id: int, now: datetime) -> None:
    """Keep a patron out from their next request on; what plays stops within half a minute."""
    Patron.objects.filter(pk=patron_id, suspended_at=None).update(suspended_at=now)
    names = _running_pseudonyms(patron_id=patron_id, now=now)
    transaction.on_commit(lambda: _tell_doorman(lambda: denials.deny(patrons=names, now=now)))


def restore_patron(*, patron_id: int) -> None:
    """Let a suspended patron in again."""
    Patron.objects.filter(pk=patron_id).update(suspended_at=None)
    names = _running_pseudonyms(patron_id=patron_id, now=timezone.now())
    transaction.on_commit(lambda: _tell_doorman(lambda: denials.allow(patrons=names)))


def _running_pseudonyms(*, patron_id: int, now: datetime) -> list[str]:
    """Return what running sessions may call a patron: one opened yesterday can bear last month's name."""
    months = {Month.of(now), Month.of(now - timedelta(days=1))}
    return [pseudonyms.pseudonym_of(patron_id=patron_id, month=month) for month in months]


def _tell_doorman(tell: Callable[[], None]) -> None:
    try:
        tell()
    except RedisError:
        logger.warning("Valkey is unreachable: what plays stops when its grant ends, within ten minutes")


def note_seen(*, patron_id: int, on: date) -> None:
    """Remember the last day of use, for the removal of patrons who stay away."""
    Patron.objects.filter(pk=patron_id).exclude(last_seen_on=on).update(last_seen_on=on)


def add_youth_profile(*, patron_id: int, name: str, max_age: int) -> Profile:
    """Add a child's profile that shows works rated for `max_age` (3, 6, 10, 13 or 16) at most."""
    return Profile.objects.create(
        patron_id=patron_id, name=name.strip(), kind=Profile.Kind.YOUTH, max_age=max_age
    )
