"""Towns as one types their names: those from which somebody made something that the audience may see."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from catalog.models import Party, Territory
from catalog.territories.official import plain_name
from catalog.works.audience import Audience
from catalog.works.search.facets import NEAR
from catalog.works.search.reading import Field, Reader
from catalog.works.search.suggestions import Suggestion
from mediaplatform.kernel.territories import COMMUNE, OWN

TOWN = "town"
FEWEST_LETTERS = 3
MOST, TRIED = 2, 6


def suggest_towns(*, audience: Audience, query: str, on: date | None = None) -> list[Suggestion]:
    """List up to two towns whose names begin so, the larger first; the library's own leads to its facet.

    Each one is asked for alone, six at most: that costs the same however large the catalogue is.
    """
    typed = plain_name(query[:200])
    if len(typed) < FEWEST_LETTERS:
        return []
    begun = Territory.objects.filter(level=COMMUNE, search_name__startswith=typed)
    homes = begun.filter(Exists(Party.objects.filter(home=OuterRef("pk")))).order_by("-population", "code")
    field = Field(audience, on or timezone.localdate(), timezone.now())
    reader = Reader(field)
    found: list[Suggestion] = []
    for town in homes[:TRIED]:
        made_there = field.documents.bearing_any([f"p:{COMMUNE}:{town.code}"])
        if reader.read(field.newest(made_there, 1))[0]:
            found.append(_describe(town, is_own=(COMMUNE, town.code) in audience.own))
        if len(found) == MOST:
            break
    return found


def _describe(town: Territory, *, is_own: bool) -> Suggestion:
    asked = {NEAR: OWN} if is_own else {"q": town.name}
    return Suggestion(
        kind=TOWN, text=town.name, detail="", url=f"{reverse('catalog:search')}?{urlencode(asked)}"
    )
