"""Patron pages: what a profile may see of the catalogue. Each view makes one reading and shows it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from catalog.web import home, rows
from catalog.web.json_ld import describe_release
from catalog.web.patrons import find_audience, for_patrons
from catalog.works import selectors
from catalog.works.audience import Audience
from catalog.works.errors import ArtistNotVisible, ReleaseNotVisible
from mediaplatform.infrastructure.objectstore import ObjectMissing, get_store
from mediaplatform.ui.covers import cover_svg

COVER_SIZES = frozenset({320, 640, 960})
ISOLATED = {  # what a browser asks before it lends shared memory to a page's frames (HTML, "cross-origin isolated")
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
A_DAY_S = 24 * 3600


@for_patrons
def discover(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Open the library: search first, then what was begun, what is from here, new, by medium, by subject."""
    return render(
        request, "catalog/discover.html", {"has_large_search": True, "home": home.lay_out(audience)}
    )


@for_patrons
def release(request: HttpRequest, audience: Audience, release_id: int, slug: str) -> HttpResponse:
    """Show a work; an old slug leads to the present one."""
    try:
        page = selectors.get_release(audience=audience, release_id=release_id)
    except ReleaseNotVisible as error:
        raise Http404 from error
    if page.card.slug != slug:
        return redirect(page.card.url, permanent=True)
    context = {
        "release": page,
        "json_ld": describe_release(page),
        "rows": rows.beside_release(page),
        "subjects": rows.subject_ways(page.subjects),
        "place_url": rows.place_url(name=page.card.place_name, proximity=page.card.proximity),
    }
    return render(request, "catalog/release.html", context)


@for_patrons
def artist(request: HttpRequest, audience: Audience, party_id: int, slug: str) -> HttpResponse:
    """Show who made something, where they are from, and the rest of what they made."""
    try:
        page = selectors.get_artist(audience=audience, party_id=party_id)
    except ArtistNotVisible as error:
        raise Http404 from error
    if page.slug != slug:
        return redirect(page.url, permanent=True)
    return render(request, "catalog/artist.html", {"artist": page, "rows": rows.beside_artist(page)})


@for_patrons
def play(request: HttpRequest, audience: Audience, resource_id: int) -> HttpResponse:
    """Open the room in which a film, a book or a game is played."""
    try:
        page = selectors.get_play_page(audience=audience, resource_id=resource_id)
    except ReleaseNotVisible as error:
        raise Http404 from error
    is_boosted = request.headers.get("HX-Boosted") == "true"
    if page.needs_threads and is_boosted:
        return HttpResponse(headers={"HX-Redirect": request.get_full_path()})  # a document of its own
    answer = render(request, "catalog/play.html", {"play": page})
    if page.needs_threads:
        for name, value in ISOLATED.items():
            answer[name] = value
    return answer


@require_safe
def cover(request: HttpRequest, release_id: int, size: int) -> HttpResponse:
    """Send a cover in one of COVER_SIZES, or one drawn from the words; only of what the profile may see."""
    source = selectors.find_cover(audience=find_audience(request), release_id=release_id)
    if source is None or size not in COVER_SIZES:
        raise Http404
    etag = f'"{source.sha256[:16]}-{size}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    picture = _find_picture(source.sha256, size)
    if picture is None:
        drawn = cover_svg(title=source.title, artist=source.artist, medium=source.medium)
        response = HttpResponse(drawn, content_type="image/svg+xml")
    else:
        response = HttpResponse(picture, content_type="image/webp")
        response["ETag"] = etag
    # The address carries the picture's digest as ?v=, but what one profile may see another may not.
    response["Cache-Control"] = f"private, max-age={A_DAY_S}"
    return response


def _find_picture(sha256: str, size: int) -> bytes | None:
    """Return the cover in one size, or None where there is none."""
    if not sha256:
        return None
    try:
        return get_store().get_bytes(key=f"covers/{sha256}/{size}.webp")
    except ObjectMissing:
        return None
