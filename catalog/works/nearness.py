"""How near a release is to a library: as its nearest credited creator. The same rule in SQL and in Python."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from catalog.models import Credit, Party
from catalog.models.releases import ReleaseQuerySet
from catalog.works.audience import Audience
from mediaplatform.kernel.territories import (
    ABROAD,
    COMMUNE,
    COUNTRY,
    DEPARTEMENT,
    EPCI,
    LEVELS,
    OWN,
    PROXIMITIES,
    REGION,
    proximity,
)

SHARED = (EPCI, DEPARTEMENT, REGION, COUNTRY)
FROM_HERE = (OWN, EPCI, DEPARTEMENT, REGION)
RANK = {name: rank for rank, name in enumerate(PROXIMITIES)}


def of_party(party: Party, audience: Audience) -> str:
    """Return one of PROXIMITIES for a party's home; unknown homes are abroad."""
    return proximity(party.home.place, library=audience.place, own=audience.own) if party.home else ABROAD


def with_rank(releases: ReleaseQuerySet, audience: Audience) -> QuerySet[Any]:
    """Annotate `nearness`: the rank in PROXIMITIES of the nearest creator, 0 being the library's own."""
    steps = [When(condition, then=Value(RANK[name])) for name, condition in _conditions(audience)]
    rank = Case(*steps, default=Value(RANK[ABROAD]), output_field=IntegerField())
    nearest = (
        Credit.objects.filter(release=OuterRef("pk")).annotate(rank=rank).order_by("rank").values("rank")[:1]
    )
    return releases.annotate(nearness=Coalesce(Subquery(nearest), Value(RANK[ABROAD])))


def _conditions(audience: Audience) -> list[tuple[str, Q]]:
    """Return which homes are how near, nearest first; a level that the library lacks is left out."""
    own = Q()
    for level in LEVELS:
        codes = sorted(code for at, code in audience.own if at == level)
        if codes:
            own |= _within(level, codes)
    conditions = [(OWN, own)] if own else []
    shared = ((level, audience.place.code(level)) for level in SHARED)
    return conditions + [(level, _within(level, [code])) for level, code in shared if code]


def _within(level: str, codes: list[str]) -> Q:
    """A home is at a level by being that territory, or by lying in it."""
    itself = Q(party__home__level=level, party__home__code__in=codes)
    return itself if level == COMMUNE else itself | Q(**{f"party__home__{level}_code__in": codes})
