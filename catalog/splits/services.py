"""Proposes, answers and withdraws split sheets; the last agreement writes the shares.

What was played before keeps its shares: a sheet holds from the first day of a month that has not begun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.errors import CatalogError
from catalog.models import Payee, Release, Resource, RightsShare, SplitLine, SplitSheet
from catalog.models.rights import RightsShareQuerySet
from mediaplatform.kernel.periods import Month

WHOLE_BP = 10_000
MONTHS_AHEAD = 12


class SplitRefused(CatalogError):
    """The sheet can't be proposed or answered; `faults` are sentences that say each thing that is wrong."""

    code = "split_refused"

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__(" ".join(faults))


class SheetMissing(CatalogError):
    """There is no such sheet, or it does not concern this payee."""

    code = "sheet_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a payee proposes: shares in basis points by payee id, for some resources of a release, from a day on."""

    payee_id: int
    release_id: int
    resource_ids: frozenset[int]
    shares_bp: Mapping[int, int]
    valid_from: date
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A payee whose answer is waited for."""

    payee_id: int
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where a sheet stands after an act; `asked` are those who have not answered, nobody once it is settled."""

    sheet_id: int
    release_id: int
    title: str
    proposer_id: int
    proposer: str
    valid_from: date
    state: str
    asked: tuple[Asked, ...]


@transaction.atomic
def propose(proposal: Proposal, *, now: datetime) -> Outcome:
    """Put a proposal to all whom it concerns; the proposer has agreed.

    Whoever holds a share of one of the resources and is not named leaves with 0, and is asked too. A sheet that
    concerns the proposer alone is in force at once.

    Raises:
        SplitRefused: the faults say why.
    """
    release = Release.objects.select_for_update().get(pk=proposal.release_id)
    resources = list(release.resources.filter(pk__in=proposal.resource_ids))
    holders = set(_shares_from(resources, proposal.valid_from).values_list("payee_id", flat=True))
    faults = [
        *_list_faults(proposal, resources=resources, holders=holders, now=now),
        *_list_unreachable((holders | set(proposal.shares_bp)) - {proposal.payee_id}),
    ]
    if release.split_sheets.filter(state=SplitSheet.State.PROPOSED).exists():
        faults.append(_("Another split of this work waits for answers: withdraw it or wait."))
    if faults:
        raise SplitRefused(*faults)
    sheet = SplitSheet.objects.create(
        release=release,
        valid_from=proposal.valid_from,
        proposed_by_id=proposal.payee_id,
        proposed_at=now,
        note=proposal.note,
    )
    sheet.resources.set(resources)
    SplitLine.objects.bulk_create(
        SplitLine(
            sheet=sheet,
            payee_id=one,
            share_bp=proposal.shares_bp.get(one, 0),
            answer=SplitLine.Answer.ACCEPTED if one == proposal.payee_id else "",
            answered_at=now if one == proposal.payee_id else None,
        )
        for one in sorted(holders | set(proposal.shares_bp))
    )
    _settle(sheet, now=now)
    return _outcome(sheet)


def _list_faults(
    proposal: Proposal, *, resources: Sequence[Resource], holders: Set[int], now: datetime
) -> list[str]:
    faults, shares = [], proposal.shares_bp.values()
    if not resources or len(resources) != len(proposal.resource_ids):
        faults.append(_("Choose which parts of the work the split is for."))
    elif proposal.payee_id not in holders:
        faults.append(_("You hold no share of what you chose."))
    if any(bp < 1 for bp in shares) or sum(shares) != WHOLE_BP:
        message = _("The shares sum to %(total).2f %%, and must sum to 100 %%.")
        faults.append(message % {"total": sum(shares) / 100})
    if proposal.valid_from not in months_offered(now=now):
        faults.append(_("A split begins with one of the next twelve months: what was played before stays."))
    return faults


def _list_unreachable(payee_ids: Set[int]) -> list[str]:
    silent = Payee.objects.filter(pk__in=payee_ids, email="").values_list("legal_name", flat=True)
    message = _("%(name)s has no e-mail address here and can't be asked: tell the cooperative.")
    return [message % {"name": name} for name in silent]


def months_offered(*, now: datetime) -> list[date]:
    """Return the days on which a new split may begin: the first days of the next twelve months."""
    month, days = Month.of(now), []
    for _number in range(MONTHS_AHEAD):
        month = month.following
        days.append(month.first_day)
    return days


