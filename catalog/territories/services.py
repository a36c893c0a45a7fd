"""Writes the official lists into the database."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from catalog.models import Territory
from catalog.territories import official

COLUMNS = (
    "level", "code", "name", "search_name", "postal_codes", "vintage", "population",
    "epci_code", "departement_code", "region_code", "country_code",
)  # fmt: skip


@transaction.atomic
def load_territories(*, folder: Path) -> dict[str, int]:
    """Load the lists of a folder over what is there, and return the number of territories by level.

    Ids are kept; what is no longer in the lists stays, with its old vintage. Loading twice changes nothing.

    Raises:
        GeographyMissing: the folder does not hold the lists.
    """
    rows = official.build_rows(official.read_lists(folder))
    table = Territory._meta.db_table  # noqa: SLF001 - Django's documented interface
    names = ", ".join(COLUMNS)
    changed = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[2:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"  # noqa: S608
        )
        with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(
                    [
                        row.level, row.code, row.name, row.search_name, list(row.postal_codes), official.VINTAGE,
                        row.population, row.epci_code, row.departement_code, row.region_code, row.country_code,
                    ]
                )  # fmt: skip
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming "  # noqa: S608
            f"ON CONFLICT (level, code) DO UPDATE SET {changed}"
        )
        cursor.execute("DROP TABLE incoming")
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.level] = counts.get(row.level, 0) + 1
    return counts
