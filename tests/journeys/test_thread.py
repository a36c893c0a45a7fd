"""The mission once, on real servers, in a real browser: from a delivery to the artist's statement."""

from __future__ import annotations

import re
import time
from calendar import monthrange
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader

from tests.journeys.delivery import ALBUM, ARTIST, ARTIST_EMAIL, TRACK, write_delivery
from tests.journeys.heartbeats import acknowledged
from tests.journeys.walk import list_faults
from tests.live import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PATIENCE_S = 120
PASSWORD = "goemon-ardoise-12"
LIBRARY = "Médiathèque de Firminy"
PEOPLE = f"""
from mediaplatform.accounts.models import User
User.objects.create_user(email="oscar@example.org", password="{PASSWORD}", name="Oscar", is_operator=True)
from datetime import datetime, timezone
from mediaplatform.kernel.periods import Month
from royalties.engine.policy import CCT
from royalties.periods.services import decide_policy
decided_on = datetime(2025, 12, 1, tzinfo=timezone.utc)
decide_policy(name="CCT", rules=CCT.as_json(), from_month=Month(2026, 1), decided_on=decided_on)
"""
ARTIST_COMES = f"""
from catalog.models import Payee
from mediaplatform.accounts.models import User
from royalties.statements.services import add_member
user = User.objects.create_user(email="{ARTIST_EMAIL}", password="{PASSWORD}", name="{ARTIST}")
add_member(payee_id=Payee.objects.get(email="{ARTIST_EMAIL}").pk, user_id=user.pk)
"""
STAFF_CHOOSES_A_PASSWORD = f"""
from mediaplatform.accounts.models import User
user = User.objects.get(email="alice@example.org")
user.set_password("{PASSWORD}")
user.save()
"""
# The month runs still: the close is told the first instant of the next one.
CLOSE = """
from mediaplatform.kernel.periods import Month
from royalties.periods.services import close_month
month = Month({year}, {month})
print(close_month(month=month, now=month.interval()[1]).statements)
"""


class Cast:
    """People in browsers of their own; what their browsers complain of is collected."""

    def __init__(self, browser: Browser, site_url: str, faults: list[str]) -> None:
        self.browser, self.site_url, self.faults = browser, site_url, faults
        self.contexts: list[BrowserContext] = []

    def visit(self) -> Page:
        """Return the browser of somebody who has not been here."""
        context = self.browser.new_context(
            locale="en-GB", timezone_id="Europe/Paris", base_url=self.site_url, accept_downloads=True
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda line: (
                self.faults.append(f"{line.text} {line.location['url']}") if line.type == "error" else None
            ),
        )
        return page

    def sign_in(self, email: str) -> Page:
        """Return the browser of somebody who signed in, at their own start page."""
        page = self.visit()
        page.goto("/accounts/login/")
        page.get_by_label("Email", exact=False).fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page


@pytest.mark.parametrize("live_stack", ["file", "s3"], indirect=True)
def test_a_work_is_delivered_played_and_paid(
    live_stack: LiveStack, browser: Browser, browser_faults: list[str], tmp_path: Path
) -> None:
    """Every amount below follows from ../shared/cct.md by hand.

    The library pays 100 EUR for this month alone: operations 25, solidarity 5, plays 40, territory 15, diversity
    10, catalogue 5. One patron came: of the 40 for plays the cap lets 20 go to the track, and 20 join diversity.
    The artist has 60 % of the track, is of the library's own commune, and is one of two payees; the label's
    weight there is 0.

        plays      20 x 60 %                 12.00
        territory  15, all of it local       15.00
        diversity  (10 + 20) / 2             15.00
        catalogue  5 / 2                      2.50
                                             44.50
    """
    today = date.today()  # noqa: DTZ011 - the machine's day; the platform's may differ for an hour at a month's end
    cast = Cast(browser, live_stack.site_url, browser_faults)
    prepare(live_stack, tmp_path)
    oscar = cast.sign_in("oscar@example.org")
    subscribe(oscar, today)
    live_stack.manage("shell", "-c", STAFF_CHOOSES_A_PASSWORD)
    alice, patron = cast.sign_in("alice@example.org"), cast.visit()
    listen(patron, make_code(alice))
    live_stack.manage("compact_plays")  # the platform does so by itself every few minutes, perhaps just now
    assert (
        live_stack.manage("shell", "-c", CLOSE.format(year=today.year, month=today.month)).split()[-1] == "2"
    )
    artist = cast.sign_in(ARTIST_EMAIL)
    read_statement(artist)
    if live_stack.environment["OBJECT_STORE_URL"].startswith("file"):  # pages are the same on every store
        for person in (cast.visit(), patron, artist, alice, oscar):
            assert list_faults(person, live_stack.site_url) == []
    for context in cast.contexts:
        context.close()
    assert browser_faults == []


def prepare(stack: LiveStack, folder: Path) -> None:
    """Deliver the album, and let the workers package it."""
    stack.manage("shell", "-c", PEOPLE)
    said = stack.manage("deliver", write_delivery(folder / "delivery"))
    assert "applied" in said
    assert "unchanged" in stack.manage("deliver", folder / "delivery")  # again: nothing changes
    stack.manage("shell", "-c", ARTIST_COMES)


