"""The grant's format: what it carries comes back, and nothing else opens the door."""

from __future__ import annotations

import base64
import dataclasses
import string
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from catalog.streaming import grants
from catalog.streaming.grants import Grant, GrantRefused

SEED = bytes(range(32))
OTHER_SEED = bytes(range(1, 33))
KEYS = {"k1": grants.public_key(SEED), "k2": grants.public_key(OTHER_SEED)}
NOW = datetime(2026, 10, 25, 0, 59, 59, 123456, tzinfo=UTC)


def make_grant(**changes: object) -> Grant:
    grant = Grant(
        key_id="k1",
        session_id=UUID(int=7),
        library_id=3,
        patron="00ff" * 8,
        resource_id=12,
        package="ab" * 32,
        medium="music",
        source="web",
        max_age=None,
        duration_s=185,
        opened_at=NOW,
        issued_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
    )
    return dataclasses.replace(grant, **changes)  # type: ignore[arg-type]


hex_digits = st.binary(min_size=16, max_size=16).map(bytes.hex)
words = st.text(string.ascii_lowercase + string.digits + "_-", min_size=1, max_size=16)
instants = st.integers(0, 2**33).map(
    lambda second: NOW.fromtimestamp(second, UTC).replace(microsecond=second % 10**6)
)
any_grant = st.builds(
    make_grant,
    key_id=st.sampled_from(["k1", "k2"]),
    session_id=st.uuids(),
    library_id=st.integers(0, 2**64 - 1),
    patron=hex_digits,
    resource_id=st.integers(0, 2**64 - 1),
    package=st.binary(min_size=32, max_size=32).map(bytes.hex),
    medium=st.sampled_from(grants.MEDIA),
    source=words,
    max_age=st.none() | st.integers(0, 254),
    duration_s=st.none() | st.integers(1, grants.MAX_DURATION_S),
    seat=st.text(string.ascii_letters + string.digits + "_-", max_size=32),
)


def signed(grant: Grant) -> str:
    return grants.sign(grant, seed={"k1": SEED, "k2": OTHER_SEED}[grant.key_id])


@given(any_grant, instants, st.timedeltas(timedelta(0), timedelta(hours=9)), st.integers(1, 600))
def test_what_is_signed_comes_back_whole(grant: Grant, opened: datetime, age: timedelta, life_s: int) -> None:
    issued = opened + age
    grant = dataclasses.replace(
        grant, opened_at=opened, issued_at=issued, expires_at=issued + timedelta(seconds=life_s)
    )
    assert grants.verify(signed(grant), keys=KEYS, now=issued) == grant


@given(any_grant)
def test_a_token_is_short_and_may_stand_in_a_path(grant: Grant) -> None:
    token = signed(grant)
    assert set(token) <= set(string.ascii_letters + string.digits + "._-")
    assert len(token) <= 330
    assert len(signed(make_grant())) < 300


def test_a_usual_token_has_less_than_260_characters() -> None:
    assert len(signed(make_grant())) < 260


FORGERIES = {
    "session_id": UUID(int=8),
    "library_id": 4,
    "patron": "11ff" * 8,
    "resource_id": 13,
    "package": "cd" * 32,
    "medium": "video",
    "source": "subsonic",
    "max_age": 6,
    "duration_s": 186,
    "seat": "s1",
    "opened_at": NOW - timedelta(seconds=1),
    "issued_at": NOW + timedelta(seconds=1),
    "expires_at": NOW + timedelta(minutes=9),
}


@pytest.mark.parametrize("field", FORGERIES)
def test_a_field_that_was_changed_breaks_the_seal(field: str) -> None:
    genuine, forged = signed(make_grant()), signed(make_grant(**{field: FORGERIES[field]}))
    token = forged.rpartition(".")[0] + "." + genuine.rpartition(".")[2]
    with pytest.raises(GrantRefused) as refusal:
        grants.verify(token, keys=KEYS, now=NOW)
    assert refusal.value.code == "bad_signature"


def test_the_forgeries_cover_every_field_of_the_payload() -> None:
    assert set(FORGERIES) | {"version", "key_id"} == {field.name for field in dataclasses.fields(Grant)}


