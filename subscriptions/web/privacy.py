"""What is kept, for anybody to read; and for a patron, to turn off or to have erased."""

from __future__ import annotations

from typing import Protocol, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.usage.services import LATE
from catalog.works.audience import Audience
from mediaplatform.kernel import anonymity
from subscriptions.access import history, saves
from subscriptions.patrons import erasure, middleware, pseudonyms


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Say what is kept, why, until when and who sees it; a patron finds the switches here."""
    audience = _audience(request)
    context = {
        "audience": audience,
        "keeps_history": bool(audience and history.is_kept(profile_id=audience.profile_id)),
        "keeps_saves": bool(audience and saves.is_kept(profile_id=audience.profile_id)),
        "months": pseudonyms.MONTHS_KEPT,
        "days": LATE.days + 1,
        "fewest": anonymity.FEWEST_PATRONS,
    }
    return render(request, "subscriptions/web/kept.html", context)


@require_POST
def keep_history(request: HttpRequest) -> HttpResponse:
    """Turn the remembering of positions on or off; turned off, nothing of it is left."""
    return _turn(
        request,
        history.keep,
        on=_("From now on it is remembered where you stopped."),
        off=_("Nothing is remembered any more, and what was is erased."),
    )


@require_POST
def forget_begun(request: HttpRequest, release_id: int) -> HttpResponse:
    """Take a work off what the profile goes on with: where it stopped in it is forgotten."""
    audience = _audience(request)
    if audience is None:
        raise Http404
    history.forget_release(profile_id=audience.profile_id, release_id=release_id)
    return redirect("catalog:discover")


@require_POST
def keep_saves(request: HttpRequest) -> HttpResponse:
    """Turn the keeping of what games save on or off; turned off, nothing of it is left."""
    return _turn(
        request,
        saves.keep,
        on=_("From now on your games go on in other browsers too."),
        off=_("What your games saved is erased here; from now on only this browser keeps it."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Ask once more, then erase the patron who asks; a child's profile can't."""
    audience = _audience(request)
    if audience is None or audience.is_youth:
        raise Http404
    if request.method != "POST":
        return render(request, "subscriptions/web/erase.html", {"audience": audience})
    erasure.erase_patron(patron_id=audience.patron_id, now=timezone.now())
    middleware.sign_out(request.session)
    messages.success(
        request, _("You are erased here. Your code no longer lets in; ask your library for a new one.")
    )
    return redirect(reverse("library:page", args=[audience.library_slug]))


class _Keep(Protocol):
    def __call__(self, *, profile_id: int, wanted: bool) -> None: ...


def _turn(request: HttpRequest, keep: _Keep, *, on: str, off: str) -> HttpResponse:
    """Have something kept or erased for the profile that asks, and say so in the words of `on` or `off`."""
    audience = _audience(request)
    if audience is None:
        raise Http404
    wanted = request.POST.get("wanted") == "1"
    keep(profile_id=audience.profile_id, wanted=wanted)
    messages.success(request, on if wanted else off)
    return redirect("catalog:discover" if request.POST.get("from") == "home" else "library:kept")


def _audience(request: HttpRequest) -> Audience | None:
    return cast("Audience | None", getattr(request, "audience", None))
