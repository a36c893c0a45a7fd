"""Keeps what came of a delivery: its faults, its preview, or its rows in the catalogue."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from catalog.ingest import apply, originals, receiving
from catalog.ingest.examination import Examined
from catalog.ingest.faults import Fault
from catalog.ingest.folder import Folder
from catalog.models import Delivery, DeliveryFault, DeliveryFile
from catalog.packaging import cover, queue
from catalog.streaming import denials
from catalog.works import publishing, search
from mediaplatform.infrastructure import bulk_rows, objectstore
from mediaplatform.infrastructure.said import parts_of

State = Delivery.State
DONE = (State.APPLIED, State.PUBLISHED)


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
    received, plan = examined.folder, examined.accepted()
    delivery.digest, delivery.summary, delivery.progress = received.digest, plan.summary(), 100
    delivery.state = State.PREVIEWED if plan.changes else State.UNCHANGED
    delivery.ended_at = None if plan.changes else timezone.now()
    delivery.save()
    _keep_findings(delivery, received)
    apply.preview(delivery, plan)
    delivery.releases.set([one for one in plan.releases if one.pk])
    if not plan.changes:
        transaction.on_commit(lambda: receiving.forget_source(delivery))
    return delivery


def apply_plan(delivery: Delivery, examined: Examined) -> Delivery:
    """Store the originals, write the plan in one transaction, queue the packages and hide what was taken down."""
    received, plan = examined.folder, examined.accepted()
    _store(received)
    with transaction.atomic():
        now = timezone.now()
        delivery.digest, delivery.summary, delivery.progress = received.digest, plan.summary(), 100
        delivery.state = State.APPLIED if plan.changes else State.UNCHANGED
        delivery.applied_at, delivery.ended_at = now, None if plan.changes else now
        delivery.save()
        _keep_findings(delivery, received)
        apply.execute(delivery, plan)
        release_ids = [release.pk for release in plan.releases]
        delivery.releases.set(release_ids)
        search.index_releases(release_ids=release_ids)
        queue.queue_packages(resource_ids=[resource.pk for resource in plan.resources])
        publishing.end_deliveries(release_ids=release_ids)
        delivery.refresh_from_db(fields=["state", "ended_at"])
        denials.stop_when_committed(resources=[resource.pk for resource in plan.gone], now=now)
        transaction.on_commit(lambda: receiving.forget_source(delivery))
    return delivery


def _keep_findings(delivery: Delivery, received: Folder) -> None:
    """Replace the faults, warnings and source files that were noted of a delivery."""
    delivery.faults.all().delete()
    found = [(one, False) for one in received.faults.found]
    found += [(one, True) for one in received.faults.warnings]
    bulk_rows.insert_rows([_fault_row(delivery, fault, is_warning) for fault, is_warning in found])
    delivery.files.all().delete()
    bulk_rows.insert_rows(
        [
            DeliveryFile(delivery=delivery, name=one.name[:300], size_bytes=one.size_bytes, sha256=one.sha256)
            for one in received.sources
        ]
    )


def _fault_row(delivery: Delivery, fault: Fault, is_warning: bool) -> DeliveryFault:  # noqa: FBT001
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
    for original in {one.sha256: one for one in received.files}.values():
        originals.store_original(store, original)
    for original in received.covers.values():
        cover.store_cover(store, data=original.path.read_bytes(), sha256=original.sha256)
