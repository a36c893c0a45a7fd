"""Who may open which page of a library's console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from mediaplatform.accounts.models import User
from mediaplatform.accounts.permissions import signed_in
from subscriptions.libraries import selectors
from subscriptions.libraries.selectors import LibraryMissing, Membership

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Desk:
    """A member of staff at work: whose library, and what they may do there."""

    user: User
    membership: Membership


StaffView = Callable[Concatenate[HttpRequest, Desk, P], HttpResponseBase]
PublicView = Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]


def staff_required(role: str = "reader") -> Callable[[StaffView[P]], PublicView[P]]:
    """Give the view its desk; the staff of other libraries, and lesser roles, get the page that does not exist."""

    def decorate(view: StaffView[P]) -> PublicView[P]:
        @wraps(view)
        def wrapped(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = signed_in(request)
            if user is None:
                return redirect_to_login(request.get_full_path())
            try:
                membership = selectors.get_membership(user_id=user.pk, slug=slug)
            except LibraryMissing as error:
                raise Http404 from error
            if not membership.may(role):
                raise Http404
            return view(request, Desk(user, membership), *args, **kwargs)

        return cast("PublicView[P]", wrapped)

    return decorate
