"""Access codes at rest: found by a keyed hash, readable only while there is something to print."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from mediaplatform.kernel import ids


def hash_code(*, library_id: int, code: str) -> str:
    """Return the hash by which a code of a library is found, however the code was typed.

    The library is part of the hash: a code of another library is as unknown as a wrong one.
    """
    return ids.keyed_hash(settings.ACCESS_CODE_KEY, "access code", str(library_id), ids.normalise_code(code))


def seal(code: str) -> bytes:
    """Encrypt a readable code."""
    return _cipher().encrypt(code.encode())


def unseal(sealed: bytes) -> str:
    """Return the readable code. Raises `cryptography.fernet.InvalidToken` after a change of key."""
    return _cipher().decrypt(bytes(sealed)).decode()


def _cipher() -> Fernet:
    """Use a key of its own, derived from the one that hashes."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"access code sealing")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.ACCESS_CODE_KEY)))
