"""Cookies that open one package at a CDN, as CloudFront has them: a custom policy under an RSA signature. Pure.

Three cookies: `CloudFront-Policy` (which addresses, until when), `CloudFront-Signature` and
`CloudFront-Key-Pair-Id` (Amazon CloudFront Developer Guide, "Use signed cookies", custom policy). The
signature is RSA PKCS #1 v1.5 over SHA-1, CloudFront's own rule, or over SHA-256 with
`CloudFront-Hash-Algorithm=SHA256`. Base64 is written with `-_~` for `+=/`.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SHA1, SHA256 = "SHA1", "SHA256"
HASHES: dict[str, type[hashes.SHA1 | hashes.SHA256]] = {SHA1: hashes.SHA1, SHA256: hashes.SHA256}


def policy_of(*, resource: str, expires_at: datetime) -> str:
    """Return the policy that opens `resource` (it may end with `*`) before an instant, without white space.

    `https://cdn.example.org/packages/ab/*` until 1970-01-01 00:00:09.5 ->
    `{"Statement":[{"Resource":"https://cdn.example.org/packages/ab/*","Condition":{"DateLessThan":{"AWS:EpochTime":9}}}]}`
    """
    until = {"DateLessThan": {"AWS:EpochTime": int(expires_at.timestamp())}}
    return json.dumps(
        {"Statement": [{"Resource": resource, "Condition": until}]}, separators=(",", ":"), ensure_ascii=True
    )


def sign(policy: str, *, key_id: str, private_key: RSAPrivateKey, hash_name: str = SHA256) -> dict[str, str]:
    """Return the cookies that carry a policy, by name.

    Raises:
        KeyError: no such hash.
    """
    signature = private_key.sign(policy.encode(), PKCS1v15(), HASHES[hash_name]())
    cookies = {
        "CloudFront-Policy": encode(policy.encode()),
        "CloudFront-Signature": encode(signature),
        "CloudFront-Key-Pair-Id": key_id,
    }
    return cookies | ({"CloudFront-Hash-Algorithm": SHA256} if hash_name == SHA256 else {})


def encode(raw: bytes) -> str:
    """Return base64 in the letters that CloudFront allows in a cookie."""
    return base64.b64encode(raw).decode("ascii").translate(str.maketrans("+=/", "-_~"))
