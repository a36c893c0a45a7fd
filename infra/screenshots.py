"""Photograph every kind of page of the running demonstration, as each person, language, screen and theme.

`make screenshots` while `make run` runs; writes `docs/screenshots/PERSON/PAGE.LANGUAGE.SCREEN.THEME.png`.
A page is found by following links; of addresses that differ in numbers and names alone, one counts.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
SCREENS = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
STARTS = ("/", "/home/", "/accounts/login/", "/ui/")  # the last is the gallery of a demonstration
LIST_LOGINS = """
import dataclasses, json
from mediaplatform.demo.logins import list_demo_logins
print(json.dumps([dataclasses.asdict(login) for login in list_demo_logins()]))
"""
MAX_PAGES = 40  # of one person; more means that addresses are not told apart well
NOT_PAGES = re.compile(
    r"^/(admin|static|m|media|covers|api|i18n)/|/logout/|/leave/|/(pdf|csv|json)/$|\.(pdf|csv|xml|json|webp|svg)$"
)


def main() -> None:
    """Photograph what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default=f"http://localhost:{os.environ.get('PORT') or 8000}")
    parser.add_argument("--folder", type=Path, default=PROJECT / "docs" / "screenshots")
    parser.add_argument("--person", help="only this one: visitor, patron, alice, dora or oscar")
    options = parser.parse_args()
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        sys.exit("No Chromium here: install it, or set CHROMIUM to its path")
    flags = ["--disable-background-networking", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=program, args=flags) as browser,
    ):
        for person, state in sign_everybody_in(browser, options.site):
            if options.person in {None, person}:
                photograph(browser, options.site, state, options.folder / person)


def sign_everybody_in(browser: Browser, site: str) -> Iterator[tuple[str, StorageState | None]]:
    """Yield each person of the demonstration with the cookies of a signed-in browser."""
    yield "visitor", None
    seen = set()
    for login in demo_logins():
        person = login["login"].partition("@")[0] if login["password"] else "patron"
        if person in seen:
            continue
        seen.add(person)
        context = browser.new_context()
        page = context.new_page()
        page.goto(site + urlsplit(login["url"]).path)
        fields = page.locator("main form input:not([type=hidden]):not([type=checkbox])")
        fields.nth(0).fill(login["login"])
        if login["password"]:
            fields.nth(1).fill(login["password"])
        page.locator("main form [type=submit]").first.click()
        page.wait_for_load_state("networkidle")
        yield person, context.storage_state()
        context.close()


def demo_logins() -> list[dict[str, str]]:
    """Return the logins of the demonstration, as the platform itself lists them."""
    manage = ["-m", "mediaplatform.infrastructure.embedded", "manage"]
    command = [sys.executable, *manage, "shell", "-v0", "-c", LIST_LOGINS]
    logins: list[dict[str, str]] = json.loads(subprocess.check_output(command, cwd=PROJECT))
    return logins


def photograph(browser: Browser, site: str, state: StorageState | None, folder: Path) -> None:
    """Find the pages once, then photograph each in every language, screen and theme."""
    with open_context(browser, state, "fr", "desktop", "light") as context:
        paths = find_pages(context.new_page(), site)
    folder.mkdir(parents=True, exist_ok=True)
    for language, screen, theme in itertools.product(LANGUAGES, SCREENS, THEMES):
        with open_context(browser, state, language, screen, theme) as context:
            page = context.new_page()
            for kind, path in paths.items():
                page.goto(site + path)
                page.wait_for_load_state("networkidle")
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    print(f"{path} scrolls sideways ({language}, {screen})")
                page.screenshot(path=folder / f"{kind}.{language}.{screen}.{theme}.png", full_page=True)
    print(f"{folder.name}: {', '.join(paths)}")


def open_context(
    browser: Browser, state: StorageState | None, language: str, screen: str, theme: str
) -> BrowserContext:
    """Return a browser's window of that kind."""
    return browser.new_context(
        storage_state=state,
        locale=LANGUAGES[language],
        viewport={"width": SCREENS[screen]["width"], "height": SCREENS[screen]["height"]},
        color_scheme="dark" if theme == "dark" else "light",
    )


def find_pages(page: Page, site: str, starts: Sequence[str] = STARTS) -> dict[str, str]:
    """Return one address for each kind of page that links lead to from the start."""
    found: dict[str, str] = {}
    waiting = list(starts)
    while waiting and len(found) < MAX_PAGES:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind in found or NOT_PAGES.search(path):
            continue
        answer = page.goto(site + path)
        path = urlsplit(page.url).path  # where it led
        kind = kind_of(path)
        if (
            answer is None
            or not answer.ok
            or kind in found
            or "text/html" not in answer.headers.get("content-type", "")
        ):
            continue
        found[kind] = path
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += [urlsplit(link).path for link in links if link.startswith(site + "/")]
    return found


def kind_of(path: str) -> str:
    """Return a name that addresses of one kind share: numbers, dates and what follows them are left out.

    `/works/17/la-mer/` and `/works/9/autre/` are both `works`; the start page is `start`.
    """
    words = path.strip("/").split("/")
    if words[0] in {"l", "staff"} and len(words) > 1:
        words[1] = "x"
    kept = [re.sub(r"\d[\d-]*", "n", word) for word in words]
    if kept[0] in {"works", "artists", "play"}:
        kept = kept[:1]
    return "-".join(kept) or "start"


if __name__ == "__main__":
    main()
