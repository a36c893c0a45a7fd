"""A release's way: prepared, published when complete, withdrawn at once."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone

from catalog.models import Package, Release, Resource, RightsShare
from catalog.works import search

WHOLE_BP = 10_000


def publish_if_complete(*, release_id: int) -> bool:
    """Publish a release in preparation whose resources all have a ready package and shares that sum to 10,000.

    Tells whether it was published by this call.
    """
    resources = Resource.objects.filter(release=release_id, withdrawn_at=None)
    ready = Package.objects.filter(
        resource=OuterRef("pk"),
        original=OuterRef("original"),
        tracks_digest=OuterRef("tracks_digest"),
        state=Package.State.READY,
    )
    if not resources.exists() or resources.exclude(Exists(ready)).exists():
        return False
    sums = (
        RightsShare.objects.filter(resource__in=resources)
        .values("resource", "valid_from")
        .annotate(whole=Sum("share_bp"))
        .order_by()
    )
    whole = {row["resource"] for row in sums if row["whole"] == WHOLE_BP}
    broken = {row["resource"] for row in sums if row["whole"] != WHOLE_BP}
    if broken or whole != set(resources.values_list("pk", flat=True)):
        return False
    now = timezone.now()
    is_published = bool(
        Release.objects.filter(pk=release_id, status=Release.Status.DRAFT).update(
            status=Release.Status.PUBLISHED, published_at=now, updated_at=now
        )
    )
    if is_published:
        search.index_releases(release_ids=[release_id])
    return is_published


def withdraw_release(*, release_id: int) -> bool:
    """Hide a release at once on every surface; its plays and rights stay for the months in which it was heard.

    Withdrawn again, it stays as it is. Tells whether this call withdrew it.
    """
    now = timezone.now()
    shown = Release.objects.filter(pk=release_id).exclude(status=Release.Status.WITHDRAWN)
    is_withdrawn = bool(shown.update(status=Release.Status.WITHDRAWN, withdrawn_at=now, updated_at=now))
    if is_withdrawn:
        search.index_releases(release_ids=[release_id])
    return is_withdrawn
