"""Asks before an act, in the frame of a library's console."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from mediaplatform.ui.asking import ask_first
from subscriptions.staff.doors import Desk


def ask_at_desk(
    request: HttpRequest, desk: Desk, words: Mapping[str, str], *, back_url: str
) -> HttpResponse | None:
    """Return the page that asks, or None once its form was sent; see mediaplatform.ui.asking."""
    template = "subscriptions/staff/confirm.html"
    return ask_first(request, words, back_url=back_url, template=template, context={"desk": desk})
