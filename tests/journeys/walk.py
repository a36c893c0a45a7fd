"""Every kind of page that links lead a person to: all is accessible, nothing runs off a small screen."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from infra.screenshots import STARTS, find_pages

SMALLEST = 320  # CSS pixels: WCAG 2.2, 1.4.10 Reflow
THEMES = ("light", "dark")
PLACE_UNSEEN = """() => {
  const place = document.querySelector(".console__nav [aria-current]")?.getBoundingClientRect();
  return place !== undefined && (place.left < 0 || place.right > innerWidth);
}"""


def list_faults(page: Page, site_url: str) -> list[str]:
    """Return what axe finds on a person's pages by light and by dark, and what is out of sight on a small screen."""
    faults = []
    paths = find_pages(page, site_url, STARTS[:-1])
    page.set_viewport_size({"width": SMALLEST, "height": 640})
    for path in paths.values():
        page.goto(site_url + path)
        page.wait_for_load_state("networkidle")
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append(f"{path} scrolls sideways")
            if page.evaluate(PLACE_UNSEEN):
                faults.append(f"{path}: the place in the console is out of sight")
            for violation in Axe().run(page).response["violations"]:
                places = [node["html"] for node in violation["nodes"]]
                faults.append(f"{path} {theme}: {violation['id']}: {places}")
    return faults
