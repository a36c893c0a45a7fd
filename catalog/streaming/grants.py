"""The ticket that opens one package for ten minutes: its format, its seal, its verification. Pure.

A token is `1.<key id>.<payload>.<signature>` in letters that a path may hold, about 250 of them. The
payload is fixed-width binary and carries all that the play log needs, so that neither serving nor counting
looks anything up. The Ed25519 signature covers everything before it, version and key id included.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from catalog.errors import CatalogError

VERSION = 1
SEED_BYTES = 32
MAX_LIFE = timedelta(minutes=10)
CLOCK_SKEW = timedelta(seconds=60)  # how far ahead of this machine the signer's clock may be
MEDIA = ("music", "video", "book", "game")

KEY_ID_FORM = re.compile(r"[a-z0-9]{1,8}")
SOURCE_FORM = re.compile(r"[a-z0-9_-]{1,16}")
SEAT_FORM = re.compile(r"[A-Za-z0-9_-]{0,32}")
MAX_TOKEN_CHARS = 400
MAX_DURATION_S = 2**32 - 1

# session, library, patron, resource, package, medium, age band, duration, opened, issued, expires (in us)
FIXED = struct.Struct(">16sQ16sQ32sBBIqqqB")  # then: length of the source, the source, the seat
NO_AGE_BAND = 255
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class GrantRefused(CatalogError):
    """A token opens nothing; `code`: malformed, unknown_key, bad_signature, expired or not_yet_valid."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One playback session's right to one package, until `expires_at`.

    `patron`: 32 hex digits, the pseudonym of the accounting month in which the session was opened.
    `package`: 64 hex digits, the package's digest. `max_age`: the profile's age band, None for an adult.
    `duration_s`: of the resource, None where it has none (books, games). `seat`: id of the seat's lease, or
    empty. `opened_at` is the session's start and stays through renewals; `issued_at` and `expires_at` are
    this token's.
    """

    version: int = VERSION
    key_id: str
    session_id: UUID
    library_id: int
    patron: str
    resource_id: int
    package: str
    medium: str
    source: str
    max_age: int | None
    duration_s: int | None
    seat: str = ""
    opened_at: datetime
    issued_at: datetime
    expires_at: datetime


def sign(grant: Grant, *, seed: bytes) -> str:
    """Return the grant's token, signed with the 32-byte seed of the key that `grant.key_id` names.

    Raises:
        ValueError: a field is out of its range, or the grant lives longer than ten minutes.
    """
    if grant.version != VERSION or not KEY_ID_FORM.fullmatch(grant.key_id):
        raise ValueError(f"no such version or key id: {grant.version}, {grant.key_id!r}")
    if fault := _fault_of(grant):
        raise ValueError(fault)
    try:
        payload = _pack(grant)
    except (struct.error, ValueError) as error:
        raise ValueError(f"a field of the grant does not fit: {error}") from error
    body = f"{VERSION}.{grant.key_id}.{_encode(payload)}"
    return f"{body}.{_encode(Ed25519PrivateKey.from_private_bytes(seed).sign(body.encode()))}"


def public_key(seed: bytes) -> bytes:
    """Return the 32-byte public key of a 32-byte seed: all that a verifier needs."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def verify(token: str, *, keys: Mapping[str, bytes], now: datetime) -> Grant:
    """Return what a token grants at `now`. `keys` are public keys (32 bytes) by key id.

    Raises:
        GrantRefused: malformed, unknown_key, bad_signature, expired or not_yet_valid.
    """
    grant = read(token, keys=keys)
    check_time(grant, now=now)
    return grant


