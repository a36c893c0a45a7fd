"""Deliveries as operators and their deliverers see them: faults by row, packages as they are made."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.ingest import deliverers, fault_sheet, selectors
from catalog.ingest.selectors import DeliveryPage, PagesAsked
from catalog.packaging import services as packaging
from catalog.staff.access import deliverer_required, go, show
from catalog.staff.forms import WaiverForm
from mediaplatform.accounts.models import User


@require_safe
@deliverer_required
def list_deliveries(request: HttpRequest, user: User) -> HttpResponse:
    """List what was delivered, latest first."""
    states = selectors.count_states(user=user)
    state = request.GET.get("state", "")
    state = state if state in {one.state for one in states} else ""
    context: dict[str, object] = {
        "page_obj": selectors.list_deliveries(user=user, page=request.GET.get("page", "1"), state=state),
        "states": states,
        "state": state,
        "total": sum(one.count for one in states),
        "has_several_names": user.is_operator or len(deliverers.list_deliverers(user)) > 1,
    }
    return show(request, "deliveries.html", context)


@require_safe
@deliverer_required
def show_delivery(request: HttpRequest, user: User, delivery_id: int) -> HttpResponse:
    """Show one delivery; while packages are made, its list asks for itself again (hx-select)."""
    said = request.GET.get
    asked = PagesAsked(
        changes=said("page", "1"),
        faults=said("faults", "1"),
        warnings=said("know", "1"),
        packages=said("packages", "1"),
    )
    context = {"delivery": _get(user, delivery_id, asked=asked), "waiver_form": WaiverForm()}
    return show(request, "delivery.html", context)


@require_safe
@deliverer_required
def download_faults(request: HttpRequest, user: User, delivery_id: int) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Send every fault of a delivery as CSV, for whoever mends them."""
    try:
        found = selectors.list_said(delivery_id=delivery_id, user=user)
    except selectors.DeliveryMissing as error:
        raise Http404 from error
    answer = HttpResponse(fault_sheet.write(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="delivery-{delivery_id}-faults.csv"'
    return answer


@require_POST
@deliverer_required
def retry_package(request: HttpRequest, user: User, delivery_id: int, package_id: int) -> HttpResponse:
    """Make a failed package again."""
    _get(user, delivery_id)
    if not selectors.has_package(delivery_id=delivery_id, package_id=package_id):
        raise Http404
    if packaging.retry_package(package_id=package_id):
        messages.success(request, _("The package waits for a worker."))
    else:
        messages.info(request, _("This package has not failed."))
    return go(request, "detail", delivery_id=delivery_id)


def _get(user: User, delivery_id: int, *, asked: PagesAsked | None = None) -> DeliveryPage:
    try:
        return selectors.get_delivery(delivery_id=delivery_id, user=user, asked=asked)
    except selectors.DeliveryMissing as error:
        raise Http404 from error
