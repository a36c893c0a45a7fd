"""Each medium once, from a delivered folder to a patron's browser: it plays, it opens, it keeps the place."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.media_delivery import CAPTION, WORKS, write_media
from tests.live import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PATIENCE_S = 120
LIBRARY = """
import json
from datetime import timedelta
from django.utils import timezone
from catalog.models import Package, Resource
from subscriptions.billing import services as billing
from subscriptions.libraries import services as libraries
from subscriptions.patrons import services as patrons
today = timezone.localdate()
library = libraries.create_library(name="Médiathèque de Firminy", commune_code="42095")
offer = billing.create_offer(
    name="All", per_inhabitant_micros=1, minimum_micros=1_000_000, media=("music", "video", "book", "game"))
billing.subscribe(library=library, offer=offer, starts_on=today.replace(day=1), ends_on=today + timedelta(days=300))
codes = patrons.create_codes(library=library, batch="b", count=1, expires_on=today + timedelta(days=9))
faults = [str(package.fault_detail) for package in Package.objects.exclude(state="ready")]
found = {one.release.reference: (one.pk, one.release_id) for one in Resource.objects.select_related("release")}
print("SAID" + json.dumps({"slug": library.slug, "code": codes[0], "faults": faults, "works": found}))
"""


@pytest.fixture(scope="module")
def works(live_stack: LiveStack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, int]]:
    """The delivered works by name, as (resource, release), with the library's code in the stack's environment."""
    folder: Path = write_media(tmp_path_factory.mktemp("media") / "delivery")
    assert "applied" in live_stack.manage("deliver", folder)
    said = json.loads(live_stack.manage("shell", "-v0", "-c", LIBRARY).partition("SAID")[2])
    assert said["faults"] == []
    assert set(said["works"]) == set(WORKS)
    live_stack.environment["JOURNEY"] = json.dumps([said["slug"], said["code"]])
    return {name: (ids[0], ids[1]) for name, ids in said["works"].items()}


@pytest.fixture(scope="module")
def patron(
    live_stack: LiveStack, works: dict[str, tuple[int, int]], browser: Browser
) -> Iterator[tuple[Page, list[str]]]:
    """A patron's page, and what its browser complains of."""
    faults: list[str] = []
    context = browser.new_context(
        locale="en-GB", base_url=live_stack.site_url, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda line: faults.append(f"{line.text} {line.location}") if line.type == "error" else None,
    )
    _slug, code = json.loads(live_stack.environment["JOURNEY"])
    page.goto("/")
    page.get_by_role("link", name="Médiathèque de Firminy").first.click()
    page.get_by_label("Access code").fill(code)
    page.get_by_role("main").get_by_role("button", name="Enter").click()
    page.wait_for_url("**/discover/")
    yield page, faults
    context.close()


@pytest.fixture(autouse=True)
def silent(patron: tuple[Page, list[str]]) -> Iterator[None]:
    """No test leaves a complaint in the browser's console."""
    patron[1].clear()
    yield
    assert patron[1] == []


def test_a_track_plays(patron: tuple[Page, list[str]], works: dict[str, tuple[int, int]]) -> None:
    page = patron[0]
    page.goto(f"/works/{works['track'][1]}/le-son/")
    page.get_by_role("button", name="Listen").first.click()
    expect(page.locator("#player")).to_have_attribute("data-state", "playing")
    wait_until(page, lambda: number(page, "document.querySelector('#player audio').currentTime") > 2)
    page.get_by_role("region", name="Player").get_by_role("button", name="Pause").click()


SECOND = "document.querySelectorAll('#player audio')[1]"
HEAR = """() => {
  const [one, other] = document.querySelectorAll("#player audio");
  const context = new AudioContext(), merger = context.createChannelMerger(2);
  const tap = context.createScriptProcessor(1024, 2, 1);
  window.heard = [[], []];
  window.rate = context.sampleRate;
  [one, other].forEach((audio, channel) => context.createMediaElementSource(audio).connect(merger, 0, channel));
  merger.connect(tap).connect(context.destination);
  tap.onaudioprocess = (event) => [0, 1].forEach((at) => heard[at].push(...event.inputBuffer.getChannelData(at)));
}"""
GAP = """() => {
  const loud = (samples, from, step) => {
    for (let at = from; at >= 0 && at < samples.length; at += step) if (Math.abs(samples[at]) > 0.05) return at;
    return NaN;
  };
  return (loud(heard[1], 0, 1) - loud(heard[0], heard[0].length - 1, -1)) / rate * 1000;
}"""
SILENCE_MS = (
    35  # an ear that waits for it hears a gap from about here on; without joining it is a second and more
)


