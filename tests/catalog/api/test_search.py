"""Search by the API, as a patron of a library."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.catalog.api.conftest import assert_problem, items
from tests.factories.catalog import make_geography, make_party, make_release
from tests.subscriptions.access.people import make_person
from tests.subscriptions.api.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(db: None) -> Client:
    home = make_geography()["42095"]
    browser = sign_in(make_person())
    make_release("Jardins", artist=make_party("Ana Roux", home=home), min_age=3)
    make_release("Jardins secrets", medium="book", is_explicit=True)
    make_release("Jardin fermé", status="draft")
    return browser


def test_a_patron_finds_what_may_be_seen(bob: Client) -> None:
    answer = bob.get("/api/v1/search?q=jardins")
    assert {one["title"] for one in items(answer)} == {"Jardins", "Jardins secrets"}
    said = answer.json()
    assert (said["total"], said["next"]) == (2, None)
    assert {facet["code"] for facet in said["facets"]} >= {"medium"}


def test_a_facet_narrows(bob: Client) -> None:
    assert [one["medium"] for one in items(bob.get("/api/v1/search?q=jardins&medium=book"))] == ["book"]


def test_pages_follow_a_cursor(bob: Client) -> None:
    first = bob.get("/api/v1/search?q=jardins&limit=1")
    second = bob.get("/api/v1/search", {"q": "jardins", "limit": 1, "cursor": first.json()["next"]})
    assert len({one["id"] for one in items(first) + items(second)}) == 2
    assert_problem(
        bob.get("/api/v1/search", {"q": "other", "limit": 1, "cursor": first.json()["next"]}),
        422,
        "bad_cursor",
    )


def test_another_librarys_patron_sees_what_their_subscription_includes(bob: Client) -> None:
    charlie = sign_in(make_person(commune_code="69123", media=("music",)))
    assert [one["medium"] for one in items(charlie.get("/api/v1/search?q=jardins"))] == ["music"]


def test_nobody_else_searches(client: Client, lena: Client) -> None:
    for who in (client, lena):
        assert_problem(who.get("/api/v1/search?q=jardins"), 401, "no_patron")


def test_a_search_asks_the_database_as_often_for_many_as_for_few(bob: Client) -> None:
    def ask() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert bob.get("/api/v1/search?q=jardins").status_code == 200
        return len(seen)

    ask()  # the first one reads the session and what is cached
    few = ask()
    for number in range(10):
        make_release(f"Jardins {number}", artist=make_party(f"P{number}"))
    assert ask() == few <= 12
