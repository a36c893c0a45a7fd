"""The order of what was found: docs/algorithms/search.md. Pure."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from mediaplatform.kernel.territories import (
    ABROAD,
    COUNTRY,
    DEPARTEMENT,
    EPCI,
    OWN,
    PROXIMITIES,
    REGION,
    Place,
)

TEXT_WEIGHT, NEAR_WEIGHT, FRESH_WEIGHT = 70, 20, 10  # of 100
EXACT, BEGINS = 1.0, 0.8
NEARNESS = {OWN: 1.0, EPCI: 0.8, DEPARTEMENT: 0.6, REGION: 0.4, COUNTRY: 0.1, ABROAD: 0.0}
HALF_LIFE_DAYS = 365
RANK = {name: rank for rank, name in enumerate(PROXIMITIES)}


@dataclass(frozen=True, slots=True)
class Ladder:
    """The tags that say how near: those of the library's own territories, and one a level that it lies in."""

    own: frozenset[str]
    shared: tuple[tuple[str, str], ...]

    def nearness(self, tags: AbstractSet[str]) -> str:
        """Return one of PROXIMITIES for a work's tags: that of its nearest creator."""
        if not self.own.isdisjoint(tags):
            return OWN
        return next((level for level, tag in self.shared if tag in tags), ABROAD)

    @property
    def around(self) -> frozenset[str]:
        """What is from the region or nearer bears one of these."""
        return self.own | {tag for level, tag in self.shared if level != COUNTRY}

    def tags_of(self, level: str) -> list[str]:
        """Return the tags that a work within a level bears at least one of; none for a level the library lacks."""
        return sorted(self.own) if level == OWN else [tag for name, tag in self.shared if name == level]


def make_ladder(place: Place, own: AbstractSet[tuple[str, str]]) -> Ladder:
    """Return the ladder of a library."""
    shared = ((level, place.code(level)) for level in (EPCI, DEPARTEMENT, REGION, COUNTRY))
    return Ladder(
        own=frozenset(f"p:{level}:{code}" for level, code in own),
        shared=tuple((level, f"p:{level}:{code}") for level, code in shared if code),
    )


def text_score(*, key: str, title_key: str, tags: AbstractSet[str], rank: float) -> float:
    """Return how well words fit, 0 to 1: 1 for a whole title or name, 0.8 for a title's beginning, else `rank`.

    `rank` is PostgreSQL's ts_rank with the weights A 1.0, B 0.4, C 0.2.
    """
    if not key:
        return 0.0
    if key == title_key or f"n:{key}" in tags:
        return EXACT
    return BEGINS if title_key.startswith(key) else min(rank, 1.0) * BEGINS


def freshness(*, published: date, on: date) -> float:
    """Return 1 for a work published today, 1/2 after a year, 1/3 after two."""
    return HALF_LIFE_DAYS / (HALF_LIFE_DAYS + max((on - published).days, 0))


def score(*, text: float, nearness: str, fresh: float) -> int:
    """Return the score in millionths: 70 % text, 20 % nearness, 10 % freshness.

    The whole title, next door, a year ago: 0.7 x 1 + 0.2 x 0.8 + 0.1 x 0.5 = 910,000.
    """
    hundredths = TEXT_WEIGHT * text + NEAR_WEIGHT * NEARNESS[nearness] + FRESH_WEIGHT * fresh
    return round(hundredths * 10_000)
