"""The player's endpoints, as a browser calls them."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
import redis
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from catalog.models import Heartbeat, Resource
from mediaplatform.infrastructure.objectstore import get_store
from subscriptions.api.authentication import PatronRate
from subscriptions.models import Patron, Subscription
from tests.factories.catalog import make_release, make_resource
from tests.subscriptions.access.people import make_person
from tests.subscriptions.api.people import assert_problem, open_playback, post, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings: Settings, tmp_path: Any) -> None:
    """Have an empty store, an empty cache, and subscriptions that run today."""
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"
    settings.GAMES_URL = "http://127.0.0.1:8001"
    cache.clear()


@pytest.fixture
def bob() -> Client:
    return sign_in(make_person())


@pytest.fixture
def charlie() -> Client:
    return sign_in(make_person(commune_code="69123", media=("book",)))


@pytest.fixture
def track() -> Resource:
    return make_release().resources.get()


def test_opening_answers_with_all_that_the_player_needs(bob: Client, track: Resource) -> None:
    said = open_playback(bob, track)
    token = said["token"]
    assert UUID(said["session_id"])
    assert (said["base_url"], said["manifest_url"]) == (f"/m/{token}/", f"/m/{token}/master.m3u8")
    assert (said["heartbeat_url"], said["heartbeat_every_s"]) == (f"/m/{token}/heartbeat", 10)
    assert (said["medium"], said["renew_after_s"]) == ("music", 480)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)", said["expires_at"])
    assert said["resource"] == {
        "id": track.pk,
        "title": "Jardins 1",
        "duration_s": 180,
        "gain_db": 0.0,
        "album_gain_db": 0.0,
        "replay_gain": None,
        "gapless": None,
        "waveform": None,
        "release_id": track.release_id,
        "release_title": "Jardins",
        "release_url": said["resource"]["release_url"],
        "artist": "",
        "cover_url": said["resource"]["cover_url"],
    }


@pytest.mark.parametrize(
    ("medium", "manifest"),
    [
        ("video", "/m/{}/master.m3u8"),
        ("book", "/m/{}/manifest.json"),
        ("game", "http://127.0.0.1:8001/m/{}/index.html"),
    ],
)
def test_each_medium_has_its_manifest(bob: Client, medium: str, manifest: str) -> None:
    said = open_playback(bob, make_release(medium=medium).resources.get())
    assert said["manifest_url"] == manifest.format(said["token"])
    assert said["heartbeat_url"] == f"/m/{said['token']}/heartbeat"


def test_what_was_opened_is_served_and_its_heartbeats_are_kept(bob: Client, track: Resource) -> None:
    key = f"packages/{track.packages.get().digest}/master.m3u8"
    get_store().put_bytes(key=key, data=b"#EXTM3U", content_type="application/vnd.apple.mpegurl")
    said = open_playback(bob, track)
    assert Client().get(said["manifest_url"]).content == b"#EXTM3U"
    answer = post(Client(), said["heartbeat_url"], {"sequence": 0, "intervals": [[0, 1]], "event": "tick"})
    assert (answer.status_code, str(Heartbeat.objects.get().session_id)) == (202, said["session_id"])


def test_a_renewal_keeps_the_session_and_changes_the_addresses(bob: Client, track: Resource) -> None:
    opened = open_playback(bob, track)
    answer = post(bob, "/api/v1/playback/renew", {"token": opened["token"]})
    renewed = answer.json()
    assert set(renewed) == {
        *("token", "expires_at", "renew_after_s", "base_url", "heartbeat_url", "close_url")
    }
    assert renewed["token"] != opened["token"]
    assert renewed["base_url"] == f"/m/{renewed['token']}/"


def test_the_queue_lists_what_can_be_played_in_order(bob: Client) -> None:
    release = make_release(tracks=2)
    make_resource(release, position=3, state="queued")
    items = bob.get(f"/api/v1/queue/{release.pk}").json()["items"]
    assert [item["title"] for item in items] == ["Jardins 1", "Jardins 2"]
    assert set(items[0]) == {
        *("resource_id", "title", "artist", "duration_s", "release_id", "release_title", "release_url"),
        *("cover_url", "medium"),
    }


def every_endpoint(client: Client, resource: Resource, token: str) -> list[HttpResponse]:
    return [
        post(client, "/api/v1/playback/open", {"resource_id": resource.pk}),
        post(client, "/api/v1/playback/renew", {"token": token}),
        client.get(f"/api/v1/queue/{resource.release_id}"),
    ]


def test_a_stranger_is_told_to_enter_first(bob: Client, track: Resource) -> None:
    token = open_playback(bob, track)["token"]
    for answer in every_endpoint(Client(), track, token):
        assert_problem(answer, 401, "no_patron")


def test_a_suspended_patron_is_out_at_once(bob: Client, track: Resource) -> None:
    token = open_playback(bob, track)["token"]
    Patron.objects.update(suspended_at=timezone.now())
    for answer in every_endpoint(bob, track, token):
        assert_problem(answer, 401, "no_patron")


def test_charlie_whose_library_has_books_only_gets_nothing_of_bobs_album(
    bob: Client, charlie: Client, track: Resource
) -> None:
    token = open_playback(bob, track)["token"]
    opened, renewed, queue = every_endpoint(charlie, track, token)
    assert_problem(opened, 404, "not_visible")
    assert_problem(renewed, 403, "not_yours")
    assert_problem(queue, 404, "not_visible")


def test_a_library_whose_subscription_ended_plays_nothing(bob: Client, track: Resource) -> None:
    Subscription.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    answer = post(bob, "/api/v1/playback/open", {"resource_id": track.pk})
    assert_problem(answer, 403, "no_subscription")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"resource_id": "x"},
        {"resource_id": 0},
        {"resource_id": 10**30},
        {"resource_id": 1, "source": "subsonic"},
        [],
    ],
)
def test_nonsense_is_named(bob: Client, said: object) -> None:
    answer = post(bob, "/api/v1/playback/open", said)
    assert_problem(answer, 400, "invalid")
    assert answer.json()["faults"]


def test_what_is_not_json_is_a_problem_too(bob: Client) -> None:
    assert post(bob, "/api/v1/playback/open", "{").status_code == 400


@pytest.mark.parametrize("path", ["/api/v1/playback/open", "/api/v1/playback/renew"])
def test_another_site_cannot_open_anything_in_the_patrons_name(bob: Client, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = bob.cookies
    assert_problem(post(strict, path, {"resource_id": 1, "token": "x"}), 403, "csrf_failed")


def test_a_script_is_slowed_down(
    bob: Client, charlie: Client, track: Resource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatronRate, "rate", "2/min")
    book = make_release(medium="book")
    statuses = [bob.get(f"/api/v1/queue/{track.release_id}").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert charlie.get(f"/api/v1/queue/{book.pk}").status_code == 200


def test_while_the_cache_is_down_playing_goes_on(
    bob: Client, track: Resource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise redis.exceptions.ConnectionError

    monkeypatch.setattr(PatronRate, "timer", fail)
    assert open_playback(bob, track)["medium"] == "music"


def test_the_api_describes_itself_without_a_fault() -> None:
    assert Client().get("/api/v1/schema/").status_code == 200
    said = StringIO()
    options = ["--validate", "--fail-on-warn", "--format=openapi-json"]
    call_command("spectacular", *options, stdout=said)
    paths = json.loads(said.getvalue())["paths"]
    assert set(paths) >= {
        *("/api/v1/playback/open", "/api/v1/playback/renew", "/api/v1/playback/position"),
        *("/api/v1/history", "/api/v1/queue/{release_id}"),
        *("/m/{token}/heartbeat", "/m/{token}/close", "/m/{token}/{path}"),
    }
    for operation in (one for path in paths.values() for one in path.values()):
        refused = [said for code, said in operation["responses"].items() if code.startswith(("4", "5"))]
        assert refused
        assert all(list(said["content"]) == ["application/problem+json"] for said in refused)
    assert paths["/api/v1/playback/open"]["post"]["security"] == [{"patronSession": []}]
