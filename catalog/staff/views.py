"""Deliveries as operators see them: faults by row, packages as they are made."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.ingest import selectors
from catalog.packaging import services as packaging
from mediaplatform.accounts.permissions import operator_required


@require_safe
@operator_required
def list_deliveries(request: HttpRequest) -> HttpResponse:
    """List what was delivered, latest first."""
    page = selectors.list_deliveries(page=request.GET.get("page", "1"))
    return render(request, "catalog/staff/deliveries.html", {"page_obj": page})


@require_safe
@operator_required
def show_delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Show one delivery; while packages are made, its list asks for itself again (hx-select)."""
    try:
        delivery = selectors.get_delivery(delivery_id=delivery_id)
    except selectors.DeliveryMissing as error:
        raise Http404 from error
    return render(request, "catalog/staff/delivery.html", {"delivery": delivery})


@require_POST
@operator_required
def retry_package(request: HttpRequest, delivery_id: int, package_id: int) -> HttpResponse:
    """Make a failed package again."""
    if packaging.retry_package(package_id=package_id):
        messages.success(request, _("The package waits for a worker."))
    else:
        messages.info(request, _("This package has not failed."))
    return redirect("deliveries:detail", delivery_id=delivery_id)
