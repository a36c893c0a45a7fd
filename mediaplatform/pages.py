"""The pages that know everybody: the landing page and the way home."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.ingest.deliverers import list_deliverers
from mediaplatform.accounts.permissions import signed_in
from mediaplatform.demo.logins import list_demo_logins
from mediaplatform.ui import onward
from royalties.statements.selectors import is_payee_member
from subscriptions.libraries.selectors import list_memberships, list_public_libraries


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Say what this is, and lead each person to their door."""
    context = {
        "libraries": list_public_libraries(),
        "onward": onward.carry("", onward.read(request)),
        "demo_logins": list_demo_logins() if settings.DEMO else [],
    }
    return render(request, "ui/landing.html", context)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send each person to the page they came for."""
    user = signed_in(request)
    if user is not None:
        if user.is_operator:
            return redirect("operator:overview")
        memberships = list_memberships(user=user)
        if memberships:
            return redirect("staff:dashboard", slug=memberships[0].library.slug)
        if is_payee_member(user_id=user.pk):
            return redirect("portal:overview")
        if list_deliverers(user):
            return redirect("own_deliveries:list")
    if getattr(request, "audience", None) is not None:
        return redirect("catalog:discover")
    return redirect(reverse("landing"))
