"""Whole files come from the store by presigned addresses; playlists, segments, books and games never do."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from mediaplatform.infrastructure.embedded.seaweed import Seaweed
from mediaplatform.infrastructure.objectstore import get_store
from tests.catalog.streaming.tokens import PACKAGE, make_token

SONG = bytes(range(256)) * 30
NAMES = ("song.flac", "song.mp4", "master.m3u8", "160/seg_1.m4s", "160/init_0.mp4", "sound.mp3")


@pytest.fixture(autouse=True)
def package(settings: Settings, s3_server: Seaweed) -> None:
    settings.OBJECT_STORE_URL = f"s3://redirects?endpoint={s3_server.endpoint}"
    settings.STREAM_DELIVERY_URL = "redirect:"
    get_store().prepare()
    for name in NAMES:
        get_store().put_bytes(key=f"packages/{PACKAGE}/{name}", data=SONG, content_type="audio/flac")


def get(path: str, **changes: object) -> HttpResponse:
    return Client().get(f"/m/{make_token(**changes)}/{path}")  # type: ignore[return-value]


@pytest.mark.parametrize("name", ["song.flac", "song.mp4"])
def test_a_whole_file_is_fetched_from_the_store_by_anybody_who_has_the_address(name: str) -> None:
    answer = get(name)
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    with urllib.request.urlopen(answer["Location"], timeout=60) as sent:
        assert sent.read() == SONG


def test_the_address_dies_with_the_grant() -> None:
    address = get("song.flac", after=timedelta(minutes=-9, seconds=-30))["Location"]
    seconds = int(address.partition("X-Amz-Expires=")[2].partition("&")[0])
    assert 25 <= seconds <= 30
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(address.replace("song.flac", "song.mp4"), timeout=60)


@pytest.mark.parametrize("name", ["master.m3u8", "160/seg_1.m4s", "160/init_0.mp4"])
def test_what_makes_up_a_stream_is_served_here(name: str) -> None:
    answer = get(name)
    assert (answer.status_code, answer.content) == (200, SONG)


def test_a_books_sounds_are_served_here() -> None:
    assert get("sound.mp3", medium="book").status_code == 200


def test_a_file_that_is_not_there_is_not_promised() -> None:
    assert get("none.flac").status_code == 404


def test_a_store_without_signatures_is_served_here(settings: Settings, tmp_path: object) -> None:
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"
    get_store().put_bytes(key=f"packages/{PACKAGE}/song.flac", data=SONG, content_type="audio/flac")
    assert get("song.flac").content == SONG
