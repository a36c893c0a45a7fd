"""Runs packages: claimed by one worker at a time, resumed after a crash, ready all at once or not at all.

An attempt's number is its fence: a worker that was given up and wakes again changes nothing any more.
"""

from __future__ import annotations

import hashlib
import logging
import time
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from catalog.models import LeftPackage, MediaFile, Package, Release, Resource
from catalog.packaging import album, cover, queue, recipes, sweep
from catalog.packaging.content_types import type_of
from catalog.packaging.faults import PackageFault
from catalog.packaging.recipe import Built, Material, Track
from catalog.works import publishing
from mediaplatform.infrastructure import objectstore
from mediaplatform.infrastructure.said import parts_of
from mediaplatform.infrastructure.said import say as _
from mediaplatform.infrastructure.workplace import open_workplace

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
GIVEN_UP_AFTER = timedelta(minutes=2)  # without a sign of life
SENT_AGAIN_AFTER = timedelta(minutes=5)  # still waiting: its message may be lost
REPORT_EVERY_S = 1.0
BUILT = 0.9  # of the progress; the rest is storing

State = Package.State


class ClaimLost(Exception):
    """Another worker has this package now."""


def retry_package(*, package_id: int) -> bool:
    """Queue a failed package again; False when it had not failed."""
    changed = Package.objects.filter(pk=package_id, state=State.FAILED).update(
        state=State.QUEUED,
        attempts=0,
        progress=0,
        fault_code="",
        fault_detail="",
        fault_msgid="",
        fault_values={},
        finished_at=None,
        heartbeat_at=timezone.now(),
    )
    if changed:
        transaction.on_commit(lambda: queue.tell_workers([package_id]))
    return bool(changed)


def resume_packaging() -> int:
    """Queue again what a dead worker left and what was never fetched; returns how many. Called every minute."""
    now = timezone.now()
    dead = Q(state=State.RUNNING) & (Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - GIVEN_UP_AFTER))
    exhausted = Package.objects.filter(dead, attempts__gte=MAX_ATTEMPTS)
    message = _("The worker stopped %(count)d times while it made this package.") % {"count": MAX_ATTEMPTS}
    msgid, values = parts_of(message)
    exhausted.update(
        state=State.FAILED,
        fault_code="worker_stopped",
        fault_detail=str(message),
        fault_msgid=msgid,
        fault_values=values,
        finished_at=now,
    )
    left = list(Package.objects.filter(dead).values_list("pk", flat=True))
    Package.objects.filter(dead, pk__in=left).update(state=State.QUEUED, progress=0, heartbeat_at=now)
    lost = Package.objects.filter(state=State.QUEUED, heartbeat_at__lt=now - SENT_AGAIN_AFTER)
    waiting = list(lost.values_list("pk", flat=True))
    lost.update(heartbeat_at=now)
    transaction.on_commit(lambda: queue.tell_workers([*left, *waiting]))
    return len(left) + len(waiting)


def run_package(*, package_id: int) -> Package:
    """Make a package if nobody else does, and publish its release if that was the last one missing.

    Called again for a package that is ready, failed or being made, it changes nothing.
    """
    package = _claim(package_id)
    if package is None:
        return Package.objects.get(pk=package_id)
    attempt = package.attempts
    try:
        _make(package)
    except ClaimLost:
        logger.warning("package %s: attempt %s was given up meanwhile", package_id, attempt)
        return package
    except PackageFault as fault:
        _fail(package, fault.code, fault.words)
    except SoftTimeLimitExceeded:
        _fail(package, "took_too_long", _("This took longer than a package may."))
    except Exception:
        logger.exception("package %s: attempt %s failed", package_id, attempt)
        if attempt >= MAX_ATTEMPTS:
            _fail(package, "internal_error", _("The platform failed to make this package; its log says why."))
        else:
            _mine(package).update(state=State.QUEUED, progress=0, heartbeat_at=timezone.now())
        raise
    package.refresh_from_db()
    return package


def _claim(package_id: int) -> Package | None:
    """Take a package that waits, or that a worker left for dead; None if there is nothing to do."""
    now = timezone.now()
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, heartbeat_at__lt=now - GIVEN_UP_AFTER)
    claimed = Package.objects.filter(free, pk=package_id, attempts__lt=MAX_ATTEMPTS).update(
        state=State.RUNNING, attempts=F("attempts") + 1, progress=0, heartbeat_at=now
    )
    if not claimed:
        return None
    return Package.objects.select_related("resource__release", "original").get(pk=package_id)


