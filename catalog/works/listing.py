"""Reads what cards say of many works, as rows: a model's instance costs as much as twenty of its values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from catalog.models import Credit, Package, Release, Resource
from catalog.works.audience import Audience
from catalog.works.cards import ReleaseCard
from catalog.works.names import Home
from catalog.works.shelf import Maker, Work, make_card
from mediaplatform.kernel.territories import place_of

WORK = ("pk", "title", "medium", "kind", "released_on", "cover__sha256", "label__name")
LIES_IN = tuple(f"party__home__{level}_code" for level in ("epci", "departement", "region", "country"))
HOME = ("party__home__level", "party__home__name", "party__home__code", *LIES_IN)
MAKER = ("release_id", "role", "resource_id", "party__name", "party__home_id", *HOME)


def list_cards(ids: Sequence[int], audience: Audience) -> list[ReleaseCard]:
    """Return the cards of some releases, in the order of their ids; in three queries."""
    cards = get_cards(ids, audience)
    return [cards[pk] for pk in ids if pk in cards]


def get_cards(ids: Collection[int], audience: Audience) -> dict[int, ReleaseCard]:
    """Return the cards of releases that were found for the audience, by id; in three queries."""
    return {pk: make_card(work, audience) for pk, work in read_works(ids).items()}


def read_works(ids: Collection[int]) -> dict[int, Work]:
    """Return what cards say of some releases, by id; in three queries."""
    if not ids:
        return {}
    makers, first = _read_makers(ids), _read_first(ids)
    return {
        pk: Work(pk, title, medium, kind, released_on, cover or "", label or "", makers[pk], first.get(pk))
        for pk, title, medium, kind, released_on, cover, label in (
            Release.objects.filter(pk__in=ids).order_by().values_list(*WORK)
        )
    }


def _read_makers(ids: Collection[int]) -> dict[int, list[Maker]]:
    """Return the makers of some releases, in credit order."""
    homes: dict[int, Home] = {}
    makers: dict[int, list[Maker]] = defaultdict(list)
    credited = Credit.objects.filter(release__in=ids).order_by("position", "pk").values_list(*MAKER)
    for release_id, role, resource_id, name, home_id, *home in credited:
        if home_id is not None and home_id not in homes:
            homes[home_id] = _home(*home)
        makers[release_id].append(Maker(role, resource_id, name, homes.get(home_id)))
    return makers


def _home(level: str, name: str, code: str, *lies_in: Any) -> Home:
    return Home(level, name, place_of(level, code, *lies_in))


def _read_first(ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return id and medium of the first part of each release that can be played."""
    ready = Package.objects.filter(resource=OuterRef("pk"), state=Package.State.READY)
    playable = Resource.objects.filter(Exists(ready), release__in=ids, withdrawn_at=None)
    first = playable.order_by("release_id", "position", "pk").distinct("release_id")
    return {
        release_id: (pk, medium) for release_id, pk, medium in first.values_list("release_id", "pk", "medium")
    }
