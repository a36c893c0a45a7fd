"""What is under a token goes past Django's handler; nothing else does."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any

import pytest

from catalog.models import Heartbeat
from catalog.streaming.wsgi import StreamsFirst
from tests.catalog.streaming.tokens import make_token

pytestmark = pytest.mark.django_db
BEAT = {"sequence": 3, "intervals": [[0.0, 9.8]], "rate": 1.0, "position_s": 9.8, "event": "tick"}


def ask(method: str, path: str, body: bytes = b"", *, stated: int | None = None) -> tuple[str, bytes]:
    """Return the status line and the body; a path that is not the streams' gets `418 others`."""
    said = list[str]()

    def others(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("418 others", [])
        return [b""]

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "CONTENT_LENGTH": str(len(body) if stated is None else stated),
        "wsgi.input": io.BytesIO(body),
    }

    def start(status: str, _headers: list[tuple[str, str]], *_: object) -> Any:
        said.append(status)

    answer = StreamsFirst(others)(environ, start)
    return said[0], b"".join(answer)


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_is_kept_and_acknowledged_without_a_handler() -> None:
    status, body = ask("POST", f"/m/{make_token()}/heartbeat", json.dumps(BEAT).encode())
    assert (status, json.loads(body)) == ("202 Accepted", {"acknowledged": 3})
    assert Heartbeat.objects.get().sequence == 3


@pytest.mark.parametrize(
    "path", ["/", "/m", "/home/", "/api/v1/playback/open", "/mm/x/heartbeat", "//m/x/heartbeat"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_other_path_leaves_the_middlewares_out(method: str, path: str) -> None:
    assert ask(method, path)[0] == "418 others"


@pytest.mark.parametrize(
    ("method", "rest", "status"),
    [
        ("POST", "noise/heartbeat", "403 Forbidden"),
        ("POST", "noise/close", "403 Forbidden"),
        ("POST", "noise/master.m3u8", "405 Method Not Allowed"),
        ("DELETE", "noise/heartbeat", "405 Method Not Allowed"),
        ("GET", "noise/heartbeat", "405 Method Not Allowed"),
        ("GET", "noise/master.m3u8", "403 Forbidden"),
        ("OPTIONS", "noise/close", "405 Method Not Allowed"),
        ("POST", "", "405 Method Not Allowed"),
        ("GET", "", "403 Forbidden"),
    ],
)
def test_without_a_genuine_token_nothing_is_opened(method: str, rest: str, status: str) -> None:
    assert ask(method, f"/m/{rest}")[0] == status


def test_a_body_beyond_all_bounds_is_refused_before_it_is_read() -> None:
    status, _body = ask("POST", f"/m/{make_token()}/heartbeat", b"{}", stated=10**9)
    assert status == "400 Bad Request"