def _make(package: Package) -> None:
    recipe = recipes.BY_NAME[package.recipe]
    if recipe.version != package.recipe_version:
        _give_way(package)
    store = objectstore.get_store()
    pulse = _Pulse(package)
    with open_workplace(kind="package", name=str(package.pk)) as place:
        folder = place / "package"
        folder.mkdir()
        material = _fetch(store, package, place)
        built = recipe.build(material, folder, lambda part: pulse.report(part * BUILT))
        files = _digests(folder)
        digest = hashlib.sha256(
            "".join(f"{name}\0{sha}\n" for name, sha in files.items()).encode()
        ).hexdigest()
        sweep.note_left(digests=[digest], now=timezone.now())  # until it is ready: a worker may die now
        names = sorted(files, key=lambda name: (name == recipe.entry, name))  # the entry last
        for done, name in enumerate(names):
            store.put_file(key=f"packages/{digest}/{name}", path=folder / name, content_type=type_of(name))
            pulse.report(BUILT + (1 - BUILT) * done / len(names))
        size_bytes = sum((folder / name).stat().st_size for name in names)
        picture = _store_found_cover(store, package, built)
    _finish(package, built, digest=digest, size_bytes=size_bytes, picture=picture)


def _fetch(store: objectstore.ObjectStore, package: Package, place: Path) -> Material:
    """Download what a package is made of, and see that it is what was delivered.

    Raises:
        ClaimLost: the film's tracks are others by now, and so another package is wanted.
        PackageFault: `original_damaged`.
    """
    resource = package.resource
    if resource.tracks_digest != package.tracks_digest:
        _give_way(package)
    source = place / "original"
    _download(store, package.original, source)
    tracks = []
    for number, one in enumerate(resource.film_tracks.select_related("file")):
        path = place / f"track{number}"
        _download(store, one.file, path)
        tracks.append(Track(kind=one.kind, language=one.language, path=path))
    return Material(source, language=next(iter(resource.release.languages), ""), tracks=tuple(tracks))


def _give_way(package: Package) -> NoReturn:
    """Drop a package that nobody wants any more, and queue the one that is wanted. Raises: ClaimLost, always."""
    _mine(package).delete()
    queue.queue_packages(resource_ids=[package.resource_id])
    raise ClaimLost


def _download(store: objectstore.ObjectStore, file: MediaFile, path: Path) -> None:
    store.download(key=file.object_key, path=path)
    with path.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != file.sha256:
            raise PackageFault("original_damaged", _("The stored original is not what was delivered."))


def _digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a package by its name, in the order of names."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _store_found_cover(store: objectstore.ObjectStore, package: Package, built: Built) -> MediaFile | None:
    """Store the picture found in an original whose release came without one; a bad picture is no cover."""
    if built.cover is None or package.resource.release.cover_id is not None:
        return None
    sha256 = hashlib.sha256(built.cover).hexdigest()
    try:
        cover.store_cover(store, data=built.cover, sha256=sha256)
        content_type = cover.content_type_of(built.cover)
    except PackageFault:
        return None
    file = MediaFile(sha256=sha256, size_bytes=len(built.cover), content_type=content_type, filename="cover")
    store.put_bytes(key=file.object_key, data=built.cover, content_type=content_type)
    return file


@transaction.atomic
def _finish(
    package: Package, built: Built, *, digest: str, size_bytes: int, picture: MediaFile | None
) -> None:
    """Make the package ready, if the claim still holds, and all that hangs on it with it."""
    now = timezone.now()
    done = _mine(package).update(
        state=State.READY,
        progress=100,
        digest=digest,
        size_bytes=size_bytes,
        facts=dict(built.facts),
        finished_at=now,
        heartbeat_at=now,
    )
    if not done:
        raise ClaimLost
    LeftPackage.objects.filter(digest=digest).delete()
    facts = Resource.objects.filter(pk=package.resource_id, original=package.original_id)
    facts.update(
        duration_s=max(1, int(built.duration_s)) if built.duration_s else None,
        loudness_lufs=built.loudness_lufs,
        true_peak_dbtp=built.true_peak_dbtp,
        waveform=list(built.waveform),
    )
    if "loudness_blocks" in built.facts:
        album.measure_album(release_id=package.resource.release_id)
    if picture is not None:
        MediaFile.objects.bulk_create([picture], ignore_conflicts=True)
        stored = MediaFile.objects.get(sha256=picture.sha256)
        Release.objects.filter(pk=package.resource.release_id, cover=None).update(cover=stored)
    publishing.publish_complete(release_ids=[package.resource.release_id])


def _fail(package: Package, code: str, words: str) -> None:
    msgid, values = parts_of(words)
    _mine(package).update(
        state=State.FAILED,
        fault_code=code[:40],
        fault_detail=str(words)[:4_000],
        fault_msgid=msgid,
        fault_values=values,
        finished_at=timezone.now(),
    )


def _mine(package: Package) -> QuerySet[Package]:
    """Return the row, if it is still this attempt's."""
    return Package.objects.filter(pk=package.pk, state=State.RUNNING, attempts=package.attempts)


class _Pulse:
    """Writes progress, at most once a second, and learns from it that the claim was lost."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.last_s = 0.0

    def report(self, part: float) -> None:
        now_s = time.monotonic()
        if now_s - self.last_s < REPORT_EVERY_S:
            return
        self.last_s = now_s
        percent = max(0, min(int(part * 100), 99))
        if not _mine(self.package).update(progress=percent, heartbeat_at=timezone.now()):
            raise ClaimLost
