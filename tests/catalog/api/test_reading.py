"""Reading the catalogue by the API: lists, pages, fields, entity tags, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mediaplatform.accounts.models import User
from mediaplatform.infrastructure.api_types import describe_api
from tests.catalog.api.conftest import Shelf, assert_problem, items, token_client
from tests.catalog.people import LABEL, OTHER
from tests.factories.catalog import make_geography, make_party, make_release

pytestmark = pytest.mark.django_db
LISTS = ["/api/v1/deliveries", "/api/v1/releases", "/api/v1/resources", "/api/v1/parties"]


def one_of_each(shelf: Shelf) -> list[str]:
    """Return the addresses of lena's things."""
    resource = shelf.jardins.resources.all()[0]
    party = shelf.jardins.credits.all()[0].party_id
    return [
        f"/api/v1/deliveries/{shelf.delivery.pk}",
        f"/api/v1/releases/{shelf.jardins.pk}",
        f"/api/v1/resources/{resource.pk}",
        f"/api/v1/parties/{party}",
    ]


@pytest.mark.parametrize("path", [*LISTS, "/api/v1/uploads"])
def test_anonymous_visitors_see_nothing(client: Client, shelf: Shelf, path: str) -> None:
    answer = client.get(path)
    assert_problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_anonymous_visitors_see_nothing_by_its_address(client: Client, shelf: Shelf) -> None:
    for path in one_of_each(shelf):
        assert_problem(client.get(path), 401, "not_authenticated")


def test_each_label_lists_its_own_alone(lena: Client, charlie: Client, oscar: Client, shelf: Shelf) -> None:
    def titles(client: Client) -> set[str]:
        return {one["title"] for one in items(client.get("/api/v1/releases"))}

    assert titles(lena) == {"Jardins", "Rivages"}
    assert titles(charlie) == {"Ailleurs"}
    assert titles(oscar) == {"Jardins", "Rivages", "Ailleurs"}


@pytest.mark.parametrize(
    ("path", "counts"),
    [("/api/v1/deliveries", [2, 1, 3]), ("/api/v1/resources", [3, 1, 4]), ("/api/v1/parties", [1, 1, 2])],
)
def test_other_lists_are_of_the_label_too(
    lena: Client, charlie: Client, oscar: Client, shelf: Shelf, path: str, counts: list[int]
) -> None:
    assert [len(items(client.get(path))) for client in (lena, charlie, oscar)] == counts


def test_what_is_another_labels_is_not_there(charlie: Client, shelf: Shelf) -> None:
    for path in one_of_each(shelf):
        assert_problem(charlie.get(path), 404, "not_found")


def test_a_filter_opens_nothing_of_another_label(charlie: Client, shelf: Shelf) -> None:
    for path in (
        f"/api/v1/releases?deliverer={LABEL}",
        f"/api/v1/deliveries?deliverer={LABEL}",
        f"/api/v1/resources?release_id={shelf.jardins.pk}",
        "/api/v1/releases?q=jardins",
        "/api/v1/parties?q=ana",
    ):
        assert items(charlie.get(path)) == []


def test_a_release_says_all_that_was_delivered(lena: Client, shelf: Shelf) -> None:
    said = lena.get(f"/api/v1/releases/{shelf.jardins.pk}").json()
    assert (said["title"], said["deliverer"], said["medium"]) == ("Jardins", LABEL, "music")
    assert said["resource_count"] == len(said["resources"]) == 2
    assert [(one["name"], one["role"]) for one in said["credits"]] == [("Ana Roux", "main_artist")]
    assert said["availabilities"] == [{"countries": [], "starts_on": "2026-01-15", "ends_on": None}]


def test_a_resource_says_who_is_paid_and_how_far_its_package_is(lena: Client, shelf: Shelf) -> None:
    resource = shelf.jardins.resources.all()[0]
    said = lena.get(f"/api/v1/resources/{resource.pk}").json()
    assert [(one["payee"], one["share_bp"]) for one in said["shares"]] == [("Roux Ana", 10_000)]
    assert said["package"]["state"] == "ready"
    assert said["original"]["filename"] == "a.flac"


