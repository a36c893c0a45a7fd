"""Deletes packages that were replaced or rolled back, once no running stream can use them any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, OuterRef, Subquery, Value, When

from catalog.models import LeftPackage, Package
from mediaplatform.infrastructure import objectstore

GRACE = timedelta(
    hours=26
)  # the longest session, a day, and its last grant; a renewed grant keeps its package
AT_ONCE = 500
State = Package.State


def sweep_packages(*, now: datetime) -> int:
    """Delete ready packages that were replaced longer than the grace ago; returns how many.

    A resource keeps the package that plays (as catalog.works.playback chooses it), whatever its age. The files go
    first: a sweep that is broken off leaves a row, which the next one finds. Files that another row shares stay,
    and so do those of an original that is being packaged, which may give the same ones.
    """
    store = objectstore.get_store()
    swept = 0
    for package in _replaced(now):
        if Package.objects.filter(
            original=package.original_id, state__in=[State.QUEUED, State.RUNNING]
        ).exists():
            continue
        if not Package.objects.filter(digest=package.digest).exclude(pk=package.pk).exists():
            for key in list(store.list_keys(prefix=package.prefix)):
                store.delete(key=key)
        package.delete()
        swept += 1
    return swept


def note_left(*, digests: Iterable[str], now: datetime) -> None:
    """Note packages whose files may be in storage without a row; noted again, the grace begins anew."""
    LeftPackage.objects.bulk_create(
        (LeftPackage(digest=one, noted_at=now) for one in sorted(set(digests))),
        update_conflicts=True,
        unique_fields=["digest"],
        update_fields=["noted_at"],
    )


def sweep_left(*, now: datetime) -> int:
    """Delete the files of packages that were rolled back or never became ready; returns how many.

    Each row is locked while its files go, so that a worker that makes the very same package stores it afterwards.
    """
    store = objectstore.get_store()
    swept = 0
    for pk in LeftPackage.objects.filter(noted_at__lt=now - GRACE).values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            late = LeftPackage.objects.select_for_update(skip_locked=True)
            left = late.filter(pk=pk, noted_at__lt=now - GRACE).first()
            if left is None:
                continue
            if not Package.objects.filter(digest=left.digest).exists():
                for key in list(store.list_keys(prefix=Package(digest=left.digest).prefix)):
                    store.delete(key=key)
                swept += 1
            left.delete()
    return swept


def _replaced(now: datetime) -> list[Package]:
    """List at most some hundreds of packages whose successor is ready since longer than the grace."""
    ready = Package.objects.filter(state=State.READY).annotate(
        is_present=Case(When(original=F("resource__original"), then=Value(1)), default=Value(0)),
        has_tracks=Case(When(tracks_digest=F("resource__tracks_digest"), then=Value(1)), default=Value(0)),
    )
    best = ready.filter(resource=OuterRef("resource")).order_by(
        "-is_present", "-has_tracks", "-recipe_version", "-pk"
    )
    return list(
        Package.objects.filter(state=State.READY)
        .annotate(best=Subquery(best.values("pk")[:1]), since=Subquery(best.values("finished_at")[:1]))
        .exclude(pk=F("best"))
        .filter(since__lt=now - GRACE)
        .order_by("resource_id", "pk")[:AT_ONCE]
    )
