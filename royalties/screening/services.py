"""Screen a month, decide on what was held, hear who objects. Nothing is edited silently: who, what, when stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.usage import compaction, holds
from mediaplatform.kernel.periods import Month
from royalties.models import Period, ScreeningAppeal, ScreeningCase, ScreeningDecision
from royalties.screening import rules
from royalties.screening.inputs import MonthOfPlays, read_month
from royalties.screening.rules import NOBODY, Suspicion


class ScreeningRefused(Exception):
    """It can't be done as asked; the words say why."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What a screening found: cases in all, those that are new, and plays newly held."""

    cases: int
    new_cases: int
    new_plays: int


def screen_month(*, month: Month, now: datetime) -> Screened:
    """Hold what the rules find in an open month; again it finds the same and changes nothing.

    A case that was decided is not touched: what a person released stays released. An undecided one takes in
    what it did not know yet; one that is no longer found is closed as such, and its plays are released. Should it be
    found again, it waits again. The log follows at once.
    """
    if Period.objects.filter(month=str(month), state=Period.State.CLOSED).exists():
        return Screened(0, 0, 0)
    read = read_month(month=month)
    found = rules.screen(read.plays, read.known)
    new_cases = new_plays = 0
    seen = set[int]()
    for suspicion in found:
        case, is_new, held = _open_case(month, read, suspicion, now)
        seen.add(case.pk)
        new_cases, new_plays = new_cases + is_new, new_plays + held
    _close_lapsed(month, seen, now)
    compaction.apply_holds()
    return Screened(len(found), new_cases, new_plays)


@transaction.atomic
def _open_case(
    month: Month, read: MonthOfPlays, suspicion: Suspicion, now: datetime
) -> tuple[ScreeningCase, bool, int]:
    patron = read.patrons[suspicion.patron] if suspicion.patron != NOBODY else ""
    day = read.days[suspicion.day] if suspicion.day != NOBODY else None
    case, is_new = ScreeningCase.objects.select_for_update().get_or_create(
        month=str(month),
        rule=suspicion.rule,
        subject=_subject(suspicion, patron),
        defaults={
            "library_id": suspicion.library if suspicion.library != NOBODY else None,
            "patron": patron,
            "day": day,
            "payee_ids": [suspicion.payee] if suspicion.payee != NOBODY else read.payees_of(suspicion),
            "plays": len(suspicion.plays),
            "numbers": suspicion.numbers,
            "found_at": now,
        },
    )
    if case.state == ScreeningCase.State.LAPSED:
        case.state = ScreeningCase.State.HELD
        case.save(update_fields=["state"])
        holds.reopen(case_key=case.case_key, now=now)
    if case.state != ScreeningCase.State.HELD:
        return case, False, 0
    held = holds.hold(case_key=case.case_key, plays=read.ids_by_day(suspicion), now=now)
    if held and not is_new:
        case.numbers, case.plays = suspicion.numbers, case.plays + held
        case.save(update_fields=["numbers", "plays"])
    return case, is_new, held


@transaction.atomic
def _close_lapsed(month: Month, seen: set[int], now: datetime) -> None:
    """Close the undecided cases that a screening did not find again; what they were stays on record."""
    undecided = ScreeningCase.objects.select_for_update().filter(
        month=str(month), state=ScreeningCase.State.HELD
    )
    for case in undecided.exclude(pk__in=seen):
        ScreeningDecision.objects.create(case=case, is_kept=False, reason="", decided_at=now)
        case.state = ScreeningCase.State.LAPSED
        case.save(update_fields=["state"])
        holds.decide(case_key=case.case_key, keep=False, now=now)


def _subject(suspicion: Suspicion, patron: str) -> str:
    parts = (suspicion.library, patron, suspicion.day, suspicion.payee, suspicion.resource)
    return ":".join("" if part in (NOBODY, "") else str(part) for part in parts)


def decide(*, case_id: int, keep: bool, reason: str, user_id: int, now: datetime) -> ScreeningCase:
    """Release a case's plays, or keep them held; it may be decided anew until the month is closed.

    Raises:
        ScreeningRefused: the month is closed, or no reason is given.
    """
    if not reason.strip():
        raise ScreeningRefused(_("Say why: the payees concerned and your successors will want to know."))
    with transaction.atomic():
        case = ScreeningCase.objects.select_for_update().get(pk=case_id)
        if Period.objects.filter(month=case.month, state=Period.State.CLOSED).exists():
            raise ScreeningRefused(_("This month is closed: what was posted stays as it is."))
        ScreeningDecision.objects.create(
            case=case, is_kept=keep, reason=reason.strip(), decided_by_id=user_id, decided_at=now
        )
        case.state = ScreeningCase.State.KEPT if keep else ScreeningCase.State.RELEASED
        case.save(update_fields=["state"])
        holds.decide(case_key=case.case_key, keep=keep, now=now)
    compaction.apply_holds()
    return case


def appeal(*, case_id: int, payee_id: int, user_id: int, text: str, now: datetime) -> ScreeningAppeal:
    """Record what a payee says to their plays being held; said once for each case.

    Raises:
        ScreeningRefused: the case does not concern the payee, nothing was said, or it was said before.
    """
    if not ScreeningCase.objects.filter(pk=case_id, payee_ids__contains=[payee_id]).exists():
        raise ScreeningRefused(_("This does not concern your works."))
    if not text.strip():
        raise ScreeningRefused(_("Write what we should know."))
    made, is_new = ScreeningAppeal.objects.get_or_create(
        case_id=case_id,
        payee_id=payee_id,
        defaults={"text": text.strip(), "made_by_id": user_id, "made_at": now},
    )
    if not is_new:
        raise ScreeningRefused(_("You have written about this already."))
    return made


def answer_appeal(*, appeal_id: int, text: str, user_id: int, now: datetime) -> None:
    """Write the answer to an appeal; it stays as it was first written.

    Raises:
        ScreeningRefused: it is answered already, or the answer is empty.
    """
    if not text.strip():
        raise ScreeningRefused(_("Write an answer."))
    changed = ScreeningAppeal.objects.filter(pk=appeal_id, answered_at=None).update(
        answer=text.strip(), answered_by_id=user_id, answered_at=now
    )
    if not changed:
        raise ScreeningRefused(_("This was answered already."))
