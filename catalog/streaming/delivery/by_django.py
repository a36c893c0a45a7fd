"""Django reads the bytes from the object store and sends them: needs nothing else, costs most."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from catalog.streaming import ranges
from catalog.streaming.delivery import Place, key_of
from catalog.streaming.grants import Grant
from catalog.streaming.headers import headers_for
from mediaplatform.infrastructure.objectstore import ObjectInfo, ObjectMissing, open_store

AT_ONCE_BYTES = 1024 * 1024  # most segments: one piece is cheaper than a stream


class DjangoDelivery:
    """Serves every file itself, with ranges and validators."""

    def answer(self, request: HttpRequest, *, grant: Grant, path: str) -> HttpResponseBase:
        key = key_of(grant, path)
        answer = _answer(request, key, _stat(settings.OBJECT_STORE_URL, key))
        for name, value in headers_for(medium=grant.medium, path=path, site_url=settings.SITE_URL).items():
            answer[name] = value
        return answer

    def place(self, *, grant: Grant, token: str) -> Place:
        return Place(base_url_of(grant, token))


def base_url_of(grant: Grant, token: str) -> str:
    """Return the address under a token: for games on their own host."""
    host = settings.GAMES_URL.rstrip("/") if grant.medium == "game" else ""
    return f"{host}/m/{token}/"


def _answer(request: HttpRequest, key: str, info: ObjectInfo) -> HttpResponseBase:
    etag = f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"'  # a package never changes
    if ranges.matches(if_none_match=request.headers.get("If-None-Match", ""), etag=etag):
        return HttpResponse(status=304, headers={"ETag": etag})
    wanted = "" if request.method == "HEAD" else request.headers.get("Range", "")
    try:
        part = ranges.select(
            header=wanted, if_range=request.headers.get("If-Range", ""), etag=etag, size_bytes=info.size_bytes
        )
    except ranges.RangeNotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{info.size_bytes}"})
    headers = {"ETag": etag, "Content-Length": str(part.end - part.start)}
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    if part.is_partial:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{info.size_bytes}"
    status = 206 if part.is_partial else 200
    content = open_store(settings.OBJECT_STORE_URL).open_range(key=key, start=part.start, end=part.end)
    if part.end - part.start <= AT_ONCE_BYTES:
        return HttpResponse(b"".join(content), status=status, headers=headers)
    return StreamingHttpResponse(content, status=status, headers=headers)


@lru_cache(maxsize=50_000)
def _stat(store: str, key: str) -> ObjectInfo:
    """Return what is known of a package's file, which never changes; a missing one is looked for again."""
    info = open_store(store).stat(key=key)
    if info is None:
        raise ObjectMissing(key)
    return info
