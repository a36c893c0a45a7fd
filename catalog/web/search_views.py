"""The search page, and what it suggests while one types."""

from __future__ import annotations

import dataclasses

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from catalog.web import search_page
from catalog.web.patrons import for_patrons
from catalog.web.ways_out import ask_url, list_ways_out
from catalog.works import selectors
from catalog.works.audience import Audience
from catalog.works.search.catalogue import normalise
from catalog.works.search.cursors import CursorRefused

PERHAPS = 6


@for_patrons
def search(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Find works by words and facets; a place in the list that is not known begins it anew.

    htmx gets the results alone, or the next ones to put below: the address is the same.
    """
    asked = normalise(search_page.read_request(request.GET))
    try:
        page = selectors.search_catalogue(audience=audience, request=asked)
    except CursorRefused:
        asked = dataclasses.replace(asked, cursor="")
        page = selectors.search_catalogue(audience=audience, request=asked)
    shown = search_page.show(asked, page)
    is_empty = not page.cards and not asked.cursor
    context = {
        "has_large_search": True,
        "query": asked.query,
        "asked": asked,
        "results": page,
        "shown": shown,
        "ask_url": ask_url(contact=audience.library_contact, query=asked.query),
        "perhaps": selectors.list_from_here(audience=audience, limit=PERHAPS) if is_empty else [],
        "ways": list_ways_out(audience=audience, asked=asked, shown=shown) if is_empty else [],
    }
    response = render(request, f"catalog/{_template(request, has_cursor=bool(asked.cursor))}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    if _is_partial(request) and not asked.cursor:
        response["HX-Push-Url"] = shown.first_url
    return response


@never_cache
@for_patrons
def suggest(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Send what the letters typed so far may become, as options of a list box. Kept nowhere."""
    query = request.GET.get("q", "")
    found = selectors.suggest(audience=audience, query=query)
    towns = selectors.suggest_towns(audience=audience, query=query)
    return render(request, "catalog/suggestions.html", {"suggestions": [*found, *towns]})


def _is_partial(request: HttpRequest) -> bool:
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return bool(htmx and not htmx.boosted and not htmx.history_restore_request)


def _template(request: HttpRequest, *, has_cursor: bool) -> str:
    if not _is_partial(request):
        return "search"
    return "search_more" if has_cursor else "search_results"
