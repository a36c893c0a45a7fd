"""Every address that plays, counts or remembers, asked by the wrong person: one test, which walks the addresses.

An address that is not in the table fails, so that a new one can't be forgotten. Whatever is answered: nothing of bob's
is told, and nothing of his changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from catalog.models import Heartbeat, StreamFlag
from catalog.streaming import denials, door, grants
from catalog.streaming.front import ACTS
from catalog.streaming.valkey import get_valkey
from subscriptions.models import Patron, PlaybackPosition, Profile
from subscriptions.patrons import services as patrons
from tests.factories.catalog import make_release
from tests.subscriptions.access.people import Person, make_person
from tests.subscriptions.api.people import open_playback, post, sign_in

PLACES = (
    "catalog.streaming.",
    "subscriptions.operator.playback_views",
    "subscriptions.api.",
    "subscriptions.web.privacy",
    "subscriptions.web.profile_views",
)
CHILD, PLACE_S = "Zéphyrine", 171
BEAT = {"sequence": 1, "intervals": [[0, 9]], "rate": 1, "event": "tick"}


@dataclass(frozen=True)
class Ask:
    """How an address is asked, and what charlie (a patron elsewhere), nobody, and bob once he is shut out get."""

    method: str
    charlie: int
    nobody: int
    shut_out: int
    body: Callable[[dict[str, Any]], Any] = lambda bob: {}  # noqa: ARG005 - a body that needs nothing
    path: Callable[[dict[str, Any]], dict[str, object]] = lambda bob: {}  # noqa: ARG005


def token(bob: dict[str, Any]) -> dict[str, object]:
    return {"token": bob["token"]}


def profile(bob: dict[str, Any]) -> dict[str, object]:
    return {"profile_id": bob["profile_id"]}


ASKED: dict[str, list[Ask]] = {
    "api:playback_open": [Ask("POST", 200, 401, 401, lambda bob: {"resource_id": bob["resource_id"]})],
    "api:playback_renew": [Ask("POST", 403, 401, 401, token)],
    "api:playback_position": [
        Ask("POST", 403, 401, 401, lambda bob: {"token": bob["token"], "position_s": 5})
    ],
    "api:history": [Ask("GET", 200, 401, 401), Ask("PUT", 200, 401, 401, lambda _: {"is_kept": False})],
    "api:queue": [Ask("GET", 200, 401, 401, path=lambda bob: {"release_id": bob["release_id"]})],
    "api:saves": [
        Ask("GET", 200, 401, 401, path=lambda bob: {"resource_id": bob["resource_id"]}),
        Ask(
            "PUT",
            403,
            401,
            401,
            lambda bob: {"token": bob["token"], "items": "{}"},
            lambda bob: {"resource_id": bob["resource_id"]},
        ),
    ],
    "api:schema": [Ask("GET", 200, 200, 200)],
    # A token is the authority here: charlie's is bob's with another seal, nobody's is noise, and bob's own is denied.
    "streaming:heartbeat": [Ask("POST", 403, 403, 403, lambda _: BEAT, token)],
    "streaming:close": [Ask("POST", 403, 403, 204, path=token)],  # a denied player may well free its seat
    "streaming:grant": [Ask("GET", 403, 403, 403, path=token)],
    "streaming:file": [Ask("GET", 403, 403, 403, path=lambda bob: token(bob) | {"path": "master.m3u8"})],
    "playbacks:list": [Ask("GET", 302, 302, 302)],
    "playbacks:review": [Ask("POST", 302, 302, 302, path=lambda bob: {"flag_id": bob["flag_id"]})],
    "library:kept": [Ask("GET", 200, 200, 200)],  # says to anybody what is kept
    "library:history": [Ask("POST", 302, 404, 404)],
    "library:forget_begun": [Ask("POST", 302, 404, 404, path=lambda bob: {"release_id": bob["release_id"]})],
    "library:saves": [Ask("POST", 302, 404, 404)],
    "library:erase": [Ask("GET", 200, 404, 404), Ask("POST", 302, 404, 404)],
    "library:profiles": [Ask("GET", 200, 302, 302)],
    "library:profile_new": [Ask("GET", 200, 302, 302)],
    "library:profile_pin": [Ask("GET", 200, 302, 302)],
    "library:profile_kept": [Ask("GET", 200, 302, 302)],
    "library:profile_enter": [
        Ask("GET", 404, 302, 302, path=profile),
        Ask("POST", 404, 302, 302, path=profile),
    ],
    "library:profile_remove": [Ask("POST", 404, 302, 302, path=profile)],
}


def addresses(patterns: list[Any], space: str = "") -> Iterator[str]:
    """Yield the names of all addresses whose views are in PLACES."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            view = getattr(one.callback, "view_class", one.callback)
            is_schema = one.name == "schema" and space == "api:"
            if view.__module__.startswith(PLACES) or is_schema:
                yield f"{space}{one.name}"