def test_what_refuses_nothing_is_told_apart_from_the_faults(lena: Client, shelf: Shelf) -> None:
    shelf.delivery.faults.create(
        file="delivery.csv", row=4, code="rights_missing", message="nobody has a share", is_warning=True
    )
    said = lena.get(f"/api/v1/deliveries/{shelf.delivery.pk}").json()
    listed = next(one for one in items(lena.get("/api/v1/deliveries")) if one["id"] == shelf.delivery.pk)
    assert (said["fault_count"], listed["fault_count"]) == (1, 1)
    assert [(one["code"], one["is_warning"]) for one in said["faults"]] == [
        ("bad_isrc", False),
        ("rights_missing", True),
    ]


def test_a_delivery_names_its_faults_and_progress(lena: Client, shelf: Shelf) -> None:
    said = lena.get(f"/api/v1/deliveries/{shelf.delivery.pk}").json()
    place = said["faults"][0]
    assert (said["state"], said["fault_count"]) == ("refused", 1)
    assert (place["file"], place["row"], place["column"], place["code"]) == (
        "delivery.csv",
        2,
        "isrc",
        "bad_isrc",
    )
    [applied] = items(lena.get("/api/v1/deliveries?state=applied"))
    progress = lena.get(f"/api/v1/deliveries/{applied['id']}").json()["packages"]
    assert progress == {"ready": 2, "failed": 0, "total": 2, "percent": 100}


def test_a_party_says_where_it_is_from(lena: Client, shelf: Shelf) -> None:
    [party] = items(lena.get("/api/v1/parties?q=roux"))
    assert party["home"] == {"level": "commune", "code": "42095", "name": "Firminy"}
    assert lena.get(f"/api/v1/parties/{party['id']}").json()["biography"] == ""


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=draft", ["Rivages"]),
        ("ean=3700551782611", ["Jardins"]),
        ("medium=book", []),
        ("q=jardin", ["Jardins"]),
        ("q=%21", []),
        (f"deliverer={OTHER}", []),
    ],
)
def test_releases_are_filtered(lena: Client, shelf: Shelf, query: str, found: list[str]) -> None:
    assert [one["title"] for one in items(lena.get(f"/api/v1/releases?{query}"))] == found


def test_pages_hold_still_while_things_are_added(lena: Client, shelf: Shelf) -> None:
    for number in range(5):
        make_release(f"Disque {number}", deliverer=LABEL)
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = lena.get("/api/v1/releases", {"limit": "2", **({"cursor": cursor} if cursor else {})})
        seen += [one["id"] for one in items(answer)]
        cursor = answer.json()["next"]
        if cursor is not None:
            assert f"cursor={cursor.replace('=', '%3D')}" in answer["Link"]
            if len(seen) == 2:
                make_release("Late", deliverer=LABEL)
    assert len(seen) == len(set(seen)) == 8
    assert seen == sorted(seen)


def test_deliveries_come_newest_first_over_all_pages(lena: Client, shelf: Shelf) -> None:
    first = lena.get("/api/v1/deliveries?limit=1")
    second = lena.get(f"/api/v1/deliveries?limit=1&cursor={first.json()['next']}")
    ids = [one["id"] for one in items(first) + items(second)]
    assert ids == sorted(ids, reverse=True)
    assert second.json()["next"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=abc", "cursor"),
        ("cursor=aWQ6LTE=", "cursor"),
        ("cursor=é", "cursor"),
        ("cursor=aWQ6OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "cursor"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("medium=cinema", "medium"),
        ("colour=red", "colour"),
        ("q=%00", "q"),
        ("fields=id,nothing", "fields"),
    ],
)
def test_a_wrong_query_is_named(lena: Client, shelf: Shelf, query: str, field: str) -> None:
    answer = lena.get(f"/api/v1/releases?{query}")
    assert_problem(answer, 400, "invalid")
    assert [fault["field"] for fault in answer.json()["faults"]] == [field]


