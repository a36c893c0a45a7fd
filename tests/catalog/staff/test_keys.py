"""The page of API keys."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from mediaplatform.accounts.models import ApiToken, User
from tests.catalog.people import make_user, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/deliveries/keys/"


def make_key(browser: Client, **said: str) -> str:
    """Make a key and return its secret."""
    answer = browser.post(PAGE, {"name": "export", **said})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    found = re.search(r'value="(mp_[^"]+)"', answer.content.decode())
    assert found
    return found[1]


def test_a_secret_is_shown_once_and_opens_the_api(lena: Client) -> None:
    secret = make_key(lena)
    page = lena.get(PAGE).content.decode()
    assert secret not in page
    assert f"mp_…{secret[-4:]}" in page
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/releases").status_code == 200


@pytest.mark.parametrize(("said", "scopes"), [({}, ["read"]), ({"may_deliver": "on"}, ["deliver", "read"])])
def test_a_key_may_what_its_box_says(lena: Client, said: dict[str, str], scopes: list[str]) -> None:
    make_key(lena, **said)
    assert ApiToken.objects.get().scopes == scopes


def test_a_revoked_key_opens_nothing(lena: Client) -> None:
    program = Client(headers={"Authorization": f"Bearer {make_key(lena)}"})
    answer = lena.post(f"{PAGE}{ApiToken.objects.get().pk}/revoke/", follow=True)
    assert "The key is revoked." in answer.content.decode()
    assert program.get("/api/v1/releases").status_code == 401


def test_a_key_needs_a_name(lena: Client) -> None:
    assert lena.post(PAGE, {"name": " "}).status_code == 422
    assert not ApiToken.objects.exists()


def test_nobody_sees_or_revokes_the_key_of_another(lena: Client, charlie: Client, oscar: Client) -> None:
    make_key(lena)
    key = ApiToken.objects.get()
    for other in (charlie, oscar):
        assert f"…{key.hint}" not in other.get(PAGE).content.decode()
        other.post(f"{PAGE}{key.pk}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at is None


def test_who_delivers_nothing_has_no_keys(client: Client, lena_user: User) -> None:
    nobody = sign_in(make_user("nobody@example.org"))
    assert nobody.get(PAGE).status_code == nobody.get("/deliveries/new/").status_code == 404
    for path in (PAGE, "/deliveries/new/", f"{PAGE}1/revoke/"):
        assert client.get(path).status_code in {302, 405}
