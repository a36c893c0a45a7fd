"""Who is listening? Profiles of a household: chosen, made and removed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.works.audience import Audience
from subscriptions.patrons import middleware, profiles, selectors
from subscriptions.patrons.profiles import ProfileMissing, ProfileRefused
from subscriptions.web.forms import PinForm, YouthForm

P = ParamSpec("P")
PatronView = Callable[Concatenate[HttpRequest, Audience, P], HttpResponse]
PublicView = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_patrons(view: PatronView[P]) -> PublicView[P]:
    """Give the view its audience; send everybody else to choose a library. Nothing is kept in the browser."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        audience = cast("Audience | None", getattr(request, "audience", None))
        if audience is None:
            messages.info(request, _("Choose your library first; its code lets you in."))
            return redirect("landing")
        return view(request, audience, *args, **kwargs)

    return cast("PublicView[P]", wrapped)


@require_safe
@for_patrons
def choose(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Show the profiles; a child sees whose it may become, and which need the PIN."""
    lines = [
        {
            "profile": profile,
            "is_present": profile.pk == audience.profile_id,
            "needs_pin": profiles.needs_pin(now_max_age=audience.max_age, wanted_max_age=profile.max_age),
        }
        for profile in selectors.list_profiles(patron_id=audience.patron_id)
    ]
    context = {"lines": lines, "is_adult": not audience.is_youth, "most": profiles.MOST_PROFILES}
    return render(request, "subscriptions/web/profiles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_patrons
def enter(request: HttpRequest, audience: Audience, profile_id: int) -> HttpResponse:
    """Become a profile; where that shows more than before, after the PIN."""
    try:
        profile = profiles.get_profile(patron_id=audience.patron_id, profile_id=profile_id)
    except ProfileMissing as error:
        raise Http404 from error
    needs_pin = profiles.needs_pin(now_max_age=audience.max_age, wanted_max_age=profile.max_age)
    form = PinForm(request.POST or None)
    if request.method == "POST" and (not needs_pin or form.is_valid()):
        try:
            profiles.choose_profile(
                patron_id=audience.patron_id,
                from_id=audience.profile_id,
                to_id=profile.pk,
                pin=form.cleaned_data["pin"] if needs_pin else "",
                now=timezone.now(),
            )
        except ProfileRefused as refusal:
            form.add_error("pin", str(refusal))
        else:
            middleware.sign_in(request.session, patron_id=audience.patron_id, profile_id=profile.pk)
            if profile.max_age is None:
                middleware.take_back(request.session)
            else:
                middleware.hand_over(request.session, patron_id=audience.patron_id, profile_id=profile.pk)
            return redirect("catalog:discover")
    context = {"profile": profile, "form": form, "needs_pin": needs_pin}
    return render(request, "subscriptions/web/profile_pin.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_patrons
def create(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Add a child's profile; with the first one the household's PIN is chosen."""
    if audience.is_youth:
        raise Http404
    form = YouthForm(request.POST or None, asks_pin=not profiles.has_pin(patron_id=audience.patron_id))
    if request.method == "POST" and form.is_valid():
        try:
            profiles.create_youth_profile(
                patron_id=audience.patron_id,
                by=audience.profile_id,
                name=form.cleaned_data["name"],
                max_age=int(form.cleaned_data["max_age"]),
                pin=form.cleaned_data.get("pin", ""),
            )
        except ProfileRefused as refusal:
            form.add_error("pin" if refusal.code == "bad_pin" else None, str(refusal))
        else:
            messages.success(request, _("The profile is there. Choose it, and hand the device over."))
            return redirect("library:profiles")
    context = {"form": form}
    return render(request, "subscriptions/web/profile_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_patrons
def pin(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Choose another PIN; for the adult alone, who came in with the library's code."""
    if audience.is_youth:
        raise Http404
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            profiles.change_pin(
                patron_id=audience.patron_id, by=audience.profile_id, pin=form.cleaned_data["pin"]
            )
        except ProfileRefused as refusal:
            form.add_error("pin", str(refusal))
        else:
            messages.success(request, _("The PIN is changed."))
            return redirect("library:profiles")
    context = {"form": form, "is_new": True}
    return render(request, "subscriptions/web/profile_pin.html", context, status=422 if form.errors else 200)


@require_POST
@for_patrons
def remove(request: HttpRequest, audience: Audience, profile_id: int) -> HttpResponse:
    """Remove a child's profile and all that was kept for it."""
    try:
        profiles.remove_youth_profile(
            patron_id=audience.patron_id, by=audience.profile_id, profile_id=profile_id
        )
    except (ProfileMissing, ProfileRefused) as error:
        raise Http404 from error
    messages.success(request, _("The profile is removed, and what was kept for it."))
    return redirect("library:profiles")


@require_safe
@for_patrons
def kept(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Say what is kept, in words that a child can read."""
    present = profiles.get_profile(patron_id=audience.patron_id, profile_id=audience.profile_id)
    return render(request, "subscriptions/web/profile_kept.html", {"profile": present})
