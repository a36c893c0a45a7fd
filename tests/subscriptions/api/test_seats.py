"""How many play at once: what the patron is told, and what frees a seat."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from catalog.models import Resource
from catalog.streaming import denials
from subscriptions.models import Offer
from subscriptions.patrons import services as patrons
from tests.factories.catalog import make_release
from tests.subscriptions.access.people import Person, make_person
from tests.subscriptions.api.people import assert_problem, open_playback, post, sign_in

pytestmark = pytest.mark.django_db

AWAY = "redis://127.0.0.1:1/0"
BEAT = {"sequence": 0, "intervals": [[0, 1]], "event": "tick"}


@pytest.fixture(autouse=True)
def fresh(settings: Settings) -> None:
    """Nobody plays anywhere; sessions do without Valkey, so that it can be away."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    cache.clear()
    denials._copy.forget()


@pytest.fixture
def track() -> Resource:
    return make_release().resources.get()


def ask(client: Client, resource: Resource) -> Any:
    return post(client, "/api/v1/playback/open", {"resource_id": resource.pk})


def test_a_third_device_is_told_the_limit_and_when_to_come_back(bob: Person, track: Resource) -> None:
    for _device in range(2):
        open_playback(sign_in(bob), track)
    answer = ask(sign_in(bob), track)
    assert_problem(answer, 409, "profile_full")
    assert answer.json()["seats"] == 2
    assert 170 < answer.json()["retry_after_s"] <= 180  # the track that plays has 180 s
    assert answer.json()["detail"] == (
        "This profile is playing on 2 devices, as many as it may. Stop one, or use another profile. "
        "One is likely free in 3 minutes."
    )


def test_one_device_may_go_from_track_to_track(bob: Person) -> None:
    device = sign_in(bob)
    for resource in make_release(tracks=4).resources.all():
        open_playback(device, resource)


def test_a_librarys_licence_counts_its_own_patrons_only(bob: Person, track: Resource) -> None:
    charlie = make_person(commune_code="69123")
    Offer.objects.update(seats=1)
    open_playback(sign_in(bob), track)
    answer = ask(sign_in(bob), track)
    assert_problem(answer, 409, "library_full")
    assert answer.json()["detail"] == (
        "The one seat that your library pays for is taken. One is likely free in 3 minutes."
    )
    open_playback(sign_in(charlie), track)


def test_closing_frees_the_seat_at_once(bob: Person, track: Resource) -> None:
    Offer.objects.update(seats=1)
    said = open_playback(sign_in(bob), track)
    for _twice in range(2):
        assert Client(enforce_csrf_checks=True).post(said["close_url"]).status_code == 204
    open_playback(sign_in(bob), track)


def test_a_session_whose_seat_was_given_away_is_not_renewed(bob: Person, track: Resource) -> None:
    Offer.objects.update(seats=1)
    device = sign_in(bob)
    said = open_playback(device, track)
    Client().post(said["close_url"])
    open_playback(sign_in(bob), track)
    answer = post(device, "/api/v1/playback/renew", {"token": said["token"]})
    assert_problem(answer, 409, "library_full")


@pytest.mark.parametrize(("may_play", "status"), [(True, 200), (False, 503)])
def test_while_valkey_is_away_the_settings_decide(
    bob: Person,
    track: Resource,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    may_play: bool,
    status: int,
) -> None:
    device = sign_in(bob)
    settings.PLAY_WITHOUT_SEATS, settings.REDIS_URL = may_play, AWAY
    with caplog.at_level(logging.WARNING):
        answer = ask(device, track)
    assert answer.status_code == status
    assert may_play or answer.json()["code"] == "seats_unavailable"
    assert "seats are not counted" in caplog.text


def test_heartbeats_are_acknowledged_while_valkey_is_away(
    bob: Person, track: Resource, settings: Settings
) -> None:
    said = open_playback(sign_in(bob), track)
    settings.REDIS_URL = AWAY
    assert post(Client(), said["heartbeat_url"], BEAT).status_code == 202
    assert Client().post(said["close_url"]).status_code == 204


def test_a_suspended_patron_is_stopped_in_the_middle_of_a_track_until_restored(
    bob: Person, track: Resource, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    said = open_playback(sign_in(bob), track)
    with django_capture_on_commit_callbacks(execute=True):
        patrons.suspend_patron(patron_id=bob.patron.pk, now=timezone.now())
    denials._copy.forget()
    assert_problem(post(Client(), said["heartbeat_url"], BEAT), 403, "denied")
    assert_problem(Client().get(said["manifest_url"]), 403, "denied")
    with django_capture_on_commit_callbacks(execute=True):
        patrons.restore_patron(patron_id=bob.patron.pk)
    denials._copy.forget()
    assert post(Client(), said["heartbeat_url"], BEAT).status_code == 202


def test_a_denied_session_is_not_renewed(bob: Person, track: Resource) -> None:
    device = sign_in(bob)
    said = open_playback(device, track)
    denials.deny(sessions=[said["session_id"]], now=timezone.now())
    denials._copy.forget()
    assert_problem(post(device, "/api/v1/playback/renew", {"token": said["token"]}), 403, "ended")
