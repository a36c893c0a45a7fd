"""A catalogue as large as one likes, written by COPY: titles and names as they are distributed in real lists.

With a folder of data sets the vocabulary is theirs: loans of Toulouse (titles, authors), checkouts of Seattle
(titles, creators, subjects), artists of Last.fm. Without, a small one that stands here. A title is a real one, or
the beginning of one and the end of another, so that words keep their frequencies; so is a name.
"""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from catalog.models import Availability, Credit, Party, Release, Resource, Territory
from catalog.territories.official import plain_name

TITLES = """Les jardins suspendus|La rivière sous la ville|The long way home|Le chant des ouvriers|Blue in green
Un été à Firminy|Night train to Lyon|L'ombre et la pierre|Songs for a small room|La maison au bord de l'eau
Le loup qui voulait changer de couleur|A brief history of rain|Petit manuel de mécanique|Danses de la Loire
Love and other weather|Le dernier passage|Concerto pour un pont|Histoires du soir|The garden of forking paths
La vie devant nous|Voyage au centre de la mine|Et la nuit tombe|Dub des terrils|Contes du Forez"""
NAMES = """Ana Roux|Léa Martin|The Quiet Hours|Jean-Baptiste Faure|Orchestre de la Vallée|Mona Diallo|Bernard Petit
Les Passeurs|Sofia Lindqvist|DJ Ardoise|Collectif Goémon|Thomas O'Brien|Nour Haddad|Quatuor des Mines"""
SUBJECTS = """roman policier|jazz|folk|rock|chanson|conte|documentaire|électro|classique|poésie|histoire
cuisine|voyage"""
LANGUAGES, LANGUAGE_WEIGHTS = ("fr", "en", "es", "de", "br", "oc", "ar"), (62, 25, 5, 4, 2, 1, 1)
MEDIA, MEDIUM_WEIGHTS = ("music", "book", "video", "game"), (60, 25, 13, 2)
KINDS = {"music": "album", "book": "book", "video": "film", "game": "game"}
AGES, AGE_WEIGHTS = (None, 0, 3, 6, 10, 12, 16, 18), (40, 25, 5, 6, 6, 8, 6, 4)
ROLES = {"music": "main_artist", "book": "author", "video": "director", "game": "developer"}
TODAY = datetime(2026, 11, 27, tzinfo=UTC)
REGIONS, DEPARTEMENTS, COMMUNES = 13, 96, 4_000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What titles, names and subjects are made of; repeated as often as they occur."""

    titles: Sequence[str]
    names: Sequence[str]
    subjects: Sequence[str]

    def title(self, chance: random.Random) -> str:
        return _mix(self.titles, chance)[:300]

    def name(self, chance: random.Random) -> str:
        return _mix(self.names, chance)[:180]


def read_vocabulary(folder: Path | None) -> Vocabulary:
    """Read the data sets that are there; the built-in words where none is."""
    titles: list[str] = []
    names: list[str] = []
    subjects: list[str] = []
    for row in _rows(folder, "toulouse-top500/*.csv.gz", delimiter=";"):
        titles.append(row.get("TITRE") or "")
        names.append(" ".join(reversed((row.get("AUTEUR") or "").split(", "))))
    for row in _rows(folder, "spl-checkouts/*.csv.gz", delimiter=","):
        titles.append((row.get("Title") or "").split(" / ")[0])
        names.append(row.get("Creator") or "")
        subjects += [one.strip().lower() for one in (row.get("Subjects") or "").split(",")]
    for row in _rows(folder, "lastfm-hetrec2011-2k/artists.dat.gz", delimiter="\t", names=("id", "name")):
        names += [row["name"]] * 3  # as many artists as authors
    return Vocabulary(
        titles=[one for one in titles if len(one) > 1] or _split(TITLES),
        names=[one for one in names if len(one) > 1] or _split(NAMES),
        subjects=[one[:80] for one in subjects if one] or _split(SUBJECTS),
    )


def write_catalogue(words: Vocabulary, *, releases: int, tracks: int) -> None:
    """Write territories, a party for every four releases, releases with credits and `tracks` resources each."""
    chance = random.Random(4)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no look-up of foreign keys
        _copy(Territory, _territories())
        homes = list(Territory.objects.filter(level="commune").order_by("pk").values_list("pk", flat=True))
        abroad = list(
            Territory.objects.filter(level="country").exclude(code="FR").values_list("pk", flat=True)
        )
        parties = max(releases // 4, 10)
        _copy(Party, _parties(words, chance, homes=homes, abroad=abroad, count=parties))
        _copy(Release, _releases(words, chance, count=releases))
        _copy(
            Availability, ({"release_id": pk, "starts_on": date(2020, 1, 1)} for pk in range(1, releases + 1))
        )
        _copy(Credit, _credits(chance, releases=releases, parties=parties))
        _copy(Resource, _resources(words, chance, releases=releases, tracks=tracks))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _territories() -> Iterator[dict[str, object]]:
    for code, name in (("FR", "France"), ("US", "United States"), ("BE", "Belgium")):
        yield {"level": "country", "code": code, "name": name, "country_code": code}
    for number in range(COMMUNES):
        departement = number * 7 % DEPARTEMENTS
        yield {
            "level": "commune",
            "code": f"{number:05}",
            "name": f"Commune {number}",
            "epci_code": f"E{number // 12:04}",
            "departement_code": f"{departement:02}",
            "region_code": f"{departement % REGIONS:02}",
            "country_code": "FR",
        }


def _parties(
    words: Vocabulary, chance: random.Random, *, homes: Sequence[int], abroad: Sequence[int], count: int
) -> Iterator[dict[str, object]]:
    taken: set[str] = set()
    for number in range(count):
        name = words.name(chance)
        if name in taken:
            name = f"{name} {number}"
        taken.add(name)
        home = chance.choice(homes) if chance.random() < 0.4 else chance.choice(abroad)
        yield {"name": name, "home_id": home}


def _releases(words: Vocabulary, chance: random.Random, *, count: int) -> Iterator[dict[str, object]]:
    for number in range(1, count + 1):
        medium = chance.choices(MEDIA, MEDIUM_WEIGHTS)[0]
        year = 2026 - min(int(chance.expovariate(1 / 9)), 90)
        yield {
            "deliverer": "bench",
            "reference": str(number),
            "title": words.title(chance),
            "medium": medium,
            "kind": KINDS[medium],
            "status": "published",
            "released_on": date(year, chance.randint(1, 12), chance.randint(1, 28)),
            "published_at": TODAY - timedelta(seconds=chance.randrange(6 * 365 * 86_400)),
            "languages": chance.choices(LANGUAGES, LANGUAGE_WEIGHTS),
            "subjects": list(dict.fromkeys(chance.choices(words.subjects, k=chance.choice((1, 1, 2, 3))))),
            "description": " ".join(words.title(chance) for _sentence in range(6)),
            "min_age": chance.choices(AGES, AGE_WEIGHTS)[0],
            "is_explicit": chance.random() < 0.05,
        }


def _credits(chance: random.Random, *, releases: int, parties: int) -> Iterator[dict[str, object]]:
    """One to three creators a release; few have many works, as in life."""
    for release in range(1, releases + 1):
        for position in range(chance.choice((1, 1, 2, 3))):
            party = 1 + int(parties * chance.random() ** 3)
            yield {
                "release_id": release,
                "party_id": party,
                "role": ("main_artist", "performer", "composer")[position],
                "position": position + 1,
            }


def _resources(
    words: Vocabulary, chance: random.Random, *, releases: int, tracks: int
) -> Iterator[dict[str, object]]:
    titles = [words.title(chance) for _number in range(50_000)]
    for release in range(1, releases + 1):
        for position in range(1, tracks + 1):
            yield {
                "release_id": release,
                "reference": f"{release}-{position}",
                "position": position,
                "title": titles[chance.randrange(len(titles))],
                "medium": "music",
                "duration_s": 200,
            }


def _copy(model: type[models.Model], rows: Iterable[dict[str, object]]) -> None:
    """Write rows; a column that they leave out has the model's default."""
    about = model._meta  # noqa: SLF001 - Django's own name for it
    fields = [one for one in about.concrete_fields if not one.primary_key]
    usual = {one.attname: _default(one) for one in fields}
    names = ", ".join(f'"{one.column}"' for one in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {about.db_table} ({names}) FROM STDIN") as out,
    ):
        for row in rows:
            if "search_name" in usual:
                row["search_name"] = plain_name(str(row["name"]))
            out.write_row([row.get(name, default) for name, default in usual.items()])


def _default(column: models.Field[Any, Any]) -> object:
    if getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False):
        return TODAY
    value = None if column.null else column.get_default()
    value = 0 if value is None and not column.null and "Integer" in column.get_internal_type() else value
    return column.get_db_prep_save(value, connection) if value is not None else None


def _split(lines: str) -> list[str]:
    return re.split(r"[|\n]", lines)


def _mix(known: Sequence[str], chance: random.Random) -> str:
    """Return one of the known, or the beginning of one with the end of another."""
    first = known[chance.randrange(len(known))]
    if chance.random() < 0.3:
        return first
    begin, end = first.split(), known[chance.randrange(len(known))].split()
    return " ".join([*begin[: (len(begin) + 1) // 2], *end[len(end) // 2 :]])


def _rows(
    folder: Path | None, pattern: str, *, delimiter: str, names: Sequence[str] | None = None
) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob(pattern)) if folder else ():
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
            yield from csv.DictReader(lines, fieldnames=names, delimiter=delimiter)
