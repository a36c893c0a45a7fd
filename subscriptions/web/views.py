"""A library's public page, its door, its colour."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.works import selectors as works
from catalog.works.audience import Audience
from mediaplatform.ui import onward
from subscriptions.libraries import selectors as libraries
from subscriptions.libraries.selectors import LibraryMissing, LibraryPage
from subscriptions.patrons import middleware, selectors, services
from subscriptions.patrons.attempts import TooManyAttempts
from subscriptions.patrons.services import CodeRefused
from subscriptions.web.forms import CodeForm

COVERS = 6
LOOK_LASTS_S = 300


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a library gives, to somebody who is not in yet."""
    return _show(request, _get_page(slug), CodeForm())


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a visitor in with an access code; a printed sheet's QR code fills it in by `?code=`."""
    library = _get_page(slug)
    if request.method != "POST":
        form = CodeForm(initial={"code": request.GET.get("code", "")[:40]})
        context = {"library": library, "form": form, "next": onward.read(request)}
        return render(request, "subscriptions/web/enter.html", context)
    form, child = CodeForm(request.POST), middleware.find_child(request.session)
    if form.is_valid():
        try:
            patron = services.redeem_code(
                library=libraries.get_library(slug=slug),
                code=form.cleaned_data["code"],
                now=timezone.now(),
                address=request.META.get("REMOTE_ADDR", ""),
                only=child[0] if child else None,
            )
        except (CodeRefused, TooManyAttempts) as refusal:
            form.add_error("code", str(refusal))
        else:
            profile = selectors.get_adult_profile(patron_id=patron.pk)
            if child:  # the code alone does not lead out of a child's profile
                middleware.sign_in(request.session, patron_id=patron.pk, profile_id=child[1])
                return redirect("library:profile_enter", profile_id=profile.pk)
            middleware.sign_in(request.session, patron_id=patron.pk, profile_id=profile.pk)
            return redirect(onward.read(request) or "catalog:discover")
    context = {"library": library, "form": form, "next": onward.read(request)}
    return render(request, "subscriptions/web/enter.html", context, status=422)


@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget the patron in this browser: games' saves and places in books and films too."""
    middleware.sign_out(request.session)
    messages.success(request, _("You have left. Nothing of your visit stays in this browser."))
    left = redirect("library:page", slug=_get_page(slug).slug)
    left["Clear-Site-Data"] = '"storage"'
    return left


@require_safe
@cache_control(max_age=LOOK_LASTS_S, public=True)
def look(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Send a library's colour as a stylesheet; what is legible on paper is derived from it by the tokens."""
    return HttpResponse(f":root{{--accent:{_get_page(slug).accent}}}", content_type="text/css")


def _show(request: HttpRequest, library: LibraryPage, form: CodeForm) -> HttpResponse:
    visitor = selectors.make_visitor(library_id=library.id, on=timezone.localdate())
    audience = cast("Audience | None", getattr(request, "audience", None))
    context = {
        "library": library,
        "form": form,
        "next": onward.read(request),
        "cards": works.list_from_here(audience=visitor, limit=COVERS, is_public=True) if visitor else [],
        "is_in": audience is not None and audience.library_id == library.id,
    }
    return render(request, "subscriptions/web/library.html", context)


def _get_page(slug: str) -> LibraryPage:
    try:
        return libraries.get_page(slug=slug)
    except LibraryMissing as error:
        raise Http404 from error
