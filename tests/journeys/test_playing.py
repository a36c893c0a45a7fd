"""Music, a film, a book and a game played in a real browser, through Django alone and through nginx.

What was listened to is what the browser itself says: the ranges of the recording that its media element played
(`HTMLMediaElement.played`), which our player does not write; for book and game, the time that their page was open. The
play log must say the same to within two seconds, after seeks, a pause, a speed of 1.5, twenty seconds without any
network, and going on from another device.
"""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.factories.catalog import (
    DELIVERY_ROW,
    RIGHTS_ROW,
    write_audio,
    write_epub,
    write_film,
    write_folder,
)
from tests.journeys.fronts import nginx_before
from tests.journeys.heartbeats import acknowledged, is_heartbeat
from tests.live import LiveStack
from tests.subscriptions.api.test_live_playback import fetch, play

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PATIENCE_S = 120
TOLERANCE_S = 2.0
LOST_S = 20
MEDIA_S = {"music": 130, "video": 110}
FILES = {"music": "one.flac", "video": "film.mp4", "book": "pont.epub", "game": "game.zip"}
KINDS = {"music": "album", "video": "film", "book": "book", "game": "game"}
PEOPLE = """
import json
from django.contrib.sessions.backends.cached_db import SessionStore
from catalog.models import Resource
from subscriptions.models import Profile
from subscriptions.patrons import middleware
from tests.subscriptions.access.people import make_person
keys = []
for commune in ("42218", "69123"):
    person = make_person(commune_code=commune)
    Profile.objects.filter(pk=person.profile.pk).update(keeps_history=True)
    for device in range(2):
        session = SessionStore()
        middleware.sign_in(session, patron_id=person.patron.pk, profile_id=person.profile.pk)
        session.save()
        keys.append(session.session_key)
works = {one.medium: [one.pk, one.release_id] for one in Resource.objects.all()}
print(json.dumps({"keys": keys, "works": works}))
"""
NEWCOMER = """
from django.contrib.sessions.backends.cached_db import SessionStore
from subscriptions.patrons import middleware
from tests.subscriptions.access.people import make_person
person, session = make_person(commune_code="75056"), SessionStore()
middleware.sign_in(session, patron_id=person.patron.pk, profile_id=person.profile.pk)
session.save()
print(session.session_key, person.patron.pk)
"""
SUSPEND = """
from django.utils import timezone
from subscriptions.patrons import services
services.suspend_patron(patron_id={patron}, now=timezone.now())
"""
LOGGED = """
import json
from django.utils import timezone
from catalog.usage import compaction, log
compaction.compact_open_days(now=timezone.now())
rows = log.read_day(day=log.day_of(timezone.now())).to_pylist()
print(json.dumps([[row["session_id"], row["medium"], row["seconds"], row["status"]] for row in rows]))
"""
PLAYED = """selector => {
  const played = document.querySelector(selector).played;
  let seconds = 0;
  for (let n = 0; n < played.length; n += 1) seconds += played.end(n) - played.start(n);
  return seconds;
}"""
BEGAN = """selector => {
  const played = document.querySelector(selector).played;
  return played.start(played.length - 1);
}"""
BUFFERED = """selector => {
  const { buffered, currentTime } = document.querySelector(selector);
  return buffered.length ? buffered.end(buffered.length - 1) - currentTime : 0;
}"""
NOTE_LEAVING = """() => addEventListener("pagehide", () => {
  const told = performance.getEntriesByType("resource").find((one) => one.name.endsWith("/heartbeat"));
  sessionStorage.setItem("open_s", String((performance.now() - told.startTime) / 1000));
})"""
AUDIO, VIDEO = "#player audio", "[data-shell=video] video"


@dataclass
class Heard:
    """Seconds by session, as the browser says, and the session of each page."""

    seconds: dict[str, float] = field(default_factory=dict)
    sessions: dict[Page, str] = field(default_factory=dict)

    @contextmanager
    def opening(self, page: Page) -> Iterator[None]:
        """Note the session that the page opens meanwhile."""
        with page.expect_response(
            lambda answer: answer.url.endswith("/playback/open"), timeout=PATIENCE_S * 1000
        ) as opened:
            yield
        self.sessions[page] = opened.value.json()["session_id"]

    def leave(self, page: Page, address: str) -> None:
        """Go elsewhere, and keep how long the page was open since its first heartbeat, by its own clock."""
        page.evaluate(NOTE_LEAVING)
        page.goto(address)
        self.say(page, page.evaluate("Number(sessionStorage.getItem('open_s'))"))

    def say(self, page: Page, seconds: float) -> None:
        """Keep what the page's session heard."""
        self.seconds[self.sessions[page]] = seconds


@dataclass(frozen=True)
class Works:
    """What was delivered: resource and release by medium, and the sessions' keys of two patrons' two devices."""

    keys: list[str]
    works: dict[str, tuple[int, int]]


