"""Reads the official lists into rows: INSEE's by the npm package of Etalab, ISO 3166 for countries. Pure."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pycountry

from catalog.errors import CatalogError
from mediaplatform.kernel.territories import (
    COMMUNE,
    COUNTRY,
    DEPARTEMENT,
    EPCI,
    REGION,
    commune_of_arrondissement,
)

VINTAGE = 2026
FRANCE = "FR"
FILES = ("communes", "epci", "departements", "regions")
# By departement; ISO 3166 gives each overseas collectivity a country code of its own.
COLLECTIVITIES = {"975": "PM", "977": "BL", "978": "MF", "984": "TF", "986": "WF", "987": "PF", "988": "NC"}
TYPED = str.maketrans({"-": " ", "'": " ", "’": " ", "œ": "oe", "Œ": "oe", "æ": "ae"})
Record = Mapping[str, Any]


class GeographyMissing(CatalogError):
    """The folder does not hold the official lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryRow:
    """A territory by (level, code); what it lies in by code, empty where unknown or more than one."""

    level: str
    code: str
    name: str
    population: int = 0
    epci_code: str = ""
    departement_code: str = ""
    region_code: str = ""
    country_code: str = FRANCE
    postal_codes: tuple[str, ...] = ()

    @property
    def search_name(self) -> str:
        return plain_name(self.name)


def plain_name(text: str) -> str:
    """Return a name as one types it: `L'Haÿ-les-Roses` -> `l hay les roses`."""
    bare = unicodedata.normalize("NFKD", text.translate(TYPED))
    return " ".join(
        "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold().split()
    )


def read_lists(folder: Path) -> dict[str, list[Record]]:
    """Read the package's JSON files, by name.

    Raises:
        GeographyMissing: a file is not there, or is no JSON.
    """
    try:
        return {name: json.loads((folder / f"{name}.json").read_bytes()) for name in FILES}
    except (OSError, ValueError) as error:
        raise GeographyMissing(
            f"{folder} does not hold the official lists ({error}). Install the front-end packages, or give --folder."
        ) from error


def build_rows(lists: Mapping[str, Sequence[Record]]) -> list[TerritoryRow]:
    """Build one row a territory, countries first: the codes of what a commune lies in are set, EPCI included."""
    communes = [record for record in lists["communes"] if record["type"] == "commune-actuelle"]
    epci_of = {
        commune_of_arrondissement(member["code"]): epci["code"]
        for epci in lists["epci"]
        for member in epci["membres"]
    }
    region_of = {record["code"]: record["region"] for record in lists["departements"]}
    population = _populations(communes)
    return [
        *_countries(),
        *(
            TerritoryRow(
                level=REGION, code=r["code"], name=r["nom"], population=population[REGION, r["code"]]
            )
            for r in lists["regions"]
        ),
        *(
            TerritoryRow(
                level=DEPARTEMENT,
                code=record["code"],
                name=record["nom"],
                population=population[DEPARTEMENT, record["code"]],
                region_code=record["region"],
            )
            for record in lists["departements"]
        ),
        *_epci(lists["epci"], region_of, {record["code"]: record for record in communes}),
        *(_commune(record, epci_of.get(record["code"], "")) for record in communes),
    ]


def _populations(communes: Iterable[Record]) -> Counter[tuple[str, str]]:
    """Sum the communes' inhabitants by region and by departement."""
    sums: Counter[tuple[str, str]] = Counter()
    for record in communes:
        for level in (REGION, DEPARTEMENT):
            if code := record.get(level):
                sums[level, code] += record.get("population", 0)
    return sums


def _commune(record: Record, epci_code: str) -> TerritoryRow:
    return TerritoryRow(
        level=COMMUNE,
        code=record["code"],
        name=record["nom"],
        population=record.get("population", 0),
        epci_code=epci_code,
        departement_code=record["departement"],
        region_code=record["region"],
        country_code=COLLECTIVITIES.get(record["departement"], FRANCE),
        postal_codes=tuple(record.get("codesPostaux", ())),
    )


def _epci(
    records: Iterable[Record], region_of: Mapping[str, str], communes: Mapping[str, Record]
) -> Iterable[TerritoryRow]:
    """An EPCI that crosses a border names no departement (89 do), or no region."""
    for record in records:
        departements: dict[str, set[str]] = defaultdict(set)
        for member in record["membres"]:
            if commune := communes.get(commune_of_arrondissement(member["code"])):
                departements[commune["departement"]].add(commune["code"])
        regions = {region_of.get(code, "") for code in departements}
        yield TerritoryRow(
            level=EPCI,
            code=record["code"],
            name=record["nom"],
            population=record.get("populationMunicipale", 0),
            departement_code=next(iter(departements)) if len(departements) == 1 else "",
            region_code=next(iter(regions)) if len(regions) == 1 else "",
        )


def _countries() -> Iterable[TerritoryRow]:
    for country in pycountry.countries:
        name = getattr(country, "common_name", country.name)
        yield TerritoryRow(level=COUNTRY, code=country.alpha_2, name=name, country_code=country.alpha_2)
