"""Ids that are safe to show and to type."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

# Crockford's base 32 without the letters that are read as digits: I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", " ": None, "-": None})


def format_code(random_bytes: bytes, *, length: int = 12) -> str:
    """Turn random bytes into a code in groups of four: `7F3K-09QZ-M2TD`.

    One byte gives one letter of 32, without bias. Raises ValueError when there are too few bytes.
    """
    if len(random_bytes) < length:
        raise ValueError(f"{length} letters need {length} random bytes")
    letters = "".join(ALPHABET[byte % 32] for byte in random_bytes[:length])
    return "-".join(letters[i : i + 4] for i in range(0, length, 4))


def normalise_code(typed: str) -> str:
    """Forgive case, spaces, hyphens and misread letters: ` o1-il ` -> `0111`."""
    return typed.strip().upper().translate(MISREAD)


def keyed_hash(key: bytes, *parts: str) -> str:
    """Return 32 hex digits of HMAC-SHA-256 over the parts, unambiguously joined."""
    message = b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:32]


def derived_uuid(*parts: str) -> UUID:
    """Return the same UUID for the same parts, so that a repeated act finds its first result."""
    return UUID(bytes=hashlib.sha256("\0".join(parts).encode()).digest()[:16], version=5)
