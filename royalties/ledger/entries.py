"""What a month's close writes in the books, as plain data. Pure.

Accounts (a positive posting is a debit, a negative one a credit):

| account | what its credit balance is |
|---|---|
| `library:<id>:deferred` | sold but not earned yet (debited as time passes) |
| `library:<id>:earned` | earned and not distributed: a negative month waits here for the next |
| `library:<id>:reserve` | what nobody could be paid for, offered again next month |
| `payee:<id>` | owed to a payee |
| `operations`, `solidarity` | the cooperative's running costs; the solidarity fund |
| `pool:catalogue` | the libraries' catalogue envelopes on their way; zero after a close |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

OPERATIONS, SOLIDARITY, CATALOGUE_POOL = "operations", "solidarity", "pool:catalogue"


class UnbalancedEntry(Exception):
    """The postings of an entry do not sum to zero."""


def payee_account(payee_id: int) -> str:
    return f"payee:{payee_id}"


def library_account(library_id: int, name: str) -> str:
    """Return a library's account; `name` is deferred, earned or reserve."""
    return f"library:{library_id}:{name}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A balanced set of postings under a natural key. Accounts are unique and sorted; no posting is zero.

    Raises:
        UnbalancedEntry: the postings do not sum to zero, or there are none.
    """

    key: str
    description: str
    postings: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        rest = sum(amount for _, amount in self.postings)
        if rest or not self.postings:
            raise UnbalancedEntry(
                f"{self.key}: postings sum to {rest} micros over {len(self.postings)} accounts"
            )


def entry_of(*, key: str, description: str, postings: Iterable[tuple[str, int]]) -> Entry | None:
    """Gather postings by account into an entry; None when every account comes out at zero."""
    totals: dict[str, int] = defaultdict(int)
    for account, amount in postings:
        totals[account] += amount
    kept = tuple((account, amount) for account, amount in sorted(totals.items()) if amount)
    return Entry(key=key, description=description, postings=kept) if kept else None


def recognition(*, month: str, library_id: int, recognised_micros: int) -> Entry | None:
    """Turn a month of a subscription from deferred into earned; a credit note's month goes the other way."""
    return entry_of(
        key=f"recognise:{month}:library:{library_id}",
        description=f"Revenue of {month}",
        postings=[
            (library_account(library_id, "deferred"), recognised_micros),
            (library_account(library_id, "earned"), -recognised_micros),
        ],
    )


@dataclass(frozen=True, slots=True)
class LibraryResult:
    """What the engine gave for one library, in micros."""

    library_id: int
    revenue: int
    reserve_in: int
    operations: int
    solidarity: int
    catalogue: int
    reserve_out: int
    by_payee: Mapping[int, int]


def library_close(*, month: str, result: LibraryResult) -> Entry | None:
    """Divide a month: earned + reserve in = operations + solidarity + catalogue + payees + reserve out."""
    return entry_of(
        key=f"close:{month}:library:{result.library_id}",
        description=f"Distribution of {month}",
        postings=[
            (library_account(result.library_id, "earned"), result.revenue),
            (library_account(result.library_id, "reserve"), result.reserve_in - result.reserve_out),
            (OPERATIONS, -result.operations),
            (SOLIDARITY, -result.solidarity),
            (CATALOGUE_POOL, -result.catalogue),
            *((payee_account(payee_id), -amount) for payee_id, amount in result.by_payee.items()),
        ],
    )


def reserve_expiry(*, month: str, library_id: int, expired_micros: int) -> Entry | None:
    """Move what was offered for 12 months and found nobody from a reserve to the solidarity fund."""
    return entry_of(
        key=f"expire:{month}:library:{library_id}",
        description=f"Reserve offered for 12 months, at the close of {month}",
        postings=[
            (library_account(library_id, "reserve"), expired_micros),
            (SOLIDARITY, -expired_micros),
        ],
    )


def platform_close(
    *, month: str, catalogue_by_payee: Mapping[int, int], floor_by_payee: Mapping[int, int]
) -> Entry | None:
    """Pay the pooled catalogue envelope and the floor out of the solidarity fund."""
    return entry_of(
        key=f"close:{month}:platform",
        description=f"Catalogue and floor of {month}",
        postings=[
            (CATALOGUE_POOL, sum(catalogue_by_payee.values())),
            (SOLIDARITY, sum(floor_by_payee.values())),
            *((payee_account(payee_id), -amount) for payee_id, amount in catalogue_by_payee.items()),
            *((payee_account(payee_id), -amount) for payee_id, amount in floor_by_payee.items()),
        ],
    )


def reversal(*, entry: Entry, reason: str) -> Entry:
    """Return the entry that undoes another; its key says so, so that it can be posted once only."""
    return Entry(
        key=f"reverse:{entry.key}",
        description=reason,
        postings=tuple((account, -amount) for account, amount in entry.postings),
    )
