"""How a package's bytes reach a player, once the door has let its token in: one interface, chosen by one setting.

| `STREAM_DELIVERY_URL` | who sends the bytes |
|---|---|
| `django:` | Django reads them from the object store (embedded, tests) |
| `nginx:/_objects` | nginx, told where by X-Accel-Redirect: an internal location that begins so (infra/nginx) |
| `redirect:` | the object store itself, for whole files, by a presigned address; Django for the rest |
| `cdn://host?key_id=K…&domain=…` | a CDN, for sound and films, opened by signed cookies; Django for the rest |
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from catalog.errors import CatalogError
from catalog.streaming.grants import Grant


class DeliveryAddressRefused(CatalogError):
    """STREAM_DELIVERY_URL, or what it needs, can't be understood."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that a player's browser needs for the bytes, until the browser is closed; its value says its end."""

    name: str
    value: str
    domain: str
    path: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of a grant's package are: an address that ends with a slash, and what opens it."""

    base_url: str
    cookies: tuple[Cookie, ...] = field(default=())


class Delivery(Protocol):
    """Hands over the files of packages."""

    def answer(self, request: HttpRequest, *, grant: Grant, path: str) -> HttpResponseBase:
        """Answer a GET or HEAD of a file of the grant's package; the door has let the grant in.

        Raises:
            ObjectMissing: there is no such file, if that is known here.
            ObjectKeyRefused: no file can have such a name.
        """

    def place(self, *, grant: Grant, token: str) -> Place:
        """Return where a player finds the files that a grant opens."""


def key_of(grant: Grant, path: str) -> str:
    """Return the key in the object store of a file of the grant's package."""
    return f"packages/{grant.package}/{path}"
