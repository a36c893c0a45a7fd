"""What libraries bought and what it earns by the month."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Min

from mediaplatform.kernel.periods import Month, recognised_micros
from subscriptions.models import Subscription, SubscriptionLine


def find_running(*, library_id: int, on: date) -> Subscription | None:
    """Return the subscription that a library has on a day."""
    return Subscription.objects.filter(library=library_id).running_on(on).select_related("offer").first()


def revenue_by_library(*, month: Month) -> dict[int, int]:
    """Return the micros excluding VAT that each library's lines recognise in a month, by library id."""
    lines = SubscriptionLine.objects.filter(
        starts_on__lte=month.last_day, ends_on__gte=month.first_day
    ).values_list("subscription__library_id", "amount_micros", "starts_on", "ends_on")
    totals: dict[int, int] = defaultdict(int)
    for library_id, amount, starts_on, ends_on in lines:
        totals[library_id] += recognised_micros(
            amount_micros=amount, starts_on=starts_on, ends_on=ends_on, month=month
        )
    return dict(sorted(totals.items()))


def revenue_by_month(*, first: Month, last: Month) -> dict[Month, int]:
    """Return the micros excluding VAT that all libraries' lines recognise in each month from first to last."""
    lines = list(
        SubscriptionLine.objects.filter(
            starts_on__lte=last.last_day, ends_on__gte=first.first_day
        ).values_list("amount_micros", "starts_on", "ends_on")
    )
    totals, month = {}, first
    while month <= last:
        totals[month] = sum(
            recognised_micros(amount_micros=amount, starts_on=starts_on, ends_on=ends_on, month=month)
            for amount, starts_on, ends_on in lines
        )
        month = month.following
    return totals


def first_revenue_month() -> Month | None:
    """Return the month of the earliest line, or None before the first sale."""
    first = SubscriptionLine.objects.aggregate(first=Min("starts_on"))["first"]
    return Month(first.year, first.month) if first else None
