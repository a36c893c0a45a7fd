"""A library's dashboard, what it bought, and how it looks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mediaplatform.kernel.periods import Month
from subscriptions.billing import selectors as billing
from subscriptions.libraries import services as libraries
from subscriptions.staff.dashboard import make_dashboard
from subscriptions.staff.doors import Desk, staff_required
from subscriptions.staff.forms import LookForm


@require_safe
@staff_required()
def dashboard(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Answer: is it used, by how many, what for; `?month=` shows an earlier one."""
    now = timezone.now()
    month = _read_month(request.GET.get("month", ""), Month.of(now))
    board = make_dashboard(library=desk.membership.library, month=month, on=timezone.localdate(now))
    return render(request, "subscriptions/staff/dashboard.html", {"desk": desk, "board": board})


@require_safe
@staff_required()
def subscription(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what the library bought, for which days and at what price."""
    today = timezone.localdate()
    context = {
        "desk": desk,
        "running": billing.find_running(library_id=desk.membership.library.pk, on=today),
        "subscriptions": billing.list_subscriptions(library_id=desk.membership.library.pk),
        "today": today,
    }
    return render(request, "subscriptions/staff/subscription.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("admin")
def settings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Change the colour, the welcome and the contact."""
    library = desk.membership.library
    form = LookForm(request.POST or None, initial=libraries.look_of(library))
    if request.method == "POST" and form.is_valid():
        libraries.update_library(library=library, **form.cleaned_data)
        messages.success(request, _("Saved. Patrons see it within five minutes."))
        return redirect("staff:settings", slug=library.slug)
    status = 422 if form.is_bound else 200
    return render(request, "subscriptions/staff/settings.html", {"desk": desk, "form": form}, status=status)


def _read_month(text: str, latest: Month) -> Month:
    try:
        month = Month.parse(text)
    except ValueError:
        return latest
    return min(month, latest)
