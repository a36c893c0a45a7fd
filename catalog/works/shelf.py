"""Turns releases into cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils.text import slugify

from catalog.models import Credit, Medium, Package, Release, Resource
from catalog.works import names, nearness
from catalog.works.audience import Audience
from catalog.works.cards import ReleaseCard
from catalog.works.names import Home, home_of
from mediaplatform.kernel.territories import ABROAD

SMALL, LARGE = 320, 960
MAIN_ROLES = {
    Medium.MUSIC: (
        Credit.Role.MAIN_ARTIST,
        Credit.Role.PERFORMER,
        Credit.Role.NARRATOR,
        Credit.Role.COMPOSER,
    ),
    Medium.VIDEO: (Credit.Role.MAIN_ARTIST, Credit.Role.DIRECTOR, Credit.Role.AUTHOR),
    Medium.BOOK: (Credit.Role.MAIN_ARTIST, Credit.Role.AUTHOR, Credit.Role.ILLUSTRATOR),
    Medium.GAME: (Credit.Role.MAIN_ARTIST, Credit.Role.DEVELOPER, Credit.Role.AUTHOR),
}


def with_parts(releases: QuerySet[Release]) -> QuerySet[Release]:
    """Fetch all that cards and pages read of releases: cover, label, credits with homes, resources with readiness."""
    ready = Package.objects.filter(resource=OuterRef("pk"), state=Package.State.READY)
    return releases.select_related("cover", "label").prefetch_related(
        Prefetch("credits", Credit.objects.select_related("party__home").order_by("position", "pk")),
        Prefetch(
            "resources",
            Resource.objects.filter(withdrawn_at=None)
            .annotate(is_ready=Exists(ready))
            .defer("waveform")
            .order_by("position", "pk"),
        ),
    )


class Maker(NamedTuple):
    """Somebody's credit on a work; `resource_id` None: on the whole of it."""

    role: str
    resource_id: int | None
    name: str
    home: Home | None


@dataclass(frozen=True, slots=True)
class Work:
    """What cards and players say of a release, as plain values. `cover`: its digest; `label`: the name.

    `makers` in credit order; `first`: (id, medium) of the first part that can be played.
    """

    pk: int
    title: str
    medium: str
    kind: str
    released_on: date | None
    cover: str
    label: str
    makers: Sequence[Maker]
    first: tuple[int, str] | None


def work_of(release: Release) -> Work:
    """Return what cards say of a release fetched by `with_parts`."""
    return Work(
        release.pk,
        release.title,
        release.medium,
        release.kind,
        release.released_on,
        cover=release.cover.sha256 if release.cover else "",
        label=release.label.name if release.label else "",
        makers=[
            Maker(one.role, one.resource_id, one.party.name, home_of(one.party.home))
            for one in release.credits.all()
        ],
        first=next(((one.pk, one.medium) for one in release.resources.all() if is_ready(one)), None),
    )


def make_card(work: Work, audience: Audience) -> ReleaseCard:
    """Return the card of a work."""
    by_nearness = [(nearness.of_home(maker.home, audience), maker.home) for maker in work.makers]
    proximity, home = min(by_nearness, key=lambda one: nearness.RANK[one[0]], default=(ABROAD, None))
    slug = slugify(work.title) or "-"
    return ReleaseCard(
        id=work.pk,
        slug=slug,
        title=work.title,
        artist=main_artist(work),
        medium=work.medium,
        kind_label=str(Release.Kind(work.kind).label),
        cover_url=cover_url(work, SMALL),
        place_name=names.place_name(home),
        proximity=proximity,
        year=work.released_on.year if work.released_on else None,
        url=reverse("catalog:release", args=[work.pk, slug]),
        play_url=play_url(*work.first) if work.first else "",
        is_playable=work.first is not None,
    )


def is_ready(resource: Resource) -> bool:
    """Tell whether a resource fetched by `with_parts` can be played."""
    return bool(getattr(resource, "is_ready", False))


def main_artist(work: Work, *, resource_id: int | None = None) -> str:
    """Return the names of the main creators, joined: of the work, or of one of its resources.

    The first role of the medium that anybody has decides; nobody credited as such: the label.
    """
    asked = [maker for maker in work.makers if maker.resource_id in {None, resource_id}]
    if resource_id is None:
        asked = asked or list(work.makers)
    for role in MAIN_ROLES[Medium(work.medium)]:
        if found := list(dict.fromkeys(maker.name for maker in asked if maker.role == role)):
            return ", ".join(found[:3]) + (" …" if len(found) > 3 else "")  # noqa: PLR2004 - a line's worth
    return work.label


def cover_url(work: Work, size: int) -> str:
    """Return the address of a cover in one size, changing with the picture; nothing without one."""
    return f"{reverse('catalog:cover', args=[work.pk, size])}?v={work.cover[:8]}" if work.cover else ""


def release_url(work: Work | Release) -> str:
    """Return the address of a release's page."""
    return reverse("catalog:release", args=[work.pk, slugify(work.title) or "-"])


def play_url(resource_id: int, medium: str) -> str:
    """Return the page where a film, book or game opens; nothing for music, which plays in the bar."""
    return "" if medium == Medium.MUSIC else reverse("catalog:play", args=[resource_id])
