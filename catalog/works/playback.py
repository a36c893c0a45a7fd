"""What a player needs to know of a resource."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, F, Value, When
from django.utils import timezone

from catalog.models import Medium, Package, Release, Resource
from catalog.works import replay_gain as gains
from catalog.works import shelf
from catalog.works.audience import Audience
from catalog.works.errors import PackageNotReady, ReleaseNotVisible
from catalog.works.shelf import Work

TARGET_LUFS = Decimal(-16)
CEILING_DBTP = Decimal(-1)
ENTRIES = {
    "hls-audio": "master.m3u8",
    "hls-video": "master.m3u8",
    "web-book": "manifest.json",
    "pdf-book": "manifest.json",
    "comic-book": "manifest.json",
    "game-bundle": "index.html",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """A resource in the player's queue."""

    resource_id: int
    title: str
    artist: str
    duration_s: int | None
    release_id: int
    release_title: str
    release_url: str
    cover_url: str
    medium: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Playable:
    """A resource that can be streamed now: the files lie under `packages/<digest>/`, `entry` is asked for first.

    `gain_db` brings it to -16 LUFS, `album_gain_db` its album as a whole: within an album what is soft stays soft.
    `waveform` is None where there is no sound. `replay_gain` and `gapless` are for recordings, see catalog.packaging.
    """

    resource_id: int
    title: str
    medium: str
    duration_s: int | None
    gain_db: float
    album_gain_db: float
    replay_gain: dict[str, float] | None
    gapless: dict[str, int] | None
    waveform: list[int] | None
    release_id: int
    release_title: str
    release_url: str
    artist: str
    cover_url: str
    digest: str
    recipe: str
    entry: str


def gain_to_target(*, loudness_lufs: Decimal | None, true_peak_dbtp: Decimal | None) -> Decimal:
    """Return the gain in dB that brings a recording to -16 LUFS without its peak passing -1 dBTP.

    -20.50 LUFS with a peak of -3.00 dBTP -> 2.00 (4.50 would clip); unknown loudness -> 0.
    """
    if loudness_lufs is None:
        return Decimal(0)
    gain = TARGET_LUFS - loudness_lufs
    return (
        gain
        if gain <= 0 or true_peak_dbtp is None
        else min(gain, max(CEILING_DBTP - true_peak_dbtp, Decimal(0)))
    )


def get_playable(*, audience: Audience, resource_id: int, on: date | None = None) -> Playable:
    """Return what the player needs of a resource; `on` is today in the platform's time zone.

    Raises:
        ReleaseNotVisible: there is no such resource for this audience.
        PackageNotReady: nothing of it can be streamed yet.
    """
    day = on or timezone.localdate()
    resource = Resource.objects.visible_to(audience, on=day).filter(pk=resource_id).first()
    if resource is None:
        raise ReleaseNotVisible(f"no resource {resource_id}")
    package = (
        Package.objects.filter(resource=resource, state=Package.State.READY)
        .annotate(
            is_present=Case(When(original=F("resource__original"), then=Value(1)), default=Value(0)),
            has_tracks=Case(
                When(tracks_digest=F("resource__tracks_digest"), then=Value(1)), default=Value(0)
            ),
        )
        .order_by("-is_present", "-has_tracks", "-recipe_version", "-pk")
        .first()
    )
    if package is None:
        raise PackageNotReady(f"resource {resource_id} has no ready package")
    release = shelf.with_parts(Release.objects.filter(pk=resource.release_id)).get()
    own = (resource.loudness_lufs, resource.true_peak_dbtp)
    whole = own if release.loudness_lufs is None else (release.loudness_lufs, release.true_peak_dbtp)
    tags = gains.replay_gain(track=own, album=whole) if resource.medium == Medium.MUSIC else None
    item = _queue_item(shelf.work_of(release), resource)
    return Playable(
        resource_id=item.resource_id,
        title=item.title,
        medium=item.medium,
        duration_s=item.duration_s,
        gain_db=float(gain_to_target(loudness_lufs=own[0], true_peak_dbtp=own[1])),
        album_gain_db=float(gain_to_target(loudness_lufs=whole[0], true_peak_dbtp=whole[1])),
        replay_gain=asdict(tags) if tags else None,
        gapless=package.facts.get("gapless"),
        waveform=list(resource.waveform) or None,
        release_id=item.release_id,
        release_title=item.release_title,
        release_url=item.release_url,
        artist=item.artist,
        cover_url=item.cover_url,
        digest=package.digest,
        recipe=package.recipe,
        entry=ENTRIES[package.recipe],
    )


def list_queue(*, audience: Audience, release_id: int, on: date | None = None) -> list[QueueItem]:
    """List what of a release can be played now, in order. Raises: ReleaseNotVisible."""
    visible = Release.objects.visible_to(audience, on=on or timezone.localdate()).filter(pk=release_id)
    release = shelf.with_parts(visible).first()
    if release is None:
        raise ReleaseNotVisible(f"no release {release_id}")
    work = shelf.work_of(release)
    return [_queue_item(work, one) for one in release.resources.all() if shelf.is_ready(one)]


def _queue_item(work: Work, resource: Resource) -> QueueItem:
    return QueueItem(
        resource_id=resource.pk,
        title=resource.title,
        artist=shelf.main_artist(work, resource_id=resource.pk),
        duration_s=resource.duration_s,
        release_id=work.pk,
        release_title=work.title,
        release_url=shelf.release_url(work),
        cover_url=shelf.cover_url(work, shelf.SMALL),
        medium=resource.medium,
    )
