"""Tokens, sessions, scopes and rates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from catalog.api import access
from mediaplatform.accounts import tokens
from mediaplatform.accounts.models import ApiToken, User
from tests.catalog.api.conftest import Shelf, assert_problem, items, token_client
from tests.catalog.people import LABEL, make_user

pytestmark = pytest.mark.django_db
UPLOADS, RELEASES = "/api/v1/uploads", "/api/v1/releases"


def post(client: Client, path: str, said: object, **headers: str) -> object:
    return client.post(path, said, content_type="application/json", headers=headers)


def test_a_program_reads_what_its_person_sees(lena_user: User, shelf: Shelf) -> None:
    program = token_client(lena_user)
    assert {one["title"] for one in items(program.get(RELEASES))} == {"Jardins", "Rivages"}


def test_a_program_that_may_read_does_not_deliver(lena_user: User) -> None:
    assert_problem(post(token_client(lena_user), UPLOADS, {"deliverer": LABEL}), 403, "scope_missing")
    answer = post(token_client(lena_user, tokens.DELIVER), UPLOADS, {"deliverer": LABEL})
    assert answer.status_code == 201  # type: ignore[attr-defined]


def test_the_secret_is_not_in_the_database(lena_user: User) -> None:
    token, secret = tokens.create_token(user=lena_user, name="x", scopes=[], now=timezone.now())
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert secret.startswith("mp_")
    assert secret.endswith(token.hint)


@pytest.mark.parametrize("secret", ["", "mp_wrong", "é", "a b"])
def test_a_made_up_token_is_refused_everywhere(client: Client, shelf: Shelf, secret: str) -> None:
    for path in (RELEASES, "/api/v1/territories?q=firminy"):
        answer = client.get(path, headers={"Authorization": f"Bearer {secret}"})
        assert_problem(answer, 401, "bad_token")
        assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("what", ["revoked", "expired", "inactive"])
def test_a_token_that_is_over_opens_nothing(lena_user: User, shelf: Shelf, what: str) -> None:
    program, now = token_client(lena_user), timezone.now()
    assert program.get(RELEASES).status_code == 200
    token = ApiToken.objects.get()
    if what == "revoked":
        assert tokens.revoke_token(user=lena_user, token_id=token.pk, now=now)
        assert not tokens.revoke_token(user=lena_user, token_id=token.pk, now=now)
    elif what == "expired":
        ApiToken.objects.update(expires_at=now - timedelta(seconds=1))
    else:
        User.objects.update(is_active=False)
    assert_problem(program.get(RELEASES), 401, "bad_token")


def test_nobody_revokes_anothers_token(lena_user: User) -> None:
    token, _secret = tokens.create_token(user=lena_user, name="x", scopes=[], now=timezone.now())
    charlie = make_user("charlie@example.org")
    assert not tokens.revoke_token(user=charlie, token_id=token.pk, now=timezone.now())
    assert len(tokens.list_tokens(user=lena_user, now=timezone.now())) == 1


def test_tokens_of_a_person_are_few(lena_user: User) -> None:
    for number in range(tokens.MOST):
        tokens.create_token(user=lena_user, name=str(number), scopes=[], now=timezone.now())
    with pytest.raises(tokens.TooManyTokens):
        tokens.create_token(user=lena_user, name="more", scopes=[], now=timezone.now())


def test_a_use_is_noted_to_the_hour(lena_user: User) -> None:
    _token, secret = tokens.create_token(user=lena_user, name="x", scopes=[], now=timezone.now())
    now = timezone.now()
    for minutes, noted in ((0, now), (30, now), (61, now + timedelta(minutes=61))):
        tokens.find_use(secret=secret, now=now + timedelta(minutes=minutes))
        assert ApiToken.objects.get().used_at == noted


def test_a_browser_writes_with_its_csrf_token_alone(lena_user: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(lena_user)
    answer = post(browser, UPLOADS, {"deliverer": LABEL})
    assert_problem(answer, 403, "permission_denied")


def test_a_member_of_no_label_sees_empty_lists(shelf: Shelf) -> None:
    program = token_client(make_user("nobody@example.org"))
    assert items(program.get(RELEASES)) == items(program.get("/api/v1/parties")) == []


def test_who_calls_too_often_waits(lena_user: User, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(access, "READS_A_MINUTE", 2)
    program = token_client(lena_user)
    assert [program.get(RELEASES).status_code for _ in range(3)] == [200, 200, 429]
    refused = program.get(RELEASES)
    assert_problem(refused, 429, "throttled")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert token_client(make_user("other@example.org")).get(RELEASES).status_code == 200


def test_strangers_wait_by_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(access, "STRANGERS_A_MINUTE", 1)
    path = "/api/v1/territories?q=firminy"
    assert [client.get(path).status_code for _ in range(2)] == [200, 429]
    assert client.get(path, REMOTE_ADDR="192.0.2.9").status_code == 200
