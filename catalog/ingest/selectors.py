"""Deliveries as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.errors import CatalogError
from catalog.ingest import deliverers
from catalog.ingest.differences import WorkChanges, list_differences
from catalog.ingest.rollback import find_obstacle
from catalog.models import (
    Delivery,
    DeliveryChange,
    DeliveryFault,
    DeliveryFile,
    Package,
    Release,
    Resource,
    RightsWaiver,
)
from catalog.models.deliveries import DeliveryQuerySet
from catalog.packaging import selectors as packaging
from catalog.packaging.epub_findings import Findings, read_findings
from catalog.packaging.selectors import Progress
from catalog.works import publishing
from mediaplatform.accounts.models import User

PER_PAGE = 50
FAULTS_PER_PAGE, PACKAGES_PER_PAGE = 100, 100
MOST_FILES = 200
MOST_BOOKS = 100  # of which EPUBCheck's findings are shown
MOST_KINDS = 20


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


@dataclass(frozen=True, slots=True)
class FaultKind:
    """How often one kind of fault was found, and what was said of the last of them."""

    code: str
    count: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount:
    """A state that deliveries are in, and how many are."""

    state: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class PagesAsked:
    """Which page of each list of a delivery is asked for."""

    changes: str = "1"
    faults: str = "1"
    warnings: str = "1"
    packages: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """One delivery: faults in the order of the sheets, or what it changes and how far its packages are.

    `faults`, `warnings` and `packages` (failed ones before all others) are pages; `progress` counts every package and
    `kinds` every fault by its code, the most frequent first. `obstacle` says why it can't be rolled back;
    `not_whole` names what waits for its shares.
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
    what: str
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
    faults: Page[DeliveryFault]
    warnings: Page[DeliveryFault]
    kinds: list[FaultKind]
    packages: Page[PackageLine]
    progress: Progress
    books_with_findings: list[PackageLine]


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


def list_deliveries(*, user: User, page: str | int = 1, state: str = "") -> Page[Any]:
    """List a page of the deliveries that a user may see, latest first; with a `state`, those that are in it.

    Each has `fault_count`, `work_count`, `failed_count` (packages) and `what`, as its first work is called.
    """
    found = _seen_by(user).counted().annotate(what=_what())
    if state:
        found = found.filter(state=state)
    rows = Paginator(found.order_by("-received_at", "-pk"), PER_PAGE).get_page(page)
    failed = packaging.count_failed(delivery_ids=[row.pk for row in rows if row.state == State.APPLIED])
    for row in rows:
        row.sign = SIGNS.get(State(row.state), "")  # type: ignore[attr-defined]  # for the page alone
        row.work_count = sum(row.summary.get("release", {}).values())  # type: ignore[attr-defined]  # likewise
        row.failed_count = failed.get(row.pk, 0)  # type: ignore[attr-defined]  # likewise
    return rows


def count_states(*, user: User) -> list[StateCount]:
    """Count a user's deliveries by state, in the order of a delivery's way."""
    found = dict(_seen_by(user).order_by().values_list("state").annotate(Count("pk")))
    return [
        StateCount(state=state, label=str(label), count=found[state])
        for state, label in State.choices
        if state in found
    ]


def get_delivery(
    *, delivery_id: int, user: User | None = None, asked: PagesAsked | None = None
) -> DeliveryPage:
    """Return one delivery; with a user, only if they may see it. Raises: DeliveryMissing."""
    delivery, asked = _get(delivery_id, user), asked or PagesAsked()
    packages = _packages(delivery_id)
    changes, works = list_differences(delivery=delivery, page=asked.changes)
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
        what=delivery.what or "",  # type: ignore[attr-defined]  # annotated by _get
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
        faults=Paginator(list_faults(delivery_id=delivery_id, is_warning=False), FAULTS_PER_PAGE).get_page(
            asked.faults
        ),
        warnings=Paginator(list_faults(delivery_id=delivery_id, is_warning=True), FAULTS_PER_PAGE).get_page(
            asked.warnings
        ),
        kinds=_kinds(delivery),
        packages=_lines(packages, page=asked.packages),
        progress=packaging.count_progress(resource_ids=_resource_ids(delivery_id)),
        books_with_findings=[
            line
            for one in packages.filter(facts__has_key="epubcheck")[:MOST_BOOKS]
            if (line := _line(one)).findings
        ],
    )


def list_faults(*, delivery_id: int, is_warning: bool) -> QuerySet[DeliveryFault]:
    """List a delivery's faults, or what is to be known of it, in the order of the sheets; not kept in memory."""
    return DeliveryFault.objects.filter(delivery=delivery_id, is_warning=is_warning)


def list_said(*, delivery_id: int, user: User) -> QuerySet[DeliveryFault]:
    """List all that is wrong with a delivery and then what to know of it. Raises: DeliveryMissing."""
    return DeliveryFault.objects.filter(delivery=_get(delivery_id, user))


def list_failed_packages(*, delivery_id: int) -> list[PackageLine]:
    """List the packages of a delivery that could not be made."""
    return [_line(one) for one in _packages(delivery_id).filter(state=Package.State.FAILED)]


def has_package(*, delivery_id: int, package_id: int) -> bool:
    """Tell whether a package is one of a delivery's."""
    return _packages(delivery_id).filter(pk=package_id).exists()


def _what() -> Coalesce:
    """Return what a delivery is called: the first work that it speaks of, else as its sender calls it."""
    works = Release.objects.filter(deliveries=OuterRef("pk")).order_by("pk").values("title")[:1]
    new = DeliveryChange.objects.filter(delivery=OuterRef("pk"), kind=DeliveryChange.Kind.RELEASE)
    label = new.order_by("position").values("label")[:1]
    return Coalesce(Subquery(works), Subquery(label), F("source_name"))


def _get(delivery_id: int, user: User | None) -> Delivery:
    seen = Delivery.objects.select_related("sent_by", "confirmed_by") if user is None else _seen_by(user)
    delivery = seen.annotate(what=_what()).filter(pk=delivery_id).first()
    if delivery is None:
        raise DeliveryMissing(f"no delivery {delivery_id}")
    return delivery


def _resource_ids(delivery_id: int) -> QuerySet[Resource, int]:
    found = Resource.objects.filter(release__deliveries=delivery_id, withdrawn_at=None)
    return found.values_list("pk", flat=True)


def _packages(delivery_id: int) -> QuerySet[Package]:
    return packaging.list_packages(resource_ids=_resource_ids(delivery_id))


def _lines(packages: QuerySet[Package], *, page: str) -> Page[PackageLine]:
    """Return a page of packages as lines."""
    found: Page[Any] = Paginator(packages, PACKAGES_PER_PAGE).get_page(page)
    found.object_list = [_line(one) for one in found.object_list]
    return found


def _kinds(delivery: Delivery) -> list[FaultKind]:
    """Count the faults by code; one alone needs no summary."""
    counted = delivery.faults.filter(is_warning=False).order_by().values("code")
    rows = list(counted.annotate(number=Count("pk"), last=Max("pk")).order_by("-number", "code")[:MOST_KINDS])
    said = {one.pk: one.words for one in DeliveryFault.objects.filter(pk__in=[row["last"] for row in rows])}
    return [FaultKind(row["code"], row["number"], said[row["last"]]) for row in rows]


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
