"""The demo's three libraries: real towns, invented houses, and how many people use them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Town:
    """A library and its public. `own_level` is what it serves: its commune, or the EPCI that its commune is in."""

    slug: str
    library: str
    commune: str
    own_level: str
    accent: str
    welcome: str
    listeners: int
    starts_on_day: int  # of the first month of the demo
    months_late: int = 0


TOWNS = (
    Town(
        slug="saint-etienne",
        library="Médiathèque des Passementiers",
        commune="42218",
        own_level="commune",
        accent="#8e2f2a",
        welcome=(
            "Musiques, films, livres et jeux d’ici et d’ailleurs, offerts aux abonnés de la médiathèque. Chaque "
            "écoute rapporte à celles et ceux qui créent, un peu plus quand ils sont d’ici."
        ),
        listeners=140,
        starts_on_day=1,
    ),
    Town(
        slug="brest",
        library="Médiathèque de la Digue",
        commune="29019",
        own_level="commune",
        accent="#1d5a6b",
        welcome=(
            "De quoi passer l’avis de grand frais au sec. Entrez avec le code que l’on vous a remis à l’accueil."
        ),
        listeners=90,
        starts_on_day=15,
    ),
    Town(
        slug="die",
        library="Bibliothèque du Glandasse",
        commune="26113",
        own_level="epci",
        accent="#4c6b2f",
        welcome=(
            "La bibliothèque de Die et des villages du Diois. Ouverte le mercredi et le samedi, en ligne tous les "
            "jours."
        ),
        listeners=25,
        starts_on_day=1,
        months_late=1,
    ),
)
