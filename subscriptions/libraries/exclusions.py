"""A library's own exclusions: decided by its staff, undone by its staff, and each remembered.

An excluded work is on no surface from the next request on. The library's running grants are recalled: what plays
already is decided anew within ten seconds (half a minute behind an nginx that keeps answers), and ends if excluded.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from catalog.streaming import denials
from catalog.works import publishers
from catalog.works.audience import Exclusions
from mediaplatform.accounts.models import User
from subscriptions import SubscriptionsError
from subscriptions.models import Exclusion, Library

Kind = Exclusion.Kind
MOST = 2_000  # of one library, in force: they are read with every request
MOST_SHOWN = 200

logger = logging.getLogger(__name__)


class ExclusionRefused(SubscriptionsError):
    """There is no such work or publisher, or there are too many exclusions."""

    code = "exclusion_refused"


@dataclass(frozen=True, slots=True)
class ExclusionLine:
    """An exclusion as staff read it; `readmitted_at` None: in force. Names of members of staff may be gone."""

    id: int
    kind: str
    kind_label: str
    name: str
    excluded_at: datetime
    excluded_by: str
    readmitted_at: datetime | None
    readmitted_by: str


def exclude(*, library: Library, kind: str, subject_id: int | None, by: User, now: datetime) -> Exclusion:
    """Keep a work, a publisher or (without `subject_id`) all explicit works out; again, it changes nothing.

    Raises:
        ExclusionRefused: the catalogue has no such work or publisher, or the library excludes 2,000 already.
    """
    subject = _subject(kind, subject_id)
    in_force = Exclusion.objects.filter(library=library, readmitted_at=None)
    if found := in_force.filter(kind=kind, **subject).first():
        return found
    if in_force.count() >= MOST:
        message = _("At most %(most)d exclusions can be in force. Let something in again first.")
        raise ExclusionRefused(message % {"most": MOST})
    try:
        with transaction.atomic():
            made = Exclusion.objects.create(
                library=library, kind=kind, **subject, excluded_at=now, excluded_by=by
            )
            transaction.on_commit(lambda: _recall(library.pk, now))
            return made
    except IntegrityError:  # somebody else did it in this very moment
        return in_force.get(kind=kind, **subject)


def readmit(*, library: Library, exclusion_id: int, by: User, now: datetime) -> bool:
    """Let in again what was kept out; tells whether this call did. Another library's is not found."""
    in_force = Exclusion.objects.filter(library=library, pk=exclusion_id, readmitted_at=None)
    return bool(in_force.update(readmitted_at=now, readmitted_by=by))


def read_exclusions(*, library_id: int) -> Exclusions:
    """Return what is in force for a library, in one query."""
    rows = list(
        Exclusion.objects.filter(library=library_id, readmitted_at=None).values_list(
            "kind", "release_id", "publisher_id"
        )
    )
    return Exclusions(
        release_ids=frozenset(release for _kind, release, _publisher in rows if release),
        publisher_ids=frozenset(publisher for _kind, _release, publisher in rows if publisher),
        is_explicit_excluded=any(kind == Kind.EXPLICIT for kind, _release, _publisher in rows),
    )


def list_exclusions(*, library_id: int) -> list[ExclusionLine]:
    """List a library's exclusions, those in force first, the latest decision first; the last 200."""
    rows = sorted(
        Exclusion.objects.filter(library=library_id).select_related("excluded_by", "readmitted_by")[
            :MOST_SHOWN
        ],
        key=lambda row: row.readmitted_at is not None,
    )
    titles = publishers.name_releases(release_ids=(row.release_id for row in rows if row.release_id))
    names = publishers.name_publishers(party_ids=(row.publisher_id for row in rows if row.publisher_id))
    return [
        ExclusionLine(
            id=row.pk,
            kind=row.kind,
            kind_label=row.get_kind_display(),
            name=titles.get(row.release_id or 0) or names.get(row.publisher_id or 0) or "",
            excluded_at=row.excluded_at,
            excluded_by=str(row.excluded_by or ""),
            readmitted_at=row.readmitted_at,
            readmitted_by=str(row.readmitted_by or ""),
        )
        for row in rows
    ]


def _recall(library_id: int, now: datetime) -> None:
    try:
        denials.recall(library_id=library_id, now=now)
    except RedisError:
        logger.warning("Valkey is unreachable: what plays stops when its grant ends, within ten minutes")


def _subject(kind: str, subject_id: int | None) -> dict[str, int | None]:
    """Return the columns of what is excluded, if the catalogue knows it."""
    known: dict[int, str] = {}
    if kind == Kind.RELEASE and subject_id:
        known = publishers.name_releases(release_ids=[subject_id])
    if kind == Kind.PUBLISHER and subject_id:
        known = publishers.name_publishers(party_ids=[subject_id])
    if kind not in Kind.values or (kind != Kind.EXPLICIT and subject_id not in known):
        raise ExclusionRefused(_("The catalogue does not know this any more."))
    return {
        "release_id": subject_id if kind == Kind.RELEASE else None,
        "publisher_id": subject_id if kind == Kind.PUBLISHER else None,
    }
