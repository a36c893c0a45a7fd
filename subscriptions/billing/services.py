"""Selling subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from subscriptions import SubscriptionsError
from subscriptions.billing import pricing
from subscriptions.models import Library, Offer, Subscription, SubscriptionLine


class SubscriptionRefused(SubscriptionsError):
    """The dates or the offer do not allow the subscription."""

    code = "subscription_refused"


def create_offer(
    *,
    name: str,
    per_inhabitant_micros: int,
    minimum_micros: int,
    media: Sequence[str],
    vat_bp: int = 2_000,
    seats: int | None = None,
) -> Offer:
    """Put an offer on sale, priced in micros excluding VAT a year; a known name gives the offer as it is."""
    return Offer.objects.get_or_create(
        name=name,
        defaults={
            "per_inhabitant_micros": per_inhabitant_micros,
            "minimum_micros": minimum_micros,
            "media": list(media),
            "vat_bp": vat_bp,
            "seats": seats,
        },
    )[0]


def price_of(*, library: Library, offer: Offer) -> int:
    """Return what a year of an offer costs a library, in micros excluding VAT."""
    return pricing.yearly_price(
        inhabitants=library.population,
        per_inhabitant_micros=offer.per_inhabitant_micros,
        minimum_micros=offer.minimum_micros,
    )


@transaction.atomic
def subscribe(
    *, library: Library, offer: Offer, starts_on: date, ends_on: date, reference: str = ""
) -> Subscription:
    """Sell a year of an offer to a library from the first to the last day, with one line at the year's price.

    Raises:
        SubscriptionRefused: the days are reversed, overlap another subscription, or the offer is not on sale.
    """
    Library.objects.select_for_update().get(pk=library.pk)
    if ends_on < starts_on:
        raise SubscriptionRefused(_("The last day lies before the first."))
    if not offer.is_open:
        raise SubscriptionRefused(_("This offer is not on sale."))
    other = library.subscriptions.overlapping(starts_on=starts_on, ends_on=ends_on).first()
    if other is not None:
        days = {"first": date_format(other.starts_on), "last": date_format(other.ends_on)}
        raise SubscriptionRefused(_("The library is subscribed from %(first)s to %(last)s already.") % days)
    sold = Subscription.objects.create(
        library=library, offer=offer, starts_on=starts_on, ends_on=ends_on, reference=reference
    )
    price = price_of(library=library, offer=offer)
    SubscriptionLine.objects.create(
        subscription=sold,
        label=offer.name,
        amount_micros=price,
        vat_bp=offer.vat_bp,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return sold
