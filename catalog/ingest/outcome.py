"""Keeps what came of a delivery: its faults, its preview, or its rows in the catalogue."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from catalog.ingest import apply, originals, receiving
from catalog.ingest.changes import Plan, Tally
from catalog.ingest.examination import Examined
from catalog.ingest.faults import Fault
from catalog.ingest.folder import Folder
from catalog.models import Delivery, DeliveryFault, DeliveryFile
from catalog.packaging import cover, queue
from catalog.streaming import denials
from catalog.works import publishing, search
from mediaplatform.infrastructure import bulk_rows, db, objectstore
from mediaplatform.infrastructure.said import parts_of

State = Delivery.State
DONE = (State.APPLIED, State.PUBLISHED)
MANY = 5_000  # changes, after which plans made for smaller tables may be bad ones
GROWING = (  # by a delivery, and read by its page
    *("catalog_release", "catalog_resource", "catalog_package", "catalog_mediafile", "catalog_rightsshare"),
    *("catalog_delivery_releases", "catalog_deliverychange", "catalog_deliveryfault", "catalog_deliveryfile"),
)
AT_ONCE = 5_000  # ids of releases, or of their parts


def find_applied(*, deliverer: str, digest: str) -> Delivery | None:
    """Return the delivery of these very files, if no later one speaks of the same releases."""
    same = Delivery.objects.filter(deliverer=deliverer, digest=digest, state__in=DONE)
    earlier = same.order_by("pk").last()
    if earlier is None:
        return None
    later = Delivery.objects.filter(
        deliverer=deliverer, state__in=DONE, pk__gt=earlier.pk, releases__in=earlier.releases.values("pk")
    )
    return None if later.exists() else earlier


@transaction.atomic
def refuse(delivery: Delivery, received: Folder) -> Delivery:
    """Record a refusal with all faults; nothing of the source is kept."""
    delivery.state, delivery.ended_at = State.REFUSED, timezone.now()
    delivery.digest, delivery.summary = received.digest, {}
    delivery.save()
    delivery.changes.all().delete()
    _keep_findings(delivery, received)
    transaction.on_commit(lambda: receiving.forget_source(delivery))
    return delivery


@transaction.atomic
def preview(delivery: Delivery, examined: Examined) -> Delivery:
    """Keep the differences of a delivery without faults, which waits for a word; without any it is over."""
    tally = Tally()
    _begin(delivery, examined.folder)
    for plan in examined.plan():
        apply.preview(delivery, plan, first=tally.changes)
        _link(delivery, plan)
        tally.add(plan)
    delivery.summary, delivery.progress = tally.summary(), 100
    delivery.state = State.PREVIEWED if tally.changes else State.UNCHANGED
    delivery.ended_at = None if tally.changes else timezone.now()
    delivery.save()
    if not tally.changes:
        transaction.on_commit(lambda: receiving.forget_source(delivery))
    return delivery


def apply_plan(delivery: Delivery, examined: Examined) -> Delivery:
    """Store the originals, write the plan in one transaction, queue the packages and hide what was taken down."""
    _store(examined.folder)
    with transaction.atomic():
        now = timezone.now()
        delivery.state, delivery.applied_at = State.CONFIRMED, now  # until all of it is there
        _begin(delivery, examined.folder)
        written = _write(delivery, examined)
        has_changed = bool(written.tally.changes)
        delivery.state = State.CONFIRMED if has_changed else State.UNCHANGED
        delivery.ended_at = None if has_changed else now
        delivery.summary, delivery.progress = written.tally.summary(), 100
        delivery.save()
        for release_ids in _parts_of(written.releases):
            search.index_releases(release_ids=release_ids)
        for resource_ids in _parts_of(written.resources):
            queue.queue_packages(resource_ids=resource_ids)
        if has_changed:
            delivery.state = State.APPLIED
            delivery.save(update_fields=["state"])
        publishing.end_deliveries(release_ids=delivery.releases.values_list("pk", flat=True))
        delivery.refresh_from_db(fields=["state", "ended_at"])
        for resource_ids in _parts_of(written.gone):
            denials.stop_when_committed(resources=resource_ids, now=now)
        if written.tally.changes >= MANY:
            transaction.on_commit(lambda: db.gather_statistics(*GROWING))
        transaction.on_commit(lambda: receiving.forget_source(delivery))
    return delivery


class _Written:
    """What a plan wrote, in eight bytes a row."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.releases, self.resources, self.gone = array("q"), array("q"), array("q")


def _write(delivery: Delivery, examined: Examined) -> _Written:
    """Write a plan, each part before the next is worked out. The caller holds the transaction."""
    written = _Written()
    for plan in examined.plan():
        apply.execute(delivery, plan, first=written.tally.changes)
        _link(delivery, plan)
        written.tally.add(plan)
        written.releases.extend(release.pk for release in plan.releases)
        written.resources.extend(resource.pk for resource in plan.resources)
        written.gone.extend(resource.pk for resource in plan.gone)
    return written


def _begin(delivery: Delivery, received: Folder) -> None:
    """Note what a delivery is made of, in the place of what was noted before."""
    delivery.digest = received.digest
    delivery.save()
    delivery.changes.all().delete()
    delivery.releases.clear()
    _keep_findings(delivery, received)


def _link(delivery: Delivery, plan: Plan) -> None:
    """Note of which releases, those to come left out, a delivery speaks."""
    through = Delivery.releases.through
    through.objects.bulk_create(
        [through(delivery=delivery, release=one) for one in plan.releases if one.pk], ignore_conflicts=True
    )


def _parts_of(ids: array[int]) -> Iterator[list[int]]:
    return (list(ids[first : first + AT_ONCE]) for first in range(0, len(ids), AT_ONCE))


def _keep_findings(delivery: Delivery, received: Folder) -> None:
    """Replace the faults, warnings and source files that were noted of a delivery."""
    delivery.faults.all().delete()
    bulk_rows.insert_rows(_fault_row(delivery, one, is_warning=False) for one in received.faults.found)
    bulk_rows.insert_rows(_fault_row(delivery, one, is_warning=True) for one in received.faults.warnings)
    delivery.files.all().delete()
    bulk_rows.insert_rows(
        DeliveryFile(delivery=delivery, name=one.name[:300], size_bytes=one.size_bytes, sha256=one.sha256)
        for one in received.sources.sorted_values()
    )


def _fault_row(delivery: Delivery, fault: Fault, *, is_warning: bool) -> DeliveryFault:
    msgid, values = parts_of(fault.message)
    return DeliveryFault(
        delivery=delivery,
        file=fault.file[:255],
        row=fault.row,
        column=fault.column[:300],
        code=fault.code,
        message=str(fault.message),
        msgid=msgid,
        values=values,
        is_warning=is_warning,
    )


def _store(received: Folder) -> None:
    """Store originals and covers: by digest, so that what a broken-off delivery left is found again."""
    store = objectstore.get_store()
    for original in received.originals.values():
        originals.store_original(store, original)
    for original in received.covers.values():
        cover.store_cover(store, data=original.path.read_bytes(), sha256=original.sha256)
