"""Errors of the API as problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mediaplatform.infrastructure.problems import Refusal


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


class TooManySeats(Refusal):
    code = "no_seat"
    status = 409
    message = gettext_lazy("All seats are taken.")


class LineIn(serializers.Serializer[Any]):
    amount = serializers.IntegerField(min_value=1)


class OrderIn(serializers.Serializer[Any]):
    library = serializers.CharField()
    lines = LineIn(many=True)


def answer_to(error: Exception) -> tuple[int, dict[str, Any], Any]:
    """Return status, body and answer of a view that raises the error."""

    class Failing(APIView):
        permission_classes = ()
        authentication_classes = ()

        def get(self, _: Request) -> Response:
            raise error

    answer = Failing.as_view()(RequestFactory().get("/"))
    answer.render()
    return answer.status_code, json.loads(answer.content), answer


def test_a_refusal_has_its_code_status_and_words() -> None:
    status, body, answer = answer_to(TooManySeats(seats=3))
    assert status == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert body == {
        "type": "about:blank",
        "title": "Not in this state",
        "status": 409,
        "code": "no_seat",
        "detail": "All seats are taken.",
        "seats": 3,
    }


def test_a_refusal_may_say_more_precisely_why() -> None:
    error = TooManySeats("The 3 seats of Rennes are taken.")
    assert str(error) == "The 3 seats of Rennes are taken."
    assert answer_to(error)[1]["detail"] == "The 3 seats of Rennes are taken."


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "permission_denied"),
        (exceptions.NotAuthenticated(), 403, "not_authenticated"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.ParseError(), 400, "parse_error"),
    ],
)
def test_errors_of_the_frameworks_have_the_same_form(error: Exception, status: int, code: str) -> None:
    number, body, _ = answer_to(error)
    assert (number, body["status"], body["code"]) == (status, status, code)
    assert body["title"]


def test_a_throttled_caller_learns_when_to_come_back() -> None:
    status, _, answer = answer_to(exceptions.Throttled(wait=7))
    assert (status, answer["Retry-After"]) == (429, "7")


def test_faults_are_listed_by_field() -> None:
    order = OrderIn(data={"lines": [{"amount": 2}, {"amount": 0}, {}]})
    assert not order.is_valid()
    status, body, _ = answer_to(exceptions.ValidationError(order.errors))
    assert (status, body["code"]) == (400, "invalid")
    assert [(fault["field"], fault["code"]) for fault in body["faults"]] == [
        ("library", "required"),
        ("lines.1.amount", "min_value"),
        ("lines.2.amount", "required"),
    ]


def test_a_fault_of_the_whole_has_no_field() -> None:
    _, body, _ = answer_to(exceptions.ValidationError({"non_field_errors": ["The dates overlap."]}))
    assert body["faults"] == [{"field": "", "code": "invalid", "detail": "The dates overlap."}]


def test_our_own_faults_are_not_dressed_up() -> None:
    with pytest.raises(ZeroDivisionError):
        answer_to(ZeroDivisionError("ours"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v1/releases/x", "/api/v9/%0A"])
def test_an_address_without_an_endpoint_answers_in_the_apis_words(client: Client, path: str) -> None:
    for answer in (client.get(path), client.post(path)):
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert answer.json()["code"] == "not_found"
