"""Who of a household is using an account: an adult, or a child whose profile is left with a PIN alone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from subscriptions import SubscriptionsError
from subscriptions.models import Patron, Profile
from subscriptions.models.patrons import AGE_BANDS

PIN = re.compile(r"[0-9]{4,8}")
MOST_PROFILES, LONGEST_NAME = 8, 40
MOST_WRONG, LOCKED_FOR = 5, timedelta(minutes=5)


class ProfileRefused(SubscriptionsError):
    """What was asked of a profile is not possible; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class ProfileMissing(SubscriptionsError):
    """The patron has no such profile."""

    code = "profile_missing"


def needs_pin(*, now_max_age: int | None, wanted_max_age: int | None) -> bool:
    """Tell whether a change of profile shows more than before: an age band of None is an adult's.

    From 6 to 3: no. From 6 to 10, or to the adult's: yes. From the adult's: never.
    """
    if now_max_age is None:
        return False
    return wanted_max_age is None or wanted_max_age > now_max_age


def get_profile(*, patron_id: int, profile_id: int) -> Profile:
    """Return a patron's profile. Raises: ProfileMissing, for another patron's too."""
    found = Profile.objects.filter(patron=patron_id, pk=profile_id).first()
    if found is None:
        raise ProfileMissing(str(profile_id))
    return found


def exists(*, patron_id: int, profile_id: int) -> bool:
    """Tell whether a patron has such a profile."""
    return Profile.objects.filter(patron=patron_id, pk=profile_id).exists()


def has_pin(*, patron_id: int) -> bool:
    """Tell whether the household has chosen its PIN."""
    return Patron.objects.filter(pk=patron_id).exclude(pin_hash="").exists()


@transaction.atomic
def create_youth_profile(*, patron_id: int, by: int, name: str, max_age: int, pin: str) -> Profile:
    """Add a child's profile; `by` is the profile that asks, `pin` is chosen with the first child's.

    Raises:
        ProfileRefused: adults_only, bad_name, bad_age, bad_pin or too_many_profiles.
    """
    patron = _as_adult(patron_id=patron_id, by=by)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ProfileRefused("bad_name", _("Write a name, a nickname or a letter, of 40 characters at most."))
    if max_age not in AGE_BANDS:
        raise ProfileRefused("bad_age", _("Choose one of the ages."))
    if Profile.objects.filter(patron=patron).count() >= MOST_PROFILES:
        message = _("An account has at most %(most)d profiles. Remove one first.") % {"most": MOST_PROFILES}
        raise ProfileRefused("too_many_profiles", message)
    if not patron.pin_hash:
        _set_pin(patron, pin)
    return Profile.objects.create(patron=patron, name=name, kind=Profile.Kind.YOUTH, max_age=max_age)


@transaction.atomic
def change_pin(*, patron_id: int, by: int, pin: str) -> None:
    """Choose another PIN. Raises: ProfileRefused: adults_only or bad_pin."""
    _set_pin(_as_adult(patron_id=patron_id, by=by), pin)


@transaction.atomic
def remove_youth_profile(*, patron_id: int, by: int, profile_id: int) -> None:
    """Remove a child's profile with all that was kept for it.

    Raises:
        ProfileRefused: adults_only.
        ProfileMissing: the patron has no such child's profile.
    """
    _as_adult(patron_id=patron_id, by=by)
    profile = get_profile(patron_id=patron_id, profile_id=profile_id)
    if profile.kind != Profile.Kind.YOUTH:
        raise ProfileMissing(str(profile_id))
    profile.delete()


def choose_profile(*, patron_id: int, from_id: int, to_id: int, pin: str, now: datetime) -> Profile:
    """Return the profile that is to be used from now on, if it may be.

    Raises:
        ProfileMissing: it is not the patron's.
        ProfileRefused: pin_needed, wrong_pin, or pin_locked after 5 wrong ones, for 5 minutes.
    """
    present = get_profile(patron_id=patron_id, profile_id=from_id)
    wanted = get_profile(patron_id=patron_id, profile_id=to_id)
    if needs_pin(now_max_age=present.max_age, wanted_max_age=wanted.max_age):
        _check_pin(patron_id=patron_id, pin=pin, now=now)
    return wanted


def _as_adult(*, patron_id: int, by: int) -> Patron:
    """Return the patron, locked, if it is the adult who asks."""
    if get_profile(patron_id=patron_id, profile_id=by).kind != Profile.Kind.ADULT:
        raise ProfileRefused("adults_only", _("Only the adult of the account can do this."))
    return Patron.objects.select_for_update().get(pk=patron_id)


def _set_pin(patron: Patron, pin: str) -> None:
    if not PIN.fullmatch(pin):
        raise ProfileRefused("bad_pin", _("Choose a PIN of 4 to 8 digits."))
    patron.pin_hash, patron.pin_failures, patron.pin_locked_until = make_password(pin), 0, None
    patron.save(update_fields=["pin_hash", "pin_failures", "pin_locked_until"])


def _check_pin(*, patron_id: int, pin: str, now: datetime) -> None:
    """Let pass with the right PIN; a wrong one is counted in a transaction of its own, so that it stays counted."""
    if not pin:
        raise ProfileRefused("pin_needed", _("Type the PIN."))
    with transaction.atomic():
        patron = Patron.objects.select_for_update().get(pk=patron_id)
        if patron.pin_locked_until and now < patron.pin_locked_until:
            refusal = ProfileRefused(
                "pin_locked", _("Too many wrong PINs. Wait five minutes, then try again.")
            )
        elif check_password(pin, patron.pin_hash):
            Patron.objects.filter(pk=patron_id).update(pin_failures=0, pin_locked_until=None)
            return
        else:
            failures = (patron.pin_failures + 1) % MOST_WRONG
            locked = None if failures else now + LOCKED_FOR
            Patron.objects.filter(pk=patron_id).update(pin_failures=failures, pin_locked_until=locked)
            refusal = ProfileRefused("wrong_pin", _("This PIN is not right."))
    raise refusal
