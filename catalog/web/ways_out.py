"""What to try when a search finds nothing: each way is tried beforehand, so that it leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from django.utils.translation import gettext

from catalog.web.search_page import Shown, address, without
from catalog.works import selectors
from catalog.works.audience import Audience
from catalog.works.search.results import SearchRequest

MOST_WORDS = 5
MOST_TRIED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """A search that finds something: its words, its address, how many works (`is_capped`: at least)."""

    label: str
    url: str
    count: int
    is_capped: bool


def list_ways_out(*, audience: Audience, asked: SearchRequest, shown: Shown) -> list[WayOut]:
    """List the searches nearest to one that found nothing: with a choice less, or with a word less; fullest first."""
    tried = {address(request): (label, request) for label, request in _nearest(asked, shown)}
    ways = []
    for url, (label, request) in list(tried.items())[:MOST_TRIED]:
        page = selectors.search_catalogue(audience=audience, request=replace(request, limit=1))
        if page.total and not page.meant:
            ways.append(WayOut(label=label, url=url, count=page.total, is_capped=page.is_capped))
    return sorted(ways, key=lambda way: -way.count)


def ask_url(*, contact: str, query: str) -> str:
    """Return where to ask for what was not found: a page, or a letter that names it; empty without a contact."""
    if not contact or "://" in contact:
        return contact
    subject = gettext("Not found: %(query)s") % {"query": query}
    return f"mailto:{quote(contact, safe='@')}?subject={quote(subject)}"


def _nearest(asked: SearchRequest, shown: Shown) -> Iterator[tuple[str, SearchRequest]]:
    pairs = [(facet, value) for facet, values in asked.chosen.items() for value in values]
    labels = {(chip.facet, chip.value): chip.label for chip in shown.chips}
    for facet, value in pairs:
        label = gettext("Without “%(choice)s”") % {"choice": labels.get((facet, value), value)}
        yield label, without(asked, facet, value)
    if len(pairs) > 1 and asked.query:
        whole = replace(asked, chosen={}, cursor="")
        yield gettext("“%(query)s” without any choice") % {"query": asked.query}, whole
    words = asked.query.split()
    if 1 < len(words) <= MOST_WORDS:
        for left in range(len(words)):
            fewer = " ".join(word for at, word in enumerate(words) if at != left)
            yield gettext("“%(query)s”") % {"query": fewer}, replace(asked, query=fewer, cursor="")
