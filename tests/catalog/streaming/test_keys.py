"""Changing the signing key, step by step, as the command says: no token is refused at any moment."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from catalog.streaming import door, grants, keys
from tests.catalog.streaming.tokens import make_token


def apply(settings: Settings, variables: dict[str, str]) -> None:
    """Set what the environment would."""
    for name, value in variables.items():
        is_list = name == "GRANT_VERIFY_KEYS"
        is_key = name == "GRANT_SIGNING_KEY"
        setattr(settings, name, value.split(",") if is_list else keys.read_key(value) if is_key else value)


@pytest.mark.parametrize(
    ("key_id", "following"),
    [
        ("k1", "k2"),
        ("k9", "k10"),
        ("main", "main2"),
        ("9", "10"),
        ("longname", "longnam2"),
        ("abcdef99", "abcde100"),
    ],
)
def test_the_next_id(key_id: str, following: str) -> None:
    assert keys.next_id(key_id) == following
    assert grants.KEY_ID_FORM.fullmatch(following)


def test_tokens_of_both_keys_are_believed_on_every_server_at_every_step(settings: Settings) -> None:
    now, old = timezone.now(), make_token()
    before = {
        "GRANT_KEY_ID": settings.GRANT_KEY_ID,
        "GRANT_SIGNING_KEY": keys.write_key(settings.GRANT_SIGNING_KEY),
    }
    made = keys.rotate(
        key_id=settings.GRANT_KEY_ID, seed=settings.GRANT_SIGNING_KEY, further=[], new_seed=bytes(range(32))
    )
    apply(settings, made.sign)
    new = make_token()
    assert [door.admit(token, now=now).key_id for token in (old, new)] == ["k1", "k2"]
    apply(settings, before | made.learn)  # a server that is not at the second step yet
    assert [door.admit(token, now=now).key_id for token in (old, new)] == ["k1", "k2"]


def test_keys_that_were_believed_stay_so() -> None:
    made = keys.rotate(key_id="k2", seed=bytes(32), further=["k1=abc", "k3=stale"], new_seed=bytes(range(32)))
    assert made.learn["GRANT_VERIFY_KEYS"].startswith("k1=abc,k3=")
    assert made.sign["GRANT_VERIFY_KEYS"].startswith("k1=abc,k2=")
    assert "stale" not in str(made)


def test_the_command_prints_both_steps_and_never_the_key_that_signs_now(settings: Settings) -> None:
    out = StringIO()
    call_command("grant_keys", "rotate", stdout=out)
    call_command("grant_keys", "show", stdout=out)
    said = out.getvalue()
    public = keys.write_key(grants.public_key(settings.GRANT_SIGNING_KEY))
    assert said.count("GRANT_VERIFY_KEYS=") == 2
    assert f"signs:    k1={public}" in said
    assert keys.write_key(settings.GRANT_SIGNING_KEY) not in said
