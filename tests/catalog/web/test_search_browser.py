"""The search in a browser: a field that suggests, by keys and for a screen reader; facets that change in place."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from catalog.works.search.results import PAGE
from tests.factories.catalog import make_party, make_release
from tests.subscriptions.access.people import make_person
from tests.subscriptions.api.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_MS = 60_000


@pytest.fixture
def here(live_server: LiveServer, page: Page, settings: Settings) -> Page:
    """Bob's browser on the search page of a catalogue of five works."""
    ana = make_party("Ana Roux")
    for title, medium, subject in (
        ("Jardins", "music", "folk"),
        ("Jardins d'hiver", "music", "jazz"),
        ("Jardinier", "book", "folk"),
        ("Rivière", "book", "conte"),
        ("Pont", "video", "jazz"),
    ):
        make_release(title, artist=ana, medium=medium, subjects=[subject], min_age=3)
    cookie = sign_in(make_person()).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{live_server.url}/search/")
    return page


def titles(page: Page) -> list[str]:
    return sorted(page.locator("#results .tile__title").all_inner_texts())


def test_arrows_choose_and_enter_opens_what_is_suggested(here: Page) -> None:
    field = here.get_by_role("combobox", name="Search the catalogue")
    field.press_sequentially("jard")
    options = here.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options).to_have_count(3)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(here.locator(".search .unseen[role=status]")).to_have_text("3 suggestions")
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "-")
    expect(field).to_be_focused()
    field.press("ArrowUp")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    expect(options.nth(1)).to_have_attribute("aria-selected", "false")
    chosen = options.nth(0).locator(".suggestion__text").inner_text()
    field.press("Enter")
    here.wait_for_url("**/works/**")
    expect(here.get_by_role("heading", level=1)).to_have_text(chosen)


def test_up_from_the_field_is_the_last_and_down_again_the_field(here: Page) -> None:
    field = here.get_by_role("combobox", name="Search the catalogue")
    field.press_sequentially("jard")
    options = here.get_by_role("option")
    expect(options).to_have_count(3)
    field.press("ArrowUp")
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(here.locator("[role=option][aria-selected=true]")).to_have_count(0)
    assert field.get_attribute("aria-activedescendant") is None


def test_escape_closes_and_the_second_empties(here: Page) -> None:
    field = here.get_by_role("combobox", name="Search the catalogue")
    field.press_sequentially("jard")
    expect(here.get_by_role("option").first).to_be_visible()
    field.press("ArrowDown")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(here.locator("[role=listbox]")).to_be_hidden()
    assert field.get_attribute("aria-activedescendant") is None
    expect(field).to_have_value("jard")
    field.press("Escape")
    expect(field).to_have_value("")


def test_enter_without_a_choice_searches_for_what_was_typed(here: Page) -> None:
    field = here.get_by_role("combobox", name="Search the catalogue")
    field.press_sequentially("jardins")
    expect(here.get_by_role("option").first).to_be_visible()
    field.press("Enter")
    here.wait_for_url(re.compile(r"/search/\?q=jardins"))
    assert titles(here) == ["Jardins", "Jardins d'hiver"]


def test_nothing_to_suggest_opens_nothing(here: Page) -> None:
    field = here.get_by_role("combobox", name="Search the catalogue")
    with here.expect_response(re.compile("/search/suggest")):
        field.press_sequentially("zzzz")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(here.locator("[role=listbox]")).to_be_hidden()


def test_a_facet_changes_list_and_address_and_back_undoes_it(here: Page) -> None:
    box = here.get_by_role("checkbox", name=re.compile("^Book"))
    box.check()
    expect(here.locator("#results-count")).to_have_text("2 works")
    here.wait_for_url(re.compile(r"/search/\?medium=book$"))
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    here.get_by_role("checkbox", name=re.compile("^Folk")).check()
    expect(here.locator("#results-count")).to_have_text("1 work")
    here.wait_for_url(re.compile(r"medium=book&subject=folk$"))
    assert titles(here) == ["Jardinier"]
    here.go_back()
    expect(here.locator("#results-count")).to_have_text("2 works")
    here.wait_for_url(re.compile(r"/search/\?medium=book$"))
    expect(here.get_by_role("checkbox", name=re.compile("^Book"))).to_be_checked()
    expect(here.get_by_role("checkbox", name=re.compile("^Folk"))).not_to_be_checked()
    here.reload()
    assert titles(here) == ["Jardinier", "Rivière"]


def test_a_chip_that_goes_hands_the_focus_to_the_count(here: Page) -> None:
    here.get_by_role("checkbox", name=re.compile("^Book")).check()
    here.get_by_role("link", name="Remove: Book").press("Enter")
    expect(here.locator("#results-count")).to_have_text("5 works")
    expect(here.locator("#results-count")).to_be_focused()
    expect(here.get_by_role("checkbox", name=re.compile("^Book"))).not_to_be_checked()
    here.wait_for_url(re.compile(r"/search/$"))


def test_back_from_a_work_leads_to_the_part_of_the_list_that_one_was_in(here: Page) -> None:
    ana = make_party("Ana Roux")
    for number in range(PAGE):
        make_release(f"Cahier {number}", artist=ana)
    here.reload()
    here.get_by_role("link", name="More works").click()
    expect(here.locator("#results .tile")).to_have_count(PAGE + 5)
    here.wait_for_url(re.compile(r"/search/\?cursor="))
    last = here.locator("#results .tile__title a").last
    title = last.inner_text()
    last.click()
    expect(here.get_by_role("heading", level=1)).to_have_text(title)
    here.go_back()
    expect(here.locator("#results .tile__title").last).to_have_text(title)
    here.get_by_role("link", name="Back to the beginning of the list").click()
    here.wait_for_url(re.compile(r"/search/$"))
