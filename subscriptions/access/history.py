"""Where a profile stopped: kept only while its history is on, and forgotten whole when it is turned off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from catalog.works.audience import Audience
from catalog.works.begun import Begun
from subscriptions.access import services
from subscriptions.models import PlaybackPosition, Profile

SO_GOOD_AS_OVER_S = 10  # a position this near to the end is the end


@dataclass(frozen=True, slots=True)
class Position:
    """Where to go on: seconds of the resource, and for a book its place in the reader's words."""

    position_s: int
    locator: str


def is_kept(*, profile_id: int) -> bool:
    """Tell whether the profile's history is on; it is off unless the patron turned it on."""
    return Profile.objects.filter(pk=profile_id, keeps_history=True).exists()


@transaction.atomic
def keep(*, profile_id: int, wanted: bool) -> None:
    """Turn a profile's history on or off; turned off, nothing of it is left."""
    Profile.objects.filter(pk=profile_id).update(keeps_history=wanted)
    if not wanted:
        PlaybackPosition.objects.filter(profile=profile_id).delete()


@transaction.atomic
def remember_position(
    *, audience: Audience, token: str, position_s: int, locator: str, now: datetime
) -> bool:
    """Keep where a session of the audience is; False when its history is off, and nothing is kept.

    At the end of a track or film its position is forgotten: the next time begins at the beginning.

    Raises:
        PlaybackRefused: bad_token, ended or not_yours.
    """
    grant = services.recognise_own(audience=audience, token=token)
    profile = Profile.objects.select_for_update().filter(pk=audience.profile_id, keeps_history=True)
    if not profile.exists():
        return False
    if grant.duration_s is not None and position_s >= grant.duration_s - SO_GOOD_AS_OVER_S:
        PlaybackPosition.objects.filter(profile=audience.profile_id, resource=grant.resource_id).delete()
        return True
    PlaybackPosition.objects.update_or_create(
        profile_id=audience.profile_id,
        resource_id=grant.resource_id,
        defaults={"position_s": position_s, "locator": locator, "updated_at": now},
    )
    return True


def find_position(*, profile_id: int, resource_id: int) -> Position | None:
    """Return where a profile stopped in a resource, if that is known."""
    found = PlaybackPosition.objects.filter(
        profile=profile_id, profile__keeps_history=True, resource=resource_id
    ).first()
    return Position(found.position_s, found.locator) if found else None


def list_begun(*, profile_id: int, limit: int) -> list[Begun] | None:
    """List where a profile stopped, the last first; None while its history is off. Named by settings.BEGUN_BY."""
    if not is_kept(profile_id=profile_id):
        return None
    positions = PlaybackPosition.objects.filter(profile=profile_id).order_by("-updated_at", "pk")[:limit]
    return [
        Begun(resource_id=one.resource_id, position_s=one.position_s, stopped_at=one.updated_at)
        for one in positions
    ]


def forget_release(*, profile_id: int, release_id: int) -> None:
    """Forget where a profile stopped in all that belongs to a release."""
    PlaybackPosition.objects.filter(profile=profile_id, resource__release=release_id).delete()
