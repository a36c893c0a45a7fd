"""Takes a delivery: all of it, or a list of what is wrong with it."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from catalog.ingest import apply, deliverers, known, originals
from catalog.ingest.deliverers import HOUSE
from catalog.ingest.folder import Folder, read_folder
from catalog.models import Delivery, DeliveryFault
from catalog.packaging import cover
from catalog.packaging import services as packaging
from catalog.works import search
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import db, objectstore


def deliver_folder(*, folder: Path, sent_by: User | None, deliverer: str | None = None) -> Delivery:
    """Read a folder in the CSV template or of DDEX messages and apply it whole, or refuse it with every fault named.

    References are the deliverer's own (without a name: the sender's address). Delivered again, a folder that
    nothing has changed since gives the first delivery; a changed sheet changes what it says and keeps the ids.
    Packages are queued once the transaction has ended.

    Raises:
        FolderMissing: there is no such folder.
        LockTaken: the same deliverer's delivery is being applied right now.
    """
    name = deliverer or (sent_by.email if sent_by else HOUSE)
    deliverers.ensure_deliverer(name=name)
    with tempfile.TemporaryDirectory(prefix="delivery-") as workplace:
        received = read_folder(folder, workplace=Path(workplace))
        homes = known.check_folder(received, deliverer=name)
        if received.faults:
            return _refuse(received, deliverer=name, sent_by=sent_by)
        with db.advisory_lock(f"delivery:{name}"):
            if earlier := _find_applied(name, received.digest):
                return earlier
            _store(received)
            return _apply(received, homes, deliverer=name, sent_by=sent_by)


def _find_applied(deliverer: str, digest: str) -> Delivery | None:
    """Return the delivery of these very files, if no later one speaks of the same releases."""
    same = Delivery.objects.filter(deliverer=deliverer, digest=digest, state=Delivery.State.APPLIED)
    earlier = same.order_by("pk").last()
    if earlier is None:
        return None
    later = Delivery.objects.filter(
        deliverer=deliverer,
        state=Delivery.State.APPLIED,
        pk__gt=earlier.pk,
        releases__in=earlier.releases.values("pk"),
    )
    return None if later.exists() else earlier


def _store(received: Folder) -> None:
    """Store originals and covers: by digest, so that what a broken-off delivery left is found again."""
    store = objectstore.get_store()
    for original in {one.sha256: one for one in received.files}.values():
        originals.store_original(store, original)
    for original in received.covers.values():
        cover.store_cover(store, data=original.path.read_bytes(), sha256=original.sha256)


@transaction.atomic
def _refuse(received: Folder, *, deliverer: str, sent_by: User | None) -> Delivery:
    """Record a refusal; the same folder refused again is the same delivery with today's faults."""
    delivery, _is_new = Delivery.objects.update_or_create(
        deliverer=deliverer,
        digest=received.digest,
        state=Delivery.State.REFUSED,
        defaults={"sent_by": sent_by},
    )
    delivery.faults.all().delete()
    DeliveryFault.objects.bulk_create(
        DeliveryFault(
            delivery=delivery,
            file=fault.file,
            row=fault.row,
            column=fault.column[:300],
            code=fault.code,
            message=fault.message,
        )
        for fault in received.faults.found
    )
    return delivery


@transaction.atomic
def _apply(received: Folder, homes: known.Homes, *, deliverer: str, sent_by: User | None) -> Delivery:
    application = apply.Application(received, homes, deliverer=deliverer, now=timezone.now())
    application.run()
    delivery = Delivery.objects.create(
        deliverer=deliverer,
        digest=received.digest,
        state=Delivery.State.APPLIED,
        sent_by=sent_by,
        summary=_summary(application.counts),
    )
    delivery.releases.set(application.releases)
    search.index_releases(release_ids=[release.pk for release in application.releases])
    packaging.queue_packages(resource_ids=[resource.pk for resource in application.resources])
    return delivery


def _summary(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Return the counts by kind: {"release": {"created": 3}}."""
    summary: dict[str, dict[str, int]] = {}
    for (kind, what), count in sorted(counts.items()):
        if count:
            summary.setdefault(kind, {})[what] = count
    return summary
