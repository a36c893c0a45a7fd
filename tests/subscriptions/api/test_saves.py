"""What games save goes along with the profile that played, and with nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from catalog.models import Resource
from subscriptions.access import saves
from subscriptions.models import GameSave, Profile
from subscriptions.patrons import erasure
from tests.factories.catalog import make_release
from tests.subscriptions.access.people import Person, make_person
from tests.subscriptions.api.people import assert_problem, open_playback, sign_in

pytestmark = pytest.mark.django_db
SCORE = {"score": "42", "odd \ud800\u0000": "é"}


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Nobody plays."""
    cache.clear()


@pytest.fixture
def game() -> Resource:
    return make_release(medium="game").resources.get()


def save(client: Client, resource: Resource, token: str, items: object) -> Any:
    said = {"token": token, "items": json.dumps(items)}
    return client.put(f"/api/v1/saves/{resource.pk}", said, content_type="application/json")


def kept(client: Client, resource: Resource) -> Any:
    answer = client.get(f"/api/v1/saves/{resource.pk}")
    assert answer["Cache-Control"] == "no-store"
    return json.loads(answer.json()["items"])


def token_of(client: Client, resource: Resource) -> str:
    token: str = open_playback(client, resource)["token"]
    return token


def test_another_browser_finds_what_the_first_one_saved(bob: Person, game: Resource) -> None:
    one, other = sign_in(bob), sign_in(bob)
    assert kept(one, game) == {}
    assert save(one, game, token_of(one, game), SCORE).json() == {"is_kept": True}
    assert kept(other, game) == SCORE
    save(other, game, token_of(other, game), {})
    assert not GameSave.objects.exists()


def test_no_other_profile_reads_it_not_even_of_the_household(bob: Person, game: Resource) -> None:
    device = sign_in(bob)
    save(device, game, token_of(device, game), SCORE)
    second = Profile.objects.create(patron=bob.patron, name="Lou")
    assert kept(sign_in(Person(**{**_fields(bob), "profile": second})), game) == {}
    assert kept(sign_in(make_person(commune_code="69123")), game) == {}


def test_charlie_saves_nothing_with_bobs_token(bob: Person, game: Resource) -> None:
    device, charlie = sign_in(bob), sign_in(make_person(commune_code="69123"))
    assert_problem(save(charlie, game, token_of(device, game), SCORE), 403, "not_yours")
    assert not GameSave.objects.exists()


def test_a_track_has_no_saves(bob: Person) -> None:
    device, track = sign_in(bob), make_release().resources.get()
    assert_problem(save(device, track, token_of(device, track), SCORE), 403, "bad_token")


@pytest.mark.parametrize(
    ("items", "status", "code"),
    [
        ([], 400, "invalid"),
        ({"a": 1}, 400, "invalid"),
        ({"a": "x" * saves.QUOTA}, 422, "saves_too_large"),
        ({str(n): "" for n in range(saves.MOST_KEYS + 1)}, 422, "saves_too_large"),
        ({"": "x"}, 422, "saves_too_large"),
        ({"k" * 201: "x"}, 422, "saves_too_large"),
    ],
)
def test_what_is_too_much_is_refused_and_what_was_kept_stays(
    bob: Person, game: Resource, items: object, status: int, code: str
) -> None:
    device = sign_in(bob)
    token = token_of(device, game)
    save(device, game, token, SCORE)
    assert_problem(save(device, game, token, items), status, code)
    assert kept(device, game) == SCORE


def test_turned_off_it_is_erased_and_nothing_more_is_kept(bob: Person, game: Resource) -> None:
    device = sign_in(bob)
    token = token_of(device, game)
    save(device, game, token, SCORE)
    device.post("/what-is-kept/saves/", {"wanted": "0"})
    assert not GameSave.objects.exists()
    assert save(device, game, token, SCORE).json() == {"is_kept": False}
    assert device.get(f"/api/v1/saves/{game.pk}").json()["is_kept"] is False
    assert "stays in this browser" in device.get("/what-is-kept/").content.decode()
    device.post("/what-is-kept/saves/", {"wanted": "1"})
    assert save(device, game, token, SCORE).json() == {"is_kept": True}


def test_erasure_takes_them_along(bob: Person, game: Resource) -> None:
    device = sign_in(bob)
    save(device, game, token_of(device, game), SCORE)
    erasure.erase_patron(patron_id=bob.patron.pk, now=timezone.now())
    assert not GameSave.objects.exists()


def test_the_game_that_was_played_longest_ago_makes_room(
    bob: Person, game: Resource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saves, "MOST_GAMES", 1)
    old = make_release(medium="game").resources.get()
    GameSave.objects.create(
        profile=bob.profile, resource=old, items="{}", updated_at=timezone.now() - timedelta(days=1)
    )
    device = sign_in(bob)
    save(device, game, token_of(device, game), SCORE)
    assert [one.resource_id for one in GameSave.objects.all()] == [game.pk]


def test_a_stranger_and_another_site_get_nothing(bob: Person, game: Resource) -> None:
    assert_problem(Client().get(f"/api/v1/saves/{game.pk}"), 401, "no_patron")
    assert_problem(save(Client(), game, "x", SCORE), 401, "no_patron")
    assert Client().post("/what-is-kept/saves/", {"wanted": "0"}).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in(bob).cookies
    assert_problem(save(strict, game, "x", SCORE), 403, "csrf_failed")


def _fields(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in person.__dataclass_fields__}
