"""Opens a token with the keys that the settings name. A token seen before costs one look-up."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.conf import settings

from catalog.streaming import denials, grants
from catalog.streaming.grants import Grant
from catalog.streaming.keys import read_key

Keyring = tuple[tuple[str, bytes], ...]


def admit(token: str, *, now: datetime) -> Grant:
    """Return what a token grants now.

    Raises:
        GrantRefused: malformed, unknown_key, bad_signature, expired, not_yet_valid or denied.
    """
    grant = recognise(token)
    grants.check_time(grant, now=now)
    denials.check(grant)
    denials.check_recall(grant)
    return grant


def recognise(token: str) -> Grant:
    """Return what a genuine token says, even after its time: who it was that listened, not whether they may.

    Raises:
        GrantRefused: malformed, unknown_key or bad_signature.
    """
    return _read(
        token, _keyring(settings.GRANT_KEY_ID, settings.GRANT_SIGNING_KEY, tuple(settings.GRANT_VERIFY_KEYS))
    )


@lru_cache(maxsize=20_000)
def _read(token: str, keyring: Keyring) -> Grant:
    return grants.read(token, keys=dict(keyring))


@lru_cache(maxsize=8)
def _keyring(key_id: str, seed: bytes, further: tuple[str, ...]) -> Keyring:
    """Return the public keys: the signing key's, and those written as `id=base64url` while keys rotate."""
    keys = {key_id: grants.public_key(seed)}
    for entry in further:
        name, _, text = entry.partition("=")
        keys[name] = read_key(text)
    return tuple(sorted(keys.items()))
