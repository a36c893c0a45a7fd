"""A label drops a folder in a browser; the network goes, the page is closed, and it goes on where it stopped."""

from __future__ import annotations

import json
import secrets
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.factories.catalog import DELIVERY_ROW, write_folder
from tests.live import LiveStack

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.parametrize("live_stack", ["file", "s3"], indirect=True),
]

PASSWORD = "goemon-ardoise-12"
PEOPLE = """
from catalog.ingest import deliverers
from mediaplatform.accounts.models import User
for name, label in (("lena", "rive-gauche {case}"), ("charlie", "rive-droite {case}")):
    user = User.objects.create_user(email=name + "{case}@example.org", password="{password}", name=name)
    deliverers.add_member(name=label, user=user)
"""
STORED = """
import json
from catalog.models import Delivery
from mediaplatform.infrastructure.objectstore import get_store
said = [[one.deliverer, str(one.sent_by), one.state] for one in Delivery.objects.all()]
print(json.dumps([said, list(get_store().list_keys(prefix="uploads/"))]))
"""


@pytest.fixture
def contexts(browser: Browser, live_stack: LiveStack) -> Iterator[list[BrowserContext]]:
    """Browsers of lena and charlie, signed in; each test has its own two of them on the one platform."""
    case = secrets.token_hex(3)
    live_stack.manage("shell", "--no-imports", "-c", PEOPLE.format(case=case, password=PASSWORD))
    made = []
    for name in ("lena", "charlie"):
        context = browser.new_context(locale="en-GB", base_url=live_stack.site_url, reduced_motion="reduce")
        page = context.new_page()
        page.goto("/accounts/login/")
        page.get_by_label("Email", exact=False).fill(f"{name}{case}@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        page.close()
        made.append(context)
    yield made
    for context in made:
        context.close()


def write_delivery(folder: Path) -> Path:
    """Write a delivery whose track takes three parts."""
    track = folder / "disc 1" / "01 Été.wav"
    track.parent.mkdir(parents=True)
    with wave.open(str(track), "wb") as out:
        out.setparams((2, 2, 44_100, 0, "NONE", ""))
        out.writeframes(bytes(2 * 8 * 1024 * 1024 + 4))
    (folder / ".DS_Store").write_bytes(b"litter")
    return write_folder(folder, delivery=[{**DELIVERY_ROW, "file": "disc 1/01 Été.wav"}])


def puts_of(page: Page) -> list[str]:
    """Return a list to which every part that leaves a page is added."""
    left: list[str] = []
    page.on("request", lambda request: left.append(request.url) if request.method == "PUT" else None)
    return left


def lose_all_but(page: Page, most: int) -> None:
    """Let some parts through, then break every connection on which a part leaves."""
    begun: list[str] = []

    def handle(route: Route) -> None:
        if route.request.method != "PUT":
            route.continue_()
            return
        begun.append(route.request.url)
        if len(begun) > most:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/*", handle)


def list_violations(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


def choose(page: Page, folder: Path) -> None:
    page.locator("input[webkitdirectory]").set_input_files(folder)


def test_an_interrupted_upload_goes_on_and_is_delivered(
    live_stack: LiveStack, contexts: list[BrowserContext], tmp_path: Path
) -> None:
    lena, charlie = contexts
    folder = write_delivery(tmp_path / "Jardins")
    page = lena.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/deliveries/new/")
    assert list_violations(page) == []
    lose_all_but(page, 2)
    choose(page, folder)
    live = page.locator("[data-part=live]")
    expect(live).to_contain_text("The connection was lost")
    expect(page.locator("[data-part=percent]")).not_to_have_text("100%")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    page.mouse.move(0, 0)  # a colour on its way to another is none to be judged
    assert list_violations(page) == []
    address = page.url
    assert "?upload=" in address
    page.close(run_before_unload=False)

    stranger = charlie.new_page()
    stranger.goto(address)
    assert "?upload=" not in stranger.url  # it is not there for them
    expect(stranger.get_by_text("Begun, and not delivered yet")).to_have_count(0)

    page = lena.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/deliveries/new/")
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url("**/*?upload=*")
    expect(page.get_by_text("only what is missing is sent")).to_be_visible()
    left = puts_of(page)
    choose(page, folder)
    expect(page.locator("[data-part=percent]")).to_have_text("100%")
    assert len(left) == 5  # three parts of the track and four sheets, less the two that had arrived
    page.get_by_role("button", name="Deliver").click()
    page.wait_for_url(lambda url: "/new/" not in url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("rive-gauche")
    (deliveries, _keys) = json.loads(
        live_stack.manage("shell", "--no-imports", "-c", STORED).splitlines()[-1]
    )
    [(label, sender, _state)] = deliveries
    assert (label.split()[0], sender) == ("rive-gauche", "lena")
    assert faults == []


def drop(page: Page, folder: Path) -> None:
    """Drop a folder of this computer onto the zone, as the system's own file manager does."""
    zone = page.locator("[data-part=zone]")
    zone.scroll_into_view_if_needed()
    box = zone.bounding_box()
    assert box is not None
    devtools = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 20}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "data": data, **place})


def test_a_dropped_folder_arrives_whole_even_without_https(
    contexts: list[BrowserContext], tmp_path: Path
) -> None:
    page = contexts[0].new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    page.goto("/deliveries/new/")
    assert page.evaluate("crypto.subtle") is None
    left = puts_of(page)
    drop(page, write_delivery(tmp_path / "Jardins"))
    expect(page.locator("[data-part=percent]")).to_have_text("100%")
    expect(page.get_by_text("disc 1/01 Été.wav")).to_be_visible()
    assert len(left) == 7  # three parts of the track and four sheets; not what the system left there
    assert faults == []