def test_only_the_fields_that_were_asked_for(lena: Client, shelf: Shelf) -> None:
    assert set(items(lena.get("/api/v1/releases?fields=id,title"))[0]) == {"id", "title"}
    one = lena.get(f"/api/v1/releases/{shelf.jardins.pk}?fields=credits").json()
    assert list(one) == ["credits"]


def test_an_answer_that_is_known_comes_without_a_body(lena: Client, shelf: Shelf) -> None:
    for path in [*LISTS, *one_of_each(shelf), "/api/v1/uploads", "/api/v1/territories?q=firminy"]:
        first = lena.get(path)
        again = lena.get(path, headers={"If-None-Match": f'"x", W/{first["ETag"]}'})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert "private" in again["Cache-Control"]


def test_an_answer_that_has_changed_comes_again(lena: Client, shelf: Shelf) -> None:
    path = f"/api/v1/releases/{shelf.jardins.pk}"
    etag = lena.get(path)["ETag"]
    shelf.jardins.title = "Jardins d’hiver"
    shelf.jardins.save()
    again = lena.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.json()["title"]) == (200, "Jardins d’hiver")


def count_queries(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert ask().status_code == 200
    return len(seen)


@pytest.mark.parametrize(("path", "most"), [(LISTS[0], 3), (LISTS[1], 2), (LISTS[2], 3), (LISTS[3], 2)])
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(
    lena_user: User, shelf: Shelf, path: str, most: int
) -> None:
    client = token_client(lena_user)
    client.get("/api/v1/territories?q=firminy")  # the token's use is noted once an hour
    few = count_queries(lambda: client.get(path))
    for number in range(10):
        make_release(f"Disque {number}", artist=make_party(f"P{number}"), tracks=2, deliverer=LABEL)
    assert count_queries(lambda: client.get(path)) == few
    assert few <= most + 1  # and the token's


def test_one_of_each_is_read_in_few_queries(lena_user: User, shelf: Shelf) -> None:
    client = token_client(lena_user)
    client.get("/api/v1/territories?q=firminy")
    counts = [count_queries(lambda path=path: client.get(path)) for path in one_of_each(shelf)]  # type: ignore[misc]
    assert counts == [6, 7, 5, 3]


def test_a_read_and_a_listed_release_are_the_same(lena: Client, shelf: Shelf) -> None:
    listed = items(lena.get("/api/v1/releases"))[0]
    read = lena.get(f"/api/v1/releases/{listed['id']}").json()
    assert {name: read[name] for name in listed} == listed


# Territories


def test_anybody_finds_a_town_by_what_they_type(client: Client) -> None:
    make_geography()
    [town] = items(client.get("/api/v1/territories?q=firmini"))
    assert (town["level"], town["code"], town["departement_code"]) == ("commune", "42095", "42")
    assert client.get("/api/v1/territories/commune/42095").json() == town
    assert items(client.get("/api/v1/territories?q=loire&level=departement"))[0]["code"] == "42"


def test_a_territory_that_is_none_is_not_found(client: Client) -> None:
    assert_problem(client.get("/api/v1/territories/commune/99999"), 404, "not_found")
    assert_problem(client.get("/api/v1/territories?q=x"), 400, "invalid")
    assert_problem(client.get("/api/v1/territories"), 400, "invalid")


@pytest.mark.parametrize("path", LISTS)
def test_an_answers_headers_are_described(oscar: Client, shelf: Shelf, path: str) -> None:
    answers = describe_api()["paths"][path]["get"]["responses"]
    answer = oscar.get(f"{path}?limit=1")
    assert set(answers["200"]["headers"]) == {"ETag", "Link"} <= set(answer.headers)
    again = oscar.get(f"{path}?limit=1", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert set(answers["304"]["headers"]) == {"ETag"} <= set(again.headers)
