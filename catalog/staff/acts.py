"""What people decide about a delivery: take over, throw away, publish, roll back, let out without whole shares."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catalog.ingest import rollback, selectors, services
from catalog.ingest.rollback import RollbackRefused
from catalog.ingest.selectors import DeliveryPage
from catalog.staff.access import deliverer_required, go
from catalog.staff.forms import WaiverForm
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure.db import LockTaken
from mediaplatform.ui.asking import METHODS, ask_first


@require_POST
@deliverer_required
def confirm(request: HttpRequest, user: User, delivery_id: int) -> HttpResponse:
    """Take a previewed delivery over; a worker writes it."""
    _get(user, delivery_id)
    is_held = request.POST.get("publish") == "later"
    if services.confirm_delivery(delivery_id=delivery_id, user=user, is_held=is_held):
        messages.success(request, _("The delivery is being taken over."))
    else:
        messages.info(request, _("This delivery does not wait for a word any more."))
    return go(request, "detail", delivery_id=delivery_id)


@require_http_methods(METHODS)
@deliverer_required
def discard(request: HttpRequest, user: User, delivery_id: int) -> HttpResponse:
    """Throw away what was sent, after asking."""
    _get(user, delivery_id)
    words = {
        "question": _("Throw this delivery away?"),
        "consequence": _("Nothing of it was taken over. The files that were sent are removed."),
        "action": _("Throw away"),
    }
    if asked := _ask(request, delivery_id, words):
        return asked
    if services.discard_delivery(delivery_id=delivery_id):
        messages.success(request, _("The delivery was thrown away."))
    return go(request, "detail", delivery_id=delivery_id)


@require_http_methods(METHODS)
@deliverer_required
def publish(request: HttpRequest, user: User, delivery_id: int) -> HttpResponse:
    """Publish what was kept back, after asking."""
    _get(user, delivery_id)
    words = {
        "question": _("Publish this delivery?"),
        "consequence": _(
            "What is ready comes out at once, the rest as soon as it is. It can't be rolled back after that."
        ),
        "action": _("Publish"),
    }
    if asked := _ask(request, delivery_id, words):
        return asked
    if services.publish_delivery(delivery_id=delivery_id):
        messages.success(request, _("What is ready came out."))
    return go(request, "detail", delivery_id=delivery_id)


@require_http_methods(METHODS)
@deliverer_required
def roll_back(request: HttpRequest, user: User, delivery_id: int) -> HttpResponse:
    """Take a delivery back, after asking."""
    _get(user, delivery_id)
    words = {
        "question": _("Roll this delivery back?"),
        "consequence": _("The catalogue is again as it was before. The packages made of it are removed."),
        "action": _("Roll back"),
    }
    if asked := _ask(request, delivery_id, words):
        return asked
    try:
        rollback.roll_back(delivery_id=delivery_id)
    except RollbackRefused as refused:
        messages.error(request, str(refused))
    except LockTaken:
        messages.error(request, _("Another delivery of this deliverer is being taken over: try again soon."))
    else:
        messages.success(request, _("The catalogue is as it was before."))
    return go(request, "detail", delivery_id=delivery_id)


@require_POST
@deliverer_required
def allow_shares(request: HttpRequest, user: User, delivery_id: int) -> HttpResponse:
    """Let works out although their shares are not whole: an operator's word, with its reason."""
    if not user.is_operator:
        raise Http404
    _get(user, delivery_id)
    form = WaiverForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the reason: it is kept and shown."))
        return go(request, "detail", delivery_id=delivery_id)
    services.allow_shares(delivery_id=delivery_id, reason=form.cleaned_data["reason"], user=user)
    messages.success(request, _("They come out. The month's close waits until the shares are whole."))
    return go(request, "detail", delivery_id=delivery_id)


def _get(user: User, delivery_id: int) -> DeliveryPage:
    try:
        return selectors.get_delivery(delivery_id=delivery_id, user=user)
    except selectors.DeliveryMissing as error:
        raise Http404 from error


def _ask(request: HttpRequest, delivery_id: int, words: Mapping[str, str]) -> HttpResponse | None:
    here = request.resolver_match.namespace if request.resolver_match else None
    return ask_first(
        request, words, back_url=reverse("deliveries:detail", args=[delivery_id], current_app=here)
    )
