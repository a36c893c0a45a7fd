"""Two hosts, two worlds: games are strangers' programs, and never run where the platform's cookies are."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def is_games_host(request: HttpRequest) -> bool:
    """Tell whether the request came to the host of GAMES_URL.

    Raises:
        DisallowedHost: it came to a host that is not ours.
    """
    return _is_games(request.get_host(), settings.GAMES_URL)


@lru_cache(maxsize=1_000)
def _is_games(host: str, games_url: str) -> bool:
    games = urlsplit(games_url)
    default = DEFAULT_PORTS[games.scheme]
    return host.lower().removesuffix(default) == games.netloc.lower().removesuffix(default)


def refuse_service_worker(request: HttpRequest) -> HttpResponse | None:
    """Return a refusal of a file asked for as a service worker, which would outlive the token."""
    if "HTTP_SERVICE_WORKER" in request.META:
        return HttpResponse(b"", status=403, content_type="text/plain")
    return None
