"""Two hosts, two worlds: games are strangers' programs, and never run where the platform's cookies are."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase

DEFAULT_PORTS = {"http": ":80", "https": ":443"}
STREAMS = "/m/"


def is_games_host(request: HttpRequest) -> bool:
    """Tell whether the request came to the host of GAMES_URL."""
    games = urlsplit(settings.GAMES_URL)
    default = DEFAULT_PORTS[games.scheme]
    return request.get_host().lower().removesuffix(default) == games.netloc.lower().removesuffix(default)


class HostMiddleware:
    """On the games' host are only packages, and no cookie is looked at. It stands before all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_games_host(request):
            if not request.path_info.startswith(STREAMS):
                return HttpResponseNotFound(b"", content_type="text/plain")
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)


def refuse_service_worker(request: HttpRequest) -> HttpResponse | None:
    """Return a refusal of a file asked for as a service worker, which would outlive the token."""
    if "Service-Worker" in request.headers:
        return HttpResponse(b"", status=403, content_type="text/plain")
    return None
