"""nginx sends the bytes; Django only tells it which ones, by X-Accel-Redirect to an internal location.

Ranges, validators and HEAD are nginx's from there on; the headers that keep a file in its place are ours, and
infra/nginx hands them through.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from catalog.streaming.delivery import Place, key_of
from catalog.streaming.delivery.by_django import base_url_of
from catalog.streaming.grants import Grant
from catalog.streaming.headers import headers_for
from mediaplatform.infrastructure.objectstore import check_key, open_store

PRESIGNED_S = 3600  # signing costs as much as all the rest of a request: a signature is used until its half


@dataclass(frozen=True, slots=True)
class NginxDelivery:
    """Points nginx at `prefix`, an internal location over the store's folder, or over the S3 server."""

    prefix: str

    def answer(self, request: HttpRequest, *, grant: Grant, path: str) -> HttpResponseBase:  # noqa: ARG002 - nginx reads it
        key = check_key(key_of(grant, path))
        headers = headers_for(medium=grant.medium, path=path, site_url=settings.SITE_URL)
        turn = int(time.monotonic() // (PRESIGNED_S // 2))
        headers["X-Accel-Redirect"] = self.prefix + _location(settings.OBJECT_STORE_URL, key, turn)
        return HttpResponse(headers=headers)

    def place(self, *, grant: Grant, token: str) -> Place:
        return Place(base_url_of(grant, token))


@lru_cache(maxsize=50_000)
def _location(store: str, key: str, _turn: int) -> str:
    """Return the address of an object below the internal location: its key, or its presigned path and query."""
    presigned = open_store(store).presign_get(key=key, expires_s=PRESIGNED_S)
    if presigned is None:
        return f"/{quote(key)}"
    url = urlsplit(presigned)
    return f"{url.path}?{url.query}"
