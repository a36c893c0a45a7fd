"""The operators' months. Posting asks once more, and nothing that was posted can be edited."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mediaplatform.accounts.permissions import operator_required, signed_in
from mediaplatform.infrastructure.tasks import BrokerAway
from mediaplatform.kernel.periods import Month
from royalties.periods import attempts, selectors
from royalties.periods.attempts import AttemptUnderWay
from royalties.periods.findings import month_name
from royalties.periods.progress import read_progress
from royalties.periods.selectors import Board, MonthNotFound
from royalties.staff.checklist import list_steps

GLANCE = 4  # months on the overview


@require_safe
@operator_required
def month_list(request: HttpRequest) -> HttpResponse:
    """Every month since the first revenue."""
    rows = selectors.list_months(now=timezone.now())
    return render(request, "royalties/staff/months.html", {"rows": rows})


@require_safe
@operator_required
def glance(request: HttpRequest) -> HttpResponse:
    """The last months alone, for the overview to fetch into itself."""
    rows = selectors.list_months(now=timezone.now())[:GLANCE]
    return render(request, "royalties/staff/month_table.html", {"rows": rows})


@require_safe
@operator_required
def month_page(request: HttpRequest, month: Month) -> HttpResponse:
    """A closed month as it was posted; an open one with its checklist, preview and progress."""
    posted = selectors.find_posted(month=month)
    if posted is not None:
        response = render(request, "royalties/staff/closed.html", _closed(month))
        if request.headers.get("HX-Target") == "work":  # the page followed the close: it is another one now
            response["HX-Refresh"] = "true"
        return response
    board = _board(month)
    progress = read_progress(board.attempt, now=timezone.now()) if board.attempt else None
    context: dict[str, Any] = {"board": board, "steps": list_steps(board), "progress": progress}
    if board.preview:
        context["comparison"] = selectors.compare_runs(now=board.preview, before=board.before)
    return render(request, "royalties/staff/open.html", context | _named(month))


def _named(month: Month) -> dict[str, Any]:
    return {"month": month, "month_name": month_name(month), "before_name": month_name(month.previous)}


def _closed(month: Month) -> dict[str, Any]:
    page = selectors.get_closed(month=month)
    comparison = selectors.compare_runs(now=page.run, before=page.before)
    return {"page": page, "comparison": comparison} | _named(month)


def _board(month: Month) -> Board:
    try:
        return selectors.get_board(month=month, now=timezone.now())
    except MonthNotFound as missing:
        raise Http404 from missing


@require_POST
@operator_required
def preview(request: HttpRequest, month: Month) -> HttpResponse:
    """Have the month computed."""
    if selectors.find_posted(month=month) is not None:
        return redirect("months:month", month)
    _board(month)
    try:
        attempts.ask_preview(month=month, user_id=_user_id(request), now=timezone.now())
    except (AttemptUnderWay, BrokerAway) as refused:
        messages.error(request, _why(refused))
    return redirect("months:month", month)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def post(request: HttpRequest, month: Month) -> HttpResponse:
    """Ask once more, then have the month closed as its preview shows it."""
    if selectors.find_posted(month=month) is not None:
        return redirect("months:month", month)
    board = _board(month)
    if not board.is_ready or board.preview is None:
        messages.error(request, _("The month can't be posted yet: look at the checklist."))
        return redirect("months:month", month)
    if request.method != "POST":
        return render(request, "royalties/staff/post.html", {"board": board} | _named(month))
    digest = board.preview.manifest["sha256"]
    if request.POST.get("digest") != digest:
        messages.error(request, _("There is a newer preview: look at it first."))
        return redirect("months:month", month)
    try:
        attempts.ask_close(month=month, user_id=_user_id(request), now=timezone.now(), expected_digest=digest)
    except (AttemptUnderWay, BrokerAway) as refused:
        messages.error(request, _why(refused))
    return redirect("months:month", month)


def _why(refused: Exception) -> str:
    if isinstance(refused, BrokerAway):
        return _("No worker could be told. Nothing was changed: try again in a moment.")
    return _("This month is being computed already.")


def _user_id(request: HttpRequest) -> int:
    user = signed_in(request)
    if user is None:
        raise Http404
    return int(user.pk)