def read(token: str, *, keys: Mapping[str, bytes]) -> Grant:
    """Return what a genuine token says, whatever the time is.

    Raises:
        GrantRefused: malformed, unknown_key or bad_signature.
    """
    parts = token.split(".") if len(token) <= MAX_TOKEN_CHARS else []
    if len(parts) != 4 or parts[0] != str(VERSION) or not KEY_ID_FORM.fullmatch(parts[1]):  # noqa: PLR2004 - the form above
        raise GrantRefused("malformed", "this is no token of a version that is known here")
    _, key_id, payload, signature = parts
    payload_bytes, signature_bytes = _decode(payload), _decode(signature)
    if key_id not in keys:
        raise GrantRefused("unknown_key", f"no key {key_id!r} is known here")
    try:
        Ed25519PublicKey.from_public_bytes(keys[key_id]).verify(
            signature_bytes, token.rpartition(".")[0].encode()
        )
    except InvalidSignature as error:
        raise GrantRefused("bad_signature", "the signature does not match") from error
    try:
        grant = _unpack(payload_bytes, key_id=key_id)
    except (struct.error, ValueError, IndexError, OverflowError) as error:
        raise GrantRefused("malformed", f"the payload cannot be read: {error}") from error
    if fault := _fault_of(grant):
        raise GrantRefused("malformed", fault)
    return grant


def check_time(grant: Grant, *, now: datetime) -> None:
    """Refuse a grant outside [issued_at - clock skew, expires_at).

    Raises:
        GrantRefused: expired or not_yet_valid.
    """
    if now >= grant.expires_at:
        raise GrantRefused("expired", f"the grant ended at {grant.expires_at.isoformat(timespec='seconds')}")
    if now < grant.issued_at - CLOCK_SKEW:
        raise GrantRefused(
            "not_yet_valid", f"the grant begins at {grant.issued_at.isoformat(timespec='seconds')}"
        )


def _fault_of(grant: Grant) -> str:
    """Say what is wrong with a grant's words and times; empty when nothing is."""
    if grant.medium not in MEDIA:
        return f"no such medium: {grant.medium!r}"
    if grant.max_age is not None and not 0 <= grant.max_age < NO_AGE_BAND:
        return f"no such age band: {grant.max_age}"
    if not SOURCE_FORM.fullmatch(grant.source) or not SEAT_FORM.fullmatch(grant.seat):
        return "the source or the seat holds a letter that is not allowed"
    if not grant.opened_at <= grant.issued_at < grant.expires_at:
        return "the times are not in order"
    if grant.expires_at - grant.issued_at > MAX_LIFE:
        return f"a grant lives at most {MAX_LIFE}"
    return ""


def _pack(grant: Grant) -> bytes:
    source = grant.source.encode("ascii")
    fixed = FIXED.pack(
        grant.session_id.bytes,
        grant.library_id,
        _hex(grant.patron, size=16),
        grant.resource_id,
        _hex(grant.package, size=32),
        MEDIA.index(grant.medium),
        NO_AGE_BAND if grant.max_age is None else grant.max_age,
        0 if grant.duration_s is None else grant.duration_s,
        *(
            (instant - EPOCH) // MICROSECOND
            for instant in (grant.opened_at, grant.issued_at, grant.expires_at)
        ),
        len(source),
    )
    return fixed + source + grant.seat.encode("ascii")


def _unpack(payload: bytes, *, key_id: str) -> Grant:
    session, library, patron, resource, package, medium, age, duration, opened, issued, expires, length = (
        FIXED.unpack(payload[: FIXED.size])
    )
    words = payload[FIXED.size :].decode("ascii")
    return Grant(
        key_id=key_id,
        session_id=UUID(bytes=session),
        library_id=library,
        patron=patron.hex(),
        resource_id=resource,
        package=package.hex(),
        medium=MEDIA[medium],
        source=words[:length],
        max_age=None if age == NO_AGE_BAND else age,
        duration_s=duration or None,
        seat=words[length:],
        opened_at=EPOCH + opened * MICROSECOND,
        issued_at=EPOCH + issued * MICROSECOND,
        expires_at=EPOCH + expires * MICROSECOND,
    )


def _hex(digits: str, *, size: int) -> bytes:
    raw = bytes.fromhex(digits)
    if len(raw) != size or raw.hex() != digits:
        raise ValueError(f"{digits!r} is not {2 * size} lower-case hex digits")
    return raw


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    """Return the bytes of canonical base64url, so that no second spelling of a token is genuine."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise GrantRefused("malformed", "a part of the token is not base64url") from error
    if _encode(raw) != text:
        raise GrantRefused("malformed", "a part of the token is not written canonically")
    return raw
