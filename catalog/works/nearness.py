"""How near a party is to a library; lists of works tell it by their documents' tags (search.ranking)."""

from __future__ import annotations

from catalog.models import Territory
from catalog.works.audience import Audience
from catalog.works.names import Home
from mediaplatform.kernel.territories import (
    ABROAD,
    DEPARTEMENT,
    EPCI,
    OWN,
    PROXIMITIES,
    REGION,
    proximity,
)

FROM_HERE = (OWN, EPCI, DEPARTEMENT, REGION)
RANK = {name: rank for rank, name in enumerate(PROXIMITIES)}


def of_home(home: Territory | Home | None, audience: Audience) -> str:
    """Return one of PROXIMITIES for somebody's home; unknown homes are abroad."""
    return proximity(home.place, library=audience.place, own=audience.own) if home else ABROAD
