"""Who may open a page: deny by default, and never confirm that a page exists to those who may not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from mediaplatform.accounts.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in(request: HttpRequest) -> User | None:
    """Return the signed-in user, or None."""
    return request.user if isinstance(request.user, User) and request.user.is_active else None


def login_required_page(view: View[P]) -> View[P]:
    """Send anonymous visitors to the login page and bring them back."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if signed_in(request) is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return cast("View[P]", wrapped)


def operator_required(view: View[P]) -> View[P]:
    """Let operators in; others get the page that does not exist."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = signed_in(request)
        if user is None:
            return redirect_to_login(request.get_full_path())
        if not user.is_operator:
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View[P]", wrapped)
