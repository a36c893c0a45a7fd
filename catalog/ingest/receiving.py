"""Takes deliveries from where they come, a ZIP or a set of uploaded objects, and fetches them for the check."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from catalog.errors import CatalogError
from catalog.ingest import deliverers
from catalog.models import Delivery
from catalog.packaging.archive import Limits, open_archive
from catalog.packaging.faults import PackageFault
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import objectstore, tasks
from mediaplatform.infrastructure.said import say as _

MOST_FILES = 20_000
MOST_BYTES = 100_000_000_000
LIMITS = Limits(files=MOST_FILES, total_bytes=MOST_BYTES)
TASKS, QUEUE = "catalog.ingest.tasks", "deliveries"
GIVEN_UP_AFTER = timedelta(minutes=10)  # without a sign of life of the worker
FORGOTTEN_AFTER = timedelta(days=30)  # nobody said yes or no

logger = logging.getLogger(__name__)


class SourceRefused(CatalogError):
    """What was sent can't be taken in at all."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def receive_objects(*, prefix: str, deliverer: str, sent_by: User, name: str = "") -> Delivery:
    """Take the objects under `prefix/` of the object store as a delivery's folder, their keys being its paths.

    A worker checks it; what becomes of it is read from `Delivery.state`. The objects are the platform's from here
    on, and are removed when the delivery is over.

    Raises:
        DelivererMissing: the sender may not deliver under this name.
        SourceRefused: there is nothing under the prefix, or too much.
    """
    _check_sender(sent_by, deliverer)
    store = objectstore.get_store()
    top = f"{prefix.rstrip('/')}/"
    keys = list(store.list_keys(prefix=top))
    if not keys:
        raise SourceRefused("empty", _("Nothing was uploaded."))
    sizes = [info.size_bytes for key in keys if (info := store.stat(key=key))]
    if len(keys) > MOST_FILES or sum(sizes) > MOST_BYTES:
        raise SourceRefused("too_large", _("A delivery has at most 20,000 files and 100 GB."))
    return _receive(Delivery.Source.OBJECTS, top, name=name, deliverer=deliverer, sent_by=sent_by)


def receive_zip(*, path: Path, name: str, deliverer: str, sent_by: User) -> Delivery:
    """Take a ZIP as a delivery; it is stored as it is, and unpacked by the worker that checks it.

    Raises:
        DelivererMissing: the sender may not deliver under this name.
    """
    _check_sender(sent_by, deliverer)
    key = f"deliveries/{uuid4().hex}.zip"
    objectstore.get_store().put_file(key=key, path=path, content_type="application/zip")
    return _receive(Delivery.Source.ZIP, key, name=name, deliverer=deliverer, sent_by=sent_by)


def receive_stored_zip(*, key: str, name: str, deliverer: str, sent_by: User) -> Delivery:
    """Take a ZIP that lies in object storage already, under a key of its own, as a delivery.

    Raises:
        DelivererMissing: the sender may not deliver under this name.
    """
    _check_sender(sent_by, deliverer)
    return _receive(Delivery.Source.ZIP, key, name=name, deliverer=deliverer, sent_by=sent_by)


def fetch_source(delivery: Delivery, folder: Path) -> None:
    """Put a delivery's files into an empty folder. Raises: SourceRefused."""
    store = objectstore.get_store()
    try:
        if delivery.source == Delivery.Source.OBJECTS:
            for key in store.list_keys(prefix=delivery.source_key):
                path = folder / key.removeprefix(delivery.source_key)
                path.parent.mkdir(parents=True, exist_ok=True)
                store.download(key=key, path=path)
        elif delivery.source == Delivery.Source.ZIP:
            packed = folder.with_name("source.zip")
            store.download(key=delivery.source_key, path=packed)
            unpack(packed, folder)
            packed.unlink()
    except objectstore.ObjectMissing as missing:
        raise SourceRefused(
            "source_gone", _("What was sent is not there any more: send it again.")
        ) from missing


def unpack(packed: Path, folder: Path) -> None:
    """Unpack a ZIP into an empty folder; every entry is checked before a byte of it is written.

    One folder that holds everything is left out, as the usual programs pack a folder with its name.

    Raises:
        SourceRefused: damaged, encrypted, a bomb, or with a path that leads out, a link, a name that comes twice.
    """
    try:
        with open_archive(packed, LIMITS) as archive:
            names = archive.names
            if len({name.casefold() for name in names}) < len(names):
                raise SourceRefused("bad_archive", _("The archive has two files of one name."))
            tops = {name.partition("/")[0] for name in names}
            top = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""
            for name in names:
                archive.extract(name, folder / name.removeprefix(top))
    except PackageFault as fault:
        raise SourceRefused(fault.code, fault.words) from fault
    except OSError as error:  # a name that is a file and a folder, or too long
        raise SourceRefused("bad_archive", _("The archive is damaged.")) from error


def forget_source(delivery: Delivery) -> None:
    """Remove a delivery's source from object storage; forgotten twice is no error."""
    if not delivery.source_key:
        return
    store = objectstore.get_store()
    if delivery.source == Delivery.Source.OBJECTS:
        for key in list(store.list_keys(prefix=delivery.source_key)):
            store.delete(key=key)
    else:
        store.delete(key=delivery.source_key)


def tell_worker(delivery_id: int, task: str) -> None:
    """Queue a task of this package for a delivery; without a broker `resume_deliveries` does it later."""
    try:
        tasks.send_task(f"{TASKS}.{task}", arguments={"delivery_id": delivery_id}, queue=QUEUE)
    except tasks.BrokerAway:
        logger.exception("no broker: delivery %d waits for resume_deliveries", delivery_id)


def resume_deliveries() -> int:
    """Queue again what a worker left or never got, and drop what nobody confirmed; returns how many wait."""
    now = timezone.now()
    late = Q(touched_at=None) | Q(touched_at__lt=now - GIVEN_UP_AFTER)
    Delivery.objects.filter(late, state=Delivery.State.CHECKING).update(
        state=Delivery.State.RECEIVED, touched_at=now
    )
    waiting = list(
        Delivery.objects.filter(
            Q(state=Delivery.State.RECEIVED) | Q(late, state=Delivery.State.CONFIRMED)
        ).values_list("pk", "state")
    )
    for delivery_id, state in waiting:
        tell_worker(delivery_id, "check_delivery" if state == Delivery.State.RECEIVED else "apply_delivery")
    forgotten = Delivery.objects.filter(state=Delivery.State.PREVIEWED, received_at__lt=now - FORGOTTEN_AFTER)
    for delivery in forgotten:
        Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.PREVIEWED).update(
            state=Delivery.State.DISCARDED, ended_at=now
        )
        forget_source(delivery)
    return len(waiting)


def _check_sender(sent_by: User, deliverer: str) -> None:
    if not deliverers.may_deliver_as(sent_by, name=deliverer):
        raise deliverers.DelivererMissing(_("You may not deliver as %(name)s.") % {"name": deliverer})


@transaction.atomic
def _receive(source: Delivery.Source, key: str, *, name: str, deliverer: str, sent_by: User) -> Delivery:
    delivery = Delivery.objects.create(
        deliverer=deliverer, sent_by=sent_by, source=source, source_key=key, source_name=name[:255]
    )
    transaction.on_commit(lambda: tell_worker(delivery.pk, "check_delivery"))
    return delivery
