"""The CDN's cookies, read as its edge would: without our code."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from catalog.streaming.delivery import DeliveryAddressRefused, choice, signed_cookies
from tests.catalog.streaming.tokens import PACKAGE, make_grant, make_token

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
UNTIL = datetime(2026, 10, 14, 10, 10, 0, 900_000, tzinfo=UTC)
ADDRESS = "cdn://media.cdn.example.org?key_id=K2JCJMDEHXQW5F&domain=example.org"


def pem_of(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


PEM = pem_of(KEY)


def decode(text: str) -> bytes:
    """Undo the CDN's letters."""
    return base64.b64decode(text.replace("-", "+").replace("_", "=").replace("~", "/"))


def test_a_policy_is_written_to_the_letter() -> None:
    policy = signed_cookies.policy_of(
        resource="https://cdn.example.org/packages/ab/*",
        expires_at=datetime(1970, 1, 1, 0, 0, 9, 500_000, tzinfo=UTC),
    )
    assert policy == (
        '{"Statement":[{"Resource":"https://cdn.example.org/packages/ab/*",'
        '"Condition":{"DateLessThan":{"AWS:EpochTime":9}}}]}'
    )


@pytest.mark.parametrize(("name", "hash_type"), [("SHA1", hashes.SHA1), ("SHA256", hashes.SHA256)])
def test_the_public_key_verifies_the_signature_and_only_of_this_policy(
    name: str, hash_type: type[hashes.SHA1 | hashes.SHA256]
) -> None:
    policy = signed_cookies.policy_of(resource="https://cdn.example.org/packages/ab/*", expires_at=UNTIL)
    cookies = signed_cookies.sign(policy, key_id="K1", private_key=KEY, hash_name=name)
    assert cookies.get("CloudFront-Hash-Algorithm") == (name if name == "SHA256" else None)
    signature, said = decode(cookies["CloudFront-Signature"]), decode(cookies["CloudFront-Policy"])
    assert said == policy.encode()
    KEY.public_key().verify(signature, said, padding.PKCS1v15(), hash_type())
    with pytest.raises(InvalidSignature):
        KEY.public_key().verify(signature, said.replace(b"/ab/", b"/cd/"), padding.PKCS1v15(), hash_type())


def test_letters_are_those_that_a_cookie_may_hold() -> None:
    assert signed_cookies.encode(b"\xfb\xff\xfe") == "-~~-"
    assert signed_cookies.encode(b"\xff") == "~w__"


def test_a_film_is_opened_at_the_cdn_for_its_own_package_until_the_grants_end() -> None:
    grant = make_grant(medium="video", after=timedelta(minutes=-3))
    place = choice.open_delivery(ADDRESS, PEM).place(grant=grant, token="t")
    assert place.base_url == f"https://media.cdn.example.org/packages/{PACKAGE}/"
    values = {cookie.name: cookie.value for cookie in place.cookies}
    (statement,) = json.loads(decode(values["CloudFront-Policy"]))["Statement"]
    assert statement["Resource"] == f"{place.base_url}*"
    assert statement["Condition"]["DateLessThan"]["AWS:EpochTime"] == int(grant.expires_at.timestamp())
    assert values["CloudFront-Key-Pair-Id"] == "K2JCJMDEHXQW5F"
    assert {(cookie.domain, cookie.path) for cookie in place.cookies} == {
        ("example.org", f"/packages/{PACKAGE}/")
    }


@pytest.mark.parametrize("medium", ["book", "game"])
def test_books_and_games_stay_under_their_tokens(medium: str) -> None:
    grant, token = make_grant(medium=medium, duration_s=None), make_token()
    place = choice.open_delivery(ADDRESS, PEM).place(grant=grant, token=token)
    assert place.cookies == ()
    assert place.base_url.endswith(f"/m/{token}/")


@pytest.mark.parametrize(
    ("address", "pem"),
    [
        ("ftp://x", ""),
        ("nginx:", ""),
        ("nginx:/", ""),
        ("nginx:objects", ""),
        ("cdn:", PEM),
        ("cdn://media.example.org", PEM),
        ("cdn://media.example.org?key_id=K1&domain=example.net", PEM),
        ("cdn://media.example.org?key_id=K1&hash=MD5", PEM),
        ("cdn://media.example.org?key_id=K1", ""),
        ("cdn://media.example.org?key_id=K1", pem_of(ed25519.Ed25519PrivateKey.generate())),
    ],
)
def test_an_address_that_can_not_be_used_is_refused(address: str, pem: str) -> None:
    with pytest.raises(DeliveryAddressRefused):
        choice.open_delivery(address, pem)
