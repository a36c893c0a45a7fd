"""A delivery's way: received, checked, previewed, confirmed, applied, published; refused or taken back on the way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from catalog.ingest import deliverers, outcome, receiving
from catalog.ingest.deliverers import HOUSE
from catalog.ingest.examination import Examined, examine_folder, refuse_source
from catalog.ingest.receiving import SourceRefused
from catalog.models import Delivery, Release
from catalog.works import publishing
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import db
from mediaplatform.infrastructure.workplace import open_workplace

State = Delivery.State
REPORT_EVERY_S = 1.0


def deliver_folder(
    *, folder: Path, sent_by: User | None, deliverer: str | None = None, is_held: bool = False
) -> Delivery:
    """Take a folder all the way: apply it whole, or refuse it with every fault named.

    References are the deliverer's own (without a name: the sender's address). Delivered again, a folder that
    nothing has changed since gives the first delivery; a changed sheet changes what it says and keeps the ids.
    Packages are queued once the transaction has ended, and what is complete comes out unless it `is_held`.

    Raises:
        FolderMissing: there is no such folder.
        LockTaken: the same deliverer's delivery is being applied right now.
    """
    name = deliverer or (sent_by.email if sent_by else HOUSE)
    deliverers.ensure_deliverer(name=name)
    with open_workplace(kind="delivery") as place, db.advisory_lock(f"delivery:{name}"):
        examined = examine_folder(folder=folder, deliverer=name, workplace=place)
        digest = examined.folder.digest
        delivery = Delivery(
            deliverer=name, sent_by=sent_by, is_held=is_held, source_name=folder.resolve().name[:255]
        )
        if examined.is_refused:
            refused = Delivery.objects.filter(deliverer=name, digest=digest, state=State.REFUSED).last()
            return outcome.refuse(refused or delivery, examined.folder)
        earlier = outcome.find_applied(deliverer=name, digest=digest)
        return earlier or outcome.apply_plan(delivery, examined)


def check_delivery(*, delivery_id: int) -> Delivery:
    """Read a received delivery: it is refused with every fault, or waits for a word with its differences shown.

    Called again for one that is not waiting to be checked, it changes nothing.
    """
    now = timezone.now()
    claimed = Delivery.objects.filter(pk=delivery_id, state=State.RECEIVED).update(
        state=State.CHECKING, progress=0, touched_at=now
    )
    delivery = Delivery.objects.get(pk=delivery_id)
    if not claimed:
        return delivery
    with _examined(delivery) as examined:
        if examined.is_refused:
            return outcome.refuse(delivery, examined.folder)
        return outcome.preview(delivery, examined)


def confirm_delivery(*, delivery_id: int, user: User, is_held: bool = False) -> bool:
    """Say yes to what a delivery would change; a worker applies it. False when it does not wait for that."""
    changed = Delivery.objects.filter(pk=delivery_id, state=State.PREVIEWED).update(
        state=State.CONFIRMED, confirmed_by=user, is_held=is_held, touched_at=timezone.now()
    )
    if changed:
        transaction.on_commit(lambda: receiving.tell_worker(delivery_id, "apply_delivery"))
    return bool(changed)


def apply_delivery(*, delivery_id: int) -> Delivery:
    """Apply a confirmed delivery: read again, since the catalogue may have changed, and written in one transaction.

    Called again for one that is not confirmed, it changes nothing.

    Raises:
        LockTaken: the same deliverer's delivery is being applied right now.
    """
    delivery = Delivery.objects.get(pk=delivery_id)
    if delivery.state != State.CONFIRMED:
        return delivery
    with db.advisory_lock(f"delivery:{delivery.deliverer}"):
        delivery.refresh_from_db()
        if delivery.state != State.CONFIRMED:
            return delivery
        with _examined(delivery) as examined:
            if examined.is_refused:
                return outcome.refuse(delivery, examined.folder)
            return outcome.apply_plan(delivery, examined)


def discard_delivery(*, delivery_id: int) -> bool:
    """Throw away a delivery that was not confirmed. False when there is nothing to throw away."""
    waiting = [State.RECEIVED, State.PREVIEWED]
    changed = Delivery.objects.filter(pk=delivery_id, state__in=waiting).update(
        state=State.DISCARDED, ended_at=timezone.now()
    )
    if changed:
        receiving.forget_source(Delivery.objects.get(pk=delivery_id))
    return bool(changed)


def publish_delivery(*, delivery_id: int) -> bool:
    """Let a delivery out that was kept back: what is complete at once, the rest as soon as it is."""
    changed = Delivery.objects.filter(pk=delivery_id, state=State.APPLIED, is_held=True).update(is_held=False)
    if changed:
        publishing.publish_complete(release_ids=_release_ids(delivery_id))
    return bool(changed)


def allow_shares(*, delivery_id: int, reason: str, user: User) -> int:
    """Let a delivery's releases out although their shares are not whole; returns how many that concerns.

    The reason is kept and shown. For operators. Nothing of a delivery that was not taken over is concerned.
    """
    taken = [State.APPLIED, State.PUBLISHED]
    if not Delivery.objects.filter(pk=delivery_id, state__in=taken).exists():
        return 0
    parts = publishing.list_not_whole(release_ids=_release_ids(delivery_id))
    concerned = set(parts.values_list("release_id", flat=True))
    publishing.waive_shares(release_ids=concerned, reason=reason, user_id=user.pk)
    return len(concerned)


def _release_ids(delivery_id: int) -> list[int]:
    return list(Release.objects.filter(deliveries=delivery_id).values_list("pk", flat=True))


@contextmanager
def _examined(delivery: Delivery) -> Iterator[Examined]:
    """Fetch a delivery's source and examine it, reporting how far that is."""
    last_s = time.monotonic()

    def report(part: float) -> None:
        nonlocal last_s
        if time.monotonic() - last_s >= REPORT_EVERY_S:
            last_s = time.monotonic()
            Delivery.objects.filter(pk=delivery.pk).update(
                progress=int(part * 100), touched_at=timezone.now()
            )

    with open_workplace(kind="delivery", name=str(delivery.pk)) as place:
        folder, workplace = place / "source", place / "work"
        folder.mkdir()
        workplace.mkdir()
        try:
            receiving.fetch_source(delivery, folder)
        except SourceRefused as refused:
            yield refuse_source(refused, name=delivery.source_name or delivery.source_key)
            return
        yield examine_folder(folder=folder, deliverer=delivery.deliverer, workplace=workplace, report=report)
