"""What a close writes balances by construction, or is refused."""

from __future__ import annotations

import pytest

from royalties.ledger import entries
from royalties.ledger.entries import Entry, LibraryResult, UnbalancedEntry

# The worked month of docs/algorithms/cct.md: 100 EUR of a library of Saint-Étienne.
WORKED = LibraryResult(
    library_id=7,
    revenue=100_000_000,
    reserve_in=0,
    operations=25_000_000,
    solidarity=5_000_000,
    catalogue=5_000_000,
    reserve_out=0,
    by_payee={1: 21_683_130, 2: 13_841_256, 3: 13_781_489, 4: 8_513_729, 5: 7_180_396},
)


def test_the_worked_month_balances_over_its_accounts() -> None:
    entry = entries.library_close(month="2026-10", result=WORKED)
    assert entry is not None
    assert dict(entry.postings)["library:7:earned"] == 100_000_000
    assert dict(entry.postings)["payee:1"] == -21_683_130
    assert "library:7:reserve" not in dict(entry.postings)


def test_a_month_that_loses_a_micro_is_refused() -> None:
    short = LibraryResult(7, 100, 0, 25, 5, 5, 0, {1: 64})
    with pytest.raises(UnbalancedEntry, match="sum to 1 micros"):
        entries.library_close(month="2026-10", result=short)


def test_reserve_moves_by_its_change_only() -> None:
    result = LibraryResult(7, 100, 7, 25, 5, 5, 72, {})
    entry = entries.library_close(month="2026-10", result=result)
    assert entry is not None
    assert dict(entry.postings)["library:7:reserve"] == -65


def test_a_month_without_money_writes_nothing() -> None:
    assert entries.recognition(month="2026-10", library_id=7, recognised_micros=0) is None


def test_floor_is_paid_by_the_solidarity_fund() -> None:
    entry = entries.platform_close(month="2026-10", catalogue_by_payee={1: 5}, floor_by_payee={1: 2, 3: 4})
    assert entry == Entry(
        key="close:2026-10:platform",
        description="Catalogue and floor of 2026-10",
        postings=(("payee:1", -7), ("payee:3", -4), ("pool:catalogue", 5), ("solidarity", 6)),
    )


def test_reversal_undoes_every_posting() -> None:
    entry = Entry(key="a", description="", postings=(("x", 1), ("y", -1)))
    assert entries.reversal(entry=entry, reason="wrong").postings == (("x", -1), ("y", 1))
