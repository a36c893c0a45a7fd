"""The browser that the journeys use really plays, and its complaints fail a test."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Page

from mediaplatform.infrastructure import ffmpeg

pytestmark = pytest.mark.journey


@pytest.fixture
def tone(tmp_path: Path) -> str:
    """Five seconds of AAC as a data address."""
    path = tmp_path / "tone.m4a"
    ffmpeg.run_ffmpeg(["-f", "lavfi", "-i", "sine=duration=5", "-c:a", "aac", path], timeout_s=120)
    return f"data:audio/mp4;base64,{base64.b64encode(path.read_bytes()).decode()}"


def test_aac_is_decoded_and_time_passes(page: Page, tone: str) -> None:
    page.set_content(f'<audio src="{tone}"></audio><button>Play</button>')
    page.evaluate("document.querySelector('button').onclick = () => document.querySelector('audio').play()")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('audio').currentTime > 0.5")


def test_an_error_in_a_script_is_a_complaint(page: Page, browser_faults: list[str]) -> None:
    with page.expect_event("pageerror"):
        page.set_content("<script>throw new Error('it is broken')</script>")
    assert browser_faults == ["it is broken"]
    browser_faults.clear()


def test_what_a_page_s_policy_refuses_is_a_complaint(page: Page, browser_faults: list[str]) -> None:
    policy = '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">'
    with page.expect_console_message():
        page.set_content(f"{policy}<script>document.title = 'it ran'</script>")
    assert "Content Security Policy" in browser_faults[0]
    browser_faults.clear()