def test_every_flipped_bit_of_every_character_is_refused() -> None:
    token = signed(make_grant())
    for place, letter in enumerate(token):
        for bit in range(7):
            flipped = token[:place] + chr(ord(letter) ^ (1 << bit)) + token[place + 1 :]
            with pytest.raises(GrantRefused):
                grants.verify(flipped, keys=KEYS, now=NOW)


def test_every_truncation_is_refused() -> None:
    token = signed(make_grant())
    for length in range(len(token)):
        with pytest.raises(GrantRefused):
            grants.verify(token[:length], keys=KEYS, now=NOW)


@given(st.text(max_size=400))
def test_noise_is_refused(noise: str) -> None:
    with pytest.raises(GrantRefused):
        grants.verify(noise, keys=KEYS, now=NOW)


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (timedelta(minutes=10), "expired"),
        (timedelta(days=1), "expired"),
        (timedelta(seconds=-61), "not_yet_valid"),
    ],
)
def test_time_closes_the_door(moment: timedelta, code: str) -> None:
    with pytest.raises(GrantRefused) as refusal:
        grants.verify(signed(make_grant()), keys=KEYS, now=NOW + moment)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "moment", [timedelta(seconds=-60), timedelta(0), timedelta(minutes=10) - timedelta.resolution]
)
def test_within_its_time_and_a_skewed_clock_it_opens(moment: timedelta) -> None:
    assert grants.verify(signed(make_grant()), keys=KEYS, now=NOW + moment) == make_grant()


def test_a_key_that_is_not_known_here_is_named() -> None:
    with pytest.raises(GrantRefused) as refusal:
        grants.verify(signed(make_grant()), keys={"k2": KEYS["k2"]}, now=NOW)
    assert refusal.value.code == "unknown_key"


def test_a_key_id_put_in_anothers_place_is_refused() -> None:
    token = signed(make_grant()).replace("1.k1.", "1.k2.", 1)
    with pytest.raises(GrantRefused) as refusal:
        grants.verify(token, keys=KEYS, now=NOW)
    assert refusal.value.code == "bad_signature"


@pytest.mark.parametrize(
    "token", ["", "1.k1", "2.k1.AA.AA", "1.K1.AA.AA", "1.k1.A.AA", "1.k1.AB.AA", "1.k1.é.AA", "x" * 401]
)
def test_other_forms_are_malformed(token: str) -> None:
    with pytest.raises(GrantRefused) as refusal:
        grants.verify(token, keys=KEYS, now=NOW)
    assert refusal.value.code == "malformed"


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"key_id": "K-1"},
        {"medium": "radio"},
        {"source": ""},
        {"source": "a.b"},
        {"seat": "a/b"},
        {"patron": "FF" * 16},
        {"patron": "ff" * 15},
        {"package": "zz" * 32},
        {"library_id": -1},
        {"resource_id": 2**64},
        {"max_age": -1},
        {"max_age": 255},
        {"max_age": 256},
        {"opened_at": NOW + timedelta(seconds=1)},
        {"expires_at": NOW},
        {"expires_at": NOW + timedelta(minutes=10, microseconds=1)},
    ],
)
def test_a_grant_out_of_its_ranges_is_not_signed(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        grants.sign(make_grant(**changes), seed=SEED)


def seal(payload: bytes) -> str:
    """Sign a payload as only the holder of the key can, however odd it is."""
    body = "1.k1." + base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
    signature = Ed25519PrivateKey.from_private_bytes(SEED).sign(body.encode())
    return body + "." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


def payload_of(**changes: object) -> bytes:
    return grants._pack(make_grant(**changes))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        payload_of()[:-10],
        payload_of() + b"\xff",
        payload_of() + b"/",
        payload_of().replace(b"\xab" * 32 + b"\0", b"\xab" * 32 + b"\x09"),
        payload_of(expires_at=NOW + timedelta(hours=1)),
        grants.FIXED.pack(*[bytes(16), 1, bytes(16), 1, bytes(32), 0, 0, 0, 2**62, 2**62, 2**62, 0]),
    ],
)
def test_even_well_signed_nonsense_is_malformed(payload: bytes) -> None:
    with pytest.raises(GrantRefused) as refusal:
        grants.verify(seal(payload), keys=KEYS, now=NOW)
    assert refusal.value.code == "malformed"
