"""Reads cases: for operators with their evidence, for payees without a number (few patrons stand behind it)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count, Q

from catalog.usage import holds, log
from catalog.works import rights
from mediaplatform.kernel.periods import ACCOUNTING_ZONE, Month
from royalties.models import ScreeningAppeal, ScreeningCase
from royalties.screening.words import TITLES, explain
from subscriptions.libraries import selectors as libraries

PLAYS_SHOWN = 200
HOURS = 24
HELD = ScreeningCase.State.HELD


class CaseMissing(Exception):
    """There is no such case."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list, in words."""

    id: int
    title: str
    why: str
    library: str
    payees: list[str]
    case: ScreeningCase
    appeals: int


@dataclass(frozen=True, slots=True)
class HeldPlay:
    """One play of the evidence."""

    started_at: datetime
    title: str
    seconds: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case with its evidence: the first plays, their number by hour of the day, decisions and appeals."""

    row: CaseRow
    plays: list[HeldPlay]
    by_hour: list[int]
    more: int


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """What a payee may know of a case: the rule and its outcome, no number."""

    id: int
    month: Month
    title: str
    state: str
    reason: str
    appeal: ScreeningAppeal | None


def count_undecided(*, month: Month) -> int:
    """Return how many plays of a month wait for a decision."""
    return holds.count_undecided(month=month)


def count_cases(*, month: Month) -> dict[str, int]:
    """Return the number of a month's cases by state, in one query."""
    found = ScreeningCase.objects.filter(month=str(month)).values_list("state").annotate(n=Count("pk"))
    return dict(found)


def list_cases(*, month: Month) -> list[CaseRow]:
    """Return a month's cases, the undecided ones first."""
    cases = list(
        ScreeningCase.objects.filter(month=str(month)).annotate(
            open_appeals=Count("appeals", filter=Q(appeals__answered_at=None))
        )
    )
    rows = _rows(cases)
    return sorted(rows, key=lambda row: row.case.state != HELD)


def get_case(*, case_id: int) -> CasePage:
    """Return a case with its evidence.

    Raises:
        CaseMissing: there is none of that number.
    """
    case = (
        ScreeningCase.objects.filter(pk=case_id)
        .annotate(open_appeals=Count("appeals", filter=Q(appeals__answered_at=None)))
        .prefetch_related("decisions__decided_by", "appeals__payee", "appeals__answered_by")
        .first()
    )
    if case is None:
        raise CaseMissing(str(case_id))
    rows = _plays_of(case)
    names = rights.name_resources(resource_ids={row["resource_id"] for row in rows[:PLAYS_SHOWN]})
    by_hour = [0] * HOURS
    for row in rows:
        by_hour[row["started_at"].astimezone(ACCOUNTING_ZONE).hour] += 1
    plays = [
        HeldPlay(
            started_at=row["started_at"],
            title=names[row["resource_id"]].title if row["resource_id"] in names else str(row["resource_id"]),
            seconds=row["seconds"],
        )
        for row in rows[:PLAYS_SHOWN]
    ]
    return CasePage(_rows([case])[0], plays, by_hour, max(len(rows) - PLAYS_SHOWN, 0))


def _plays_of(case: ScreeningCase) -> list[dict[str, Any]]:
    """Return the log's rows of a case, oldest first."""
    found: list[dict[str, Any]] = []
    for day, ids in holds.list_plays(case_key=case.case_key).items():
        plays = log.read_day(day=day, columns=["session_id", "resource_id", "started_at", "seconds"])
        wanted = pa.array([str(one) for one in ids], pa.string())
        found += plays.filter(pc.is_in(plays["session_id"], value_set=wanted)).to_pylist()
    return sorted(found, key=lambda row: (row["started_at"], row["session_id"]))


def _rows(cases: Iterable[ScreeningCase]) -> list[CaseRow]:
    cases = list(cases)
    payees = rights.name_payees(payee_ids={payee for case in cases for payee in case.payee_ids})
    names = {library.pk: library.name for library in libraries.list_public_libraries()}
    return [
        CaseRow(
            id=case.pk,
            title=str(TITLES[case.rule]),
            why=explain(case.rule, case.numbers),
            library=names.get(case.library_id or 0, ""),
            payees=[payees[payee] for payee in case.payee_ids if payee in payees],
            case=case,
            appeals=getattr(case, "open_appeals", 0),
        )
        for case in cases
    ]


def list_reviews(*, payee_id: int) -> list[ReviewRow]:
    """Return the cases that concern a payee's works, newest month first; none that were released or lapsed."""
    cases = (
        ScreeningCase.objects.filter(payee_ids__contains=[payee_id])
        .exclude(state__in=[ScreeningCase.State.RELEASED, ScreeningCase.State.LAPSED])
        .prefetch_related("decisions", "appeals")
        .order_by("-month", "rule", "pk")
    )
    rows = []
    for case in cases:
        decisions = list(case.decisions.all())
        own = [one for one in case.appeals.all() if one.payee_id == payee_id]
        rows.append(
            ReviewRow(
                id=case.pk,
                month=Month.parse(case.month),
                title=str(TITLES[case.rule]),
                state=case.state,
                reason=decisions[-1].reason if decisions else "",
                appeal=own[0] if own else None,
            )
        )
    return rows
