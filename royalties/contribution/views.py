"""The page on which a library's staff read what its money did."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from royalties.contribution.page import as_csv, lay_out
from royalties.periods.contribution import list_contributions
from subscriptions.staff.doors import Desk, staff_required


@require_safe
@staff_required()
def contribution(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show a closed month, by default the last one."""
    contributions = list_contributions(library_id=desk.membership.library.pk)
    months = [each.month for each in contributions]
    asked = request.GET.get("month") or (str(months[0]) if months else "")
    now = next((each for each in contributions if str(each.month) == asked), None)
    if now is None and asked:
        raise Http404
    context: dict[str, object] = {"desk": desk}
    if now is not None:
        context |= {
            "month": lay_out(contributions, now),
            "previous": now.month.previous if now.month.previous in months else None,
            "following": now.month.following if now.month.following in months else None,
        }
    return render(request, "royalties/contribution/page.html", context)


@require_safe
@staff_required()
def glance(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show a month's first figures, for the dashboard to fetch into itself."""
    library = desk.membership.library
    contributions = list_contributions(library_id=library.pk)
    now = next((each for each in contributions if str(each.month) == request.GET.get("month")), None)
    context = {"library": library, "month": lay_out(contributions, now) if now else None}
    return render(request, "royalties/contribution/glance.html", context)


@require_safe
@staff_required()
def export(_request: HttpRequest, desk: Desk) -> HttpResponse:
    """Give every closed month as a file for a spreadsheet."""
    library = desk.membership.library
    body = as_csv(list_contributions(library_id=library.pk))
    headers = {"Content-Disposition": f'attachment; filename="contribution-{library.slug}.csv"'}
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers=headers)
