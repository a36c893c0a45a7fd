"""A run's sums as they are kept beside it: by envelope, by library, and whose amount changed most. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from royalties.periods.inputs import LibraryMonth
from royalties.periods.results import Results

MOVERS = 8


def summarise(
    *, results: Results, months: Iterable[LibraryMonth], before: Mapping[int, int]
) -> dict[str, Any]:
    """Return a run's summary as JSON; all amounts in micros.

    `before` is what each payee got the month before; `movers` are those whose amount differs most from it, as
    [payee_id, before, now]. `libraries` has a row each, with what its own envelopes paid to payees.
    """
    by_envelope: dict[str, int] = defaultdict(int)
    now: dict[int, int] = defaultdict(int)
    for line in results.lines:
        by_envelope[line.envelope] += line.amount_micros
        now[line.payee_id] += line.amount_micros
    payees = sorted(
        {*now, *before}, key=lambda payee: (-abs(now.get(payee, 0) - before.get(payee, 0)), payee)
    )
    return {
        "by_envelope": dict(by_envelope),
        "payees": len(now),
        "paid": sum(now.values()),
        "libraries": [_library(row, results) for row in months if row.revenue or row.reserve],
        "movers": [[payee, before.get(payee, 0), now.get(payee, 0)] for payee in payees[:MOVERS]],
    }


def _library(row: LibraryMonth, results: Results) -> dict[str, Any]:
    totals = results.library_totals[row.library_id]
    return {
        "library_id": row.library_id,
        "name": results.library_names[row.library_id],
        "revenue": row.revenue,
        "reserve_in": row.reserve,
        "operations": totals["operations"],
        "solidarity": totals["solidarity"],
        "catalogue": totals["catalogue"],
        "paid": sum(results.paid_by_library.get(row.library_id, {}).values()),
        "reserve_out": totals["reserve_micros"],
    }
