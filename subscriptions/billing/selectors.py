"""What libraries bought and what it earns by the month."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Sum

from mediaplatform.kernel.periods import Month, recognised_micros
from subscriptions.models import Offer, Subscription, SubscriptionLine


def find_running(*, library_id: int, on: date) -> Subscription | None:
    """Return the subscription that a library has on a day."""
    return Subscription.objects.filter(library=library_id).running_on(on).select_related("offer").first()


def list_subscriptions(*, library_id: int) -> list[Subscription]:
    """Return a library's subscriptions, latest first, each with `price_micros`: the sum of its lines excluding VAT."""
    sold = Subscription.objects.filter(library=library_id).select_related("offer")
    return list(sold.annotate(price_micros=Sum("lines__amount_micros")).order_by("-starts_on"))


def list_offers() -> list[Offer]:
    """Return every offer, those on sale first, each with `sold`: how many subscriptions it has."""
    return list(Offer.objects.annotate(sold=Count("subscriptions")).order_by("-is_open", "name"))


def offers_on_sale() -> QuerySet[Offer]:
    """Return the offers that can be sold, by name."""
    return Offer.objects.filter(is_open=True).order_by("name")


def has_offer(*, name: str) -> bool:
    """Say whether an offer bears the name."""
    return Offer.objects.filter(name=name).exists()


def list_ending(*, on: date, within_days: int) -> list[Subscription]:
    """Return running subscriptions that end soon and are not followed by another, the first to end first."""
    next_one = Subscription.objects.filter(library=OuterRef("library"), starts_on__gt=OuterRef("ends_on"))
    ending = Subscription.objects.running_on(on).filter(ends_on__lte=on + timedelta(days=within_days))
    return list(ending.filter(~Exists(next_one)).select_related("library", "offer").order_by("ends_on"))


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
    """Return the micros excluding VAT that all lines recognise in each month, from first to last."""
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
