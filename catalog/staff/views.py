"""Deliveries as operators and their deliverers see them: faults by row, packages as they are made."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.ingest import deliverers, selectors
from catalog.ingest.selectors import DeliveryPage
from catalog.packaging import services as packaging
from catalog.staff.access import deliverer_required, go, show
from catalog.staff.forms import WaiverForm
from mediaplatform.accounts.models import User


@require_safe
@deliverer_required
def list_deliveries(request: HttpRequest, user: User) -> HttpResponse:
    """List what was delivered, latest first."""
    page = selectors.list_deliveries(user=user, page=request.GET.get("page", "1"))
    return show(
        request, "deliveries.html", {"page_obj": page, "deliverers": deliverers.list_deliverers(user)}
    )


@require_safe
@deliverer_required
def show_delivery(request: HttpRequest, user: User, delivery_id: int) -> HttpResponse:
    """Show one delivery; while packages are made, its list asks for itself again (hx-select)."""
    page = request.GET.get("page", "1")
    context = {"delivery": _get(user, delivery_id, changes_page=page), "waiver_form": WaiverForm()}
    return show(request, "delivery.html", context)


@require_POST
@deliverer_required
def retry_package(request: HttpRequest, user: User, delivery_id: int, package_id: int) -> HttpResponse:
    """Make a failed package again."""
    if package_id not in {package.id for package in _get(user, delivery_id).packages}:
        raise Http404
    if packaging.retry_package(package_id=package_id):
        messages.success(request, _("The package waits for a worker."))
    else:
        messages.info(request, _("This package has not failed."))
    return go(request, "detail", delivery_id=delivery_id)


def _get(user: User, delivery_id: int, *, changes_page: str = "1") -> DeliveryPage:
    try:
        return selectors.get_delivery(delivery_id=delivery_id, user=user, changes_page=changes_page)
    except selectors.DeliveryMissing as error:
        raise Http404 from error
