"""Grants changed in each field, and every endpoint that takes one: nothing but the signer's own word opens anything."""

from __future__ import annotations

import base64
import dataclasses
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from catalog.models import Heartbeat, Resource
from catalog.streaming import denials, door, grants
from catalog.streaming.grants import Grant
from subscriptions.models import PlaybackPosition, Profile, Subscription
from subscriptions.patrons import pseudonyms
from subscriptions.patrons import services as patrons
from tests.factories.catalog import make_release
from tests.subscriptions.access.people import Person, make_person
from tests.subscriptions.api.people import open_playback, post, sign_in

pytestmark = pytest.mark.django_db

BEAT = {"sequence": 0, "intervals": [[0, 1]], "event": "tick"}
OTHER = {
    "session_id": UUID(int=1),
    "library_id": 77,
    "patron": "cd" * 16,
    "resource_id": 78,
    "package": "cd" * 32,
    "medium": "video",
    "source": "subsonic",
    "max_age": 3,
    "duration_s": 9_999,
    "seat": "another-seat",
    "opened_at": timedelta(hours=-1),
    "issued_at": timedelta(seconds=-30),
    "expires_at": timedelta(seconds=-5),
}


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()
    denials._copy.forget()


@pytest.fixture
def track() -> Resource:
    return make_release().resources.get()


def ask_everywhere(client: Client, token: str) -> dict[str, int]:
    """Return each endpoint's answer to a token."""
    return {
        "file": client.get(f"/m/{token}/master.m3u8").status_code,
        "grant": client.get(f"/m/{token}/_grant").status_code,
        "heartbeat": post(client, f"/m/{token}/heartbeat", BEAT).status_code,
        "close": client.post(f"/m/{token}/close").status_code,
        "renew": post(client, "/api/v1/playback/renew", {"token": token}).status_code,
        "position": post(client, "/api/v1/playback/position", {"token": token, "position_s": 5}).status_code,
    }


def payload_with(grant: Grant, field: str) -> bytes:
    """Return the payload of a grant with another value in one field."""
    value = OTHER[field]
    if isinstance(value, timedelta):
        value = getattr(grant, field) + value
    return grants._pack(dataclasses.replace(grant, **{field: value}))  # type: ignore[arg-type]


@pytest.mark.parametrize("field", sorted(OTHER))
def test_a_field_that_was_changed_opens_nothing_anywhere(bob: Person, track: Resource, field: str) -> None:
    client = sign_in(bob)
    token = open_playback(client, track)["token"]
    _version, _key, payload, signature = token.split(".")
    changed = base64.urlsafe_b64encode(payload_with(door.recognise(token), field)).rstrip(b"=").decode()
    assert changed != payload
    answers = ask_everywhere(client, f"1.{settings.GRANT_KEY_ID}.{changed}.{signature}")
    assert answers == dict.fromkeys(answers, 403)
    assert not Heartbeat.objects.exists()


@rules(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_letter_that_was_changed_opens_nothing(bob: Person, track: Resource, data: st.DataObject) -> None:
    cache.clear()
    client = sign_in(bob)
    token = open_playback(client, track)["token"]
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("abcXYZ019-_.").filter(lambda one: one != token[at]))
    answers = ask_everywhere(client, token[:at] + letter + token[at + 1 :])
    assert set(answers.values()) <= {403, 404}  # a full stop more makes another address
    assert not Heartbeat.objects.exists()


def test_what_the_signer_signed_opens(bob: Person, track: Resource) -> None:
    client = sign_in(bob)
    Profile.objects.update(keeps_history=True)
    answers = ask_everywhere(client, open_playback(client, track)["token"])
    assert answers == {
        "file": 404,
        "grant": 204,
        "heartbeat": 202,
        "close": 204,
        "renew": 200,
        "position": 200,
    }
    assert PlaybackPosition.objects.count() == Heartbeat.objects.count() == 1


def expired(token: str) -> str:
    """Return the token as it would have been signed an hour ago."""
    grant, hour = door.recognise(token), timedelta(hours=1)
    times = {name: getattr(grant, name) - hour for name in ("opened_at", "issued_at", "expires_at")}
    return grants.sign(dataclasses.replace(grant, **times), seed=settings.GRANT_SIGNING_KEY)


def suspend(bob: Person) -> None:
    patrons.suspend_patron(patron_id=bob.patron.pk, now=timezone.now())
    denials.deny(
        patrons=[pseudonyms.pseudonym_of(patron_id=bob.patron.pk, month=_month())], now=timezone.now()
    )
    denials._copy.forget()


def _month() -> Any:
    from mediaplatform.kernel.periods import Month

    return Month.of(timezone.now())


def end_subscription(bob: Person) -> None:
    Subscription.objects.filter(pk=bob.subscription.pk).update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )


def test_an_expired_token_renews_and_tells_what_was_heard_but_serves_nothing(
    bob: Person, track: Resource
) -> None:
    client = sign_in(bob)
    answers = ask_everywhere(client, expired(open_playback(client, track)["token"]))
    assert answers == {
        "file": 401,
        "grant": 403,
        "heartbeat": 202,
        "close": 204,
        "renew": 200,
        "position": 200,
    }


def test_a_revoked_patron_is_out_everywhere(bob: Person, track: Resource) -> None:
    client = sign_in(bob)
    token = open_playback(client, track)["token"]
    suspend(bob)
    answers = ask_everywhere(client, token)
    assert answers == {
        "file": 403,
        "grant": 403,
        "heartbeat": 403,
        "close": 204,  # gives a seat back: no harm
        "renew": 401,  # signed out
        "position": 401,
    }
    assert post(client, "/api/v1/playback/open", {"resource_id": track.pk}).status_code == 401
    assert client.get(f"/api/v1/queue/{track.release_id}").status_code == 401


def test_an_ended_subscription_lets_a_grant_run_out_and_no_further(bob: Person, track: Resource) -> None:
    client = sign_in(bob)
    token = open_playback(client, track)["token"]
    end_subscription(bob)
    answers = ask_everywhere(client, token)
    assert (answers["renew"], answers["heartbeat"]) == (403, 202)
    assert post(client, "/api/v1/playback/open", {"resource_id": track.pk}).status_code == 403


def test_another_librarys_patron_does_nothing_with_bobs_token(bob: Person, track: Resource) -> None:
    token = open_playback(sign_in(bob), track)["token"]
    charlie = sign_in(make_person(commune_code="69123"))
    Profile.objects.update(keeps_history=True)
    for path, said in (
        ("renew", {"token": token}),
        ("position", {"token": token, "position_s": 5}),
    ):
        answer = post(charlie, f"/api/v1/playback/{path}", said)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert not PlaybackPosition.objects.exists()
