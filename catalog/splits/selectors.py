"""Reads who holds what of a payee's works, and the sheets that wait. A payee sees works in which it has a share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from catalog.models import Payee, Release, Resource, RightsShare, SplitLine, SplitSheet
from catalog.models.rights import RightsShareQuerySet
from catalog.splits.services import SheetMissing

WAITS = SplitSheet.State.PROPOSED


@dataclass(frozen=True, slots=True)
class Part:
    """A payee's share of something, in basis points."""

    payee_id: int
    name: str
    share_bp: int


@dataclass(frozen=True, slots=True)
class Division:
    """Resources that are shared alike over [valid_from, valid_to): `titles` in the release's order."""

    titles: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class OwnWork:
    """A release in the list of a payee's works; shares in basis points, the least and the most over resources."""

    release_id: int
    title: str
    medium: str
    resources: int
    least_bp: int
    most_bp: int
    others: tuple[str, ...]
    is_waiting: bool
    asks_me: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A resource that a split can be for."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class SharedWork:
    """A release as its holders see it: divisions in force or to come, the newest first, pieces, and sheets."""

    release_id: int
    title: str
    medium: str
    divisions: tuple[Division, ...]
    pieces: tuple[Piece, ...]
    sheets: tuple[SplitSheet, ...]


def list_own_works(*, payee_id: int, on: date) -> list[OwnWork]:
    """List the releases in which a payee holds a share on a day or later, or is asked about one, by title."""
    sheets = SplitSheet.objects.filter(release=OuterRef("pk"), state=WAITS)
    asked = SplitLine.objects.filter(
        sheet__release=OuterRef("pk"), sheet__state=WAITS, payee=payee_id, answer=""
    )
    releases = Release.objects.annotate(
        is_waiting=Exists(sheets), asks_me=Exists(asked), count=Count("resources", distinct=True)
    ).filter(Q(asks_me=True) | Exists(_shares(payee_id, on).filter(resource__release=OuterRef("pk"))))
    found: list[Any] = list(releases.order_by("title", "pk"))
    own, others = _holders([release.pk for release in found], payee_id=payee_id, on=on)
    return [
        OwnWork(
            release_id=release.pk,
            title=release.title,
            medium=release.medium,
            resources=release.count,
            least_bp=min(own[release.pk], default=0),
            most_bp=max(own[release.pk], default=0),
            others=tuple(sorted(others[release.pk])),
            is_waiting=release.is_waiting,
            asks_me=release.asks_me,
        )
        for release in found
    ]


def count_asked(*, payee_id: int) -> int:
    """Count the sheets that wait for a payee's answer."""
    return SplitLine.objects.filter(payee=payee_id, sheet__state=WAITS, answer="").count()


def get_shared_work(*, payee_id: int, release_id: int, on: date) -> SharedWork:
    """Return a release that concerns a payee. Raises: SheetMissing."""
    release = Release.objects.filter(pk=release_id).first()
    held = _shares(payee_id, on).filter(resource__release=release_id)
    sheets = (
        SplitSheet.objects.filter(release=release_id, lines__payee=payee_id)
        .select_related("proposed_by")
        .prefetch_related("lines__payee", "resources")
    )
    if release is None or not (held.exists() or sheets.exists()):
        raise SheetMissing(str(release_id))
    pieces = Resource.objects.filter(pk__in=held.values("resource"))
    return SharedWork(
        release_id=release.pk,
        title=release.title,
        medium=release.medium,
        divisions=_divide(release_id, on=on) if held.exists() else (),
        pieces=tuple(Piece(one.pk, one.title) for one in pieces),
        sheets=tuple(sheets),
    )


def find_payee(*, words: str) -> int | None:
    """Return the payee of an e-mail address or a legal name, written in whatever case; None where it is not one."""
    named = Payee.objects.filter(Q(email__iexact=words) | Q(legal_name__iexact=words))
    ids = list(named.values_list("pk", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None


def list_partners(*, payee_id: int) -> list[str]:
    """Return the legal names of those who share a work with a payee, in order."""
    works = RightsShare.objects.filter(payee=payee_id).values("resource__release")
    partners = Payee.objects.filter(rights_shares__resource__release__in=works).exclude(pk=payee_id)
    return list(partners.distinct().order_by("legal_name").values_list("legal_name", flat=True))


def _shares(payee_id: int, on: date) -> RightsShareQuerySet:
    return RightsShare.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), payee=payee_id)


def _holders(
    release_ids: Sequence[int], *, payee_id: int, on: date
) -> tuple[dict[int, list[int]], dict[int, set[str]]]:
    """Return by release the payee's shares of each resource on a day, and the names of the others."""
    own: dict[int, list[int]] = defaultdict(list)
    others: dict[int, set[str]] = defaultdict(set)
    rows = RightsShare.objects.in_force(on).filter(resource__release__in=release_ids)
    for release_id, holder, name, share_bp in rows.values_list(
        "resource__release", "payee", "payee__legal_name", "share_bp"
    ):
        if holder == payee_id:
            own[release_id].append(share_bp)
        else:
            others[release_id].add(name)
    return own, others


def _divide(release_id: int, *, on: date) -> tuple[Division, ...]:
    """Return how a release is shared from a day on; resources that are shared alike stand together."""
    rows = (
        RightsShare.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), resource__release=release_id)
        .select_related("payee", "resource")
        .order_by("resource__position", "resource_id", "valid_from", "-share_bp", "payee__legal_name")
    )
    alike: dict[tuple[date, date | None, tuple[Part, ...]], list[str]] = defaultdict(list)
    for (_position, _pk, title, since, until), group in groupby(rows, key=_set_of):
        parts = tuple(Part(one.payee_id, one.payee.legal_name, one.share_bp) for one in group)
        alike[since, until, parts].append(title)
    divisions = [Division(tuple(titles), *key) for key, titles in alike.items()]
    return tuple(sorted(divisions, key=lambda one: one.valid_from, reverse=True))


def _set_of(share: RightsShare) -> tuple[int, int, str, date, date | None]:
    resource = share.resource
    return resource.position, resource.pk, resource.title, share.valid_from, share.valid_to
