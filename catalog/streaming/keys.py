"""The keys of grants as the settings write them, and what an operator sets to change the signing key. Pure."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from catalog.streaming import grants

NUMBERED = re.compile(r"([a-z0-9]*?)([0-9]+)")
MAX_ID_CHARS = 8


@dataclass(frozen=True, slots=True)
class Rotation:
    """The settings of both steps; each is safe while some servers have it and others not yet."""

    learn: dict[str, str]
    sign: dict[str, str]


def write_key(raw: bytes) -> str:
    """Return a key in base64url, without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def read_key(text: str) -> bytes:
    """Undo `write_key`; padding may be there."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def next_id(key_id: str) -> str:
    """Return the id after one: `k1` -> `k2`, `k9` -> `k10`, `main` -> `main2`, in at most eight letters."""
    match = NUMBERED.fullmatch(key_id)
    stem, number = (match[1], int(match[2]) + 1) if match else (key_id, 2)
    return f"{stem[: MAX_ID_CHARS - len(str(number))]}{number}"


def rotate(*, key_id: str, seed: bytes, further: list[str], new_seed: bytes) -> Rotation:
    """Return what to set to sign with a new key; `further` are entries `id=base64url` that are known already.

    First every server learns the new public key; then the signers sign with it, and the old public key stays known.
    """
    new_id = next_id(key_id)
    new_public = f"{new_id}={write_key(grants.public_key(new_seed))}"
    old_public = f"{key_id}={write_key(grants.public_key(seed))}"
    kept = [entry for entry in further if entry.partition("=")[0] not in {new_id, key_id}]
    return Rotation(
        learn={"GRANT_VERIFY_KEYS": ",".join([*kept, new_public])},
        sign={
            "GRANT_KEY_ID": new_id,
            "GRANT_SIGNING_KEY": write_key(new_seed),
            "GRANT_VERIFY_KEYS": ",".join([*kept, old_public]),
        },
    )
