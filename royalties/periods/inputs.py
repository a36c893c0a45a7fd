"""The input folder of a run (file contract of docs/algorithms/cct.md), from what the other packages know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
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


MONTHS_OFFERED = 12  # after so many months a reserve moves to the solidarity fund


@dataclass(frozen=True, slots=True)
class LibraryMonth:
    """A library's money of a month in micros.

    `recognised` is the month's own part of its subscription lines; `earned` adds what an earlier negative
    month left; `revenue` is what is divided: `earned`, or nothing while it is negative. `reserve` is offered
    again; `expired` was offered for 12 months and goes to the solidarity fund.
    """

    library_id: int
    recognised: int
    earned: int
    reserve: int
    expired: int

    @property
    def revenue(self) -> int:
        return max(self.earned, 0)


def list_library_months(*, month: Month) -> list[LibraryMonth]:
    """Return every library, by id; one that was sold nothing has zeros."""
    recognised = billing.revenue_by_library(month=month)
    earned = _balances("earned")
    reserves = _balances("reserve")
    young = ledger.reserve_increases(since=_months_before(month, MONTHS_OFFERED))
    # The oldest is used first: what a reserve holds beyond its last 12 months' increases is older.
    expired = {key: max(reserve - young.get(key, 0), 0) for key, reserve in reserves.items()}
    return [
        LibraryMonth(
            library_id=library_id,
            recognised=recognised.get(library_id, 0),
            earned=earned.get(library_id, 0) + recognised.get(library_id, 0),
            reserve=reserves.get(library_id, 0) - expired.get(library_id, 0),
            expired=expired.get(library_id, 0),
        )
        for library_id in sorted(library.pk for library in libraries.list_public_libraries())
    ]


def _months_before(month: Month, count: int) -> Month:
    for _number in range(count):
        month = month.previous
    return month


def _balances(name: str) -> dict[int, int]:
    """Return the credit balance of every library's account of that name, by library id."""
    suffix = library_account(0, name).removeprefix("library:0")
    balances = ledger.credit_balances(prefix="library:", suffix=suffix)
    return {int(account.split(":")[1]): micros for account, micros in balances.items()}


def write_inputs(*, month: Month, folder: Path, months: list[LibraryMonth]) -> None:
    """Write the six inputs of the file contract into an empty folder.

    Rights are those in force on the month's last day.
    """
    _number_patrons(log.export_month(month=month, folder=folder))
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


def _number_patrons(files: list[Path]) -> None:
    """Put numbers in the place of pseudonyms, in their order.

    The contract wants integers, and a run that is kept for good should not hold what a key could still link.
    """
    seen: set[str] = set()
    for path in files:
        patrons = pq.read_table(path, columns=["patron"])["patron"]
        seen.update(str(patron) for patron in pc.unique(patrons).to_pylist())
    pseudonyms = pa.array(sorted(seen), pa.string())
    for path in files:
        plays = pq.read_table(path)
        numbers = pc.index_in(plays["patron"], value_set=pseudonyms).cast(pa.int64())
        position = plays.schema.get_field_index("patron")
        pq.write_table(plays.set_column(position, "patron", numbers), path, compression="zstd")
