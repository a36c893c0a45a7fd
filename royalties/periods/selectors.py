"""Months as operators see them: what stands in the way of a close, what a preview says, what was closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Q, Sum, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.usage.services import LATE
from catalog.works import rights
from mediaplatform.kernel.periods import Month
from royalties.engine.tables import Finding
from royalties.models import Attempt, JournalEntry, Period, PolicyVersion, Posting, Run
from royalties.periods.comparison import Comparison, compare
from royalties.periods.findings import (
    EARLIER_OPEN,
    HELD_PLAYS,
    LATE_PLAYS,
    NO_POLICY,
    NOT_OVER,
    Sentence,
    as_json,
    held_plays,
    month_finding,
    put_in_words,
    read_notices,
)
from royalties.screening import selectors as reviews
from subscriptions.billing import selectors as billing

FRESH = frozenset(
    {NOT_OVER, NO_POLICY, EARLIER_OPEN, HELD_PLAYS}
)  # findings that are looked up anew for each page


class NoPolicy(Exception):
    """No policy version rules the month."""


class MonthNotFound(Exception):
    """There was no revenue in that month, or it has not begun."""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month in the operator's list. Amounts in micros; `statements` and `paid` are 0 while it is open."""

    month: Month
    is_closed: bool
    is_over: bool
    is_at_work: bool
    closed_at: datetime | None
    revenue_micros: int
    statements: int
    paid_micros: int


@dataclass(frozen=True, slots=True)
class Board:
    """All that is known of an open month. `sentences` are the findings of what was computed last."""

    month: Month
    policy: PolicyVersion | None
    blockers: list[Sentence]
    preview: Run | None
    attempt: Attempt | None
    sentences: list[Sentence]
    before: Run | None

    @property
    def is_ready(self) -> bool:
        """Whether the month may be posted as the preview shows it."""
        found = [*self.blockers, *self.sentences]
        return self.preview is not None and not any(sentence.blocks for sentence in found)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A journal entry in words: how many postings, and what they moved (the debits) in micros."""

    key: str
    label: str
    count: int
    moved: int


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A month as it was posted. `accounts` are what each kind of account gained in micros, zero in all."""

    run: Run
    before: Run | None
    entries: list[EntryRow]
    accounts: list[tuple[str, int]]
    statements: int


KIND_OF_ACCOUNT = Case(
    When(account__startswith="payee:", then=Value("payees")),
    When(account__endswith=":deferred", then=Value("deferred")),
    When(account__endswith=":earned", then=Value("earned")),
    When(account__endswith=":reserve", then=Value("reserve")),
    default="account",
)
ACCOUNTS = {
    "payees": gettext_lazy("Owed to payees"),
    "deferred": gettext_lazy("Sold, not earned yet"),
    "earned": gettext_lazy("Earned, waiting for a next month"),
    "reserve": gettext_lazy("Libraries’ reserves"),
    "operations": gettext_lazy("Running costs"),
    "solidarity": gettext_lazy("Solidarity fund"),
    "pool:catalogue": gettext_lazy("Catalogue pool"),
}


def policy_in_force(*, month: Month) -> PolicyVersion:
    """Return the version that rules a month.

    Raises:
        NoPolicy: none is in force yet.
    """
    version = _find_policy(month)
    if version is None:
        raise NoPolicy(_("No policy is in force in %(month)s.") % {"month": month})
    return version


def _find_policy(month: Month) -> PolicyVersion | None:
    return PolicyVersion.objects.filter(from_month__lte=str(month)).order_by("-from_month").first()


def list_blockers(*, month: Month, now: datetime) -> list[Finding]:
    """Return what speaks against closing a month before anything is computed; notices are among it."""
    blockers, end = [], month.interval()[1]
    if now < end:
        blockers.append(month_finding(NOT_OVER, month))
    elif now < end + LATE:
        blockers.append(month_finding(LATE_PLAYS, month, is_fault=False))
    blockers += held_plays(reviews.count_undecided(month=month))
    if _find_policy(month) is None:
        blockers.append(month_finding(NO_POLICY, month))
    return blockers + [month_finding(EARLIER_OPEN, early) for early in _open_months_before(month)]


def _open_months_before(month: Month) -> list[Month]:
    """Return the months since the first revenue and before this one that are not closed, oldest first."""
    first = billing.first_revenue_month()
    if first is None:
        return []
    closed = set(Period.objects.filter(state=Period.State.CLOSED).values_list("month", flat=True))
    return [early for early in _months(first, month) if str(early) not in closed]


