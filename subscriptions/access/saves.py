"""What games keep for a profile: on the platform, so that they go on elsewhere, unless the profile does without."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.works.audience import Audience
from mediaplatform.infrastructure.problems import Refusal
from subscriptions.access import services
from subscriptions.access.services import BAD_TOKEN, PlaybackRefused
from subscriptions.models import GameSave, Profile

QUOTA = 512 * 1024  # letters of one game's keys and values; the player and the game's storage say the same
MOST_KEYS = 500
LONGEST_KEY = 200
MOST_GAMES = 100  # of a profile; the one that was played longest ago makes room


class SavesTooLarge(Refusal):
    """A game wants to keep more than it may."""

    code = "saves_too_large"
    status = 422
    message = _("A game can’t keep that much.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saves:
    """What one game keeps for a profile. `is_kept` False: the profile does without, its browser keeps it alone."""

    is_kept: bool
    items: Mapping[str, str]


def is_kept(*, profile_id: int) -> bool:
    """Tell whether the platform keeps what games save for a profile; it does unless told otherwise."""
    return Profile.objects.filter(pk=profile_id, keeps_saves=True).exists()


@transaction.atomic
def keep(*, profile_id: int, wanted: bool) -> None:
    """Turn it on or off for a profile; turned off, nothing of it is left."""
    Profile.objects.filter(pk=profile_id).update(keeps_saves=wanted)
    if not wanted:
        GameSave.objects.filter(profile=profile_id).delete()


def get_saves(*, profile_id: int, resource_id: int) -> Saves:
    """Return what a game keeps for a profile; only the profile itself asks."""
    if not is_kept(profile_id=profile_id):
        return Saves(is_kept=False, items={})
    found = GameSave.objects.filter(profile=profile_id, resource=resource_id).first()
    return Saves(is_kept=True, items=json.loads(found.items) if found else {})


@transaction.atomic
def write_saves(*, audience: Audience, token: str, items: Mapping[str, str], now: datetime) -> bool:
    """Keep all that the session's game has, instead of what it had; False if the profile does without.

    Raises:
        PlaybackRefused: bad_token, ended or not_yours; bad_token too for a session that is no game's.
        SavesTooLarge: it is more than a game may keep, or a key is empty or too long.
    """
    grant = services.recognise_own(audience=audience, token=token)
    if grant.medium != "game":
        raise PlaybackRefused(BAD_TOKEN)
    _check(items)
    profile = Profile.objects.select_for_update().filter(pk=audience.profile_id, keeps_saves=True)
    if not profile.exists():
        return False
    own = GameSave.objects.filter(profile=audience.profile_id)
    if not items:
        own.filter(resource=grant.resource_id).delete()
        return True
    GameSave.objects.update_or_create(
        profile_id=audience.profile_id,
        resource_id=grant.resource_id,
        defaults={"items": json.dumps(dict(items)), "updated_at": now},  # ASCII: any letter of a game's fits
    )
    too_many = own.order_by("-updated_at", "-pk").values("pk")[MOST_GAMES:]
    own.filter(pk__in=[row["pk"] for row in too_many]).delete()
    return True


def _check(items: Mapping[str, str]) -> None:
    """Refuse more than a game may keep. `{"level": "3"}` are six letters."""
    letters = sum(len(key) + len(value) for key, value in items.items())
    if letters > QUOTA or len(items) > MOST_KEYS or any(not 0 < len(key) <= LONGEST_KEY for key in items):
        raise SavesTooLarge
