"""What stands in the way of a close, and what was closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from mediaplatform.kernel.periods import Month
from royalties.models import Period, PolicyVersion
from subscriptions.billing import selectors as billing


class NoPolicy(Exception):
    """No policy version rules the month."""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month in the operator's list. Amounts in micros; `statements` and `paid` are 0 while it is open."""

    month: Month
    is_closed: bool
    closed_at: datetime | None
    revenue_micros: int
    statements: int
    paid_micros: int
    blockers: tuple[str, ...]


def policy_in_force(*, month: Month) -> PolicyVersion:
    """Return the version that rules a month.

    Raises:
        NoPolicy: none is in force yet.
    """
    version = PolicyVersion.objects.filter(from_month__lte=str(month)).order_by("-from_month").first()
    if version is None:
        raise NoPolicy(_("No policy is in force in %(month)s.") % {"month": month})
    return version


def list_blockers(*, month: Month, now: datetime) -> list[str]:
    """Return why a month cannot be closed yet, one sentence each; empty when nothing is known to stand in its way."""
    blockers = []
    if now < month.interval()[1]:
        blockers.append(_("%(month)s is not over yet.") % {"month": month})
    if not PolicyVersion.objects.filter(from_month__lte=str(month)).exists():
        blockers.append(_("No policy is in force in %(month)s.") % {"month": month})
    blockers += [
        _("%(month)s has to be closed first.") % {"month": early} for early in _open_months_before(month)
    ]
    return blockers


def _open_months_before(month: Month) -> list[Month]:
    """Return the months with revenue before this one that are not closed, oldest first."""
    first = billing.first_revenue_month()
    if first is None:
        return []
    closed = set(Period.objects.filter(state=Period.State.CLOSED).values_list("month", flat=True))
    found = []
    while first < month:
        if str(first) not in closed:
            found.append(first)
        first = first.following
    return found


def list_months(*, now: datetime) -> list[MonthRow]:
    """Return every month since the first revenue up to the running one, newest first."""
    first = billing.first_revenue_month()
    if first is None:
        return []
    closed = {
        period.month: period
        for period in Period.objects.filter(state=Period.State.CLOSED).annotate(
            count=Count("statements"), paid=Sum("statements__total_micros")
        )
    }
    rows, month, last = [], first, Month.of(now)
    while month <= last:
        period = closed.get(str(month))
        rows.append(
            MonthRow(
                month=month,
                is_closed=period is not None,
                closed_at=period.closed_at if period else None,
                revenue_micros=sum(billing.revenue_by_library(month=month).values()),
                statements=period.count if period else 0,
                paid_micros=(period.paid or 0) if period else 0,
                blockers=() if period else tuple(list_blockers(month=month, now=now)),
            )
        )
        month = month.following
    return rows[::-1]
