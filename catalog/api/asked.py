"""What a request's query string asks: which page, which fields; and how the description says so."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from catalog.holdings.pages import Page, PageAsked

USUAL_LIMIT, MOST = 50, 200
LARGEST_ID = 2**63 - 1
LARGEST_CURSOR = 40


class PageIn(serializers.Serializer[dict[str, object]]):
    """Which page."""

    cursor = serializers.CharField(required=False, allow_blank=True, max_length=LARGEST_CURSOR)
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=USUAL_LIMIT)

    def validate_cursor(self, cursor: str) -> int | None:
        return read_cursor(cursor) if cursor else None


def read(request: Request, expected: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """Return the query string's values. Raises: ValidationError for wrong ones and for names that nobody expects."""
    said = {name: request.query_params.getlist(name)[-1] for name in request.query_params}
    form = expected(data=said)
    unknown = set(said) - set(form.fields) - {"fields"}
    if unknown:
        raise ValidationError({name: [_("There is no such parameter.")] for name in sorted(unknown)})
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def page_of(said: Mapping[str, Any]) -> PageAsked:
    """Return which page is asked for."""
    return PageAsked(said.get("cursor") or None, said["limit"])


def filters_of(said: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return the filters among what was said, without empty ones."""
    return {name: said[name] for name in names if said.get(name) not in {None, ""}}


def read_cursor(cursor: str) -> int:
    """Return the id after which a page begins. Raises: ValidationError."""
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii")
        number = int(text.removeprefix("id:")) if text.startswith("id:") and text[3:].isdigit() else -1
    except (binascii.Error, ValueError):
        number = -1
    if not 0 <= number <= LARGEST_ID:
        raise ValidationError(_("This cursor was not made here: begin at the first page."), code="bad_cursor")
    return number


def write_cursor(after: int | None) -> str | None:
    """Return the cursor of the page that begins after an id."""
    return None if after is None else base64.urlsafe_b64encode(f"id:{after}".encode()).decode()


def link_headers(request: Request, next_cursor: str | None) -> dict[str, str]:
    """Return the `Link` to the next page (RFC 8288), if there is one."""
    if next_cursor is None:
        return {}
    query = request.query_params.copy()
    query["cursor"] = next_cursor
    return {"Link": f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="next"'}


def pick(request: Request, out: serializers.Serializer[Any]) -> Any:
    """Return an answer's data, with nothing but the `fields` that were asked for. Raises: ValidationError."""
    wanted = [name for name in request.query_params.get("fields", "").split(",") if name]
    if not wanted:
        return out.data
    one = out.child if isinstance(out, serializers.ListSerializer) else out
    unknown = [name for name in wanted if name not in one.fields]
    if unknown:
        words = _("There are no such fields: %(names)s.") % {"names": ", ".join(unknown[:20])}
        raise ValidationError({"fields": [words]})
    for name in set(one.fields) - set(wanted):
        del one.fields[name]
    return out.data


def page(
    request: Request, item: type[serializers.Serializer[Any]], found: Page[Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a page's data and headers."""
    cursor = write_cursor(found.next_after)
    items = pick(request, item(found.rows, many=True))
    return {"items": items, "next": cursor}, link_headers(request, cursor)


def fields_parameter(out: type[serializers.Serializer[Any]]) -> OpenApiParameter:
    """Describe `?fields=`."""
    names = list(out().fields)
    return OpenApiParameter(
        "fields",
        {"type": "array", "items": {"type": "string", "enum": names}},
        explode=False,
        style="form",
        description="Only these members, with commas between. Without it: all.",
    )


def describe(
    expected: type[serializers.Serializer[Any]], out: type[serializers.Serializer[Any]]
) -> list[Any]:
    """Return what `extend_schema(parameters=)` takes for a list."""
    return [expected, fields_parameter(out), ETAG_KNOWN]


ETAG_KNOWN = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of the last answer: 304 without a body if nothing has changed.",
)
UNCHANGED = {304: OpenApiResponse(description="nothing has changed since the answer that the caller has")}
ETAG_EXPECTED = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` that you have read: 412 if it has changed since.",
)
