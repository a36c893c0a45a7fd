"""Patrons, as far as they are known: since when, whether they come, whether they may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from subscriptions.patrons import erasure, selectors, services
from subscriptions.patrons.selectors import PatronMissing
from subscriptions.staff.asking import ask_at_desk
from subscriptions.staff.doors import Desk, staff_required

if TYPE_CHECKING:
    from subscriptions.models import Patron

STATES = ("active", "suspended")


@require_safe
@staff_required("manager")
def patron_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the library's patrons; a code's last letters find one."""
    state, text = request.GET.get("state", ""), request.GET.get("q", "")[:40]
    page = selectors.list_patrons(
        library_id=desk.membership.library.pk,
        state=state if state in STATES else "",
        text=text,
        page=int(request.GET["page"]) if request.GET.get("page", "").isdigit() else 1,
    )
    context = {"desk": desk, "page_obj": page, "state": state, "text": text}
    return render(request, "subscriptions/staff/patrons.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("manager")
def suspend(request: HttpRequest, desk: Desk, patron_id: int) -> HttpResponse:
    """Ask, then keep a patron out; it can be undone."""
    patron = _get_patron(desk, patron_id)
    slug = desk.membership.library.slug
    words = {
        "question": _("Suspend this patron?"),
        "consequence": _(
            "What plays stops within half a minute, and the code no longer lets in."
            " You can restore the access at any time."
        ),
        "action": _("Suspend"),
    }
    if asked := ask_at_desk(request, desk, words, back_url=reverse("staff:patrons", args=[slug])):
        return asked
    services.suspend_patron(patron_id=patron.pk, now=timezone.now())
    messages.success(request, _("The patron is suspended."))
    return redirect("staff:patrons", slug=slug)


@require_POST
@staff_required("manager")
def restore(request: HttpRequest, desk: Desk, patron_id: int) -> HttpResponse:
    """Let a suspended patron in again."""
    services.restore_patron(patron_id=_get_patron(desk, patron_id).pk)
    messages.success(request, _("The patron may come in again."))
    return redirect("staff:patrons", slug=desk.membership.library.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("manager")
def erase(request: HttpRequest, desk: Desk, patron_id: int) -> HttpResponse:
    """Ask, then erase a patron who asked for it at the desk; it can't be undone."""
    patron = _get_patron(desk, patron_id)
    slug = desk.membership.library.slug
    words = {
        "question": _("Erase this patron?"),
        "consequence": _(
            "Profiles, what was remembered, and every link to what they played are removed at once, and the code"
            " no longer lets in. It can’t be undone. No total changes: plays stay, and nobody can tell whose."
        ),
        "action": _("Erase"),
    }
    if asked := ask_at_desk(request, desk, words, back_url=reverse("staff:patrons", args=[slug])):
        return asked
    erasure.erase_patron(patron_id=patron.pk, now=timezone.now())
    messages.success(request, _("The patron is erased."))
    return redirect("staff:patrons", slug=slug)


def _get_patron(desk: Desk, patron_id: int) -> Patron:
    try:
        return selectors.get_patron(library_id=desk.membership.library.pk, patron_id=patron_id)
    except PatronMissing as error:
        raise Http404 from error