@transaction.atomic
def answer(*, sheet_id: int, payee_id: int, accepts: bool, reason: str, now: datetime) -> Outcome:
    """Record a payee's answer. One decline ends the sheet; with the last acceptance it is in force.

    Where the month has begun meanwhile, it holds from the next one.

    Raises:
        SheetMissing: there is none that concerns the payee.
        SplitRefused: it was settled before, or the payee has answered otherwise.
    """
    sheet = _lock(sheet_id)
    line = sheet.lines.filter(payee_id=payee_id).first()
    if line is None:
        raise SheetMissing(str(sheet_id))
    said = SplitLine.Answer.ACCEPTED if accepts else SplitLine.Answer.DECLINED
    if line.answer == said:
        return _outcome(sheet)
    if sheet.state != SplitSheet.State.PROPOSED or line.answer:
        raise SplitRefused(_("This split is settled already: nothing was changed."))
    line.answer, line.answered_at, line.reason = said, now, "" if accepts else reason
    line.save()
    _settle(sheet, now=now)
    return _outcome(sheet)


@transaction.atomic
def withdraw(*, sheet_id: int, payee_id: int, now: datetime) -> Outcome:
    """Take back a sheet that one proposed; doing it twice changes nothing.

    Raises:
        SheetMissing: the payee proposed no such sheet.
        SplitRefused: it was settled before.
    """
    sheet = _lock(sheet_id)
    if sheet.proposed_by_id != payee_id:
        raise SheetMissing(str(sheet_id))
    if sheet.state == SplitSheet.State.PROPOSED:
        _end(sheet, SplitSheet.State.WITHDRAWN, now=now)
    elif sheet.state != SplitSheet.State.WITHDRAWN:
        raise SplitRefused(_("This split is settled already: nothing was changed."))
    return _outcome(sheet)


def _outcome(sheet: SplitSheet) -> Outcome:
    waiting = sheet.lines.filter(answer="", sheet__state=SplitSheet.State.PROPOSED).select_related("payee")
    return Outcome(
        sheet_id=sheet.pk,
        release_id=sheet.release_id,
        title=sheet.release.title,
        proposer_id=sheet.proposed_by_id,
        proposer=sheet.proposed_by.legal_name,
        valid_from=sheet.valid_from,
        state=sheet.state,
        asked=tuple(Asked(payee_id=line.payee_id, email=line.payee.email) for line in waiting),
    )


def _lock(sheet_id: int) -> SplitSheet:
    sheet = SplitSheet.objects.select_for_update().filter(pk=sheet_id).first()
    if sheet is None:
        raise SheetMissing(str(sheet_id))
    return sheet


def _settle(sheet: SplitSheet, *, now: datetime) -> None:
    answers = set(sheet.lines.values_list("answer", flat=True))
    if SplitLine.Answer.DECLINED in answers:
        _end(sheet, SplitSheet.State.DECLINED, now=now)
    elif answers == {SplitLine.Answer.ACCEPTED}:
        sheet.valid_from = max(sheet.valid_from, Month.of(now).following.first_day)
        _check_holders(sheet)
        _write_shares(sheet)
        _end(sheet, SplitSheet.State.AGREED, now=now)


def _check_holders(sheet: SplitSheet) -> None:
    """Refuse a sheet that somebody was not asked about: a delivery has brought a new holder since."""
    shares = _shares_from(list(sheet.resources.all()), sheet.valid_from)
    unasked = shares.exclude(payee__in=sheet.lines.values("payee"))
    if unasked.exists():
        raise SplitRefused(_("Somebody else holds a share by now: withdraw this split and propose it again."))


def _end(sheet: SplitSheet, state: SplitSheet.State, *, now: datetime) -> None:
    sheet.state, sheet.settled_at = state, now
    sheet.save()


def _write_shares(sheet: SplitSheet) -> None:
    """End the shares in force on the day, drop those that would have begun later, begin the sheet's."""
    resources, day = list(sheet.resources.all()), sheet.valid_from
    shares = _shares_from(resources, day)
    shares.filter(valid_from__gte=day).delete()
    shares.update(valid_to=day)
    RightsShare.objects.bulk_create(
        RightsShare(resource=resource, payee_id=line.payee_id, share_bp=line.share_bp, valid_from=day)
        for resource in resources
        for line in sheet.lines.filter(share_bp__gt=0)
    )


def _shares_from(resources: Sequence[Resource], day: date) -> RightsShareQuerySet:
    """Return the shares of resources that hold on a day or begin after it."""
    return RightsShare.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), resource__in=resources)
