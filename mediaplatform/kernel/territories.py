"""Territories by level. The levels are not a tree: 89 EPCI cross a departement's border."""

from __future__ import annotations

from dataclasses import dataclass

COMMUNE, EPCI, DEPARTEMENT, REGION, COUNTRY = LEVELS = ("commune", "epci", "departement", "region", "country")

OWN, ABROAD = "own", "abroad"
PROXIMITIES = (OWN, EPCI, DEPARTEMENT, REGION, COUNTRY, ABROAD)

PARIS, LYON, MARSEILLE = "75056", "69123", "13055"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a payee or a library is: one code a level, each as known."""

    commune: str | None = None
    epci: str | None = None
    departement: str | None = None
    region: str | None = None
    country: str | None = None

    def code(self, level: str) -> str | None:
        """Return the code at one of LEVELS."""
        return {
            COMMUNE: self.commune,
            EPCI: self.epci,
            DEPARTEMENT: self.departement,
            REGION: self.region,
            COUNTRY: self.country,
        }[level]


def place_of(level: str, code: str, epci: str, departement: str, region: str, country: str) -> Place:
    """Return the place of a territory by its own code and those of what it lies in, empty where unknown.

    >>> place_of("epci", "200000172", "", "", "84", "FR")
    Place(commune=None, epci='200000172', departement=None, region='84', country='FR')
    """
    codes = {
        COMMUNE: None,
        EPCI: epci or None,
        DEPARTEMENT: departement or None,
        REGION: region or None,
        COUNTRY: country or None,
    }
    return Place(**(codes | {level: code}))


def proximity(place: Place, *, library: Place, own: frozenset[tuple[str, str]]) -> str:
    """Return how near a place is to a library: one of PROXIMITIES.

    `own` holds the library's own territories as (level, code). Each level is compared by itself.
    """
    if any((level, place.code(level)) in own for level in LEVELS if place.code(level)):
        return OWN
    for level in (EPCI, DEPARTEMENT, REGION, COUNTRY):
        if place.code(level) and place.code(level) == library.code(level):
            return level
    return ABROAD


def commune_of_arrondissement(code: str) -> str:
    """Return the commune of a municipal arrondissement of Paris, Lyon or Marseille; other codes unchanged.

    `69381` (Lyon 1er) -> `69123`.
    """
    if code.isdigit():
        number = int(code)
        for low, high, commune in ((75101, 75120, PARIS), (69381, 69389, LYON), (13201, 13216, MARSEILLE)):
            if low <= number <= high:
                return commune
    return code
