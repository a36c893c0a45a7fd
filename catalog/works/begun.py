"""What a profile began and has not ended.

Where it stopped is kept by those who know profiles (settings.BEGUN_BY, docs/adr/0026), if the patron wants it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from catalog.models import Resource
from catalog.works import listing, shelf
from catalog.works.audience import Audience
from catalog.works.cards import ReleaseCard

READ = 60  # positions, of which an album may have many


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A resource and where a profile stopped in it, in seconds; of activity for a book or a game."""

    resource_id: int
    position_s: int
    stopped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunWork:
    """A work to go on with. `part`: the track or episode, where it is not called as the work is.

    `percent` and `left_s` are None where nobody knows how much is left: books and games.
    """

    card: ReleaseCard
    resource_id: int
    part: str
    stopped_at: datetime
    percent: int | None
    left_s: int | None


ListBegun = Callable[..., "Sequence[Begun] | None"]


def list_begun(
    *, audience: Audience, limit: int, listed: ListBegun | None = None, on: date | None = None
) -> list[BegunWork] | None:
    """List the works that the profile may go on with, the last one first, each once; None: it keeps no history."""
    ask = listed or cast("ListBegun", import_string(settings.BEGUN_BY))
    begun = ask(profile_id=audience.profile_id, limit=READ)
    if begun is None:
        return None
    day = on or timezone.localdate()
    shown = Resource.objects.visible_to(audience, on=day)
    resources = shown.filter(pk__in=[one.resource_id for one in begun]).in_bulk() if begun else {}
    last: dict[int, Begun] = {}
    for one in begun:
        if one.resource_id in resources:
            last.setdefault(resources[one.resource_id].release_id, one)
    cards = listing.list_cards(list(last)[:limit], audience)
    return [_describe(card, resources[last[card.id].resource_id], last[card.id]) for card in cards]


def _describe(card: ReleaseCard, resource: Resource, begun: Begun) -> BegunWork:
    total = resource.duration_s if resource.medium in {"music", "video"} else None
    return BegunWork(
        card=replace(card, play_url=shelf.play_url(resource.pk, resource.medium)),
        resource_id=resource.pk,
        part="" if resource.title == card.title else resource.title,
        stopped_at=begun.stopped_at,
        percent=min(99, begun.position_s * 100 // total) if total else None,
        left_s=max(1, total - begun.position_s) if total else None,
    )