def test_an_album_is_heard_without_a_gap_between_its_tracks(
    patron: tuple[Page, list[str]], works: dict[str, tuple[int, int]]
) -> None:
    page = patron[0]
    page.goto(f"/works/{works['album'][1]}/la-suite/")
    page.locator("[data-play-release]").first.click()
    expect(page.locator("#player")).to_have_attribute("data-state", "playing")
    wait_until(page, lambda: number(page, "document.querySelector('#player audio').currentTime") > 1)
    player = page.get_by_role("region", name="Player")
    player.get_by_role("button", name="Pause").click()  # a busy machine may have the next one late
    wait_until(page, lambda: bool(page.evaluate(f"{SECOND}.readyState >= 3 && !{SECOND}.seeking")))
    page.evaluate(HEAR)
    player.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".bar__title")).to_have_text("Deux")
    wait_until(page, lambda: number(page, f"{SECOND}.currentTime") > 1)
    gap_ms = number(page, GAP)
    assert -SILENCE_MS < gap_ms < SILENCE_MS
    player.get_by_role("button", name="Pause").click()


def test_the_choice_of_equal_loudness_stays_in_this_browser(
    patron: tuple[Page, list[str]], works: dict[str, tuple[int, int]]
) -> None:
    page = patron[0]
    page.goto(f"/works/{works['album'][1]}/la-suite/")
    page.locator("[data-play-release]").first.click()
    expect(page.locator("#player")).to_have_attribute("data-state", "playing")
    sounding = "[...document.querySelectorAll('#player audio')].find((audio) => !audio.paused).volume"
    assert number(page, sounding) < 0.9  # the tone is loud, and turned down
    page.get_by_role("button", name="What plays next").click()
    page.get_by_label("Equal loudness").select_option("Off")
    assert number(page, sounding) == 1
    page.reload()
    page.get_by_role("button", name="What plays next").click()
    expect(page.get_by_label("Equal loudness")).to_have_value("off")


