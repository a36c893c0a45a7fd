"""The shortest way to what a token opens: past Django's handler, whose signals and set-up cost twice the door.

All of `/m/` goes this way, segments and heartbeats alike: a token is the authority, no session and no language is
needed, and the database is asked for one thing at most. What is needed (a request, an answer, errors turned into
answers and reported) is Django's own. Nothing else goes this way: any other path has all middlewares before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections

from catalog.streaming.front import STREAMS, FrontMiddleware

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READING = frozenset({"GET", "HEAD"})
TOO_MANY = 429


class StreamsFirst:
    """A WSGI application: what is under `/m/` is answered here, all the rest by `others`."""

    def __init__(self, others: WSGIApplication) -> None:
        self.others = others
        self.answer: Any = convert_exception_to_response(FrontMiddleware(_nobody))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(STREAMS):
            return self.others(environ, start_response)
        answer = self.answer(WSGIRequest(environ))
        if environ["REQUEST_METHOD"] not in READING or answer.status_code == TOO_MANY:
            close_old_connections()  # a heartbeat or a flag was written
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return answer if answer.streaming else (answer.content,)


def _nobody(_: object) -> Any:
    """Stand where the other middlewares would: what comes here is answered before."""
    raise AssertionError("streams are answered by the front")
