"""The object store sends whole files itself, by presigned addresses that live as long as the grant.

What makes up a stream is never redirected: relative addresses in a playlist would follow it away from the
token. Nor are books and games, whose policies name no other host.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from catalog.packaging.content_types import SOUNDS
from catalog.streaming.delivery import Delivery, Place, key_of
from catalog.streaming.grants import Grant
from mediaplatform.infrastructure.objectstore import ObjectMissing, get_store

WHOLE = frozenset({*SOUNDS, ".mp4"})
STREAMED = frozenset({"music", "video"})


@dataclass(frozen=True, slots=True)
class RedirectDelivery:
    """Sends whole files' askers to the store; `rest` serves what is no whole file, or a store without signatures."""

    rest: Delivery

    def answer(self, request: HttpRequest, *, grant: Grant, path: str) -> HttpResponseBase:
        if grant.medium not in STREAMED or not is_whole(path):
            return self.rest.answer(request, grant=grant, path=path)
        key = key_of(grant, path)
        left_s = max(1, int((grant.expires_at - timezone.now()).total_seconds()))
        address = get_store().presign_get(key=key, expires_s=left_s)
        if address is None:
            return self.rest.answer(request, grant=grant, path=path)
        if not get_store().exists(key=key):
            raise ObjectMissing(key)
        return HttpResponse(
            status=302,
            headers={"Location": address, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
        )

    def place(self, *, grant: Grant, token: str) -> Place:
        return self.rest.place(grant=grant, token=token)


def is_whole(path: str) -> bool:
    """Tell whether a file is a recording by itself, and not a part of a stream (`init_0.mp4` is one)."""
    name = PurePosixPath(path)
    return name.suffix.lower() in WHOLE and not name.name.startswith("init")
