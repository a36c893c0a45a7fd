"""Health, theme, gallery and error pages, asked over HTTP."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db
PROJECT = Path(__file__).resolve().parents[2]


def test_health_is_ok_while_the_database_answers(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(("chosen", "kept"), [("dark", "dark"), ("light", "light"), ("", ""), ("neon", "")])
def test_the_theme_is_kept_in_a_cookie(client: Client, chosen: str, kept: str) -> None:
    response = client.post("/ui/theme/", {"theme": chosen, "next": "/discover/"})
    assert response["Location"] == "/discover/"
    assert response.cookies["theme"].value == kept


def test_the_theme_is_on_the_page_before_any_script(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    client.cookies["theme"] = "dark"
    assert '<html lang="fr" data-theme="dark">' in client.get("/ui/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert "data-theme=" not in client.get("/ui/").content.decode().partition("<head>")[0]


def test_the_theme_leads_nowhere_else(client: Client) -> None:
    assert client.post("/ui/theme/", {"next": "https://elsewhere.example/"})["Location"] == "/"


def test_the_gallery_is_not_for_the_public(client: Client, settings: Settings) -> None:
    settings.DEMO = settings.DEBUG = False
    assert client.get("/ui/").status_code == 404


def test_a_missing_page_says_so_in_the_readers_language(client: Client) -> None:
    response = client.get("/nowhere/", headers={"accept-language": "en"})
    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()


def test_a_form_without_its_token_is_refused_in_words(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/ui/theme/", {"theme": "dark"}, headers={"accept-language": "en"})
    assert response.status_code == 403
    assert "This form has waited too long" in response.content.decode()


def test_pages_carry_a_policy_without_inline_code(client: Client) -> None:
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/"])
def test_account_pages_wear_our_shell(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert 'class="masthead"' in page
    assert "Menu:" not in page


def test_the_player_finds_all_its_words() -> None:
    page = (PROJECT / "mediaplatform/player/strings.md").read_text()
    template = (PROJECT / "mediaplatform/ui/templates/ui/player_strings.html").read_text()
    listed = set(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE))
    given = set(re.findall(r"data-([\w-]+)=", template))
    assert given == {"icons", *listed}
