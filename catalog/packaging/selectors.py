"""How far the packages are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Case, Count, F, Q, QuerySet, When

from catalog.models import Package


@dataclass(frozen=True, slots=True)
class Progress:
    """Packages by state; `percent` counts the part that running ones have done."""

    total: int
    queued: int
    running: int
    ready: int
    failed: int
    percent: int

    @property
    def is_over(self) -> bool:
        """Nothing waits and nothing runs."""
        return self.queued + self.running == 0


def list_packages(*, resource_ids: Collection[int] | QuerySet[Any, int]) -> QuerySet[Package]:
    """List the packages of resources' present originals, with resource and release; failed ones come first."""
    return (
        _current(resource_ids)
        .select_related("resource__release", "original")
        .order_by(
            Case(When(state=Package.State.FAILED, then=0), default=1),
            "resource__release__title",
            "resource__release_id",
            "resource__position",
            "pk",
        )
    )


def count_progress(*, resource_ids: Collection[int] | QuerySet[Any, int]) -> Progress:
    """Count the packages of resources' present originals by state."""
    states = {name: Count("pk", filter=Q(state=name)) for name in Package.State.values}
    counts = _current(resource_ids).aggregate(total=Count("pk"), done=Avg("progress"), **states)
    done = counts.pop("done") or 0
    return Progress(**counts, percent=int(done) if counts["total"] else 100)


def count_failed(*, delivery_ids: Collection[int]) -> dict[int, int]:
    """Count the failed packages of the present originals of deliveries' resources, where there are any."""
    return dict(
        _of_originals(Package.objects.filter(resource__release__deliveries__in=delivery_ids))
        .filter(state=Package.State.FAILED, resource__withdrawn_at=None)
        .order_by()
        .values_list("resource__release__deliveries")
        .annotate(Count("pk", distinct=True))
    )


def _current(resource_ids: Collection[int] | QuerySet[Any, int]) -> QuerySet[Package]:
    return _of_originals(Package.objects.filter(resource__in=resource_ids))


def _of_originals(packages: QuerySet[Package]) -> QuerySet[Package]:
    return packages.filter(original=F("resource__original"), tracks_digest=F("resource__tracks_digest"))
