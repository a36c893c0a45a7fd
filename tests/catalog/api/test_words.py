"""A word about a delivery: yes or no, by those who may, about what they have read."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from catalog.models import Delivery
from mediaplatform.accounts import tokens
from mediaplatform.accounts.models import User
from tests.catalog.api.conftest import Shelf, assert_problem, token_client

pytestmark = pytest.mark.django_db
WORDS = ["confirm", "discard"]


@pytest.fixture
def waiting(shelf: Shelf) -> str:
    """The address of a delivery of lena's label that waits for a word."""
    Delivery.objects.filter(pk=shelf.delivery.pk).update(state="previewed")
    return f"/api/v1/deliveries/{shelf.delivery.pk}"


def say(client: Client, path: str, said: object = None, **headers: str) -> Any:
    return client.post(path, said or {}, content_type="application/json", headers=headers)


@pytest.mark.parametrize(("word", "state"), [("confirm", "confirmed"), ("discard", "discarded")])
def test_a_word_is_said_once(lena_user: User, waiting: str, word: str, state: str) -> None:
    program = token_client(lena_user, tokens.DELIVER)
    etag = program.get(waiting)["ETag"]
    assert_problem(say(program, f"{waiting}/{word}", **{"If-Match": '"other"'}), 412, "changed")
    answer = say(program, f"{waiting}/{word}", **{"If-Match": etag})
    assert (answer.status_code, answer.json()["state"]) == (200, state)
    assert_problem(say(program, f"{waiting}/{word}"), 409, "not_waiting")


def test_a_delivery_is_held_back_if_one_says_so(lena_user: User, waiting: str) -> None:
    program = token_client(lena_user, tokens.DELIVER)
    assert_problem(say(program, f"{waiting}/confirm", {"is_held": "perhaps"}), 400, "invalid")
    assert say(program, f"{waiting}/confirm", {"is_held": True}).status_code == 200
    assert Delivery.objects.get(is_held=True).confirmed_by == lena_user


@pytest.mark.parametrize("word", WORDS)
def test_others_have_no_word(
    charlie: Client, client: Client, lena_user: User, waiting: str, word: str
) -> None:
    assert_problem(say(charlie, f"{waiting}/{word}"), 404, "not_found")
    assert_problem(say(client, f"{waiting}/{word}"), 401, "not_authenticated")
    assert_problem(say(token_client(lena_user), f"{waiting}/{word}"), 403, "scope_missing")
    assert Delivery.objects.filter(state="previewed").exists()