def subscribe(page: Page, today: date) -> None:
    """The operator creates a library of a real commune, an offer, a subscription, and invites its staff."""
    page.get_by_role("link", name="Libraries").click()
    page.get_by_role("link", name="New library").first.click()
    expect(page.get_by_role("main")).to_be_focused()  # as after a full load: the page has settled
    page.get_by_role("searchbox", name="Name or postal code").press_sequentially("firmin", delay=60)
    page.get_by_role("link", name=re.compile("Firminy")).click()
    expect(page.get_by_role("textbox", name="Commune")).to_have_value("42095")
    page.get_by_label("Name", exact=True).fill(LIBRARY)
    page.get_by_role("button", name="Create the library").click()
    expect(page.get_by_role("heading", name=LIBRARY)).to_be_visible()
    page.get_by_role("link", name="New offer").click()
    page.get_by_label("Name", exact=True).fill("One month")
    page.get_by_label("Price per inhabitant and year").fill("0.000001")
    page.get_by_label("Minimum price a year").fill("100")
    page.get_by_role("button", name="Put on sale").click()
    expect(
        page.get_by_role("cell", name="One month").or_(page.get_by_role("rowheader", name="One month"))
    ).to_be_visible()
    page.get_by_role("link", name="Libraries").click()
    page.get_by_role("link", name=LIBRARY).click()
    page.get_by_label("First day").fill(today.replace(day=1).isoformat())
    page.get_by_label("Last day").fill(today.replace(day=monthrange(today.year, today.month)[1]).isoformat())
    page.get_by_role("button", name="What does it cost?").click()
    expect(page.get_by_text("€100.00 excluding VAT")).to_be_visible()
    page.get_by_role("button", name="Subscribe", exact=True).click()
    expect(page.get_by_text(f"{LIBRARY} is subscribed.")).to_be_visible()
    page.get_by_label("E-mail address").fill("alice@example.org")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("alice@example.org is invited.")).to_be_visible()


def make_code(page: Page) -> str:
    """The staff makes a sheet of codes and takes one of it."""
    page.get_by_role("link", name="Access codes").click()
    page.get_by_label("Name of the batch").fill("Desk")
    page.get_by_label("How many codes").fill("2")
    page.get_by_role("button", name="Make codes").click()
    expect(page.get_by_text("2 codes were made.")).to_be_visible()
    with page.expect_download() as sheet:
        page.get_by_role("link", name="CSV").click()
    rows = sheet.value.path().read_text("utf-8-sig").splitlines()
    return rows[1].split(",")[0]


def listen(page: Page, code: str) -> None:
    """The patron comes in, finds the album from here, and hears it while walking about."""
    page.goto("/")
    page.get_by_role("link", name=LIBRARY).click()
    page.get_by_label("Access code").fill(code)
    page.get_by_role("main").get_by_role("button", name="Enter").click()
    here = page.get_by_role("region", name="From here")
    expect(here.get_by_text("Firminy")).to_have_count(2)  # the ladder, and the tile
    here.get_by_role("link", name=ALBUM).click()
    page.get_by_role("button", name=f"Play {TRACK}").click()
    expect(page.locator("#player")).to_have_attribute("data-state", "playing")
    page.get_by_role("combobox", name="Speed").select_option("2")
    before = position(page)
    page.get_by_role("link", name=LIBRARY).first.click()
    page.wait_for_url("**/discover/")
    page.go_back()
    page.wait_for_url("**/works/**")
    wait_past(page, before + 1)
    wait_past(page, 35)
    assert page.evaluate("document.querySelector('#player audio').error") is None
    with acknowledged(page, "pause"):
        page.get_by_role("region", name="Player").get_by_role("button", name="Pause").click()
    expect(page.locator("#player")).to_have_attribute("data-state", "paused")


def wait_past(page: Page, seconds: float) -> None:
    """Wait until the recording stands behind a second; the pages' policy forbids to wait inside of them."""
    limit = time.monotonic() + PATIENCE_S
    while position(page) <= seconds:
        assert time.monotonic() < limit, f"the recording stands at {position(page)} s"
        page.wait_for_timeout(200)


def position(page: Page) -> float:
    """Return where the recording stands, in seconds."""
    seconds: float = page.evaluate("document.querySelector('#player audio').currentTime")
    return seconds


def read_statement(page: Page) -> None:
    """The artist reads the sum, its parts, the reason of a line, and the PDF."""
    page.get_by_role("link", name="Read the last statement").click()
    main = page.get_by_role("main")
    expect(main.get_by_text("€44.50").first).to_be_visible()
    for amount in ("€12.000000", "€15.000000", "€2.500000", "€44.500000"):
        expect(main.get_by_text(amount, exact=True).first).to_be_visible()
    expect(main.get_by_text("Towns with fewer than 5 listeners").first).to_be_visible()
    expect(main.get_by_text("Firminy")).to_have_count(0)  # one listener: which town it was stays theirs
    with page.expect_download() as paper:
        page.get_by_role("link", name="PDF").click()
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(paper.value.path().read_bytes())).pages)
    assert "€44.500000" in text
    assert ARTIST in text
