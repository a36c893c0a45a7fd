"""The operators' desk: libraries of real communes, offers, subscriptions, first administrators."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from subscriptions.billing import services as billing
from subscriptions.models import Library, Offer, StaffMembership, Subscription
from tests.factories.catalog import make_geography

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}
PAGES = [
    "",
    "libraries/",
    "libraries/new/",
    "libraries/communes/?commune_name=saint",
    "libraries/{slug}/",
    "offers/",
]
ACTS = ["libraries/new/", "libraries/{slug}/subscribe/", "libraries/{slug}/invite/", "offers/"]


@pytest.fixture
def offer(db: None) -> Offer:
    return billing.create_offer(
        name="All media", per_inhabitant_micros=125_000, minimum_micros=500_000_000, media=["music", "video"]
    )


@pytest.mark.parametrize("page", PAGES)
def test_an_operator_sees_every_page(page: str, oscar: Client, library: Library, offer: Offer) -> None:
    assert oscar.get(f"/operator/{page.format(slug=library.slug)}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_librarys_staff_sees_none(page: str, charlie: Client, library: Library) -> None:
    assert charlie.get(f"/operator/{page.format(slug=library.slug)}").status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_a_librarys_staff_does_nothing(act: str, charlie: Client, library: Library) -> None:
    assert charlie.post(f"/operator/{act.format(slug=library.slug)}", {}).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_visitors_are_asked_to_sign_in(page: str, client: Client, library: Library) -> None:
    assert client.get(f"/operator/{page.format(slug=library.slug)}").status_code == 302


def test_a_library_is_made_of_its_commune(oscar: Client) -> None:
    make_geography()
    said = {"name": "Bibliothèque de Saint-Étienne", "commune_code": "42218", "kind": "public", "siret": ""}
    answer = oscar.post("/operator/libraries/new/", said)
    made = Library.objects.get()
    assert answer.headers["Location"] == f"/operator/libraries/{made.slug}/"
    assert made.ladder.filter(is_own=True).get().territory.code == "42218"


def test_every_fault_of_a_library_is_named(oscar: Client) -> None:
    make_geography()
    said = {"name": "Nowhere", "commune_code": "99999", "kind": "public", "siret": "123"}
    answer = oscar.post("/operator/libraries/new/", said, headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no commune 99999." in page
    assert "123 is no SIRET" in page
    assert not Library.objects.exists()


def test_communes_are_found_as_one_types(oscar: Client) -> None:
    make_geography()
    page = oscar.get("/operator/libraries/communes/?commune_name=saint-et").content.decode()
    assert 'data-value="42218"' in page


def test_an_offer_goes_on_sale_in_micros(oscar: Client) -> None:
    said = {"name": "Music", "per_inhabitant": "0.125", "minimum": "500", "included": ["music"], "seats": ""}
    oscar.post("/operator/offers/", said)
    made = Offer.objects.get()
    assert (made.per_inhabitant_micros, made.minimum_micros, made.media) == (125_000, 500_000_000, ["music"])


def test_an_offers_name_is_given_once(oscar: Client, offer: Offer) -> None:
    said = {"name": offer.name, "per_inhabitant": "9", "minimum": "0", "included": ["music"]}
    assert oscar.post("/operator/offers/", said).status_code == 422
    offer.refresh_from_db()
    assert offer.per_inhabitant_micros == 125_000


def test_a_price_is_told_before_anything_is_sold(oscar: Client, library: Library, offer: Offer) -> None:
    Library.objects.update(population=16_812)
    said = {"offer": offer.pk, "starts_on": "2027-01-01", "ends_on": "2027-12-31", "act": "price"}
    page = oscar.post(
        f"/operator/libraries/{library.slug}/subscribe/", said, headers=ENGLISH
    ).content.decode()
    assert "€2,101.50 excluding VAT for 16,812 inhabitants." in page  # 16,812 x 0.125
    assert not Subscription.objects.exists()


def test_a_subscription_is_sold_for_its_days(oscar: Client, library: Library, offer: Offer) -> None:
    said = {
        "offer": offer.pk,
        "starts_on": "2027-01-01",
        "ends_on": "2027-12-31",
        "act": "sell",
        "reference": "BC-7",
    }
    oscar.post(f"/operator/libraries/{library.slug}/subscribe/", said)
    sold = Subscription.objects.get()
    assert (sold.starts_on, sold.ends_on, sold.reference) == (date(2027, 1, 1), date(2027, 12, 31), "BC-7")


def test_days_that_overlap_are_refused_in_words(oscar: Client, library: Library, offer: Offer) -> None:
    said = {"offer": offer.pk, "starts_on": "2027-01-01", "ends_on": "2027-12-31", "act": "sell"}
    address = f"/operator/libraries/{library.slug}/subscribe/"
    oscar.post(address, said)
    answer = oscar.post(address, said, headers=ENGLISH)
    assert answer.status_code == 422
    assert "The library is subscribed from" in answer.content.decode()


def test_the_first_administrator_is_invited(
    oscar: Client, library: Library, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        oscar.post(
            f"/operator/libraries/{library.slug}/invite/", {"email": "alice@example.org", "role": "admin"}
        )
    assert StaffMembership.objects.get().role == "admin"
    assert library.name in mail.outbox[0].subject


def test_the_list_costs_the_same_however_many_there_are(
    oscar: Client, library: Library, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Library.objects.bulk_create(
        Library(name=f"L{number}", slug=f"l{number}", town="T", population=1) for number in range(30)
    )
    with django_assert_max_num_queries(4):
        oscar.get("/operator/libraries/")
