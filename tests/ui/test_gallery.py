"""The gallery in a browser: accessible in every colour and light, and never wider than the page."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from mediaplatform.ui.samples import ACCENTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def gallery_url(live_server: LiveServer, settings: Settings) -> str:
    settings.DEMO = True
    return f"{live_server.url}/ui/"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("accent", ACCENTS)
def test_every_component_is_accessible_in_every_colour(
    page: Page, gallery_url: str, theme: str, accent: str
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(f"{gallery_url}?accent={accent}")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_runs_off_the_page(page: Page, gallery_url: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(gallery_url)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_theme_changes_without_a_reload_and_stays(page: Page, gallery_url: str) -> None:
    page.goto(gallery_url)
    page.evaluate("window.isSamePage = true")
    with page.expect_response("**/ui/theme/"):
        page.get_by_role("button", name="Dark").click()
    assert page.evaluate("[window.isSamePage, document.documentElement.dataset.theme]") == [True, "dark"]
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_the_first_tab_stop_leads_to_the_content(page: Page, gallery_url: str) -> None:
    page.goto(gallery_url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
