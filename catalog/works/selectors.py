"""Reads the catalogue for one audience. Every list begins with `visible_to`."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from catalog.models import Credit, Party, Release, Resource
from catalog.models.releases import ReleaseQuerySet
from catalog.works import listing, names, nearness, shelf, shelves
from catalog.works.audience import Audience
from catalog.works.begun import list_begun
from catalog.works.cards import (
    ArtistPage,
    CoverSource,
    CreditLine,
    PlayPage,
    ReleaseCard,
    ReleasePage,
    TrackLine,
)
from catalog.works.errors import ArtistNotVisible, ReleaseNotVisible
from catalog.works.listing import get_cards
from catalog.works.particulars import DESCRIPTORS, describe_particulars, name_all
from catalog.works.playback import get_playable, list_queue
from catalog.works.search.catalogue import search_catalogue
from catalog.works.search.suggestions import suggest
from catalog.works.shelf import Work
from catalog.works.shelves import (
    count_nearness,
    find_for_children,
    find_from_here,
    find_new,
    list_from_here,
    list_subjects,
)
from catalog.works.towns import suggest_towns
from mediaplatform.kernel.territories import COMMUNE

__all__ = [
    "count_nearness",
    "find_cover",
    "find_for_children",
    "find_from_here",
    "find_new",
    "get_artist",
    "get_cards",
    "get_play_page",
    "get_playable",
    "get_release",
    "list_begun",
    "list_from_here",
    "list_queue",
    "list_subjects",
    "search_catalogue",
    "suggest",
    "suggest_towns",
]

MORE = 6


def get_release(*, audience: Audience, release_id: int, on: date | None = None) -> ReleasePage:
    """Return all that a release's page says. Raises: ReleaseNotVisible."""
    release = shelf.with_parts(_visible(audience, on).filter(pk=release_id)).first()
    if release is None:
        raise ReleaseNotVisible(f"no release {release_id}")
    work = shelf.work_of(release)
    card = shelf.make_card(work, audience)
    tracks = tuple(_track(work, resource, card) for resource in release.resources.all())
    durations = [track.duration_s for track in tracks if track.duration_s is not None]
    return ReleasePage(
        card=card,
        subtitle=release.subtitle,
        description=release.description,
        label=release.label.name if release.label else "",
        released_on=release.released_on,
        languages=tuple(names.language_name(code) for code in release.languages),
        subjects=tuple(release.subjects),
        min_age=release.min_age,
        pegi_descriptors=name_all(release.pegi_descriptors, DESCRIPTORS),
        is_explicit=release.is_explicit,
        is_youth=release.is_youth,
        cover_large_url=shelf.cover_url(work, shelf.LARGE),
        duration_s=sum(durations) if durations else None,
        credits=_credit_lines(release, audience),
        tracks=tracks,
        particulars=describe_particulars(release, visible=_visible(audience, on)),
        has_audio_description=release.has_audio_description,
        accessibility_codes=tuple(release.accessibility),
        **_beside(release, audience, on),
    )


def get_artist(*, audience: Audience, party_id: int, on: date | None = None) -> ArtistPage:
    """Return a party with its visible releases, newest first. Raises: ArtistNotVisible when it has none."""
    party = Party.objects.select_related("home").filter(pk=party_id).first()
    visible = _visible(audience, on).filter(credits__party=party_id).distinct()
    ids = list(visible.order_by("-released_on", "-pk").values_list("pk", flat=True))
    if party is None or not ids:
        raise ArtistNotVisible(f"no artist {party_id}")
    credits_ = Credit.objects.filter(party=party, release__in=ids).order_by("position", "pk")
    roles = Counter(credit.get_role_display() for credit in credits_)
    return ArtistPage(
        id=party.pk,
        slug=slugify(party.name) or "-",
        name=party.name,
        url=artist_url(party),
        place_name=names.place_name(party.home),
        proximity=nearness.of_home(party.home, audience),
        biography=party.biography,
        website=party.website,
        roles=tuple(role for role, _count in roles.most_common()),
        releases=tuple(listing.list_cards(ids, audience)),
        same_town=tuple(
            shelves.list_same_town(
                audience=audience,
                communes=[party.home.code] if party.home and party.home.level == COMMUNE else [],
                but=ids,
                on=on,
            )
        ),
    )


