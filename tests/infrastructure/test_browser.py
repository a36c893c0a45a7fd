"""The browser that the journeys use really plays, and its complaints fail a test."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page

from mediaplatform.infrastructure import ffmpeg

PAGE = """<!doctype html><link rel="icon" href="data:,">
<audio controls src="tone.m4a"></audio><button>Play</button>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and logs nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    ffmpeg.run_ffmpeg(
        ["-f", "lavfi", "-i", "sine=duration=5", "-c:a", "aac", tmp_path / "tone.m4a"], timeout_s=30
    )
    (tmp_path / "index.html").write_text(PAGE)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.journey
def test_aac_is_decoded_and_time_passes(page: Page, site: str) -> None:
    page.goto(site)
    page.evaluate("document.querySelector('button').onclick = () => document.querySelector('audio').play()")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('audio').currentTime > 0.5")


@pytest.mark.journey
def test_a_missing_file_is_a_complaint(page: Page, site: str, browser_faults: list[str]) -> None:
    page.goto(f"{site}missing.html")
    assert any("404" in fault for fault in browser_faults)
    browser_faults.clear()
