"""Deliveries as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from catalog.errors import CatalogError
from catalog.ingest import deliverers
from catalog.ingest.differences import WorkChanges, list_differences
from catalog.ingest.rollback import find_obstacle
from catalog.models import Delivery, DeliveryFault, DeliveryFile, Package, Resource, RightsWaiver
from catalog.models.deliveries import DeliveryQuerySet
from catalog.packaging import selectors as packaging
from catalog.packaging.epub_findings import Findings, read_findings
from catalog.packaging.selectors import Progress
from catalog.works import publishing
from mediaplatform.accounts.models import User

PER_PAGE = 50
MOST_FILES = 200
MOST_PACKAGES = 300
MOST_FAULTS = 500


class DeliveryMissing(CatalogError):
    """There is no such delivery."""

    code = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLine:
    """A package of a delivery; `fault_*` are empty unless it failed, `findings` are EPUBCheck's of a book."""

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
    findings: Findings | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """One delivery: faults in the order of the sheets, or what it changes and how far its packages are.

    `faults` and `warnings` are the first few hundred of as many as their counts say.
    `packages` are the first few hundred, failed ones before all others; `progress` counts them all. `obstacle` says
    why it can't be rolled back; `not_whole` names what waits for its shares.
    """

    id: int
    deliverer: str
    state: str
    state_label: str
    sign: str
    is_refused: bool
    is_busy: bool
    is_held: bool
    checked_percent: int
    source: str
    confirmed_by: str
    may_confirm: bool
    may_discard: bool
    may_publish: bool
    may_roll_back: bool
    obstacle: str
    works: list[WorkChanges]
    changes: Page[Any]
    files: list[DeliveryFile]
    not_whole: list[Resource]
    waivers: list[RightsWaiver]
    sent_by: str
    received_at: datetime
    summary: dict[str, dict[str, int]]
    faults: list[DeliveryFault]
    fault_count: int
    warnings: list[DeliveryFault]
    warning_count: int
    packages: list[PackageLine]
    progress: Progress

    @property
    def books_with_findings(self) -> list[PackageLine]:
        """The books of which EPUBCheck had something to say."""
        return [one for one in self.packages if one.findings]


State = Delivery.State
SIGNS = {
    State.REFUSED: "bad", State.PREVIEWED: "warn", State.RECEIVED: "busy", State.CHECKING: "busy",
    State.CONFIRMED: "busy", State.APPLIED: "busy", State.PUBLISHED: "good", State.UNCHANGED: "good",
}  # fmt: skip
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
    found = _seen_by(user).counted()
    rows = Paginator(found.order_by("-received_at", "-pk"), PER_PAGE).get_page(page)
    for row in rows:
        row.sign = SIGNS.get(State(row.state), "")  # type: ignore[attr-defined]  # for the page alone
    return rows


def get_delivery(*, delivery_id: int, user: User | None = None, changes_page: str | int = 1) -> DeliveryPage:
    """Return one delivery; with a user, only if they may see it. Raises: DeliveryMissing."""
    seen = Delivery.objects.select_related("sent_by", "confirmed_by") if user is None else _seen_by(user)
    delivery = seen.filter(pk=delivery_id).first()
    if delivery is None:
        raise DeliveryMissing(f"no delivery {delivery_id}")
    resources = Resource.objects.filter(release__deliveries=delivery_id, withdrawn_at=None).values_list(
        "pk", flat=True
    )
    faults, warnings = (list_faults(delivery_id=delivery_id, is_warning=one) for one in (False, True))
    changes, works = list_differences(delivery=delivery, page=changes_page)
    obstacle = find_obstacle(delivery)
    return DeliveryPage(
        id=delivery.pk,
        deliverer=delivery.deliverer,
        state=delivery.state,
        state_label=delivery.get_state_display(),
        sign=SIGNS.get(State(delivery.state), ""),
        is_refused=delivery.state == State.REFUSED,
        is_busy=delivery.state in {State.RECEIVED, State.CHECKING, State.CONFIRMED},
        is_held=delivery.is_held,
        checked_percent=delivery.progress,
        source=delivery.source_name,
        confirmed_by=str(delivery.confirmed_by or ""),
        may_confirm=delivery.state == State.PREVIEWED,
        may_discard=delivery.state in {State.RECEIVED, State.PREVIEWED},
        may_publish=delivery.state == State.APPLIED and delivery.is_held,
        may_roll_back=obstacle is None,
        obstacle="" if obstacle is None else str(obstacle),
        works=works,
        changes=changes,
        files=list(delivery.files.all()[:MOST_FILES]),
        not_whole=_not_whole(delivery),
        waivers=list(
            RightsWaiver.objects.filter(release__deliveries=delivery).select_related("release", "allowed_by")
        ),
        sent_by=str(delivery.sent_by or ""),
        received_at=delivery.received_at,
        summary=delivery.summary,
        faults=list(faults[:MOST_FAULTS]),
        fault_count=faults.count(),
        warnings=list(warnings[:MOST_FAULTS]),
        warning_count=warnings.count(),
        packages=[_line(one) for one in packaging.list_packages(resource_ids=resources)[:MOST_PACKAGES]],
        progress=packaging.count_progress(resource_ids=resources),
    )


def list_faults(*, delivery_id: int, is_warning: bool) -> QuerySet[DeliveryFault]:
    """List a delivery's faults, or what is to be known of it, in the order of the sheets; not kept in memory."""
    return DeliveryFault.objects.filter(delivery=delivery_id, is_warning=is_warning)


def _seen_by(user: User) -> DeliveryQuerySet:
    """An operator sees every delivery, anybody else what came under the names they deliver under."""
    found = Delivery.objects.select_related("sent_by", "confirmed_by")
    return found if user.is_operator else found.filter(deliverer__in=deliverers.list_deliverers(user))


def _not_whole(delivery: Delivery) -> list[Resource]:
    """Return what of an applied delivery waits for its shares, for nobody let it out without."""
    if delivery.state not in {State.APPLIED, State.PUBLISHED}:
        return []
    left = publishing.list_not_whole(release_ids=delivery.releases.values_list("pk", flat=True))
    return list(left.filter(release__rights_waiver=None).order_by("release_id", "position")[:PER_PAGE])


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
        fault_detail=package.fault_words,
        findings=read_findings(package.facts),
    )
