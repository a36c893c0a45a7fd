"""Every address at which a patron could meet a work: for tests that something must be on none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.test import Client
from django.urls import URLPattern, reverse

from catalog.models import Credit, Release
from catalog.web import urls as patron_pages

COVERED = {"discover", "search", "suggest", "release", "artist", "play", "cover"}
TYPED = ("", "1", "2")


@dataclass(frozen=True)
class Meeting:
    """A surface, and whether the work was met there."""

    surface: str
    is_met: bool


def names_of_patron_pages() -> set[str]:
    """Return the names of all addresses of catalog.web: a new one must be added to `meet`."""
    return {str(one.name) for one in patron_pages.urlpatterns if isinstance(one, URLPattern)}


def meet(client: Client, release: Release) -> list[Meeting]:
    """Visit every surface; the work's title must be a word that no other work bears."""
    return [*_pages(client, release), *_lists(client, release), *_api(client, release)]


def met(client: Client, release: Release) -> list[str]:
    """Return the surfaces on which the work was met."""
    return [meeting.surface for meeting in meet(client, release) if meeting.is_met]


def _pages(client: Client, release: Release) -> Iterator[Meeting]:
    resource = release.resources.earliest("pk")
    addresses = {
        "release": reverse("catalog:release", args=[release.pk, "-"]),
        "play": reverse("catalog:play", args=[resource.pk]),
        "cover": reverse("catalog:cover", args=[release.pk, 320]),
    }
    for name, address in addresses.items():
        yield Meeting(name, client.get(address).status_code != 404)
    for credit in Credit.objects.filter(release=release):
        page = client.get(reverse("catalog:artist", args=[credit.party_id, "-"]), follow=True)
        yield Meeting("artist", page.status_code == 200 and _is_in(page.content, release))


def _lists(client: Client, release: Release) -> Iterator[Meeting]:
    key = release.title.lower()
    yield Meeting("discover", _is_in(client.get("/discover/").content, release))
    asked = ["", f"q={key}", f"q={key[:3]}", f"q={key[:2]}", f"medium={release.medium}"]
    asked += ["sort=title", "sort=nearest", "near=region"]
    asked += [f"subject={quote(one)}" for one in release.subjects]
    yield Meeting("count", _counted(client.get(f"/search/?q={key}").content) != 0)
    for query in asked:
        # The words that were asked for stand on the page; the work's address must not.
        page = client.get(f"/search/?{query}").content.decode()
        yield Meeting(f"search {query}", f"/works/{release.pk}/" in page)
        if "subject" not in query:  # what was asked for is said again
            yield Meeting(f"facets {query}", _marker(release) in page.lower())
    words = [
        key,
        key[:1],
        key[:3],
        key[:-1] + "x",
        *(c.party.name for c in release.credits.all()),
        _marker(release),
    ]
    for typed in words:
        found = client.get("/search/suggest", {"q": typed}).content
        yield Meeting(
            f"suggest {typed}", _is_in(found, release) or _marker(release) in found.decode().lower()
        )


def _api(client: Client, release: Release) -> Iterator[Meeting]:
    resource = release.resources.earliest("pk")
    said = {"resource_id": resource.pk, "source": "web"}
    opened = client.post("/api/v1/playback/open", said, content_type="application/json")
    yield Meeting("stream", opened.status_code != 404)
    yield Meeting("queue", client.get(f"/api/v1/queue/{release.pk}").status_code != 404)
    found = client.get(reverse("catalog_api:search"), {"q": release.title})
    assert found.status_code == 200
    yield Meeting(
        "api search", found.json()["total"] != 0 or _marker(release) in found.content.decode().lower()
    )


def _marker(release: Release) -> str:
    """Return the work's own subject: a word that no other work bears."""
    return release.subjects[0] if release.subjects else "onlyhere"


def _is_in(page: bytes, release: Release) -> bool:
    return f"/works/{release.pk}/" in page.decode() or release.title in page.decode()


def _counted(page: bytes) -> int:
    found = re.search(r'id="results-count"[^>]*>\s*(\d+)', page.decode())
    return int(found[1]) if found else 0
