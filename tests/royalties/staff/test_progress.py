"""The page of a month that is being computed, in a browser: it follows the work and ends by itself."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from mediaplatform.accounts.models import User
from royalties.models import Attempt
from royalties.periods import tasks
from tests.royalties.month import AFTER, listen, make_world

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_MS = 60_000


def test_the_page_follows_the_work_to_its_end(
    live_server: LiveServer, page: Page, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AFTER)
    listen(make_world())
    oscar = Client()
    oscar.force_login(User.objects.create_user("oscar@example.org", name="Oscar", is_operator=True))
    session = oscar.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/operator/months/2026-10/")
    page.get_by_role("button", name="Compute a preview").click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=PATIENCE_MS)
    Attempt.objects.update(state="working", stage="reduce")
    expect(page.get_by_text("Adding up the plays")).to_be_visible(timeout=PATIENCE_MS)
    tasks.compute_month(attempt_id=Attempt.objects.get().pk)
    expect(page.get_by_text("€70.00")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=PATIENCE_MS)
    page.get_by_role("link", name="Post the month…").click()
    page.get_by_role("button", name="Post the month").click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=PATIENCE_MS)
    tasks.compute_month(attempt_id=Attempt.objects.latest("pk").pk)
    expect(page.get_by_text("manage.py verify_month 2026-10")).to_be_visible(timeout=PATIENCE_MS)