def _months(first: Month, end: Month) -> list[Month]:
    """Return the months of [first, end)."""
    found = []
    while first < end:
        found.append(first)
        first = first.following
    return found


def list_months(*, now: datetime) -> list[MonthRow]:
    """Return every month since the first revenue up to the running one, newest first."""
    first = billing.first_revenue_month()
    if first is None:
        return []
    running = Month.of(now)
    closed = {
        period.month: period
        for period in Period.objects.filter(state=Period.State.CLOSED).annotate(
            count=Count("statements"), paid=Sum("statements__total_micros")
        )
    }
    at_work = set(
        Attempt.objects.filter(state__in=Attempt.UNFINISHED).values_list("period__month", flat=True)
    )
    revenue = billing.revenue_by_month(first=first, last=running)
    rows = []
    for month in _months(first, running.following):
        period = closed.get(str(month))
        rows.append(
            MonthRow(
                month=month,
                is_closed=period is not None,
                is_over=month < running,
                is_at_work=str(month) in at_work,
                closed_at=period.closed_at if period else None,
                revenue_micros=revenue[month],
                statements=period.count if period else 0,
                paid_micros=(period.paid or 0) if period else 0,
            )
        )
    return rows[::-1]


def get_board(*, month: Month, now: datetime) -> Board:
    """Return what an operator needs to decide on an open month.

    Raises:
        MonthNotFound: there is nothing to close in it, or it has not begun.
    """
    first = billing.first_revenue_month()
    if first is None or not first <= month <= Month.of(now):
        raise MonthNotFound(str(month))
    preview = _find_run(month, Run.State.PREVIEW)
    attempt = Attempt.objects.filter(period__month=str(month)).first()
    found: Sequence[Mapping[str, Any]] = []
    if attempt and attempt.state == Attempt.State.REFUSED:
        found = [row for row in attempt.findings if row["code"] not in FRESH]
    elif preview:
        found = as_json(read_notices(preview.manifest))
    return Board(
        month=month,
        policy=_find_policy(month),
        blockers=put_in_words(as_json(list_blockers(month=month, now=now))),
        preview=preview,
        attempt=attempt,
        sentences=put_in_words(found),
        before=_find_run(month.previous, Run.State.POSTED),
    )


def find_posted(*, month: Month) -> Run | None:
    """Return the run that a closed month was posted with."""
    return _find_run(month, Run.State.POSTED)


def get_closed(*, month: Month) -> ClosedMonth:
    """Return a closed month as it was posted.

    Raises:
        MonthNotFound: it is not closed.
    """
    run = find_posted(month=month)
    if run is None:
        raise MonthNotFound(str(month))
    entries = JournalEntry.objects.filter(key__regex=rf"^(recognise|expire|close):{month}:")
    rows = entries.order_by("pk").annotate(
        count=Count("postings"),
        moved=Sum("postings__amount_micros", filter=Q(postings__amount_micros__gt=0)),
    )
    postings = Posting.objects.filter(entry__in=entries.values("pk"))
    kinds = postings.values(kind=KIND_OF_ACCOUNT).annotate(total=Sum("amount_micros")).order_by("kind")
    return ClosedMonth(
        run=run,
        before=_find_run(month.previous, Run.State.POSTED),
        entries=[_entry(row, run) for row in rows],
        accounts=[(str(ACCOUNTS[row["kind"]]), -row["total"]) for row in kinds if row["total"]],
        statements=run.statements.count(),
    )


def _entry(row: Any, run: Run) -> EntryRow:
    kind, _month, *of = row.key.split(":")
    names = {str(library["library_id"]): library["name"] for library in run.summary["libraries"]}
    if of[0] == "platform":
        label = _("Catalogue and solidarity, shared among all")
    elif kind == "recognise":
        label = _("Revenue of %(library)s") % {"library": names.get(of[1], of[1])}
    elif kind == "expire":
        label = _("Reserve of %(library)s, offered for 12 months") % {"library": names.get(of[1], of[1])}
    else:
        label = _("What it became for %(library)s") % {"library": names.get(of[1], of[1])}
    return EntryRow(key=row.key, label=label, count=row.count, moved=row.moved)


def compare_runs(*, now: Run, before: Run | None) -> Comparison:
    """Return a run's sums beside those of the month before."""
    names = rights.name_payees(payee_ids=[payee for payee, _was, _is in now.summary["movers"]])
    return compare(now.summary, before.summary if before else None, payee_names=names)


def _find_run(month: Month, state: str) -> Run | None:
    return (
        Run.objects.filter(period__month=str(month), state=state)
        .select_related("period__closed_by", "policy")
        .first()
    )