WALKED = sorted(addresses(get_resolver().url_patterns))


@pytest.fixture
def bob(db: None) -> Person:
    cache.clear()
    return make_person()


@pytest.fixture
def his(bob: Person) -> dict[str, Any]:
    """What bob plays and keeps, with the words that nobody else may read."""
    client, release = sign_in(bob), make_release()
    resource = release.resources.get()
    client.put("/api/v1/history", {"is_kept": True}, content_type="application/json")
    said = open_playback(client, resource)
    post(client, "/api/v1/playback/position", {"token": said["token"], "position_s": PLACE_S})
    child = Profile.objects.create(patron=bob.patron, name=CHILD, kind="youth", max_age=6)
    grant, now = door.recognise(said["token"]), timezone.now()
    flag = StreamFlag.objects.create(
        session_id=grant.session_id,
        rule="pace",
        library_id=bob.library.pk,
        patron=grant.patron,
        resource_id=resource.pk,
        evidence={},
        first_at=now,
        last_at=now,
    )
    return {
        "token": said["token"],
        "grant": grant,
        "resource_id": resource.pk,
        "release_id": release.pk,
        "profile_id": child.pk,
        "flag_id": flag.pk,
    }


def kept_of(bob: Person, his: dict[str, Any]) -> list[object]:
    """Return all of bob's that a request could change."""
    return [
        *Patron.objects.filter(pk=bob.patron.pk).values_list("pk", "pin_hash", "pin_failures"),
        *Profile.objects.filter(patron=bob.patron).order_by("pk").values_list(),
        *PlaybackPosition.objects.order_by("pk").values_list(),
        *Heartbeat.objects.values_list(),
        *StreamFlag.objects.values_list("pk", "reviewed_at", "times"),
        get_valkey().zrange(f"seats:{{{bob.library.pk}}}", 0, -1) if his["grant"].seat else None,
    ]


def ask(client: Client, name: str, asked: Ask, his: dict[str, Any]) -> Any:
    return client.generic(
        asked.method,
        reverse(name, kwargs=asked.path(his)),
        json.dumps(asked.body(his)),
        content_type="application/json",
    )


@pytest.mark.parametrize("who", ["charlie", "nobody", "shut_out"])
@pytest.mark.parametrize("name", WALKED)
def test_the_wrong_person_gets_nothing_of_bobs(name: str, who: str, bob: Person, his: dict[str, Any]) -> None:
    assert name in ASKED, f"{name} is new: say in ASKED who may ask it"
    client = Client()
    if who == "charlie":
        client = sign_in(make_person(commune_code="69123"))
        his |= {"token": grants.sign(replace(his["grant"], library_id=77), seed=bytes(32))}
        if not name.startswith("streaming:"):
            his |= {"token": _token_of(his)}
    elif who == "nobody":
        his |= {"token": "noise"}
    else:
        client = sign_in(bob)
        patrons.suspend_patron(patron_id=bob.patron.pk, now=timezone.now())
        denials.deny(
            patrons=[his["grant"].patron], now=timezone.now()
        )  # as suspending does once it is committed
        denials._copy.forget()
    for asked in ASKED[name]:
        before = kept_of(bob, his)
        answer = ask(client, name, asked, his)
        assert answer.status_code == getattr(asked, who), (asked.method, answer.content[:300])
        told = b"".join(answer) if answer.streaming else answer.content
        secrets = [his["grant"].patron, str(his["grant"].session_id), CHILD, f'"position_s":{PLACE_S}']
        assert [word for word in secrets if word.encode() in told] == []
        if name != "streaming:close" or who != "shut_out":
            assert kept_of(bob, his) == before
    denials.allow(patrons=[his["grant"].patron])


def _token_of(his: dict[str, Any]) -> str:
    return grants.sign(his["grant"], seed=settings.GRANT_SIGNING_KEY)


def test_every_address_under_a_token_is_one_of_those_walked() -> None:
    """The short way knows no address that the table of addresses does not."""
    assert {f"streaming:{name.removeprefix('_')}" for name in ACTS} | {"streaming:file"} == {
        name for name in WALKED if name.startswith("streaming:")
    }
    assert set(ASKED) == set(WALKED)


def test_what_charlie_opens_is_his_own(bob: Person, his: dict[str, Any]) -> None:
    charlie = make_person(commune_code="69123")
    said = post(sign_in(charlie), "/api/v1/playback/open", {"resource_id": his["resource_id"]}).json()
    grant = door.recognise(said["token"])
    assert grant.library_id == charlie.library.pk
    assert grant.patron != his["grant"].patron
    assert grant.session_id != his["grant"].session_id
    assert (said["resume"], bob.library.pk) == (None, his["grant"].library_id)