@pytest.fixture(scope="module")
def works(live_stack: LiveStack, tmp_path_factory: pytest.TempPathFactory) -> Works:
    """Deliver a work of each medium, and let two patrons in, with two devices each."""
    folder = tmp_path_factory.mktemp("delivery")
    write_audio(folder / FILES["music"], seconds=MEDIA_S["music"])
    write_film(folder / FILES["video"], seconds=MEDIA_S["video"], size="320x180")
    write_epub(folder / FILES["book"])
    with zipfile.ZipFile(folder / FILES["game"], "w") as archive:
        archive.writestr("index.html", "<!doctype html><title>Pont</title><button>Jouer</button>")
    delivery = [
        DELIVERY_ROW
        | {"release_ref": f"R-{medium}", "release_title": f"Œuvre {medium}", "medium": medium, "file": name}
        | {
            "release_kind": KINDS[medium],
            "resource_ref": f"R-{medium}-1",
            "resource_title": f"Matin {medium}",
        }
        | ({"pegi": "3"} if medium == "game" else {})
        for medium, name in FILES.items()
    ]
    rights = [RIGHTS_ROW | {"resource_ref": f"R-{medium}-1"} for medium in FILES]
    live_stack.manage("shell", "-v0", "-c", "from tests.factories.catalog import *; make_geography()")
    live_stack.manage("deliver", write_folder(folder, delivery=delivery, rights=rights))
    said = json.loads(live_stack.manage("shell", "-v0", "-c", PEOPLE).splitlines()[-1])
    return Works(said["keys"], {medium: (one[0], one[1]) for medium, one in said["works"].items()})


@pytest.fixture(params=["django", "nginx"])
def site(request: pytest.FixtureRequest, live_stack: LiveStack) -> Iterator[tuple[str, int]]:
    """Where the pages are, and the number of the patron who goes there."""
    if request.param == "django":
        yield live_stack.site_url, 0
        return
    with nginx_before(live_stack) as address:
        yield address, 1


def test_the_log_says_what_was_heard(
    live_stack: LiveStack, works: Works, site: tuple[str, int], browser: Browser
) -> None:
    site_url, patron = site
    heard, faults = Heard(), list[str]()
    first = device(browser, site_url, works.keys[2 * patron])
    music, film = begin_music(first, works, heard), begin_film(first, works, heard)
    book, game = begin_book(first, works, heard), begin_game(first, works, heard)
    for page in (music, film, book, game):
        page.on("pageerror", lambda error: faults.append(str(error)))
    pause(music, 3)
    seek_music(music, 25)
    seek_film(film, 20)
    music.get_by_role("combobox", name="Speed").select_option("1.5")
    film.locator("[data-shell=video]").get_by_role("combobox", name="Speed").select_option(label="1.5 ×")
    pause(music, 5)
    stand_still(music, film)
    lose_network(first, music, film)
    pause(music, 3)
    for page in (book, game):
        heard.leave(page, f"{site_url}/discover/")
    pause_both(music, film)
    heard.say(music, music.evaluate(PLAYED, AUDIO))
    heard.say(film, film.evaluate(PLAYED, VIDEO))
    left_at = {AUDIO: seconds(music, AUDIO), VIDEO: seconds(film, VIDEO)}
    first.close()

    second = device(browser, site_url, works.keys[2 * patron + 1])
    music, film = begin_music(second, works, heard), begin_film(second, works, heard)
    assert abs(music.evaluate(BEGAN, AUDIO) - left_at[AUDIO]) < 5
    assert abs(film.evaluate(BEGAN, VIDEO) - left_at[VIDEO]) < 5
    pause(music, 4)
    pause_both(music, film)
    heard.say(music, music.evaluate(PLAYED, AUDIO))
    heard.say(film, film.evaluate(PLAYED, VIDEO))
    music.reload()  # what was on is on again, silent, until it is asked for
    expect(music.locator(".bar__title")).to_have_text("Matin music")
    expect(music.locator("#player")).to_have_attribute("data-state", "paused")
    second.close()
    assert faults == []
    compare(live_stack, heard)


def test_a_suspended_patron_is_stopped_within_half_a_minute(live_stack: LiveStack, works: Works) -> None:
    cookie, patron = live_stack.manage("shell", "-v0", "-c", NEWCOMER).split()[-2:]
    said = play(live_stack, cookie, str(works.works["music"][0]))
    addresses = [
        f"{live_stack.site_url}{said['base_url']}{name}" for name in ("master.m3u8", "manifest.json")
    ]
    assert fetch(addresses[0])[0] == 200
    live_stack.manage("shell", "-v0", "-c", SUSPEND.format(patron=patron))
    begun = time.monotonic()
    while fetch(addresses[0])[0] == 200:
        assert time.monotonic() - begun < 30
        time.sleep(0.5)
    assert [fetch(address)[0] for address in addresses] == [403, 403]
    beat = {"sequence": 1, "intervals": [[0, 1]], "event": "tick"}
    assert fetch(f"{live_stack.site_url}{said['heartbeat_url']}", beat)[0] == 403


