"""Libraries from their creation on: what they bought, who runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.territories import selectors as territories
from mediaplatform.accounts.permissions import operator_required
from subscriptions.billing import selectors as billing_selectors
from subscriptions.billing import services as billing
from subscriptions.billing.services import SubscriptionRefused
from subscriptions.libraries import selectors, services
from subscriptions.libraries.selectors import LibraryMissing
from subscriptions.libraries.services import LibraryRefused
from subscriptions.operator.forms import (
    AdministratorForm,
    LibraryForm,
    OfferForm,
    SubscriptionForm,
    year_from,
)

if TYPE_CHECKING:
    from subscriptions.models import Library

ENDING_DAYS = 90
GET_AND_POST = ["GET", "HEAD", "POST"]


@require_safe
@operator_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show the libraries at a glance, and what ends soon."""
    today = timezone.localdate()
    libraries = selectors.list_libraries(on=today)
    context = {
        "libraries": libraries,
        "running": sum(1 for one in libraries if one.paid_until),
        "inhabitants": sum(one.population for one in libraries if one.paid_until),
        "patrons": sum(one.patrons_count for one in libraries),
        "ending": billing_selectors.list_ending(on=today, within_days=ENDING_DAYS),
    }
    return render(request, "subscriptions/operator/overview.html", context)


@require_safe
@operator_required
def library_list(request: HttpRequest) -> HttpResponse:
    """List every library with its subscription."""
    context = {"libraries": selectors.list_libraries(on=timezone.localdate())}
    return render(request, "subscriptions/operator/libraries.html", context)


@require_http_methods(GET_AND_POST)
@operator_required
def new_library(request: HttpRequest) -> HttpResponse:
    """Create a library of a real commune."""
    form = LibraryForm(request.POST or None, initial={"commune_code": request.GET.get("commune", "")[:5]})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_library(**form.cleaned_data)
        except LibraryRefused as refusal:
            for field, fault in refusal.faults.items():
                form.add_error(field, fault)
        else:
            messages.success(
                request,
                _("%(library)s is there. Sell it a subscription and invite its staff.") % {"library": made},
            )
            return redirect("operator:library", slug=made.slug)
    context = {"form": form, "communes": [], "text": ""}
    return render(
        request, "subscriptions/operator/new_library.html", context, status=422 if form.is_bound else 200
    )


@require_safe
@operator_required
def communes(request: HttpRequest) -> HttpResponse:
    """List communes as one types, each to be taken into the form."""
    text = request.GET.get("commune_name", "")[:60]
    context = {"communes": territories.search_communes(text=text, limit=8), "text": text}
    return render(request, "subscriptions/operator/communes.html", context)


@require_safe
@operator_required
def library(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a library: its territories, subscriptions and staff."""
    return _show(request, _get_library(slug))


@require_POST
@operator_required
def subscribe(request: HttpRequest, slug: str) -> HttpResponse:
    """Sell a subscription; `act=price` only says what it would cost."""
    found = _get_library(slug)
    form = SubscriptionForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if request.POST.get("act") == "price":
            price = billing.price_of(library=found, offer=said["offer"])
            return _show(request, found, subscription_form=form, price_micros=price)
        try:
            billing.subscribe(library=found, **said)
        except SubscriptionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(library)s is subscribed.") % {"library": found})
            return redirect("operator:library", slug=slug)
    return _show(request, found, subscription_form=form, status=422)


@require_POST
@operator_required
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite a member of a library's staff."""
    found = _get_library(slug)
    form = AdministratorForm(request.POST)
    if not form.is_valid():
        return _show(request, found, invitation_form=form, status=422)
    services.invite_staff(library=found, **form.cleaned_data)
    messages.success(request, _("%(email)s is invited.") % {"email": form.cleaned_data["email"]})
    return redirect("operator:library", slug=slug)


@require_http_methods(GET_AND_POST)
@operator_required
def offers(request: HttpRequest) -> HttpResponse:
    """List the offers, and put a new one on sale."""
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if billing_selectors.has_offer(name=form.cleaned_data["name"]):
            form.add_error(
                "name",
                _("There is an offer of that name already: offers are never changed, choose another name."),
            )
        else:
            billing.create_offer(**form.in_micros())  # type: ignore[arg-type]  # the form's own types
            messages.success(request, _("The offer is on sale."))
            return redirect("operator:offers")
    context = {"form": form, "offers": billing_selectors.list_offers()}
    return render(
        request, "subscriptions/operator/offers.html", context, status=422 if form.is_bound else 200
    )


def _show(request: HttpRequest, found: Library, *, status: int = 200, **forms: object) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "library": found,
        "page_of": selectors.get_page(slug=found.slug),
        "subscriptions": billing_selectors.list_subscriptions(library_id=found.pk),
        "staff": selectors.list_staff(library_id=found.pk),
        "subscription_form": SubscriptionForm(initial=year_from(today)),
        "invitation_form": AdministratorForm(),
        "has_offers": billing_selectors.offers_on_sale().exists(),
        **forms,
    }
    return render(request, "subscriptions/operator/library.html", context, status=status)


def _get_library(slug: str) -> Library:
    try:
        return selectors.get_library(slug=slug)
    except LibraryMissing as error:
        raise Http404 from error
