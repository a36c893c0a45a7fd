"""Prices, sales and the months of revenue."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.models import Territory
from mediaplatform.kernel.periods import Month
from subscriptions.billing import pricing, selectors, services
from subscriptions.libraries import selectors as libraries
from subscriptions.libraries.services import LibraryRefused, create_library
from subscriptions.models import Library, Offer

# docs/algorithms/cct.md, step 1: 1,200 EUR from 15 January 2026 to 14 January 2027.
MONTHS = [
    55890410, 92054795, 101917808, 98630137, 101917808, 98630137, 101917809,
    101917808, 98630137, 101917808, 98630137, 101917808, 46027398,
]  # fmt: skip


@pytest.fixture
def firminy(db: None) -> Library:
    Territory.objects.create(
        level="commune", code="42095", name="Firminy", vintage=2026, population=16_000, country_code="FR",
        epci_code="244200770", departement_code="42", region_code="84",
    )  # fmt: skip
    for level, code in (("epci", "244200770"), ("departement", "42"), ("region", "84"), ("country", "FR")):
        Territory.objects.create(level=level, code=code, name=code, vintage=2026, country_code="FR")
    return create_library(name="Médiathèque de Firminy", commune_code="42095")


@pytest.fixture
def offer(db: None) -> Offer:
    return Offer.objects.create(name="All", per_inhabitant_micros=75_000, media=["music"])


@pytest.mark.parametrize(
    ("inhabitants", "each", "least", "price"),
    [(23_489, 125_000, 0, 2_936_130_000), (100, 75_000, 300_000_000, 300_000_000), (0, 75_000, 0, 0)],
)
def test_a_year_is_priced_per_inhabitant(inhabitants: int, each: int, least: int, price: int) -> None:
    assert (
        pricing.yearly_price(inhabitants=inhabitants, per_inhabitant_micros=each, minimum_micros=least)
        == price
    )


def test_a_price_takes_no_negative_number() -> None:
    with pytest.raises(ValueError, match="negative"):
        pricing.yearly_price(inhabitants=-1, per_inhabitant_micros=1, minimum_micros=0)


def test_a_subscription_is_earned_month_by_month(firminy: Library, offer: Offer) -> None:
    services.subscribe(library=firminy, offer=offer, starts_on=date(2026, 1, 15), ends_on=date(2027, 1, 14))
    month, earned = Month(2026, 1), []
    for _number in MONTHS:
        earned.append(selectors.revenue_by_library(month=month)[firminy.pk])
        month = month.following
    assert earned == MONTHS
    assert selectors.revenue_by_library(month=month) == {}


def test_overlapping_days_are_refused_with_the_other_days_named(firminy: Library, offer: Offer) -> None:
    services.subscribe(library=firminy, offer=offer, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    with pytest.raises(services.SubscriptionRefused, match="31"):
        services.subscribe(
            library=firminy, offer=offer, starts_on=date(2026, 12, 31), ends_on=date(2027, 1, 1)
        )


def test_a_library_knows_the_territories_it_lies_in(firminy: Library) -> None:
    rows = {(row["level"], row["code"], row["own"]) for row in libraries.export_territories().to_pylist()}
    assert rows == {
        ("commune", "42095", True),
        ("epci", "244200770", False),
        ("departement", "42", False),
        ("region", "84", False),
        ("country", "FR", False),
    }


def test_every_fault_of_a_library_is_named_at_once(firminy: Library) -> None:
    with pytest.raises(LibraryRefused) as refused:
        create_library(name=firminy.name, commune_code="99999", siret="123")
    assert set(refused.value.faults) == {"name", "commune_code", "siret"}
