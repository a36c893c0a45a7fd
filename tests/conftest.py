"""Fixtures that every part of the tests may use; the servers behind them start in tests/servers.py."""

from __future__ import annotations

import functools
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from mediaplatform.infrastructure import objectstore
from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.seaweed import Seaweed
from tests import servers
from tests.live import LiveStack, Platform, live_platform

CHROMIUM_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--mute-audio",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


PATIENCE_MS = 60_000  # of a browser: whatever is waited for comes at once unless the machine is busy
expect.set_options(timeout=PATIENCE_MS)
# How long an example takes says how busy the machine is, and nothing of what is tested.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def french() -> None:
    """Every test begins in the platform's own language, whatever the page asked for last was read in."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def private_folder() -> Path:
    """A folder of this run of the tests, thrown away at its end."""
    return Path(os.environ[servers.FOLDER]) / f"worker-{servers.worker_number()}"


@pytest.fixture(scope="session")
def s3_server(private_folder: Path) -> Iterator[Seaweed]:
    """A real S3 server with signatures enforced, started by the first test that asks for it."""
    server = Seaweed(
        data=private_folder / "s3", access_key=secrets.token_hex(8), secret_key=secrets.token_hex(16)
    )
    child = server.start()
    os.environ["S3_ACCESS_KEY"], os.environ["S3_SECRET_KEY"] = server.access_key, server.secret_key
    yield server
    processes.stop([child])


@pytest.fixture
def s3_store(s3_server: Seaweed) -> objectstore.ObjectStore:
    """An empty bucket on the S3 server."""
    bucket = f"tests-{secrets.token_hex(6)}"
    store = objectstore.open_store(f"s3://{bucket}?endpoint={s3_server.endpoint}")
    store.prepare()
    return store


@pytest.fixture
def file_store(tmp_path: Path) -> objectstore.ObjectStore:
    """An empty folder as an object store."""
    store = objectstore.open_store(f"file://{tmp_path}/objects")
    store.prepare()
    return store


class Platforms:
    """The platform of this worker: one at a time, on the object store that was last asked for."""

    def __init__(self) -> None:
        self.address = ""
        self.running: Platform | None = None
        self.stack = ExitStack()

    def on(self, *, address: str, folder: Path) -> Platform:
        """Return the platform on an object store, started unless it runs."""
        if self.running is None or self.address != address:
            self.stop()
            self.running = self.stack.enter_context(live_platform(folder=folder, object_store_url=address))
            self.address = address
        return self.running

    def stop(self) -> None:
        """Stop what runs."""
        self.running = None
        self.stack.close()


@pytest.fixture(scope="session")
def platforms() -> Iterator[Platforms]:
    """The platforms that this worker's journeys share."""
    platforms = Platforms()
    yield platforms
    platforms.stop()


@pytest.fixture(scope="module")
def live_stack(request: pytest.FixtureRequest, private_folder: Path, platforms: Platforms) -> LiveStack:
    """The whole platform, empty but for the territories, for the tests of one module; its objects are in a folder.

    Its processes are shared with other modules' tests, nothing that they did.
    For another object store: `@pytest.mark.parametrize("live_stack", ["file", "s3"], indirect=True)`.
    """
    folder = private_folder / f"live-{secrets.token_hex(4)}"
    address = f"file://{private_folder}/live-objects"
    if getattr(request, "param", "file") == "s3":
        server: Seaweed = request.getfixturevalue("s3_server")
        address = f"s3://live-objects?endpoint={server.endpoint}"
    return platforms.on(address=address, folder=folder).begin_journey()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser of the journeys; without one they are skipped, but not where CI must run them."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    reason = "no Chromium here: install it, or set CHROMIUM to its path"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A headless Chromium that speaks to nobody by itself."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv(
            "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
        )  # Playwright leaves an event loop running in this thread
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        patch.setattr(browser, "new_context", functools.partial(_patient_context, browser.new_context))
        yield browser
        browser.close()


def _patient_context(new_context: Callable[..., BrowserContext], **options: Any) -> BrowserContext:
    context = new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture
def browser_faults() -> list[str]:
    """What the browser complained of in this test: script errors, refused resources, breaches of the CSP.

    It must be empty at the end; a test that provokes a complaint clears it.
    """
    return []


@pytest.fixture
def page(browser: Browser, browser_faults: list[str]) -> Iterator[Page]:
    """A page of a new visitor who reads English, on a desktop."""
    context = browser.new_context(
        locale="en-GB", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    page.on("pageerror", lambda error: browser_faults.append(str(error)))
    page.on(
        "console",
        lambda line: (
            browser_faults.append(f"{line.text} {line.location['url']}") if line.type == "error" else None
        ),
    )
    yield page
    context.close()
    assert browser_faults == []
