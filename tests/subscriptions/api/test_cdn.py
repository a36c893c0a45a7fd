"""Playing from a CDN: what opens it comes with the answers that open and renew."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests.factories.catalog import make_release
from tests.subscriptions.access.people import make_person
from tests.subscriptions.api.people import open_playback, post, sign_in

pytestmark = pytest.mark.django_db

PEM = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048)
    .private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    .decode()
)
NAMES = {"CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"}


@pytest.fixture
def bob(settings: Settings) -> Client:
    cache.clear()
    settings.STREAM_DELIVERY_URL = "cdn://cdn.example.org?key_id=K1&domain=example.org"
    settings.STREAM_CDN_PRIVATE_KEY = PEM
    return sign_in(make_person())


def test_opening_and_renewing_bring_the_cookies_of_one_package(bob: Client) -> None:
    said = open_playback(bob, make_release().resources.get())
    assert said["manifest_url"].startswith("https://cdn.example.org/packages/")
    assert said["manifest_url"] == said["base_url"] + "master.m3u8"
    path = said["base_url"].removeprefix("https://cdn.example.org")
    first = {name: bob.cookies[name].value for name in NAMES}
    for name in NAMES:
        cookie = bob.cookies[name]
        assert (cookie["path"], cookie["domain"], cookie["max-age"]) == (path, "example.org", "")
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Strict")
    renewed = post(bob, "/api/v1/playback/renew", {"token": said["token"]})
    assert renewed.json()["base_url"] == said["base_url"]
    assert set(renewed.cookies) >= NAMES
    assert renewed.cookies["CloudFront-Key-Pair-Id"].value == first["CloudFront-Key-Pair-Id"]


def test_heartbeats_and_books_stay_on_the_platform(bob: Client) -> None:
    said = open_playback(bob, make_release(medium="book").resources.get())
    assert said["base_url"] == f"/m/{said['token']}/"
    assert said["heartbeat_url"].startswith("/m/")
    assert not NAMES & set(bob.cookies)


def test_without_a_cdn_no_cookie_is_set(bob: Client, settings: Settings) -> None:
    settings.STREAM_DELIVERY_URL = "django:"
    open_playback(bob, make_release().resources.get())
    assert not NAMES & set(bob.cookies)