def get_play_page(*, audience: Audience, resource_id: int, on: date | None = None) -> PlayPage:
    """Return the page that hosts a film, a book or a game. Raises: ReleaseNotVisible."""
    day = on or timezone.localdate()
    resource = Resource.objects.visible_to(audience, on=day).filter(pk=resource_id).first()
    if resource is None:
        raise ReleaseNotVisible(f"no resource {resource_id}")
    release = shelf.with_parts(Release.objects.filter(pk=resource.release_id)).get()
    return PlayPage(
        resource_id=resource.pk,
        title=resource.title,
        medium=resource.medium,
        release=shelf.make_card(shelf.work_of(release), audience),
        min_age=release.min_age,
        pegi_descriptors=name_all(release.pegi_descriptors, DESCRIPTORS),
        duration_s=resource.duration_s,
        needs_threads=release.needs_threads,
    )


def find_cover(*, audience: Audience | None, release_id: int, on: date | None = None) -> CoverSource | None:
    """Return what a cover is made of; None for a release that may not be seen: by nobody's eyes if no audience."""
    day = on or timezone.localdate()
    shown = _visible(audience, day) if audience else Release.objects.for_everybody(on=day)
    release = shelf.with_parts(shown.filter(pk=release_id)).first()
    if release is None:
        return None
    return CoverSource(
        release_id=release.pk,
        sha256=release.cover.sha256 if release.cover else "",
        title=release.title,
        artist=shelf.main_artist(shelf.work_of(release)),
        medium=release.medium,
    )


def artist_url(party: Party) -> str:
    """Return the address of a party's page."""
    return reverse("catalog:artist", args=[party.pk, slugify(party.name) or "-"])


def _visible(audience: Audience, on: date | None) -> ReleaseQuerySet:
    return Release.objects.visible_to(audience, on=on or timezone.localdate())


def _track(work: Work, resource: Resource, card: ReleaseCard) -> TrackLine:
    artist = shelf.main_artist(work, resource_id=resource.pk)
    return TrackLine(
        resource_id=resource.pk,
        position=resource.position,
        title=resource.title,
        medium=resource.medium,
        artist="" if artist == card.artist else artist,
        duration_s=resource.duration_s,
        is_playable=shelf.is_ready(resource),
        play_url=shelf.play_url(resource.pk, resource.medium) if shelf.is_ready(resource) else "",
    )


def _credit_lines(release: Release, audience: Audience) -> tuple[CreditLine, ...]:
    """One line a party, in credit order, the release's own credits before those of single tracks."""
    credits_ = sorted(release.credits.all(), key=lambda credit: credit.resource_id is not None)
    by_party: dict[int, list[Credit]] = {}
    for credit in credits_:
        by_party.setdefault(credit.party_id, []).append(credit)
    return tuple(
        CreditLine(
            party_id=party_id,
            name=rows[0].party.name,
            url=artist_url(rows[0].party),
            roles=tuple(dict.fromkeys(row.get_role_display() for row in rows)),
            place_name=names.place_name(rows[0].party.home),
            proximity=nearness.of_home(rows[0].party.home, audience),
        )
        for party_id, rows in by_party.items()
    )


def _beside(release: Release, audience: Audience, on: date | None) -> dict[str, tuple[ReleaseCard, ...]]:
    """Return what stands beside a work: by the same people, from the same town, on the same subject; each once."""
    makers = {credit.party for credit in release.credits.all() if credit.resource_id is None}
    others = _visible(audience, on).filter(credits__party__in=makers).exclude(pk=release.pk).distinct()
    theirs = others.order_by("-released_on", "-pk").values_list("pk", flat=True)
    more = listing.list_cards(list(theirs[:MORE]), audience)
    but = {release.pk, *(card.id for card in more)}
    communes = sorted({maker.home.code for maker in makers if maker.home and maker.home.level == COMMUNE})
    town = shelves.list_same_town(audience=audience, communes=communes, but=but, on=on)
    but |= {card.id for card in town}
    subject = shelves.list_same_subject(audience=audience, subjects=release.subjects, but=but, on=on)
    return {"more": tuple(more), "same_town": tuple(town), "same_subject": tuple(subject)}
