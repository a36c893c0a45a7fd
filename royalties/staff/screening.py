"""The operators' desk for held plays: cases of a month, one case with its evidence, a decision, answers to appeals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mediaplatform.accounts.permissions import operator_required, signed_in
from mediaplatform.kernel.periods import Month
from mediaplatform.ui.charts import Bar
from mediaplatform.ui.figures import format_number
from royalties.periods.findings import month_name
from royalties.screening import selectors, services
from royalties.screening.selectors import CaseMissing, CasePage
from royalties.screening.services import ScreeningRefused

KEEP, RELEASE = "keep", "release"


@require_safe
@operator_required
def case_list(request: HttpRequest, month: Month) -> HttpResponse:
    """A month's cases, those to decide first."""
    rows = selectors.list_cases(month=month)
    context = {"rows": rows, "undecided": selectors.count_undecided(month=month)}
    return render(request, "royalties/staff/cases.html", context | _named(month))


@require_safe
@operator_required
def case_page(request: HttpRequest, month: Month, case_id: int) -> HttpResponse:
    """One case: the rule and its numbers, the plays, their hours, what was decided, who objects."""
    return _show(request, month, _get(month, case_id))


@require_POST
@operator_required
def decide(request: HttpRequest, month: Month, case_id: int) -> HttpResponse:
    """Release a case's plays or keep them held."""
    page = _get(month, case_id)
    choice, reason = request.POST.get("choice"), request.POST.get("reason", "")
    if choice not in {KEEP, RELEASE}:
        raise Http404
    try:
        services.decide(
            case_id=case_id, keep=choice == KEEP, reason=reason, user_id=_user_id(request), now=timezone.now()
        )
    except ScreeningRefused as refused:
        return _show(request, month, page, fault=str(refused), reason=reason, status=422)
    messages.success(request, _("Kept held.") if choice == KEEP else _("Released: these plays count again."))
    return redirect("months:cases", month)


@require_POST
@operator_required
def answer(request: HttpRequest, month: Month, case_id: int, appeal_id: int) -> HttpResponse:
    """Answer what a payee wrote."""
    page = _get(month, case_id)
    if appeal_id not in {one.pk for one in page.row.case.appeals.all()}:
        raise Http404
    try:
        services.answer_appeal(
            appeal_id=appeal_id,
            text=request.POST.get("text", ""),
            user_id=_user_id(request),
            now=timezone.now(),
        )
    except ScreeningRefused as refused:
        return _show(request, month, page, fault=str(refused), status=422)
    messages.success(request, _("Your answer stands beside the appeal."))
    return redirect("months:case", month, case_id)


def _show(
    request: HttpRequest, month: Month, page: CasePage, *, status: int = 200, **more: str
) -> HttpResponse:
    bars = [Bar(f"{hour} h", plays, format_number(plays)) for hour, plays in enumerate(page.by_hour)]
    context: dict[str, Any] = {"page": page, "case": page.row.case, "bars": bars, **more}
    return render(request, "royalties/staff/case.html", context | _named(month), status=status)


def _get(month: Month, case_id: int) -> CasePage:
    try:
        page = selectors.get_case(case_id=case_id)
    except CaseMissing as missing:
        raise Http404 from missing
    if page.row.case.month != str(month):
        raise Http404
    return page


def _named(month: Month) -> dict[str, Any]:
    return {"month": month, "month_name": month_name(month)}


def _user_id(request: HttpRequest) -> int:
    user = signed_in(request)
    if user is None:
        raise Http404
    return int(user.pk)
