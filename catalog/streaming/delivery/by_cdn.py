"""A CDN sends sound and films, opened by cookies that its edge verifies; no request of them comes to us.

So nothing here limits or sees what is fetched there: pace, clients and egress are the CDN's to watch. Books
and games stay under their tokens: a book's files and a game's host have policies of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from catalog.streaming.delivery import Cookie, Delivery, Place, signed_cookies
from catalog.streaming.grants import Grant

STREAMED = frozenset({"music", "video"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CdnDelivery:
    """Signs cookies for `https://host/packages/<digest>/`; `rest` serves books, games and old addresses.

    `domain` is what the platform and the CDN's host have in common, so that the platform may set the cookies.
    """

    host: str
    domain: str
    key_id: str
    hash_name: str
    private_key: RSAPrivateKey
    rest: Delivery

    def answer(self, request: HttpRequest, *, grant: Grant, path: str) -> HttpResponseBase:
        return self.rest.answer(request, grant=grant, path=path)

    def place(self, *, grant: Grant, token: str) -> Place:
        if grant.medium not in STREAMED:
            return self.rest.place(grant=grant, token=token)
        path = f"/packages/{grant.package}/"
        base_url = f"https://{self.host}{path}"
        policy = signed_cookies.policy_of(resource=f"{base_url}*", expires_at=grant.expires_at)
        signed = signed_cookies.sign(
            policy, key_id=self.key_id, private_key=self.private_key, hash_name=self.hash_name
        )
        cookies = tuple(
            Cookie(name=name, value=value, domain=self.domain, path=path) for name, value in signed.items()
        )
        return Place(base_url, cookies)
