"""What a payee reads of plays that are held: the rule and the reason, no number; and what they say to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mediaplatform.accounts.permissions import login_required_page
from royalties.portal.doors import enter
from royalties.screening import selectors, services
from royalties.screening.services import ScreeningRefused


@require_safe
@login_required_page
def review_list(request: HttpRequest, payee_id: int) -> HttpResponse:
    """The cases that concern a payee's works."""
    room = enter(request, payee_id)
    context = room.context | {"reviews": selectors.list_reviews(payee_id=room.payee.id)}
    return render(request, "royalties/portal/reviews.html", context)


@require_POST
@login_required_page
def appeal(request: HttpRequest, payee_id: int, case_id: int) -> HttpResponse:
    """Say something to a case, once."""
    room = enter(request, payee_id)
    if case_id not in {row.id for row in selectors.list_reviews(payee_id=room.payee.id)}:
        raise Http404
    try:
        services.appeal(
            case_id=case_id,
            payee_id=room.payee.id,
            user_id=room.user_id,
            text=request.POST.get("text", "")[:4000],
            now=timezone.now(),
        )
    except ScreeningRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("We have it. The answer will stand here."))
    return redirect("portal:reviews", room.payee.id)
