"""Who may deliver under which name, for operators."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catalog.ingest import deliverers
from catalog.staff.forms import DelivererForm, MemberForm
from mediaplatform.accounts.permissions import operator_required


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def list_deliverers(request: HttpRequest) -> HttpResponse:
    """List the deliverers with their members, and open a new name."""
    form = DelivererForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = deliverers.create_deliverer(name=form.cleaned_data["name"])
        except deliverers.NameTaken as taken:
            form.add_error("name", str(taken))
        else:
            messages.success(request, _("%(name)s may deliver: invite somebody.") % {"name": made.name})
            return redirect("deliverers:invite", deliverer_id=made.pk)
    context = {"form": form, "deliverers": deliverers.list_lines()}
    return render(request, "catalog/staff/deliverers.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def invite(request: HttpRequest, deliverer_id: int) -> HttpResponse:
    """Show who delivers under a name, and invite another person."""
    line = next((one for one in deliverers.list_lines() if one.id == deliverer_id), None)
    if line is None:
        raise Http404
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        deliverers.invite_member(deliverer_id=deliverer_id, **form.cleaned_data)
        messages.success(request, _("%(email)s is invited.") % {"email": form.cleaned_data["email"]})
        return redirect("deliverers:invite", deliverer_id=deliverer_id)
    context = {"form": form, "deliverer": line}
    return render(request, "catalog/staff/deliverer.html", context, status=422 if form.is_bound else 200)


@require_POST
@operator_required
def remove(request: HttpRequest, deliverer_id: int, user_id: int) -> HttpResponse:
    """Take a person off; their account stays."""
    try:
        deliverers.remove_member(deliverer_id=deliverer_id, user_id=user_id)
    except deliverers.DelivererMissing as missing:
        raise Http404 from missing
    messages.success(request, _("They can't deliver under this name any more."))
    return redirect("deliverers:invite", deliverer_id=deliverer_id)
