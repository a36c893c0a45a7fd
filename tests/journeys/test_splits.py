"""An artist proposes another split in a browser, the co-author answers in theirs; it holds from the coming month."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.live import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PASSWORD = "goemon-ardoise-12"
PEOPLE = f"""
import json
from mediaplatform.accounts.models import User
from royalties.statements.services import add_member
from tests.factories.catalog import make_payee, make_release
said = {{}}
for name in ("Dora", "Ben", "Charlie"):
    email = name.lower() + "@example.org"
    payee = make_payee(name, email=email)
    user = User.objects.create_user(email=email, password="{PASSWORD}", name=name)
    add_member(payee_id=payee.pk, user_id=user.pk)
    said[name] = payee.pk
    if name == "Dora":
        said["song"] = make_release("Song", payee=payee).pk
print("SAID" + json.dumps(said))
"""
SHARES = """
import json
from django.utils import timezone
from catalog.models import RightsShare
from catalog.splits.services import months_offered
days = {"today": timezone.localdate(), "next": months_offered(now=timezone.now())[0]}
print("SAID" + json.dumps({name: sorted(
    [one.payee.legal_name, one.share_bp] for one in RightsShare.objects.in_force(day).select_related("payee")
) for name, day in days.items()}))
"""


@dataclass(frozen=True)
class Band:
    """Signed-in pages by name, and the ids of payees and of the song."""

    pages: dict[str, Page]
    ids: dict[str, int]

    def address(self, name: str) -> str:
        return f"/portal/{self.ids[name]}/works/{self.ids['song']}/"


@pytest.fixture
def band(live_stack: LiveStack, browser: Browser) -> Iterator[Band]:
    ids = json.loads(live_stack.manage("shell", "-v0", "--no-imports", "-c", PEOPLE).partition("SAID")[2])
    pages = {}
    for name in ("Dora", "Ben", "Charlie"):
        page = browser.new_context(locale="en-GB", base_url=live_stack.site_url).new_page()
        page.goto("/accounts/login/")
        page.get_by_label("Email", exact=False).fill(f"{name.lower()}@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        pages[name] = page
    yield Band(pages, ids)
    for page in pages.values():
        page.context.close()


def shares(live_stack: LiveStack) -> dict[str, list[list[object]]]:
    found: dict[str, list[list[object]]] = json.loads(
        live_stack.manage("shell", "-v0", "--no-imports", "-c", SHARES).partition("SAID")[2]
    )
    return found


def list_violations(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


def test_a_split_holds_from_the_coming_month_once_both_agree(live_stack: LiveStack, band: Band) -> None:
    dora, ben, charlie = (band.pages[name] for name in ("Dora", "Ben", "Charlie"))
    alone = [["Dora", 10_000]]
    dora.goto(f"/portal/{band.ids['Dora']}/works/")
    dora.get_by_role("link", name="Song").first.click()
    dora.get_by_role("link", name="Propose another split").click()
    assert list_violations(dora) == []
    dora.get_by_label("Per cents 1").fill("60")
    dora.get_by_label("Name or e-mail address 2").fill("ben@example.org")
    dora.get_by_label("Per cents 2").fill("30")
    dora.get_by_role("button", name="Ask everybody").click()
    expect(dora.get_by_role("alert")).to_be_visible()  # 90 % are no split
    dora.get_by_label("Per cents 2").fill("40")
    dora.get_by_role("button", name="Ask everybody").click()
    expect(dora.get_by_text("the others were asked by e-mail")).to_be_visible()
    assert shares(live_stack) == {"today": alone, "next": alone}

    answer = charlie.goto(band.address("Charlie"))
    assert answer is not None
    assert answer.status == 404

    ben.goto(band.address("Ben"))
    expect(ben.get_by_role("heading", name="Dora proposes another split")).to_be_visible()
    assert list_violations(ben) == []
    ben.get_by_role("button", name="Accept").focus()
    ben.keyboard.press("Enter")
    expect(ben.get_by_text("Your answer is kept.")).to_be_visible()
    assert shares(live_stack) == {"today": alone, "next": [["Ben", 4_000], ["Dora", 6_000]]}