def test_a_film_plays_with_captions_another_sound_and_a_transcript(
    patron: tuple[Page, list[str]], works: dict[str, tuple[int, int]]
) -> None:
    page = patron[0]
    page.goto(f"/play/{works['film'][0]}/")
    at = "document.querySelector('video').currentTime"
    expect(page.locator("video")).to_be_visible()
    if page.get_by_role("button", name="Play", exact=True).first.is_visible():
        page.get_by_role("button", name="Play", exact=True).first.click()
    wait_until(page, lambda: number(page, at) > 1)
    page.get_by_label("Captions").select_option(label="français")
    showing = "[...document.querySelector('video').textTracks].find((one) => one.mode === 'showing')"
    wait_until(page, lambda: page.evaluate(f"{showing}?.activeCues?.[0]?.text") == CAPTION)
    page.get_by_label("Sound", exact=True).select_option(label="English")
    moment = number(page, at)
    wait_until(page, lambda: number(page, at) > moment + 1)
    page.get_by_text("Transcript").click()
    expect(page.get_by_role("button", name=CAPTION)).to_be_visible()
    seek = page.get_by_label("Position in the film")
    seek.hover()
    expect(page.locator(".film__small")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("k")
    expect(page.locator("[data-shell=video]")).to_have_attribute("data-state", "paused")
    assert page.evaluate("document.querySelector('video').error") is None


def test_an_epub_opens_and_its_words_are_there(
    patron: tuple[Page, list[str]], works: dict[str, tuple[int, int]]
) -> None:
    page = patron[0]
    page.goto(f"/play/{works['epub'][0]}/")
    expect(page.locator("[data-shell=book]")).to_have_attribute("data-state", "playing")
    wait_until(page, lambda: "pont de pierre" in framed_text(page))


def test_a_pdf_opens_is_searched_and_keeps_its_page(
    patron: tuple[Page, list[str]], works: dict[str, tuple[int, int]]
) -> None:
    page = patron[0]
    page.goto(f"/play/{works['pdf'][0]}/")
    expect(page.locator(".pdf__text").first).to_contain_text("Le pont numéro 1")
    assert is_painted(page, ".pdf__canvas")
    assert_accessible(page)
    page.get_by_label("Find in the book").fill("NUMERO 3")
    page.get_by_label("Find in the book").press("Enter")
    expect(page.get_by_text("1 of 1")).to_be_visible()
    expect(page.get_by_label("Page number")).to_have_value("3")
    wait_until(page, lambda: number(page, "CSS.highlights.get('pdf-found')?.size ?? 0") == 1)
    page.reload()
    expect(page.get_by_label("Page number")).to_have_value("3")


def test_a_comic_turns_its_pages_by_key_and_keeps_its_place(
    patron: tuple[Page, list[str]], works: dict[str, tuple[int, int]]
) -> None:
    page = patron[0]
    page.goto(f"/play/{works['comic'][0]}/")
    expect(page.get_by_role("img", name="Page 1 of 4")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("img", name="Page 2 of 4")).to_be_visible()
    expect(page.get_by_role("img", name="Page 3 of 4")).to_be_visible()  # two together on a wide screen
    wait_until(page, lambda: number(page, "document.querySelector('.comic__page').naturalWidth") == 600)
    page.reload()
    expect(page.get_by_role("img", name="Page 2 of 4")).to_be_visible()


def test_a_game_starts_paints_and_finds_its_score_again(
    patron: tuple[Page, list[str]], works: dict[str, tuple[int, int]]
) -> None:
    page = patron[0]
    page.goto(f"/play/{works['game'][0]}/")
    expect(page.get_by_text("PEGI 3").first).to_be_visible()
    page.get_by_role("button", name="Start the game").click()
    game = page.frame_locator(".game__frame")
    expect(game.locator("#score")).to_have_text("0")
    game.get_by_role("button", name="Plus").click()
    game.get_by_role("button", name="Plus").click()
    expect(game.locator("#score")).to_have_text("2")
    colour = game.locator("#board").evaluate(
        "board => [...board.getContext('2d').getImageData(50, 50, 1, 1).data]"
    )
    assert colour == [122, 46, 29, 255]
    page.reload()
    page.get_by_role("button", name="Start the game").click()
    expect(page.frame_locator(".game__frame").locator("#score")).to_have_text("2")
    wait_until(
        page, lambda: number(page, "Object.keys(localStorage).filter((key) => /saves/.test(key)).length") == 0
    )
    browser = page.context.browser
    assert browser is not None
    other = browser.new_context(storage_state=page.context.storage_state(), locale="en-GB")
    elsewhere = other.new_page()
    elsewhere.goto(page.url)
    elsewhere.get_by_role("button", name="Start the game").click()
    expect(elsewhere.frame_locator(".game__frame").locator("#score")).to_have_text("2")
    other.close()


def test_only_a_game_that_needs_threads_shares_memory_between_them(
    patron: tuple[Page, list[str]], works: dict[str, tuple[int, int]]
) -> None:
    page = patron[0]
    isolated = {}
    for name in ("threads", "game"):
        page.goto(f"/works/{works[name][1]}/x/")
        page.get_by_role("main").get_by_role("link", name="Play the game").first.click()
        page.get_by_role("button", name="Start the game").click()
        game = page.frame_locator(".game__frame")
        expect(game.locator("#score")).not_to_be_empty()
        inside = game.locator("body").evaluate("() => [crossOriginIsolated, origin]")
        isolated[name] = (page.evaluate("crossOriginIsolated"), *inside)
        if name == "threads":
            expect(game.locator("#shared")).to_have_text("42")
    assert isolated == {"threads": (True, True, "null"), "game": (False, False, "null")}


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Look again and again; the pages' policy forbids to wait inside of them."""
    limit = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < limit
        page.wait_for_timeout(150)


def assert_accessible(page: Page) -> None:
    """Let axe look at the player, apart from what is inside a book's own pages."""
    found = Axe().run(page, context={"include": [["main"]], "exclude": [["foliate-view"], [".pdf__text"]]})
    told = [
        f"{one['id']}: {[node['html'][:200] for node in one['nodes']]}"
        for one in found.response["violations"]
    ]
    assert found.response["passes"]
    assert told == []


def framed_text(page: Page) -> str:
    """Return the text of all the frames in a page."""
    return " ".join(frame.locator("body").inner_text() for frame in page.frames[1:])


def number(page: Page, expression: str) -> float:
    found: float = page.evaluate(expression)
    return found


def is_painted(page: Page, canvas: str) -> bool:
    """Tell whether a canvas has more than one colour."""
    script = """(name) => {
      const canvas = document.querySelector(name);
      const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      const seen = new Set();
      for (let at = 0; at < data.length; at += 4) seen.add(data[at]);
      return seen.size > 2;
    }"""
    return bool(page.evaluate(script, canvas))
