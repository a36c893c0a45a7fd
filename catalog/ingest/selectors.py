"""Deliveries as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from catalog.errors import CatalogError
from catalog.ingest import deliverers
from catalog.models import Delivery, DeliveryFault, Package, Resource
from catalog.packaging import selectors as packaging
from catalog.packaging.selectors import Progress
from mediaplatform.accounts.models import User

PER_PAGE = 50


class DeliveryMissing(CatalogError):
    """There is no such delivery."""

    code = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLine:
    """A package of a delivery; `fault_*` are empty unless it failed."""

    id: int
    release: str
    title: str
    filename: str
    state: str
    state_label: str
    kind: str
    percent: int
    fault_code: str
    fault_detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """One delivery: faults in the order of the sheets, or what it did and how far its packages are."""

    id: int
    deliverer: str
    state: str
    state_label: str
    is_refused: bool
    sent_by: str
    received_at: datetime
    summary: dict[str, dict[str, int]]
    faults: list[DeliveryFault]
    warnings: list[DeliveryFault]
    packages: list[PackageLine]
    progress: Progress


STATUS_KINDS = {
    Package.State.QUEUED: "",
    Package.State.RUNNING: "busy",
    Package.State.READY: "good",
    Package.State.FAILED: "bad",
}


def find_sender(*, email: str) -> User | None:
    """Return the active user with this address."""
    return User.objects.filter(email__iexact=email, is_active=True).first()


def list_deliveries(*, user: User, page: str | int = 1) -> Page[Any]:
    """List a page of the deliveries that a user may see, latest first, with `fault_count` and `release_count`."""
    found = _seen_by(user).annotate(
        fault_count=Count("faults", filter=Q(faults__is_warning=False), distinct=True),
        release_count=Count("releases", distinct=True),
    )
    return Paginator(found.order_by("-received_at", "-pk"), PER_PAGE).get_page(page)


def get_delivery(*, delivery_id: int, user: User | None = None) -> DeliveryPage:
    """Return one delivery; with a user, only if they may see it. Raises: DeliveryMissing."""
    seen = Delivery.objects.select_related("sent_by") if user is None else _seen_by(user)
    delivery = seen.filter(pk=delivery_id).first()
    if delivery is None:
        raise DeliveryMissing(f"no delivery {delivery_id}")
    resources = Resource.objects.filter(release__deliveries=delivery_id, withdrawn_at=None).values_list(
        "pk", flat=True
    )
    found = list(delivery.faults.all())
    return DeliveryPage(
        id=delivery.pk,
        deliverer=delivery.deliverer,
        state=delivery.state,
        state_label=delivery.get_state_display(),
        is_refused=delivery.state == Delivery.State.REFUSED,
        sent_by=str(delivery.sent_by or ""),
        received_at=delivery.received_at,
        summary=delivery.summary,
        faults=[fault for fault in found if not fault.is_warning],
        warnings=[fault for fault in found if fault.is_warning],
        packages=[_line(package) for package in packaging.list_packages(resource_ids=resources)],
        progress=packaging.count_progress(resource_ids=resources),
    )


def _seen_by(user: User) -> QuerySet[Delivery]:
    """An operator sees every delivery, anybody else what came under the names they deliver under."""
    found = Delivery.objects.select_related("sent_by")
    return found if user.is_operator else found.filter(deliverer__in=deliverers.list_deliverers(user))


def _line(package: Package) -> PackageLine:
    return PackageLine(
        id=package.pk,
        release=package.resource.release.title,
        title=package.resource.title,
        filename=package.original.filename,
        state=package.state,
        state_label=package.get_state_display(),
        kind=STATUS_KINDS[Package.State(package.state)],
        percent=package.progress,
        fault_code=package.fault_code,
        fault_detail=package.fault_detail,
    )
