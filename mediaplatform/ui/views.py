"""Pages without a subject of their own: health, theme, and the gallery of components."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from mediaplatform.ui import samples
from mediaplatform.ui.context import THEME_COOKIE, THEMES

A_YEAR_S = 365 * 24 * 3600


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django passes it
    """Answer 200 when the database does, else 503; for load balancers and the supervisor."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the reader's choice in a cookie for a year, and go back; anything else follows the device."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = redirect(back)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=A_YEAR_S, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@require_safe
@cache_control(max_age=A_YEAR_S, immutable=True)
def accent(request: HttpRequest, colour: str) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Send a stylesheet of one colour, to try it in the gallery."""
    return HttpResponse(f":root{{--accent:#{colour}}}", content_type="text/css")


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; for operators, and for everybody where DEBUG or DEMO is on."""
    if not (settings.DEBUG or settings.DEMO or getattr(request.user, "is_operator", False)):
        raise Http404
    messages.success(request, samples.MESSAGE)
    colour = request.GET.get("accent", "")
    return render(
        request,
        "ui/gallery.html",
        {
            "accent": colour if colour in samples.ACCENTS else samples.ACCENTS[0],
            "accents": samples.ACCENTS,
            "cards": samples.CARDS,
            "form": samples.SampleForm(
                request.GET if "name" in request.GET else {"name": "", "email": "somebody"}
            ),
            "bars": samples.BARS,
            "months": samples.MONTHS,
            "series": samples.SERIES,
            "labels": [bar.label for bar in samples.MONTHS],
            "rows": samples.ROWS,
            "icons": samples.ICONS,
            "paginated": Paginator(range(120), 20).page(3),
        },
    )
