"""Playbacks that were held back, kept for a person to look at, and for no longer than a pseudonym means anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import F

from catalog.models import Resource, StreamFlag
from catalog.streaming.grants import Grant
from catalog.streaming.limits import Excess

KEPT = timedelta(days=120)
A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag with the title of what was played; None when that is gone."""

    flag: StreamFlag
    resource: Resource | None


def record_flag(*, grant: Grant, excess: Excess, now: datetime) -> None:
    """Note that a session was held back; the same rule again adds to its count, and opens a review again."""
    evidence = dict(excess.evidence)
    flag, is_new = StreamFlag.objects.get_or_create(
        session_id=grant.session_id,
        rule=excess.rule,
        defaults={
            "library_id": grant.library_id,
            "patron": grant.patron,
            "resource_id": grant.resource_id,
            "evidence": evidence,
            "first_at": now,
            "last_at": now,
        },
    )
    if not is_new:
        StreamFlag.objects.filter(pk=flag.pk).update(
            times=F("times") + 1, last_at=now, evidence=evidence, reviewed_at=None, reviewed_by=None
        )


def list_flags(*, page: str, with_reviewed: bool) -> Page[Flagged]:
    """Return flags, latest first; those that nobody has looked at, or all."""
    flags = StreamFlag.objects.select_related("reviewed_by")
    paginator = Paginator(flags if with_reviewed else flags.filter(reviewed_at=None), A_PAGE)
    found: Page[StreamFlag] = paginator.get_page(page)
    wanted = {flag.resource_id for flag in found}
    resources = Resource.objects.select_related("release").in_bulk(wanted)
    rows = [Flagged(flag, resources.get(flag.resource_id)) for flag in found]
    return Page(rows, found.number, paginator)  # type: ignore[arg-type]  # the paginator counts, the page shows


def review_flag(*, flag_id: int, user_id: int, now: datetime) -> bool:
    """Mark a flag as looked at; False when it is, or is not there."""
    waiting = StreamFlag.objects.filter(pk=flag_id, reviewed_at=None)
    return bool(waiting.update(reviewed_at=now, reviewed_by=user_id))


def forget_old(*, now: datetime) -> int:
    """Delete flags after four months, as the keys of the pseudonyms are; return how many."""
    deleted, _ = StreamFlag.objects.filter(last_at__lt=now - KEPT).delete()
    return deleted
