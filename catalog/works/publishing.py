"""When a release comes out: packaged, paid for, and not kept back by its delivery."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.models import Delivery, Package, Release, Resource, RightsShare, RightsWaiver
from catalog.works import search

WHOLE_BP = 10_000
WAITING = (Package.State.QUEUED, Package.State.RUNNING)


def publish_complete(*, release_ids: Collection[int]) -> set[int]:
    """Publish the releases in preparation whose resources all have a ready package and whole shares.

    A delivery that is published by hand keeps its releases back. Ends the deliveries that are over by this; returns
    the releases that this call published.
    """
    now = timezone.now()
    parts = Resource.objects.filter(release=OuterRef("pk"), withdrawn_at=None)
    ready = Package.objects.filter(
        resource=OuterRef("pk"),
        original=OuterRef("original"),
        tracks_digest=OuterRef("tracks_digest"),
        state=Package.State.READY,
    )
    held = Delivery.objects.filter(
        releases=OuterRef("pk"), is_held=True, state__in=[Delivery.State.CONFIRMED, Delivery.State.APPLIED]
    )
    complete = Release.objects.filter(Exists(parts), pk__in=release_ids, status=Release.Status.DRAFT).exclude(
        Exists(parts.exclude(Exists(ready))) | Exists(held)
    )
    paid = complete.exclude(Q(rights_waiver=None) & Exists(parts.filter(not_whole(on=timezone.localdate()))))
    ids = list(paid.values_list("pk", flat=True))
    Release.objects.filter(pk__in=ids, status=Release.Status.DRAFT).update(
        status=Release.Status.PUBLISHED, published_at=now, updated_at=now
    )
    if ids:
        search.index_releases(release_ids=ids)
    end_deliveries(release_ids=release_ids)
    return set(ids)


def not_whole(*, on: date) -> Q:
    """Match resources whose shares don't sum to 10,000 today, or on a day on which one of them begins or ends."""
    of_it = RightsShare.objects.filter(resource=OuterRef("pk"))
    wrong = ~Q(Exists(of_it))
    for day in ("valid_from", "valid_to"):
        other = (
            RightsShare.objects.filter(
                Q(valid_to=None) | Q(valid_to__gt=OuterRef(day)),
                resource=OuterRef("resource"),
                valid_from__lte=OuterRef(day),
            )
            .order_by()
            .values("resource")
            .annotate(whole=Sum("share_bp"))
            .values("whole")
        )
        summed = of_it.exclude(**{day: None}).annotate(whole=Coalesce(Subquery(other), 0))
        wrong |= Q(Exists(summed.exclude(whole=WHOLE_BP)))
    begun = Q(Exists(of_it.filter(valid_from__lte=on)))
    return wrong | (begun & ~Q(Exists(of_it.in_force(on))))


def list_not_whole(*, release_ids: Collection[int] | QuerySet[Release, int]) -> QuerySet[Resource]:
    """List the resources of releases whose shares are not whole, with their release."""
    return Resource.objects.filter(
        not_whole(on=timezone.localdate()), release__in=release_ids, withdrawn_at=None
    ).select_related("release")


def waive_shares(*, release_ids: Collection[int], reason: str, user_id: int) -> set[int]:
    """Let releases come out although their shares are not whole; returns those that did at once.

    The month's close names them as findings and waits until the shares are whole.
    """
    now = timezone.now()
    RightsWaiver.objects.bulk_create(
        (
            RightsWaiver(release_id=pk, reason=reason, allowed_by_id=user_id, allowed_at=now)
            for pk in release_ids
        ),
        update_conflicts=True,
        unique_fields=["release"],
        update_fields=["reason", "allowed_by", "allowed_at"],
    )
    return publish_complete(release_ids=release_ids)


def end_deliveries(*, release_ids: Collection[int] | QuerySet[Release, int]) -> None:
    """Mark applied deliveries as published when nothing of theirs waits any more, and they are not kept back."""
    waiting = Package.objects.filter(
        state__in=WAITING, resource__release__deliveries=OuterRef("pk"), resource__withdrawn_at=None
    )
    drafts = Release.objects.filter(deliveries=OuterRef("pk"), status=Release.Status.DRAFT)
    over = Delivery.objects.filter(
        pk__in=Delivery.releases.through.objects.filter(release__in=release_ids).values("delivery"),
        state=Delivery.State.APPLIED,
        is_held=False,
    ).exclude(Exists(drafts) | Exists(waiting))
    over.update(state=Delivery.State.PUBLISHED, ended_at=timezone.now())
