"""Playbacks that were held back, for an operator to look at."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.streaming import flags
from mediaplatform.accounts.permissions import operator_required, signed_in
from subscriptions.libraries import selectors as libraries


@require_safe
@operator_required
def list_playbacks(request: HttpRequest) -> HttpResponse:
    """List what nobody has looked at, latest first; with `all`, everything that is kept."""
    with_reviewed = "all" in request.GET
    page = flags.list_flags(page=request.GET.get("page", "1"), with_reviewed=with_reviewed)
    names = libraries.name_libraries(library_ids=[row.flag.library_id for row in page])
    rows = [
        {"flag": row.flag, "resource": row.resource, "library": names.get(row.flag.library_id, "")}
        for row in page
    ]
    context = {"page_obj": page, "rows": rows, "with_reviewed": with_reviewed}
    return render(request, "subscriptions/operator/playbacks.html", context)


@require_POST
@operator_required
def review(request: HttpRequest, flag_id: int) -> HttpResponse:
    """Mark a playback as looked at."""
    user = signed_in(request)
    if user and flags.review_flag(flag_id=flag_id, user_id=user.pk, now=timezone.now()):
        messages.success(request, _("Looked at. It comes back if it happens again."))
    return redirect("playbacks:list")
