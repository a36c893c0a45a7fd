"""A library's door: seen by all, opened by its own codes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from subscriptions.billing import services as billing
from subscriptions.models import Library, Patron
from subscriptions.patrons import services as patrons
from tests.subscriptions.people import make_library

pytestmark = pytest.mark.django_db


def make_code(library: Library, *, expires_on: date | None = None) -> str:
    last_day = expires_on or timezone.localdate() + timedelta(days=30)
    return patrons.create_codes(library=library, batch="desk", count=1, expires_on=last_day)[0]


def subscribe(library: Library) -> None:
    offer = billing.create_offer(name="All", per_inhabitant_micros=1, minimum_micros=0, media=["music"])
    today = timezone.localdate()
    billing.subscribe(library=library, offer=offer, starts_on=today, ends_on=today + timedelta(days=364))


def test_the_page_says_whose_it_is_and_what_counts_as_here(client: Client, library: Library) -> None:
    subscribe(library)
    page = client.get(f"/l/{library.slug}/").content.decode()
    assert library.name in page
    assert library.town in page
    assert 'name="code"' in page


def test_a_library_without_a_subscription_says_so_and_asks_for_no_code(
    client: Client, library: Library
) -> None:
    assert 'name="code"' not in client.get(f"/l/{library.slug}/").content.decode()


def test_an_unknown_address_is_not_there(client: Client) -> None:
    paths = ("", "enter/", "look.css")
    assert [client.get(f"/l/nowhere/{path}").status_code for path in paths] == [404, 404, 404]


def test_a_code_lets_its_patron_in_however_it_is_typed(client: Client, library: Library) -> None:
    code = make_code(library).lower().replace("-", " ")
    answer = client.post(f"/l/{library.slug}/enter/", {"code": f" {code} "})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/discover/")
    assert client.session["patron_id"] == Patron.objects.get().pk


def test_a_wrong_code_is_refused_in_words(client: Client, library: Library) -> None:
    answer = client.post(
        f"/l/{library.slug}/enter/", {"code": "AAAA-BBBB-CCCC"}, headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 422
    assert "This code is not known here." in answer.content.decode()


def test_a_code_of_another_library_is_unknown_here(client: Client, library: Library) -> None:
    elsewhere = make_library("Elsewhere", "69123")
    assert client.post(f"/l/{library.slug}/enter/", {"code": make_code(elsewhere)}).status_code == 422
    assert not Patron.objects.exists()


def test_an_expired_code_says_until_when_it_was_good(client: Client, library: Library) -> None:
    code = make_code(library, expires_on=date(2026, 1, 31))
    answer = client.post(f"/l/{library.slug}/enter/", {"code": code}, headers={"Accept-Language": "en"})
    assert "This code was valid until 31 January 2026." in answer.content.decode()


def test_guessing_stops_after_ten_wrong_codes(client: Client, library: Library) -> None:
    for _number in range(10):
        client.post(f"/l/{library.slug}/enter/", {"code": "AAAA-BBBB-CCCC"}, REMOTE_ADDR="192.0.2.7")
    answer = client.post(f"/l/{library.slug}/enter/", {"code": make_code(library)}, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 422
    assert not Patron.objects.exists()


def test_a_printed_code_fills_itself_in(client: Client, library: Library) -> None:
    assert 'value="ABCD-EFGH"' in client.get(f"/l/{library.slug}/enter/?code=ABCD-EFGH").content.decode()


def test_leaving_forgets_the_patron(client: Client, library: Library) -> None:
    client.post(f"/l/{library.slug}/enter/", {"code": make_code(library)})
    answer = client.post(f"/l/{library.slug}/leave/")
    assert "patron_id" not in client.session
    assert answer["Clear-Site-Data"] == '"storage"'


def test_leaving_takes_more_than_a_link(client: Client, library: Library) -> None:
    assert client.get(f"/l/{library.slug}/leave/").status_code == 405


def test_the_look_is_the_librarys_colour(client: Client, library: Library) -> None:
    answer = client.get(f"/l/{library.slug}/look.css")
    assert (answer.headers["Content-Type"], answer.content) == ("text/css", b":root{--accent:#7a2e1d}")


def test_a_link_that_was_sent_leads_on_once_its_reader_is_in(client: Client, library: Library) -> None:
    subscribe(library)
    shared = "/search/?q=jardins&medium=book"
    landing = client.get(shared)["Location"]
    page = client.get(landing).content.decode()
    door = f"/l/{library.slug}/?next=%2Fsearch%2F%3Fq%3Djardins%26medium%3Dbook"
    assert f'href="{door}"' in page
    assert 'name="next" value="/search/?q=jardins&amp;medium=book"' in client.get(door).content.decode()
    refused = client.post(f"/l/{library.slug}/enter/", {"code": "AAAA-BBBB-CCCC", "next": shared})
    assert 'name="next" value="/search/?q=jardins&amp;medium=book"' in refused.content.decode()
    answer = client.post(f"/l/{library.slug}/enter/", {"code": make_code(library), "next": shared})
    assert answer["Location"] == shared
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "x",
        "/" + "x" * 600,
    ],
)
def test_it_leads_nowhere_else(client: Client, library: Library, elsewhere: str) -> None:
    answer = client.post(f"/l/{library.slug}/enter/", {"code": make_code(library), "next": elsewhere})
    assert answer["Location"] == "/discover/"
