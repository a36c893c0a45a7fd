"""Going on where one stopped: for those who asked for it, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from catalog.models import Resource
from subscriptions.models import PlaybackPosition
from tests.factories.catalog import make_release
from tests.subscriptions.access.people import Person, make_person
from tests.subscriptions.api.people import assert_problem, open_playback, post, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Nobody plays."""
    cache.clear()


@pytest.fixture
def track() -> Resource:
    return make_release().resources.get()


def turn(client: Client, *, on: bool) -> Any:
    return client.put("/api/v1/history", {"is_kept": on}, content_type="application/json")


def stop_at(client: Client, token: str, position_s: int, locator: str = "") -> Any:
    said = {"token": token, "position_s": position_s, "locator": locator}
    return post(client, "/api/v1/playback/position", said)


def test_nothing_is_kept_unless_the_patron_turned_it_on(bob: Person, track: Resource) -> None:
    device = sign_in(bob)
    assert device.get("/api/v1/history").json() == {"is_kept": False}
    said = open_playback(device, track)
    assert stop_at(device, said["token"], 60).json() == {"is_kept": False}
    assert not PlaybackPosition.objects.exists()
    assert open_playback(device, track)["resume"] is None


def test_another_device_goes_on_where_the_first_one_stopped(bob: Person, track: Resource) -> None:
    one, other = sign_in(bob), sign_in(bob)
    assert turn(one, on=True).json() == {"is_kept": True}
    said = open_playback(one, track)
    assert stop_at(one, said["token"], 60).json() == {"is_kept": True}
    stop_at(one, said["token"], 75)
    assert open_playback(other, track)["resume"] == {"position_s": 75, "locator": ""}


def test_a_book_is_opened_at_its_page(bob: Person) -> None:
    book = make_release(medium="book").resources.get()
    device = sign_in(bob)
    turn(device, on=True)
    stop_at(device, open_playback(device, book)["token"], 300, "epubcfi(/6/4!/4/2)")
    assert open_playback(device, book)["resume"] == {"position_s": 300, "locator": "epubcfi(/6/4!/4/2)"}


def test_what_was_heard_to_the_end_begins_anew(bob: Person, track: Resource) -> None:
    device = sign_in(bob)
    turn(device, on=True)
    said = open_playback(device, track)
    stop_at(device, said["token"], 60)
    stop_at(device, said["token"], 171)  # of 180 s
    assert open_playback(device, track)["resume"] is None


def test_turned_off_nothing_of_it_is_left(bob: Person, track: Resource) -> None:
    device = sign_in(bob)
    turn(device, on=True)
    stop_at(device, open_playback(device, track)["token"], 60)
    turn(device, on=False)
    assert not PlaybackPosition.objects.exists()


def test_charlie_neither_writes_nor_reads_bobs_position(bob: Person, track: Resource) -> None:
    charlie, device = sign_in(make_person(commune_code="69123")), sign_in(bob)
    turn(device, on=True)
    turn(charlie, on=True)
    said = open_playback(device, track)
    assert_problem(stop_at(charlie, said["token"], 60), 403, "not_yours")
    stop_at(device, said["token"], 60)
    assert open_playback(charlie, track)["resume"] is None


@pytest.mark.parametrize("position_s", [-1, 10**9, "x"])
def test_a_position_that_is_none_is_named(bob: Person, position_s: object) -> None:
    answer = post(sign_in(bob), "/api/v1/playback/position", {"token": "x", "position_s": position_s})
    assert_problem(answer, 400, "invalid")


def test_a_stranger_has_no_history() -> None:
    assert_problem(Client().get("/api/v1/history"), 401, "no_patron")
    assert_problem(turn(Client(), on=True), 401, "no_patron")
    assert_problem(stop_at(Client(), "x", 1), 401, "no_patron")


def test_another_site_cannot_turn_it_on(bob: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in(bob).cookies
    assert_problem(turn(strict, on=True), 403, "csrf_failed")
