"""Who a patron page is for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from catalog.works.audience import Audience
from mediaplatform.ui import onward

P = ParamSpec("P")
PatronView = Callable[Concatenate[HttpRequest, Audience, P], HttpResponse]
PublicView = Callable[Concatenate[HttpRequest, P], HttpResponse]


def find_audience(request: HttpRequest) -> Audience | None:
    """Return who is looking, as the patron middleware knows it."""
    return cast("Audience | None", getattr(request, "audience", None))


def for_patrons(view: PatronView[P]) -> PublicView[P]:
    """Give the view its audience; send everybody else to choose a library, and then here."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        audience = find_audience(request)
        if audience is None:
            messages.info(request, gettext("Choose your library first; its code lets you in."))
            is_page = not request.headers.get("HX-Request") and not request.path.endswith("/suggest")
            return redirect(onward.carry(reverse("landing"), request.get_full_path() if is_page else ""))
        return view(request, audience, *args, **kwargs)

    return cast("PublicView[P]", require_safe(wrapped))
