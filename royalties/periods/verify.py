"""Does a closed month still say what was posted? Run, journal and statements, beside each other."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as pq
from django.db.models import Sum

from mediaplatform.infrastructure.objectstore import get_store
from mediaplatform.kernel.periods import Month
from royalties.ledger.entries import payee_account
from royalties.models import Posting, Run
from royalties.periods.selectors import MonthNotFound, find_posted
from royalties.runs.verify import verify_result
from royalties.statements import selectors as statements


def verify_month(*, month: Month) -> list[str]:
    """Return all that is wrong with a closed month; an empty list means that it holds.

    Raises:
        MonthNotFound: it is not closed.
    """
    run = find_posted(month=month)
    if run is None:
        raise MonthNotFound(str(month))
    with tempfile.TemporaryDirectory(prefix="verify-") as scratch:
        folder = Path(scratch)
        _fetch(run, folder)
        faults = verify_result(folder / "outputs", input_dir=folder / "inputs")
        if faults:
            return faults
        lines = pq.read_table(folder / "outputs" / "lines.parquet", columns=["payee_id", "amount_micros"])
    expected: dict[int, int] = defaultdict(int)
    for line in lines.to_pylist():
        expected[line["payee_id"]] += line["amount_micros"]
    if run.manifest["totals"]["revenue_micros"] != sum(row["revenue"] for row in run.summary["libraries"]):
        faults.append("summary: its revenue is not the run's")
    faults += _compare("statements", expected, statements.paid_in(month=month))
    return faults + _compare("journal", expected, _posted(month, set(expected)))


def _fetch(run: Run, folder: Path) -> None:
    store = get_store()
    for key in store.list_keys(prefix=run.object_prefix):
        path = folder / key.removeprefix(run.object_prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        store.download(key=key, path=path)


def _posted(month: Month, payees: set[int]) -> dict[int, int]:
    """Return what the month's close credited to each payee, in micros."""
    accounts = {payee_account(payee): payee for payee in payees}
    rows = (
        Posting.objects.filter(entry__key__startswith=f"close:{month}:", account__startswith="payee:")
        .values_list("account")
        .annotate(total=Sum("amount_micros"))
    )
    return {accounts.get(account, -1): -total for account, total in rows}


def _compare(where: str, expected: dict[int, int], found: dict[int, int]) -> list[str]:
    return [
        f"{where}: payee {payee}: {found.get(payee, 0)} micros, the run says {expected.get(payee, 0)}"
        for payee in sorted({*expected, *found})
        if expected.get(payee, 0) != found.get(payee, 0)
    ]
