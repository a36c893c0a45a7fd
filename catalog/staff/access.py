"""Who may open a delivery's pages: operators at one address, those who deliver at another."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from catalog.ingest import deliverers
from mediaplatform.accounts.models import User
from mediaplatform.accounts.permissions import View, signed_in

P = ParamSpec("P")
OWN = "own_deliveries"  # the namespace of the addresses for those who deliver
SHELLS = {True: "catalog/staff/own.html", False: "catalog/staff/base.html"}


def is_own(request: HttpRequest) -> bool:
    """Tell whether the page was asked for at the deliverers' address."""
    return request.resolver_match is not None and request.resolver_match.namespace == OWN


def deliverer_required(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse],
) -> View[P]:
    """Hand the view its user: an operator, or at the deliverers' address whoever delivers under some name."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = signed_in(request)
        if user is None:
            return redirect_to_login(request.get_full_path())
        if not user.is_operator and not (is_own(request) and deliverers.list_deliverers(user)):
            raise Http404
        return view(request, user, *args, **kwargs)

    return cast("View[P]", wrapped)


def show(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    """Draw a page inside the shell of whoever asks."""
    shell = {"shell": SHELLS[is_own(request)], "is_own": is_own(request)}
    return render(request, f"catalog/staff/{template}", {**shell, **context}, status=status)


def go(request: HttpRequest, name: str, **kwargs: int | str) -> HttpResponse:
    """Lead to another of these pages, at the address that the person uses."""
    here = request.resolver_match.namespace if request.resolver_match else None
    return redirect(reverse(f"deliveries:{name}", kwargs=kwargs, current_app=here))
