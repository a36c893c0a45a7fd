"""The thread on running servers: delivered by command, played over HTTP, compacted, read by DuckDB."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import duckdb
import pytest

from tests.factories.catalog import DELIVERY_ROW, RIGHTS_ROW, write_epub, write_folder, write_wave
from tests.live import LiveStack

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("live_stack", ["file", "s3"], indirect=True),
]

CSRF = "c" * 32
SIGN_IN = """
from django.contrib.sessions.backends.cached_db import SessionStore
from catalog.models import Resource
from subscriptions.patrons import middleware
from tests.subscriptions.access.people import make_person
bob = make_person()
session = SessionStore()
middleware.sign_in(session, patron_id=bob.patron.pk, profile_id=bob.profile.pk)
session.save()
ids = dict(Resource.objects.values_list("medium", "pk"))
print(session.session_key, ids["music"], ids["book"])
"""


def fetch(
    address: str, said: object = None, *, cookie: str = "", **headers: str
) -> tuple[int, bytes, Message]:
    """Ask a running server; what is said is posted as JSON."""
    data = None if said is None else json.dumps(said).encode()
    sent = {"Content-Type": "application/json", **headers} if data else dict(headers)
    if cookie:
        sent |= {"Cookie": f"mediaplatform_session={cookie}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
    request = urllib.request.Request(address, data=data, headers=sent)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), error.headers


def entries(playlist: bytes) -> list[str]:
    return [line for line in playlist.decode().splitlines() if line and not line.startswith("#")]


def play(stack: LiveStack, cookie: str, resource_id: str) -> dict[str, Any]:
    """Open a resource as a browser does."""
    status, body, _headers = fetch(
        f"{stack.site_url}/api/v1/playback/open", {"resource_id": int(resource_id)}, cookie=cookie
    )
    assert status == 200, body
    said: dict[str, Any] = json.loads(body)
    return said


def test_a_tone_is_delivered_played_and_counted(live_stack: LiveStack, tmp_path: Path) -> None:
    folder = tmp_path / "delivery"
    book = {"release_ref": "B1", "medium": "book", "release_kind": "book", "resource_ref": "B1-1"}
    delivery = [DELIVERY_ROW, DELIVERY_ROW | book | {"file": "pont.epub"}]
    rights = [RIGHTS_ROW, RIGHTS_ROW | {"resource_ref": "B1-1"}]
    write_wave(folder / "one.wav", seconds=9)
    write_epub(folder / "pont.epub")
    live_stack.manage("shell", "-v0", "-c", "from tests.factories.catalog import *; make_geography()")
    live_stack.manage("deliver", write_folder(folder, delivery=delivery, rights=rights))
    cookie, music_id, book_id = live_stack.manage("shell", "-v0", "-c", SIGN_IN).split()

    track = play(live_stack, cookie, music_id)
    master = urljoin(live_stack.site_url, track["manifest_url"])
    status, body, headers = fetch(master)
    assert (status, headers["Cache-Control"], len(entries(body))) == (200, "no-store", 3)
    for rung in (urljoin(master, name) for name in entries(body)):
        segments = [urljoin(rung, name) for name in entries(fetch(rung)[1])]
        assert len(segments) == 3
        status, whole, headers = fetch(segments[0])
        assert (status, headers["Content-Type"]) == (200, "video/iso.segment")
        status, part, _headers = fetch(
            segments[0], **{"Range": "bytes=4-99", "If-Range": str(headers["ETag"])}
        )
        assert (status, part) == (206, whole[4:100])
        assert fetch(segments[0], **{"If-None-Match": str(headers["ETag"])})[0] == 304

    time.sleep(2)
    beat = {"sequence": 0, "intervals": [[0, 1.2], [1, 2]], "rate": 1, "position_s": 2, "event": "tick"}
    heartbeat = urljoin(live_stack.site_url, track["heartbeat_url"])
    assert [fetch(heartbeat, beat)[:2] for _ in range(2)] == [(202, b'{"acknowledged": 0}')] * 2

    pages = play(live_stack, cookie, book_id)
    status, manifest, headers = fetch(urljoin(live_stack.site_url, pages["manifest_url"]))
    assert (status, headers["Content-Type"]) == (200, "application/json")
    first = json.loads(manifest)["readingOrder"][0]["href"]
    status, body, headers = fetch(urljoin(live_stack.site_url, pages["base_url"] + first))
    assert (status, headers["Content-Type"]) == (200, "application/xhtml+xml")
    assert "script-src 'none'" in str(headers["Content-Security-Policy"])

    games_url = live_stack.environment["GAMES_URL"]
    assert fetch(f"{games_url}{track['manifest_url']}")[0] == 404
    assert fetch(f"{games_url}/api/v1/schema/")[0] == 404

    live_stack.manage("compact_plays")
    assert "in the log once" in live_stack.manage("usage", "verify")
    month = live_stack.manage("shell", "-v0", "-c", "import datetime; print(datetime.date.today())")[:7]
    live_stack.manage("usage", "export", month, tmp_path / "inputs")
    with duckdb.connect() as shell:
        query = f"SELECT resource_id, \"seconds\", status FROM '{tmp_path}/inputs/plays/*.parquet'"
        assert shell.execute(query).fetchall() == [(int(music_id), 2, "counted")]