def compare(stack: LiveStack, heard: Heard) -> None:
    """Compare the log with what the browsers played, session by session."""
    rows = json.loads(stack.manage("shell", "-v0", "-c", LOGGED).splitlines()[-1])
    logged = {session: credited for session, _medium, credited, _status in rows}
    told = {session: (logged.get(session), round(known, 2)) for session, known in heard.seconds.items()}
    assert len(told) == 6
    wrong = {session: pair for session, pair in told.items() if abs((pair[0] or -99) - pair[1]) > TOLERANCE_S}
    assert not wrong, f"(logged, heard): {told}; rows: {rows}"
    assert "in the log once" in stack.manage("usage", "verify")


def device(browser: Browser, site_url: str, key: str) -> BrowserContext:
    """Return a browser of a patron who is let in."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/Paris", base_url=site_url)
    context.add_cookies([{"name": "mediaplatform_session", "value": key, "url": site_url}])
    return context


def begin_music(context: BrowserContext, works: Works, heard: Heard) -> Page:
    page = context.new_page()
    page.goto(f"/works/{works.works['music'][1]}/x/")
    with heard.opening(page):
        page.get_by_role("main").get_by_role("button", name="Listen").click()
    expect(page.locator("#player")).to_have_attribute("data-state", "playing", timeout=PATIENCE_S * 1000)
    return page


def open_shell(context: BrowserContext, works: Works, heard: Heard, medium: str) -> Page:
    page = context.new_page()
    with heard.opening(page):
        page.goto(f"/play/{works.works[medium][0]}/")
    return page


def begin_film(context: BrowserContext, works: Works, heard: Heard) -> Page:
    page = open_shell(context, works, heard, "video")
    page.locator(VIDEO).wait_for(timeout=PATIENCE_S * 1000)
    page.evaluate("selector => document.querySelector(selector).play()", VIDEO)
    wait_until(page, lambda: page.locator("[data-shell=video]").get_attribute("data-state") == "playing")
    return page


def begin_book(context: BrowserContext, works: Works, heard: Heard) -> Page:
    page = context.new_page()
    with heard.opening(page), page.expect_request(is_heartbeat, timeout=PATIENCE_S * 1000):
        page.goto(f"/play/{works.works['book'][0]}/")
    expect(page.locator("[data-shell=book]")).to_have_attribute(
        "data-state", "playing", timeout=PATIENCE_S * 1000
    )
    return page


def begin_game(context: BrowserContext, works: Works, heard: Heard) -> Page:
    page = open_shell(context, works, heard, "game")
    with page.expect_request(is_heartbeat, timeout=PATIENCE_S * 1000):
        page.get_by_role("button", name=re.compile("Start")).click(timeout=PATIENCE_S * 1000)
    expect(page.locator("[data-shell=game] iframe")).to_be_visible()
    return page


def seek_music(page: Page, to: int) -> None:
    page.get_by_role("slider", name="Position in the track").fill(str(to))
    wait_until(page, lambda: seconds(page, AUDIO) > to + 0.5)


def seek_film(page: Page, to: int) -> None:
    page.evaluate("([selector, to]) => { document.querySelector(selector).currentTime = to; }", [VIDEO, to])
    wait_until(page, lambda: seconds(page, VIDEO) > to + 0.5)


def stand_still(music: Page, film: Page) -> None:
    """Pause both for two seconds, and go on."""
    pause_both(music, film)
    pause(music, 2)
    music.get_by_role("region", name="Player").get_by_role("button", name="Play", exact=True).click()
    film.evaluate("selector => document.querySelector(selector).play()", VIDEO)
    wait_until(music, lambda: not music.evaluate(f"document.querySelector('{AUDIO}').paused"))


def lose_network(context: BrowserContext, music: Page, film: Page) -> None:
    """Play on without any network, from what is there, until both have failed to tell the log."""
    lost = [keep_playing(page, where) for page, where in ((music, AUDIO), (film, VIDEO))]
    context.set_offline(True)
    pause(music, LOST_S)
    for is_so in lost:
        wait_until(music, is_so)
    context.set_offline(False)


def keep_playing(page: Page, where: str) -> Callable[[], bool]:
    """Wait until there is enough to play for a while; return what tells that it was played, and not told the log."""
    wait_until(page, lambda: page.evaluate(BUFFERED, where) > LOST_S)
    lost, begun = set[bool](), seconds(page, where)
    page.on("requestfailed", lambda request: lost.add(is_heartbeat(request)))
    return lambda: True in lost and seconds(page, where) > begun + LOST_S / 2


def pause_both(music: Page, film: Page) -> None:
    """Pause, and wait until both have told the log."""
    for page, act in (
        (
            music,
            lambda: music.get_by_role("region", name="Player").get_by_role("button", name="Pause").click(),
        ),
        (film, lambda: film.evaluate("selector => document.querySelector(selector).pause()", VIDEO)),
    ):
        with acknowledged(page, "pause"):
            act()


def seconds(page: Page, selector: str) -> float:
    """Return where a recording stands."""
    return float(page.evaluate("selector => document.querySelector(selector).currentTime", selector))


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait for something; the pages' policy forbids to wait inside of them."""
    limit = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < limit, page.url
        page.wait_for_timeout(100)


def pause(page: Page, seconds: float) -> None:
    """Let the media play."""
    page.wait_for_timeout(seconds * 1000)
