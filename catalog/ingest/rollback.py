"""Takes a delivery back to the very rows before, as long as nobody has built on it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.errors import CatalogError
from catalog.ingest import apply
from catalog.ingest.changes import Act, Kind
from catalog.ingest.outcome import DONE
from catalog.models import Delivery, Heartbeat, MediaFile, Package, Release
from catalog.packaging import sweep
from catalog.works import search
from mediaplatform.infrastructure import db, objectstore

LONGEST = timedelta(
    days=7
)  # heartbeats are kept for 8 days: until then it is known whether a new part was played


class RollbackRefused(CatalogError):
    """The delivery can't be taken back any more; `code` says which rule, the message why."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def find_obstacle(delivery: Delivery) -> RollbackRefused | None:
    """Return why a delivery can't be taken back, or None when it can."""
    if delivery.state != Delivery.State.APPLIED or delivery.applied_at is None:
        return RollbackRefused(
            "not_applied", _("Only what was taken over and not yet published is rolled back.")
        )
    if timezone.now() - delivery.applied_at > LONGEST:
        return RollbackRefused("too_late", _("It was taken over more than seven days ago."))
    came_out = delivery.releases.filter(
        status=Release.Status.PUBLISHED, published_at__gte=delivery.applied_at
    ).first()
    if came_out is not None:
        message = _("%(title)s came out already.") % {"title": came_out.title}
        return RollbackRefused("published", message)
    later = Delivery.objects.filter(
        deliverer=delivery.deliverer,
        state__in=DONE,
        applied_at__gt=delivery.applied_at,
        releases__in=delivery.releases.values("pk"),
    ).first()
    if later is not None:
        message = _("A later delivery (%(later)s) speaks of the same works: roll that one back first.")
        return RollbackRefused("built_upon", message % {"later": later.pk})
    added = delivery.changes.filter(kind=Kind.RESOURCE, act=Act.ADDED).values("row_id")
    if Heartbeat.objects.filter(resource_id__in=added).exists():
        return RollbackRefused("played", _("A new part was played already."))
    return None


def roll_back(*, delivery_id: int) -> Delivery:
    """Take a delivery back: every row is as it was, what it alone brought is gone from storage too.

    Raises:
        RollbackRefused: published, played, built upon, or too old.
        LockTaken: the same deliverer's delivery is being applied right now.
    """
    name = Delivery.objects.values_list("deliverer", flat=True).get(pk=delivery_id)
    with db.advisory_lock(f"delivery:{name}"), transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        if obstacle := find_obstacle(delivery):
            raise obstacle
        files = delivery.changes.filter(kind=Kind.FILE, act=Act.ADDED).values("row_id")
        brought = set(MediaFile.objects.filter(pk__in=files).values_list("sha256", flat=True))
        made, pictures = _packages_made(delivery), _pictures_found(delivery)
        search.index_releases(release_ids=apply.undo(delivery))
        sweep.note_left(digests=made, now=timezone.now())
        brought |= apply.drop_files(pictures)
        brought -= set(MediaFile.objects.filter(sha256__in=brought).values_list("sha256", flat=True))
        delivery.state, delivery.ended_at = Delivery.State.ROLLED_BACK, timezone.now()
        delivery.save(update_fields=["state", "ended_at"])
        transaction.on_commit(lambda: _forget_files(brought))
    return delivery


def _packages_made(delivery: Delivery) -> set[str]:
    """Return the digests of what was packaged for a delivery, which goes with its rows."""
    added, changed = (
        delivery.changes.filter(kind=Kind.RESOURCE, act__in=acts).values("row_id")
        for acts in ([Act.ADDED], [Act.CHANGED, Act.WITHDRAWN, Act.REMOVED])
    )
    since = Q(resource__in=changed, created_at__gte=delivery.applied_at)
    found = Package.objects.filter(Q(resource__in=added) | since).exclude(digest="")
    return set(found.values_list("digest", flat=True))


def _pictures_found(delivery: Delivery) -> set[int]:
    """Return the covers that packaging found in originals of a delivery's works, which came without one."""
    added = delivery.changes.filter(kind=Kind.FILE, act=Act.ADDED).values("row_id")
    covers = Release.objects.filter(deliveries=delivery).exclude(cover=None).exclude(cover__in=added)
    new = covers.filter(cover__created_at__gte=delivery.applied_at)
    return {pk for pk in new.values_list("cover_id", flat=True) if pk is not None}


def _forget_files(digests: set[str]) -> None:
    store = objectstore.get_store()
    for sha256 in digests:
        store.delete(key=MediaFile(sha256=sha256).object_key)
        for key in list(store.list_keys(prefix=f"covers/{sha256}/")):
            store.delete(key=key)
