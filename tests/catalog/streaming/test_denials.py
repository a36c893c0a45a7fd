"""What is denied stops in every process within seconds, and costs a segment no look-up."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from redis import Redis
from redis.exceptions import ConnectionError as ValkeyAway

from catalog.streaming import denials, grants
from catalog.streaming.valkey import get_valkey
from mediaplatform.infrastructure.objectstore import get_store
from tests.catalog.streaming.test_views import BEAT, beat, get
from tests.catalog.streaming.tokens import PACKAGE
from tests.catalog.streaming.tokens import make_token as token

NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def nobody_is_denied() -> Iterator[None]:
    """An empty list before and after the test: Valkey outlives it."""
    _forget_everybody()
    yield
    _forget_everybody()


@pytest.fixture(autouse=True)
def place(nobody_is_denied: None, settings: Settings, tmp_path: object) -> None:
    """A package to ask for, and a list that nobody is on."""
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"
    get_store().put_bytes(key=f"packages/{PACKAGE}/master.m3u8", data=b"#EXTM3U", content_type="x/x")


def _forget_everybody() -> None:
    get_valkey().delete(denials.DENIED)
    denials._copy._denied = {}
    denials._copy.forget()


def patron() -> str:
    return uuid4().hex


def test_a_denied_patron_is_stopped_at_the_next_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    bob, charlie = patron(), patron()
    assert get("master.m3u8", made=token(patron=bob)).status_code == 200
    denials.deny(patrons=[bob], now=timezone.now())
    at = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: at + 10.1)
    answer = get("master.m3u8", made=token(patron=bob))
    assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "denied")
    assert get("master.m3u8", made=token(patron=charlie)).status_code == 200


def test_a_denied_session_is_stopped_and_its_heartbeats_with_it() -> None:
    denials.deny(sessions=[UUID(int=7)], now=timezone.now())
    denials._copy.forget()
    assert get("master.m3u8", made=token(session_id=UUID(int=7))).status_code == 403
    assert beat(token(session_id=UUID(int=7)), BEAT).status_code == 403
    assert get("master.m3u8", made=token(session_id=UUID(int=8))).status_code == 200


def test_who_is_allowed_again_plays_again() -> None:
    bob = patron()
    denials.deny(patrons=[bob], now=timezone.now())
    denials.allow(patrons=[bob])
    denials._copy.forget()
    assert get("master.m3u8", made=token(patron=bob)).status_code == 200


def test_a_recalled_library_renews_and_plays_on_and_its_heartbeats_count() -> None:
    now = timezone.now()
    before, after, elsewhere = (
        token(library_id=4, after=timedelta(seconds=-60)),
        token(library_id=4, after=timedelta(seconds=5)),
        token(library_id=5, after=timedelta(seconds=-60)),
    )
    denials.recall(library_id=4, now=now)
    denials._copy.forget()
    answer = get("master.m3u8", made=before)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (401, "expired")
    assert [get("master.m3u8", made=one).status_code for one in (after, elsewhere)] == [200, 200]


@pytest.mark.django_db
def test_what_was_heard_under_a_recalled_grant_counts() -> None:
    denials.recall(library_id=3, now=timezone.now())
    denials._copy.forget()
    assert beat(token(after=timedelta(seconds=-60)), BEAT).status_code == 202


def test_an_entry_goes_when_the_last_grant_has_expired() -> None:
    early, late = patron(), patron()
    now = timezone.now()
    denials.deny(patrons=[early], now=now - denials.LASTS - timedelta(seconds=1))
    assert denials._copy.read() == {}
    denials.deny(patrons=[late], now=now)
    assert get_valkey().zrange(denials.DENIED, 0, -1) == [f"patron {late}".encode()]


def test_the_list_is_asked_for_once_in_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def count() -> Redis:
        nonlocal asked
        asked += 1
        return get_valkey()

    monkeypatch.setattr(denials, "get_valkey", count)
    for _segment in range(20):
        assert Client().get(f"/m/{token()}/master.m3u8").status_code == 200
    assert asked == 1


def test_while_valkey_is_away_the_last_copy_stands(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    bob = patron()
    denials.deny(patrons=[bob], now=timezone.now())
    denials._copy.forget()
    assert get("master.m3u8", made=token(patron=bob)).status_code == 403
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    denials._copy.forget()
    with caplog.at_level(logging.WARNING):
        assert get("master.m3u8", made=token(patron=bob)).status_code == 403
        assert get("master.m3u8", made=token(patron=patron())).status_code == 200
    assert "Valkey is unreachable" in caplog.text
    with pytest.raises(ValkeyAway):
        denials.deny(patrons=[bob], now=timezone.now())


def test_a_denial_outlasts_every_grant() -> None:
    assert denials.LASTS >= grants.MAX_LIFE + grants.CLOCK_SKEW
