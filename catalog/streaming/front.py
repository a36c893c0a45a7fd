"""What stands before every other middleware: whose host it is, who asks, and the short way to streams.

Under `/m/` a token is the authority: no session, language, user or CSRF token is looked at, and what the
other middlewares would add to an answer is in `headers` already. So streams don't pass through them, which
is most of what a segment costs (docs/performance.md).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseNotFound
from django.http.response import HttpResponseBase

from catalog.streaming import hosts, views

STREAMS = "/m/"
ACTS = {"heartbeat": views.receive_heartbeat, "close": views.close_session, "_grant": views.show_grant}


class FrontMiddleware:
    """Answers streams at once. On the games' host are only packages, and no cookie is looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.BEHIND_PROXY:
            _take_address(request)
        is_stream = request.path_info.startswith(STREAMS)
        if hosts.is_games_host(request):
            if not is_stream:
                return HttpResponseNotFound(b"", content_type="text/plain")
            request.META.pop("HTTP_COOKIE", None)
        return _answer_stream(request) if is_stream else self.get_response(request)


def _answer_stream(request: HttpRequest) -> HttpResponseBase:
    token, _, path = request.path_info[len(STREAMS) :].partition("/")
    act = ACTS.get(path)
    answer = act(request, token) if act else views.serve_file(request, token, path)
    if not answer.streaming and answer.status_code not in {204, 304}:
        answer.headers.setdefault("Content-Length", str(len(answer.content)))  # type: ignore[attr-defined]
    if request.is_secure() and settings.SECURE_HSTS_SECONDS:
        answer.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return answer


def _take_address(request: HttpRequest) -> None:
    """Let REMOTE_ADDR be the client's, as the proxy before us says; what is no address is not believed."""
    try:
        stated = ipaddress.ip_address(request.META.get("HTTP_X_REAL_IP", ""))
    except ValueError:
        return
    request.META["REMOTE_ADDR"] = str(stated)
