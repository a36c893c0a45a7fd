"""Asks before an act that hurts: the same address shows the question and, once its form is sent, acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

METHODS = ["GET", "HEAD", "POST"]


def ask_first(
    request: HttpRequest,
    words: Mapping[str, str],
    *,
    back_url: str,
    template: str = "ui/confirm.html",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse | None:
    """Return the page that asks; None once its form was sent: then the act may go on.

    `words`: `question`, `consequence` and `action` (what the button says). `context`: what else the template
    needs. `template` extends the asking package's own frame around `ui/confirm_form.html`.
    """
    if request.method == "POST":
        return None
    asked = {name: words[name] for name in ("question", "consequence", "action")}
    return render(request, template, {**(context or {}), **asked, "back_url": back_url})
