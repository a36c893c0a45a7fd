"""The input folder of a run, written from what the other packages know (docs/algorithms/cct.md, file contract)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.usage import log
from catalog.works import rights
from mediaplatform.kernel.periods import Month
from royalties.ledger import selectors as ledger
from royalties.ledger.entries import library_account
from subscriptions.billing import selectors as billing
from subscriptions.libraries import selectors as libraries

LIBRARIES = pa.schema(
    [("library_id", pa.int64()), ("revenue_micros", pa.int64()), ("reserve_micros", pa.int64())]
)


@dataclass(frozen=True, slots=True)
class LibraryMonth:
    """A library's money of a month in micros.

    `recognised` is the month's own part of its subscription lines; `earned` adds what an earlier negative
    month left; `revenue` is what is divided: `earned`, or nothing while it is negative.
    """

    library_id: int
    recognised: int
    earned: int
    reserve: int

    @property
    def revenue(self) -> int:
        return max(self.earned, 0)


def list_library_months(*, month: Month) -> list[LibraryMonth]:
    """Return every library with money or a reserve in the month, by id."""
    recognised = billing.revenue_by_library(month=month)
    earned = _balances("earned")
    reserves = _balances("reserve")
    return [
        LibraryMonth(
            library_id=library_id,
            recognised=recognised.get(library_id, 0),
            earned=earned.get(library_id, 0) + recognised.get(library_id, 0),
            reserve=reserves.get(library_id, 0),
        )
        for library_id in sorted({*recognised, *earned, *reserves})
    ]


def _balances(name: str) -> dict[int, int]:
    """Return the credit balance of every library's account of that name, by library id."""
    suffix = library_account(0, name).removeprefix("library:0")
    balances = ledger.credit_balances(prefix="library:", suffix=suffix)
    return {int(account.split(":")[1]): micros for account, micros in balances.items()}


def write_inputs(*, month: Month, folder: Path, months: list[LibraryMonth]) -> None:
    """Write the six inputs of the file contract into an existing empty folder.

    Rights are those in force on the month's last day.
    """
    log.export_month(month=month, folder=folder / "plays")
    tables = rights.export_rights(on=month.last_day)
    pq.write_table(tables.resources, folder / "resources.parquet")
    pq.write_table(tables.shares, folder / "shares.parquet")
    pq.write_table(tables.payees, folder / "payees.parquet")
    rows = [
        {"library_id": row.library_id, "revenue_micros": row.revenue, "reserve_micros": row.reserve}
        for row in months
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=LIBRARIES), folder / "libraries.parquet")
    pq.write_table(libraries.export_territories(), folder / "territories.parquet")
