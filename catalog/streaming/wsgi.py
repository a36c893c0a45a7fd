"""The shortest way to a segment: past Django's handler, whose signals and set-up cost twice what the door does.

Only reading goes this way. It needs no session, no language and (but for a flag) no database; what it does need (a
request, an answer, errors turned into answers and reported) is Django's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections

from catalog.streaming.front import STREAMS, FrontMiddleware

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READING = frozenset({"GET", "HEAD"})


class StreamsFirst:
    """A WSGI application: reads under `/m/` are answered here, all the rest by `others`."""

    def __init__(self, others: WSGIApplication) -> None:
        self.others = others
        self.answer: Any = convert_exception_to_response(FrontMiddleware(_nobody))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in READING or not environ.get("PATH_INFO", "").startswith(STREAMS):
            return self.others(environ, start_response)
        answer = self.answer(WSGIRequest(environ))
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:  # it may have kept a flag
            close_old_connections()
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return answer if answer.streaming else (answer.content,)


def _nobody(_: object) -> Any:
    """Stand where the other middlewares would: what comes here is answered before."""
    raise AssertionError("streams are answered by the front")
