"""The patron's home, laid out: each shelf with the way to all of it. An empty shelf is not there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext, gettext_lazy

from catalog.web.rows import Row, Way, narrowed, subject_ways
from catalog.web.search_page import address
from catalog.works import selectors
from catalog.works.audience import Audience
from catalog.works.begun import BegunWork
from catalog.works.cards import NearCount, ReleaseCard
from catalog.works.search import facets
from catalog.works.search.results import NEAREST, NEWEST, SearchRequest

FROM_HERE, ON_A_SHELF, BEGUN, SUBJECTS = 9, 16, 8, 14
FEWEST = 3  # a shelf of one or two works is no shelf, where the works stand elsewhere on the page too
MEDIA = {
    "music": gettext_lazy("Music"),
    "book": gettext_lazy("Books"),
    "video": gettext_lazy("Films"),
    "game": gettext_lazy("Games"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How many works come from a place or nearer, and where they are."""

    count: NearCount
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """All that the home shows. `begun` is None if the profile keeps no history, and then nothing is known."""

    begun: list[BegunWork] | None
    here: list[ReleaseCard]
    here_url: str
    steps: list[Step]
    shelves: list[Row]
    subjects: list[Way]


def lay_out(audience: Audience) -> Home:
    """Return the home of a profile: first which works, then the cards of all of them at once."""
    steps = _steps(selectors.count_nearness(audience=audience))
    here = selectors.find_from_here(audience=audience, limit=FROM_HERE)
    found = _find(audience)
    cards = selectors.get_cards({*here, *(pk for _row, ids in found for pk in ids)}, audience)
    return Home(
        begun=selectors.list_begun(audience=audience, limit=BEGUN),
        here=[cards[pk] for pk in here if pk in cards],
        here_url=steps[-1].url if steps else "",
        steps=steps,
        shelves=[replace(row, cards=[cards[pk] for pk in ids if pk in cards]) for row, ids in found if ids],
        subjects=subject_ways(selectors.list_subjects(audience=audience, limit=SUBJECTS)),
    )


def _steps(counts: list[NearCount]) -> list[Step]:
    """Add up what is nearer: one who goes to the region finds the town's works there too.

    4 of the town, 1 of its neighbours, 9 of the region: 4, 5, 14.
    """
    steps, total, is_capped = [], 0, False
    for one in counts:
        total, is_capped = total + one.count, is_capped or one.is_capped
        url = narrowed(facets.NEAR, one.proximity, sort=NEAREST)
        steps.append(Step(count=replace(one, count=total, is_capped=is_capped), url=url))
    return steps


def _find(audience: Audience) -> list[tuple[Row, list[int]]]:
    """Return the shelves, still without cards, each with the ids of its works."""
    new = Row(title=gettext("Just arrived"), url=address(SearchRequest(sort=NEWEST)))
    found = [(new, selectors.find_new(audience=audience, limit=ON_A_SHELF))]
    for medium, title in MEDIA.items():
        if medium in audience.media and len(audience.media) > 1:
            row = Row(title=str(title), url=narrowed(facets.MEDIUM, medium))
            found.append((row, selectors.find_new(audience=audience, medium=medium, limit=ON_A_SHELF)))
    if not audience.is_youth:
        ids = selectors.find_for_children(audience=audience, limit=ON_A_SHELF)
        row = Row(
            title=gettext("For children"),
            url=narrowed(facets.AGE, "6"),
            all_label=gettext("All that suits a child of six"),
        )
        found.append((row, ids if len(ids) >= FEWEST else []))
    return found
