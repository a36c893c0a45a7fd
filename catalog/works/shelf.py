"""Turns releases into cards, in a fixed number of queries however many there are."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Value
from django.urls import reverse
from django.utils.text import slugify

from catalog.models import Credit, Medium, Package, Release, Resource
from catalog.works import names, nearness
from catalog.works.audience import Audience
from catalog.works.cards import ReleaseCard
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


def for_cards(releases: QuerySet[Release]) -> QuerySet[Release]:
    """Fetch all that cards read: as `with_parts`, but of the resources only the first that can be played."""
    ready = Package.objects.filter(resource=OuterRef("pk"), state=Package.State.READY)
    first = Resource.objects.filter(Exists(ready), withdrawn_at=None).annotate(is_ready=Value(value=True))
    return releases.select_related("cover", "label").prefetch_related(
        Prefetch("credits", Credit.objects.select_related("party__home").order_by("position", "pk")),
        Prefetch(
            "resources",
            first.only("release", "medium", "position")
            .order_by("release_id", "position", "pk")
            .distinct("release_id"),
        ),
    )


def make_cards(releases: Iterable[Release], audience: Audience) -> list[ReleaseCard]:
    """Return the cards of releases fetched by `for_cards` or `with_parts`, in their order."""
    return [make_card(release, audience) for release in releases]


def make_card(release: Release, audience: Audience) -> ReleaseCard:
    """Return the card of a release fetched by `for_cards` or `with_parts`."""
    credits_ = list(release.credits.all())
    parties = [credit.party for credit in credits_]
    near = min(parties, key=lambda party: nearness.RANK[nearness.of_party(party, audience)], default=None)
    playable = [resource for resource in release.resources.all() if is_ready(resource)]
    slug = slugify(release.title) or "-"
    return ReleaseCard(
        id=release.pk,
        slug=slug,
        title=release.title,
        artist=main_artist(release, credits_),
        medium=release.medium,
        kind_label=str(Release.Kind(release.kind).label),
        cover_url=cover_url(release, SMALL),
        place_name=names.place_name(near.home) if near else "",
        proximity=nearness.of_party(near, audience) if near else ABROAD,
        year=release.released_on.year if release.released_on else None,
        url=release_url(release),
        play_url=play_url(playable[0]) if playable else "",
        is_playable=bool(playable),
    )


def is_ready(resource: Resource) -> bool:
    """Tell whether a resource fetched by `for_cards` or `with_parts` can be played."""
    return bool(getattr(resource, "is_ready", False))


def main_artist(release: Release, credits_: Iterable[Credit], *, resource_id: int | None = None) -> str:
    """Return the names of the main creators, joined: of the release, or of one of its resources.

    The first role of the medium that anybody has decides; nobody credited as such: the label.
    """
    asked = [credit for credit in credits_ if credit.resource_id in {None, resource_id}]
    everybody = (
        asked if resource_id is not None else [c for c in asked if c.resource_id is None] or list(credits_)
    )
    for role in MAIN_ROLES[Medium(release.medium)]:
        if found := list(dict.fromkeys(credit.party.name for credit in everybody if credit.role == role)):
            return ", ".join(found[:3]) + (" …" if len(found) > 3 else "")  # noqa: PLR2004 - a line's worth
    return release.label.name if release.label else ""


def cover_url(release: Release, size: int) -> str:
    """Return the address of a cover in one size, changing with the picture; nothing without one."""
    if release.cover is None:
        return ""
    return f"{reverse('catalog:cover', args=[release.pk, size])}?v={release.cover.sha256[:8]}"


def release_url(release: Release) -> str:
    """Return the address of a release's page."""
    return reverse("catalog:release", args=[release.pk, slugify(release.title) or "-"])


def play_url(resource: Resource) -> str:
    """Return the page where a film, book or game opens; nothing for music, which plays in the bar."""
    return "" if resource.medium == Medium.MUSIC else reverse("catalog:play", args=[resource.pk])
