"""What a library keeps out of its offer: found by name, excluded, let in again."""

from __future__ import annotations

import dataclasses
import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.works import publishers
from catalog.works import selectors as works
from catalog.works.audience import Exclusions
from catalog.works.search.results import SearchRequest
from subscriptions.libraries import exclusions
from subscriptions.libraries.exclusions import ExclusionRefused
from subscriptions.patrons import selectors as patrons
from subscriptions.staff.doors import Desk, staff_required

FOUND = 12


@require_safe
@staff_required("manager")
def exclusion_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what is kept out, by whom and since when; find what else may be."""
    library = desk.membership.library
    text = request.GET.get("q", "").strip()[:200]
    audience = patrons.make_visitor(library_id=library.pk, on=timezone.localdate())
    cards = []
    if audience and text:
        everything = dataclasses.replace(audience, exclusions=Exclusions())
        asked = SearchRequest(query=text, limit=FOUND)
        cards = list(works.search_catalogue(audience=everything, request=asked).cards)
    lines = exclusions.list_exclusions(library_id=library.pk)
    context = {
        "desk": desk,
        "text": text,
        "has_subscription": audience is not None,
        "cards": cards,
        "publishers": publishers.find_publishers(text=text) if text else {},
        "kept_out": exclusions.read_exclusions(library_id=library.pk),
        "in_force": [line for line in lines if line.readmitted_at is None],
        "ended": [line for line in lines if line.readmitted_at],
        "explicit": next(
            (line for line in lines if line.kind == "explicit" and not line.readmitted_at), None
        ),
    }
    return render(request, "subscriptions/staff/exclusions.html", context)


@require_POST
@staff_required("manager")
def exclude(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep something out. What was searched stays on the page, for the next."""
    subject = request.POST.get("subject", "")
    try:
        exclusions.exclude(
            library=desk.membership.library,
            kind=request.POST.get("kind", ""),
            subject_id=int(subject) if re.fullmatch(r"[0-9]{1,18}", subject) else None,
            by=desk.user,
            now=timezone.now(),
        )
    except ExclusionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Kept out from now on. What plays already ends within ten minutes."))
    return _back(request, desk)


@require_POST
@staff_required("manager")
def readmit(request: HttpRequest, desk: Desk, exclusion_id: int) -> HttpResponse:
    """Let in again."""
    if exclusions.readmit(
        library=desk.membership.library, exclusion_id=exclusion_id, by=desk.user, now=timezone.now()
    ):
        messages.success(request, _("In the offer again from now on."))
    return _back(request, desk)


def _back(request: HttpRequest, desk: Desk) -> HttpResponse:
    answer = redirect("staff:exclusions", slug=desk.membership.library.slug)
    if text := request.POST.get("q", "")[:200]:
        answer["Location"] += f"?{urlencode({'q': text})}"
    return answer
