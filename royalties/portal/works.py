"""A payee's works: who holds what, what waits for an answer, and another split."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.splits import selectors as splits
from catalog.splits.selectors import SharedWork
from catalog.splits.services import SheetMissing, SplitRefused, months_offered, withdraw
from mediaplatform.accounts.permissions import login_required_page
from mediaplatform.ui.asking import ask_first
from royalties.portal import forms
from royalties.portal.doors import Room, enter
from royalties.splits import services


@require_safe
@login_required_page
def work_list(request: HttpRequest, payee_id: int) -> HttpResponse:
    """The payee's works with its shares; those that wait for an answer first."""
    room = enter(request, payee_id)
    works = splits.list_own_works(payee_id=payee_id, on=timezone.localdate())
    context = room.context | {"works": sorted(works, key=lambda work: not work.asks_me)}
    return render(request, "royalties/portal/works.html", context)


@require_safe
@login_required_page
def work(request: HttpRequest, payee_id: int, release_id: int) -> HttpResponse:
    """Who holds what of a work, and its split sheets."""
    room, shared = _enter_work(request, payee_id, release_id)
    return render(request, "royalties/portal/work.html", room.context | {"work": shared})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_page
def propose(request: HttpRequest, payee_id: int, release_id: int) -> HttpResponse:
    """Write another split and put it to the others."""
    room, shared = _enter_work(request, payee_id, release_id)
    if not shared.pieces:
        raise Http404
    months = months_offered(now=timezone.now())
    form = forms.begin(shared, months)
    if request.method == "POST":
        form, proposal = forms.read(request.POST, work=shared, payee_id=payee_id, months=months)
        try:
            if proposal is not None:
                outcome = services.propose(proposal, now=timezone.now())
                asked = len(outcome.asked)
                messages.success(
                    request,
                    _("Sent: the others were asked by e-mail.")
                    if asked
                    else _("Done: nobody else had to agree."),
                )
                return redirect("portal:work", payee_id, release_id)
        except SplitRefused as refusal:
            form = replace(form, faults=refusal.faults)
    context = room.context | {
        "work": shared,
        "form": form,
        "partners": splits.list_partners(payee_id=payee_id),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "royalties/portal/propose.html", context, status=status)


@require_POST
@login_required_page
def answer(request: HttpRequest, payee_id: int, sheet_id: int) -> HttpResponse:
    """Accept or decline a split."""
    enter(request, payee_id)
    accepts = request.POST.get("answer") == "accept"
    reason = request.POST.get("reason", "")[:2_000].strip()
    try:
        outcome = services.answer(
            sheet_id=sheet_id, payee_id=payee_id, accepts=accepts, reason=reason, now=timezone.now()
        )
    except SheetMissing as missing:
        raise Http404 from missing
    except SplitRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:works", payee_id)
    messages.success(request, _("Your answer is kept."))
    return redirect("portal:work", payee_id, outcome.release_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_page
def take_back(request: HttpRequest, payee_id: int, release_id: int, sheet_id: int) -> HttpResponse:
    """Ask, then withdraw a split that one proposed."""
    room, shared = _enter_work(request, payee_id, release_id)
    words = {
        "question": _("Withdraw this split?"),
        "consequence": _("The shares stay as they are, and nobody is asked any more."),
        "action": _("Withdraw"),
    }
    back_url = reverse("portal:work", args=[payee_id, release_id])
    template = "royalties/portal/confirm.html"
    if asked := ask_first(request, words, back_url=back_url, template=template, context=room.context):
        return asked
    try:
        withdraw(sheet_id=sheet_id, payee_id=payee_id, now=timezone.now())
    except SheetMissing as missing:
        raise Http404 from missing
    except SplitRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect("portal:work", payee_id, shared.release_id)


def _enter_work(request: HttpRequest, payee_id: int, release_id: int) -> tuple[Room, SharedWork]:
    room = enter(request, payee_id)
    try:
        return room, splits.get_shared_work(payee_id=payee_id, release_id=release_id, on=timezone.localdate())
    except SheetMissing as missing:
        raise Http404 from missing
