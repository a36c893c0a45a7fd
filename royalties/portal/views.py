"""The portal's pages. Whoever may not read something gets the page that does not exist."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mediaplatform.accounts.permissions import login_required_page
from royalties.portal.doors import enter
from royalties.portal.months import chart_months
from royalties.statements import exports, pdf, selectors
from royalties.statements.pages import StatementPage, lay_out
from royalties.statements.selectors import Account, StatementNotFound

FILES = {
    "pdf": ("application/pdf", pdf.find_or_print),
    "csv": ("text/csv; charset=utf-8", exports.as_csv),
    "json": ("application/json", exports.as_json),
}


def _account(request: HttpRequest, payee_id: int | None) -> tuple[Account, dict[str, Any]]:
    """Return the account asked for, by default the first payee's, and what every page of it shows."""
    room = enter(request, payee_id)
    account = selectors.get_account(user_id=room.user_id, payee_id=room.payee.id, today=timezone.localdate())
    return account, room.context | {"account": account}


def _page(request: HttpRequest, number: str) -> StatementPage:
    try:
        head, lines = selectors.get_statement(user_id=enter(request).user_id, number=number)
    except StatementNotFound as missing:
        raise Http404 from missing
    return lay_out(head, lines)


@require_safe
@login_required_page
def overview(request: HttpRequest, payee_id: int | None = None) -> HttpResponse:
    """Balance, last statement, next payment; the months; where the last month came from."""
    account, context = _account(request, payee_id)
    last = account.statements[0] if account.statements else None
    context |= {
        "chart": chart_months(account.by_month),
        "last": last,
        "page_of_last": _page(request, last.number) if last else None,
    }
    return render(request, "royalties/portal/overview.html", context)


@require_safe
@login_required_page
def statement_list(request: HttpRequest, payee_id: int) -> HttpResponse:
    """All statements of a payee."""
    _account_of, context = _account(request, payee_id)
    return render(request, "royalties/portal/statements.html", context)


@require_safe
@login_required_page
def statement(request: HttpRequest, number: str) -> HttpResponse:
    """One statement, down to each line's formula."""
    shown = _page(request, number)
    context = enter(request, shown.head.payee.id).context | {"statement": shown}
    return render(request, "royalties/portal/statement.html", context)


@require_safe
@login_required_page
def download(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """A statement as a file."""
    if kind not in FILES:
        raise Http404
    content_type, write = FILES[kind]
    response = HttpResponse(write(_page(request, number)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{number}.{kind}"'
    return response
