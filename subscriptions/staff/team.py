"""Who works in the console."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from subscriptions.libraries import selectors, services
from subscriptions.libraries.services import MemberMissing, StaffRefused
from subscriptions.staff.asking import ask_at_desk
from subscriptions.staff.doors import Desk, staff_required
from subscriptions.staff.forms import InvitationForm, RoleForm


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("admin")
def team(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the team, and invite a colleague."""
    library = desk.membership.library
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.invite_staff(library=library, **form.cleaned_data)
        messages.success(request, _("%(email)s is on the team.") % {"email": form.cleaned_data["email"]})
        return redirect("staff:team", slug=library.slug)
    context = {
        "desk": desk,
        "form": form,
        "staff": selectors.list_staff(library_id=library.pk),
        "roles": selectors.ROLES,
    }
    return render(request, "subscriptions/staff/team.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff_required("admin")
def change_role(request: HttpRequest, desk: Desk, membership_id: int) -> HttpResponse:
    """Give a colleague another role."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Http404
    library = desk.membership.library
    try:
        member = services.change_role(
            library=library, membership_id=membership_id, role=form.cleaned_data["role"]
        )
    except MemberMissing as error:
        raise Http404 from error
    except StaffRefused as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("%(user)s: %(role)s.") % {"user": member.user, "role": member.get_role_display()}
        messages.success(request, words)
    return redirect("staff:team", slug=library.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("admin")
def remove(request: HttpRequest, desk: Desk, membership_id: int) -> HttpResponse:
    """Ask, then take a colleague off the team."""
    library = desk.membership.library
    words = {
        "question": _("Take this person off the team?"),
        "consequence": _(
            "They no longer see this console. Their account stays, and you can invite them again."
        ),
        "action": _("Take off the team"),
    }
    if asked := ask_at_desk(request, desk, words, back_url=reverse("staff:team", args=[library.slug])):
        return asked
    try:
        services.remove_staff(library=library, membership_id=membership_id)
    except MemberMissing as error:
        raise Http404 from error
    except StaffRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The person is off the team."))
    return redirect("staff:team", slug=library.slug)
