"""Refusals, and how the API tells them: problem details (RFC 9457) with a stable `code`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"

TITLES: Mapping[int, str | Promise] = {
    400: gettext_lazy("The request can't be understood"),
    401: gettext_lazy("You are not signed in"),
    403: gettext_lazy("This is not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("This method is not possible here"),
    406: gettext_lazy("This format can't be had"),
    409: gettext_lazy("Not in this state"),
    410: gettext_lazy("No longer there"),
    412: gettext_lazy("Changed meanwhile"),
    415: gettext_lazy("This format is not accepted"),
    422: gettext_lazy("Some values are not valid"),
    429: gettext_lazy("Too many requests"),
    503: gettext_lazy("Not available for a moment"),
}


class Refusal(Exception):
    """A service's refusal, in words that a person can read; the base of each package's own errors.

    A subclass sets `code` (stable, for programs), `status` (of the HTTP answer) and `message` (translatable).
    Whoever raises it may give a more precise message and further members of the answer: `retry_after_s=5`.
    """

    code = "refused"
    status = 409
    message: str | Promise = gettext_lazy("This is not possible.")

    def __init__(self, message: str | Promise | None = None, **members: object) -> None:
        self.detail = self.message if message is None else message
        self.members = members
        super().__init__(self.detail)

    def __str__(self) -> str:
        return str(self.detail)


def problem_response(error: Exception, _: Mapping[str, Any]) -> Response | None:
    """Turn an error into a problem+json answer; None for one that is a fault of ours, which Django reports.

    Members: `type`, `title`, `status`, `code`, `detail`, and `faults` after a validation: a list of
    `{"field": "lines.2.amount", "code": "required", "detail": "…"}`, the field empty for the whole.
    """
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, Refusal):
        answer_status, body = problem_of(error)
        answer = Response(body, status=answer_status, content_type=MEDIA_TYPE)
    elif isinstance(error, exceptions.ValidationError):
        words = gettext("Some values are not valid.")
        answer = _problem(error.status_code, "invalid", words, faults=list_faults(error.detail))
    elif isinstance(error, exceptions.APIException):
        code = getattr(error.detail, "code", error.default_code)
        answer = _problem(error.status_code, code, str(error.detail))
        _add_headers(answer, error)
    else:
        return None
    return answer


def list_faults(detail: object, field: str = "") -> list[dict[str, str]]:
    """Flatten DRF's nested details into one fault a row; names and positions are joined by dots."""
    if isinstance(detail, Mapping):
        inner = [("" if name == "non_field_errors" else str(name), value) for name, value in detail.items()]
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        inner = [("", value) for value in detail]
    else:
        code = str(getattr(detail, "code", "invalid"))
        return [{"field": field, "code": code, "detail": str(detail)}]
    return [
        fault
        for name, value in inner
        for fault in list_faults(value, ".".join(part for part in (field, name) if part))
    ]


def problem_of(refusal: Refusal) -> tuple[int, dict[str, object]]:
    """Return the status and the body that tell a refusal, for a view that is none of DRF's."""
    return refusal.status, _body(refusal.status, refusal.code, str(refusal), **refusal.members)


def _problem(number: int, code: str, detail: str, **members: object) -> Response:
    return Response(_body(number, code, detail, **members), status=number, content_type=MEDIA_TYPE)


def _body(number: int, code: str, detail: str, **members: object) -> dict[str, object]:
    title = TITLES.get(number) or gettext_lazy("This is not possible")
    return {
        "type": "about:blank",
        "title": str(title),
        "status": number,
        "code": code,
        "detail": detail,
        **members,
    }


def _add_headers(answer: Response, error: exceptions.APIException) -> None:
    """Add what HTTP asks of a 401 and of a 429."""
    if challenge := getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = challenge
    if answer.status_code == status.HTTP_429_TOO_MANY_REQUESTS and (wait_s := getattr(error, "wait", None)):
        answer["Retry-After"] = str(int(wait_s))


@csrf_exempt
def no_such_endpoint(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - whatever was asked
    """Tell a program in its own words that there is nothing at an address under /api/."""
    words = gettext("There is nothing at this address.")
    return JsonResponse(_body(404, "not_found", words), status=404, content_type=MEDIA_TYPE)
