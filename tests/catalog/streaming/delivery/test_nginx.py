"""A real nginx before the platform: tokens open what they should, and the bytes are nginx's own, from folder or S3."""

from __future__ import annotations

import http.client
import json
import signal
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test import override_settings
from django.utils import timezone

from catalog.packaging import content_types
from catalog.streaming import denials
from mediaplatform.infrastructure import objectstore
from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.nginx import TEMPLATES, Nginx
from mediaplatform.infrastructure.embedded.processes import Child
from mediaplatform.infrastructure.embedded.seaweed import Seaweed
from mediaplatform.wsgi import application
from tests.catalog.streaming.tokens import OTHER_PACKAGE, PACKAGE, make_token

SEGMENT = bytes(range(256)) * 40
PAGE = b"<!doctype html><title>game</title>"
FILES = {
    f"packages/{PACKAGE}/master.m3u8": (b"#EXTM3U\n", "application/vnd.apple.mpegurl"),
    f"packages/{PACKAGE}/160/seg_1.m4s": (SEGMENT, "video/iso.segment"),
    f"packages/{PACKAGE}/text/côté jardin & 100%.xhtml": (b"<html/>", "application/xhtml+xml"),
    f"packages/{PACKAGE}/index.html": (PAGE, "text/html"),
    f"packages/{OTHER_PACKAGE}/master.m3u8": (b"other", "application/vnd.apple.mpegurl"),
    "originals/secret": (b"secret", "text/plain"),
}


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Front:
    """The platform behind nginx, on this machine."""

    def __init__(self, nginx: Nginx, child: Child) -> None:
        self.nginx, self.child = nginx, child

    def ask(
        self, path: str, *, method: str = "GET", games: bool = False, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers (lower case) and body; `If_Range` is `If-Range`."""
        port = self.nginx.games_port if games else self.nginx.site_port
        host = f"{'127.0.0.1' if games else 'localhost'}:{port}"
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            sent = {"Host": host} | {name.replace("_", "-"): value for name, value in headers.items()}
            link.request(method, path, headers=sent)
            answer = link.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            link.close()


@pytest.fixture(scope="module", params=["file", "s3", "granted", "granted-s3"])
def front(request: pytest.FixtureRequest, private_folder: Path) -> Iterator[Front]:
    """nginx before a folder or an S3 server that enforces signatures, asking for each file or for tokens only."""
    folder = private_folder / f"nginx-{request.param}"
    address = f"file://{folder}/objects"
    if request.param.endswith("s3"):
        server: Seaweed = request.getfixturevalue("s3_server")
        address = f"s3://{request.param}-tests?endpoint={server.endpoint}"
    store = objectstore.open_store(address)
    store.prepare()
    for key, (data, content_type) in FILES.items():
        store.put_bytes(key=key, data=data, content_type=content_type)
    app = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    app.set_app(application)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    site, games = processes.free_ports(2)
    nginx = Nginx(
        folder=folder / "nginx",
        site_port=site,
        games_port=games,
        app=f"127.0.0.1:{app.server_port}",
        object_store_url=address,
        is_granted=request.param.startswith("granted"),
    )
    chosen = {
        "OBJECT_STORE_URL": address,
        "STREAM_DELIVERY_URL": "nginx:/_objects",
        "GAMES_URL": f"http://127.0.0.1:{games}",
        "BEHIND_PROXY": True,
    }
    child = nginx.start()
    with override_settings(**chosen):
        yield Front(nginx, child)
    processes.stop([child])
    app.shutdown()
    app.server_close()


def test_a_segment_is_sent_by_nginx_with_the_applications_headers(front: Front) -> None:
    status, headers, body = front.ask(f"/m/{make_token()}/160/seg_1.m4s")
    assert (status, body) == (200, SEGMENT)
    expected = {
        "content-type": "video/iso.segment",
        "content-length": str(len(SEGMENT)),
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=600, immutable",
        "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "cross-origin-resource-policy": "same-origin",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "server": "nginx",
    }
    assert {name: headers.get(name) for name in expected} == expected
    assert not {"x-accel-redirect", "set-cookie", "permissions-policy"} & set(headers)
    assert not [name for name in headers if name.startswith("x-amz")]


def test_a_playlist_is_never_kept(front: Front) -> None:
    _status, headers, body = front.ask(f"/m/{make_token()}/master.m3u8")
    assert (headers["content-type"], headers["cache-control"], body) == (
        "application/vnd.apple.mpegurl",
        "no-store",
        b"#EXTM3U\n",
    )


def test_ranges_follow_their_validator(front: Front) -> None:
    address = f"/m/{make_token()}/160/seg_1.m4s"
    etag = front.ask(address)[1]["etag"]
    status, headers, body = front.ask(address, Range="bytes=100-199", If_Range=etag)
    assert (status, body) == (206, SEGMENT[100:200])
    assert (headers["content-range"], headers["content-length"]) == (f"bytes 100-199/{len(SEGMENT)}", "100")
    assert headers["x-content-type-options"] == "nosniff"
    assert front.ask(address, Range="bytes=100-199", If_Range='"another"')[0] == 200
    assert front.ask(address, Range="bytes=-100")[2] == SEGMENT[-100:]
    assert front.ask(address, Range=f"bytes={len(SEGMENT)}-")[0] == 416


def test_what_the_browser_has_is_not_sent_again(front: Front) -> None:
    etag = front.ask(f"/m/{make_token()}/160/seg_1.m4s")[1]["etag"]
    address = f"/m/{make_token(session_id=UUID(int=8))}/160/seg_1.m4s"
    status, headers, body = front.ask(address, If_None_Match=etag)
    assert (status, body, headers["etag"]) == (304, b"", etag)


def test_head_says_the_length_and_sends_nothing(front: Front) -> None:
    status, headers, body = front.ask(f"/m/{make_token()}/160/seg_1.m4s", method="HEAD")
    assert (status, headers["content-length"], body) == (200, str(len(SEGMENT)), b"")


def test_a_name_in_any_letters_is_found(front: Front) -> None:
    address = f"/m/{make_token(medium='book')}/text/c%C3%B4t%C3%A9%20jardin%20%26%20100%25.xhtml"
    status, headers, body = front.ask(address)
    assert (status, headers["content-type"], body) == (200, "application/xhtml+xml", b"<html/>")
    assert "script-src 'none'" in headers["content-security-policy"]


def test_a_game_runs_on_its_own_host_under_its_own_policy(front: Front) -> None:
    token = make_token(medium="game", duration_s=None)
    status, headers, body = front.ask(f"/m/{token}/index.html", games=True, Cookie="mediaplatform_session=x")
    assert (status, headers["content-type"], body) == (200, "text/html", PAGE)
    assert f"frame-ancestors {settings.SITE_URL}" in headers["content-security-policy"]
    assert (headers["access-control-allow-origin"], headers["cross-origin-resource-policy"]) == (
        "*",
        "cross-origin",
    )
    assert "x-frame-options" not in headers
    assert front.ask(f"/m/{token}/index.html")[0] == 404
    assert front.ask("/", games=True)[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "none.m4s",
        f"..%2f{OTHER_PACKAGE}/master.m3u8",
        f"%2e%2e/{OTHER_PACKAGE}/master.m3u8",
        "..%2f..%2foriginals%2fsecret",
        "160/",
        "160",
        "160//seg_1.m4s",
        "master.m3u8%3fX=1",
    ],
)
def test_nothing_else_is_found(front: Front, path: str) -> None:
    status, _headers, body = front.ask(f"/m/{make_token()}/{path}")
    assert status == 404
    assert json.loads(body)["code"] in {"no_such_file", "malformed"}


@pytest.mark.parametrize(
    "path", ["/_objects/originals/secret", f"/_objects/packages/{PACKAGE}/index.html", "/_no_such_file"]
)
def test_the_store_can_not_be_asked_directly(front: Front, path: str) -> None:
    status, _headers, body = front.ask(path)
    assert status == 404
    assert b"secret" not in body


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [("noise", 403, "malformed"), (timedelta(minutes=-10), 401, "expired")],
)
def test_a_refusal_reaches_the_player(front: Front, token: object, status: int, code: str) -> None:
    made = make_token(after=token) if isinstance(token, timedelta) else token
    answer, headers, body = front.ask(f"/m/{made}/160/seg_1.m4s")
    assert (answer, headers["content-type"], json.loads(body)["code"]) == (
        status,
        "application/problem+json",
        code,
    )


def test_the_access_log_keeps_no_token(front: Front) -> None:
    token = make_token(session_id=uuid4())
    log = front.nginx.folder / "access.log"
    for path in (f"/m/{token}/master.m3u8", f"/%6d/{token}/none.m4s", f"//m/{token}/none.m4s", "/last") * 4:
        front.ask(path)
    front.child.process.send_signal(signal.SIGUSR1)  # opens its logs anew, and so writes what it holds
    processes.wait_until(lambda: "/last" in log.read_text("utf-8"), child=front.child, patience_s=60)
    assert log.read_text("utf-8").count("/m/-") >= 3
    assert token not in log.read_text("utf-8")
    assert PACKAGE not in log.read_text("utf-8")


def test_a_token_is_asked_for_once_and_its_copier_is_held_back(front: Front) -> None:
    if not front.nginx.is_granted:
        pytest.skip("Django is asked for each file")
    token = make_token(session_id=uuid4(), patron=uuid4().hex)
    answers = [front.ask(f"/m/{token}/160/seg_1.m4s") for _ in range(70)]
    assert [status for status, _headers, _body in answers][:61] == [200] * 61
    _status, headers, body = next(answer for answer in answers if answer[0] == 429)
    assert (headers["retry-after"], json.loads(body)["code"]) == ("4", "pace")
    assert front.ask(f"/m/{token}/master.m3u8")[0] == 200


def test_a_denied_session_is_stopped_within_half_a_minute_of_caches(front: Front) -> None:
    token = make_token(session_id=(session := uuid4()), patron=uuid4().hex)
    assert front.ask(f"/m/{token}/master.m3u8")[0] == 200
    denials.deny(sessions=[session], now=timezone.now())
    denials._copy.forget()
    assert front.ask(f"/m/{token}/master.m3u8")[0] == (200 if front.nginx.is_granted else 403)
    limit = time.monotonic() + 30
    while front.ask(f"/m/{token}/master.m3u8")[0] == 200:
        assert time.monotonic() < limit  # nginx believes for 15 s; our copy of the list is 10 s old at most
        time.sleep(0.2)
    assert json.loads(front.ask(f"/m/{token}/master.m3u8")[2])["code"] == "denied"


def test_a_file_is_fetched_from_the_store_once_for_all_tokens(front: Front) -> None:
    if not front.nginx.object_store_url.startswith("s3:"):
        pytest.skip("a folder needs no cache")
    found = [
        front.ask(f"/m/{make_token(session_id=uuid4(), patron=uuid4().hex)}/160/seg_1.m4s") for _ in range(3)
    ]
    assert [(status, body) for status, _headers, body in found] == [(200, SEGMENT)] * 3
    assert [headers["x-cache-status"] for _status, headers, _body in found][1:] == ["HIT"] * 2


def test_types_are_those_of_packages() -> None:
    text = (TEMPLATES / "types.conf").read_text("utf-8")
    told = {
        f".{suffix}": line.split()[0]
        for line in text.splitlines()
        if line.startswith("    ")
        for suffix in line.rstrip(";").split()[1:]
    }
    assert told == content_types.ALL
