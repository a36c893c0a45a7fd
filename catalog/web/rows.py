"""Rows of works on a page, each with the way to all that it is a part of; and the addresses of such lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext

from catalog.web.search_page import address
from catalog.works.cards import ArtistPage, ReleaseCard, ReleasePage
from catalog.works.search import facets
from catalog.works.search.results import NEWEST, SearchRequest
from mediaplatform.kernel.territories import ABROAD, OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of works. `url`: where all of it is, if that is elsewhere; `all_label`: its name, if it has one."""

    title: str
    cards: Sequence[ReleaseCard] = ()
    url: str = ""
    all_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A word that leads to a list of works."""

    label: str
    url: str


def narrowed(facet: str, *values: str, sort: str = NEWEST) -> str:
    """Return the address of all works with one of a facet's values."""
    return address(SearchRequest(chosen={facet: values}), sort=sort)


def subject_ways(subjects: Sequence[str]) -> list[Way]:
    """Return the subjects with their lists; facets know them in small letters."""
    return [
        Way(label=str(capfirst(one)), url=narrowed(facets.SUBJECT, one.strip().lower())) for one in subjects
    ]


def place_url(*, name: str, proximity: str) -> str:
    """Return where the works from somebody's town are: the library's own by facet, others by name; none abroad."""
    if not name or proximity == ABROAD:
        return ""
    return narrowed(facets.NEAR, OWN) if proximity == OWN else address(SearchRequest(query=name))


def beside_release(page: ReleasePage) -> list[Row]:
    """Return what stands beside a work, without empty rows."""
    subjects = [one.strip().lower() for one in page.subjects]
    rows = [
        Row(
            title=gettext("By the same people"),
            cards=page.more,
            url=page.credits[0].url if page.credits else "",
            all_label=page.credits[0].name if page.credits else "",
        ),
        Row(
            title=gettext("From the same town"),
            cards=page.same_town,
            url=place_url(name=page.card.place_name, proximity=page.card.proximity),
            all_label=page.card.place_name,
        ),
        Row(
            title=gettext("On the same subject"),
            cards=page.same_subject,
            url=narrowed(facets.SUBJECT, *subjects) if subjects else "",
        ),
    ]
    return [row for row in rows if row.cards]


def beside_artist(page: ArtistPage) -> list[Row]:
    """Return what stands beside an artist's works, without empty rows."""
    url = place_url(name=page.place_name, proximity=page.proximity)
    rows = [
        Row(title=gettext("From the same town"), cards=page.same_town, url=url, all_label=page.place_name)
    ]
    return [row for row in rows if row.cards]
