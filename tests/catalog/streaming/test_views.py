"""A token opens its own package on its own host, and nothing else; heartbeats are acknowledged."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from catalog.models import Heartbeat
from catalog.streaming import door, grants
from catalog.usage import services
from mediaplatform.infrastructure.objectstore import get_store
from tests.catalog.streaming.tokens import OTHER_PACKAGE, PACKAGE
from tests.catalog.streaming.tokens import make_token as token

SEGMENT = bytes(range(256)) * 40
GAMES = {"HTTP_HOST": "127.0.0.1:8001"}


@pytest.fixture(autouse=True)
def packages(settings: Settings, tmp_path: Path) -> None:
    """Two packages with a secret between them."""
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"
    settings.GAMES_URL = "http://127.0.0.1:8001"
    for name in (
        "master.m3u8",
        "160/seg_1.m4s",
        "160/init_0.mp4",
        "fr.vtt",
        "manifest.json",
        "text/a.xhtml",
        "index.html",
    ):
        get_store().put_bytes(key=f"packages/{PACKAGE}/{name}", data=SEGMENT, content_type="x/x")
    get_store().put_bytes(key=f"packages/{OTHER_PACKAGE}/master.m3u8", data=b"other", content_type="x/x")
    get_store().put_bytes(key="originals/secret", data=b"secret", content_type="x/x")


def forged(made: str) -> str:
    """Return the token with another first letter of its signature, which is still base64url."""
    body, _, signature = made.rpartition(".")
    return f"{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def get(path: str, /, *, made: str | None = None, **headers: str) -> HttpResponse:
    return Client().get(f"/m/{made or token()}/{path}", **headers)  # type: ignore[arg-type, return-value]


def body(answer: HttpResponse) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def test_a_segment_is_served_without_database_or_session() -> None:
    answer = get(
        "160/seg_1.m4s", HTTP_COOKIE="mediaplatform_session=anything"
    )  # no database is open in this test
    assert (answer.status_code, body(answer)) == (200, SEGMENT)
    assert (answer["Content-Type"], answer["Content-Length"]) == ("video/iso.segment", str(len(SEGMENT)))
    assert answer["Cache-Control"] == "private, max-age=600, immutable"
    assert not answer.cookies
    assert "Access-Control-Allow-Origin" not in answer


def test_a_playlist_is_never_kept() -> None:
    answer = get("master.m3u8")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/vnd.apple.mpegurl", "no-store")


@pytest.mark.parametrize(
    ("path", "content_type"),
    [("160/init_0.mp4", "video/mp4"), ("fr.vtt", "text/vtt"), ("manifest.json", "application/json")],
)
def test_files_have_their_types(path: str, content_type: str) -> None:
    assert get(path)["Content-Type"] == content_type


def test_a_range_is_a_206() -> None:
    answer = get("160/seg_1.m4s", HTTP_RANGE="bytes=100-199")
    assert (answer.status_code, body(answer)) == (206, SEGMENT[100:200])
    assert (answer["Content-Range"], answer["Content-Length"]) == (f"bytes 100-199/{len(SEGMENT)}", "100")


def test_if_range_with_another_etag_is_the_whole() -> None:
    etag = get("160/seg_1.m4s")["ETag"]
    assert get("160/seg_1.m4s", HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE=etag).status_code == 206
    assert get("160/seg_1.m4s", HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE='"other"').status_code == 200


def test_a_range_beyond_the_end_is_a_416() -> None:
    answer = get("160/seg_1.m4s", HTTP_RANGE=f"bytes={len(SEGMENT)}-")
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(SEGMENT)}")


def test_a_long_file_is_streamed_to_its_last_byte() -> None:
    film = bytes(range(256)) * 8192
    get_store().put_bytes(key=f"packages/{PACKAGE}/film.mp4", data=film, content_type="x/x")
    answer = get("film.mp4", HTTP_RANGE="bytes=5-")
    assert answer.streaming
    assert body(answer) == film[5:]


def test_what_the_browser_has_is_not_sent_again() -> None:
    etag = get("160/seg_1.m4s")["ETag"]
    answer = get("160/seg_1.m4s", made=token(session_id=UUID(int=8)), HTTP_IF_NONE_MATCH=etag)
    assert (answer.status_code, body(answer), answer["ETag"]) == (304, b"", etag)


def test_head_says_the_length_and_sends_nothing() -> None:
    answer = Client().head(f"/m/{token()}/160/seg_1.m4s", HTTP_RANGE="bytes=0-9")
    assert (answer.status_code, answer["Content-Length"], answer.content) == (200, str(len(SEGMENT)), b"")


@pytest.mark.parametrize(
    "path",
    [
        "none.m4s",
        f"../{OTHER_PACKAGE}/master.m3u8",
        f"..%2f{OTHER_PACKAGE}/master.m3u8",
        f"%2e%2e/{OTHER_PACKAGE}/master.m3u8",
        f"160/..%2f..%2f{OTHER_PACKAGE}%2fmaster.m3u8",
        "..%2f..%2foriginals%2fsecret",
        "..%5c..%5coriginals%5csecret",
        "%2foriginals/secret",
        "./master.m3u8",
        "160//seg_1.m4s",
        "160",
        "160/",
        "master.m3u8%00",
        "x" * 2000,
    ],
)
def test_nothing_outside_the_package_is_served(path: str) -> None:
    answer = get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_package_is_opened_by_its_own_token_only() -> None:
    assert body(get("master.m3u8", made=token(package=OTHER_PACKAGE))) == b"other"
    assert get("160/seg_1.m4s", made=token(package=OTHER_PACKAGE)).status_code == 404


@pytest.mark.parametrize(
    ("made", "status", "code"),
    [
        (lambda: "noise", 403, "malformed"),
        (lambda: forged(token()), 403, "bad_signature"),
        (lambda: token(key_id="k9"), 403, "unknown_key"),
        (lambda: token(after=timedelta(minutes=-10)), 401, "expired"),
        (lambda: token(after=timedelta(minutes=2)), 403, "not_yet_valid"),
    ],
)
def test_a_refusal_says_why(made: Callable[[], str], status: int, code: str) -> None:
    answer = get("master.m3u8", made=made())
    said = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"], said["status"]) == (
        status,
        "application/problem+json",
        status,
    )
    assert said["code"] == code
    assert answer["Cache-Control"] == "no-store"


def test_a_token_that_was_accepted_once_still_expires() -> None:
    made = token(after=timedelta(minutes=-9, seconds=-59))
    grant = door.admit(made, now=timezone.now())
    with pytest.raises(grants.GrantRefused, match="expired"):
        door.admit(made, now=grant.expires_at)


def test_a_further_key_is_accepted_while_keys_rotate(settings: Settings) -> None:
    made = token()
    grants_key = grants._encode(grants.public_key(settings.GRANT_SIGNING_KEY))
    settings.GRANT_SIGNING_KEY, settings.GRANT_KEY_ID = bytes(32), "k2"
    assert get("master.m3u8", made=made).status_code == 403
    settings.GRANT_VERIFY_KEYS = [f"k1={grants_key}"]
    assert get("master.m3u8", made=made).status_code == 200


def test_a_book_runs_no_script_and_is_framed_by_the_platform_only() -> None:
    answer = get("text/a.xhtml", made=token(medium="book", duration_s=None))
    policy = answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "application/xhtml+xml"
    for rule in ("script-src 'none'", "default-src 'none'", "frame-ancestors 'self'"):
        assert rule in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_game_runs_on_its_own_host_under_its_own_policy() -> None:
    answer = get("index.html", made=token(medium="game", duration_s=None), **GAMES)
    policy = answer["Content-Security-Policy"]
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html")
    assert "connect-src 'self' blob: data:" in policy
    assert "sandbox allow-scripts allow-pointer-lock" in policy
    assert f"frame-ancestors {django_settings.SITE_URL}" in policy
    assert answer["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "X-Frame-Options" not in answer
    assert not answer.cookies


@pytest.mark.parametrize(
    ("medium", "host"),
    [("game", {}), ("book", GAMES), ("music", GAMES), ("video", GAMES)],
)
def test_what_belongs_on_the_other_host_is_not_served(medium: str, host: dict[str, str]) -> None:
    answer = get("index.html", made=token(medium=medium), **host)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (404, "wrong_host")


@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/static/x.css", "/api/v1/playback/open", "/healthz"]
)
def test_the_platform_is_not_on_the_games_host(path: str) -> None:
    assert Client().get(path, **GAMES).status_code == 404  # type: ignore[arg-type]


def test_no_cookie_reaches_the_games_host() -> None:
    answer = get("index.html", made=token(medium="game"), HTTP_COOKIE="mediaplatform_session=x", **GAMES)
    assert answer.wsgi_request.COOKIES == {}  # type: ignore[attr-defined]


@pytest.mark.parametrize("host", [{}, GAMES])
def test_a_service_worker_is_refused(host: dict[str, str]) -> None:
    answer = get(
        "sw.js", made=token(medium="game" if host else "music"), HTTP_SERVICE_WORKER="script", **host
    )
    assert answer.status_code == 403


def test_nothing_is_written_to_a_file() -> None:
    assert Client().post(f"/m/{token()}/master.m3u8").status_code == 405


def beat(made: str, said: object, content_type: str = "application/json", **headers: str) -> HttpResponse:
    data = said if isinstance(said, bytes) else json.dumps(said).encode()
    strict = Client(enforce_csrf_checks=True)
    return strict.post(f"/m/{made}/heartbeat", data, content_type=content_type, **headers)  # type: ignore[arg-type, return-value]


BEAT = {"sequence": 3, "intervals": [[0.0, 9.8]], "rate": 1.0, "position_s": 9.8, "event": "tick"}


@pytest.mark.django_db
@pytest.mark.parametrize("content_type", ["application/json", "text/plain;charset=UTF-8"])
def test_a_heartbeat_is_acknowledged_by_the_token_alone(content_type: str) -> None:
    made = token()
    answers = [beat(made, BEAT, content_type) for _ in range(2)]
    assert [(answer.status_code, json.loads(answer.content)) for answer in answers] == [
        (202, {"acknowledged": 3})
    ] * 2
    kept = Heartbeat.objects.get()
    assert (kept.session_id, kept.max_age, kept.duration_s) == (UUID(int=7), 10, 185)


@pytest.mark.django_db
def test_a_heartbeat_that_comes_after_the_tokens_end_is_kept_up_to_that_end() -> None:
    made = token(after=timedelta(hours=-2))
    assert beat(made, BEAT).status_code == 202
    kept = Heartbeat.objects.get()
    assert kept.credible_until - kept.opened_at == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("made", "said", "status", "code"),
    [
        ("noise", BEAT, 403, "malformed"),
        (None, b"\xff{", 400, "malformed"),
        (None, b"[" * 60_000, 400, "malformed"),
        (None, b" " * 65_537, 400, "malformed"),
        (None, {**BEAT, "intervals": [[5, 1]]}, 400, "bad_interval"),
        (None, {**BEAT, "sequence": 10_000}, 429, "too_many_heartbeats"),
        (timedelta(days=-8), BEAT, 410, "too_late"),
    ],
)
def test_a_faulty_heartbeat_is_refused(made: object, said: object, status: int, code: str) -> None:
    opened = token(after=made) if isinstance(made, timedelta) else made or token()
    answer = beat(str(opened), said)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (status, code)


def test_a_game_cannot_send_heartbeats_from_its_own_host() -> None:
    assert beat(token(medium="game"), BEAT, **GAMES).status_code == 404


def test_while_the_log_cannot_be_written_the_player_is_told_to_keep_its_heartbeat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(**_: object) -> int:
        raise OperationalError

    monkeypatch.setattr(services, "record_heartbeat", fail)
    answer = beat(token(), BEAT)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (503, "unavailable")
