"""Which plays of a month are held for a person to look at, and why (docs/algorithms/screening.md). Pure.

A rule never decides: it holds and says its numbers. Every threshold stands in `THRESHOLDS`, which the page's
table is compared with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LONG_DAY, SAME_AGAIN, FEW_PATRONS, NEW_ACCOUNT = "long_day", "same_again", "few_patrons", "new_account"
REGULAR_GAPS, HOUSEHOLD, OUTLIER = "regular_gaps", "household", "outlier"
RULES = (LONG_DAY, SAME_AGAIN, FEW_PATRONS, NEW_ACCOUNT, REGULAR_GAPS, HOUSEHOLD, OUTLIER)

THRESHOLDS: dict[str, dict[str, float]] = {
    LONG_DAY: {"hours": 18},
    SAME_AGAIN: {"plays": 10},
    FEW_PATRONS: {"patrons": 2, "share": 0.5, "plays": 100},
    NEW_ACCOUNT: {"plays": 200, "hours": 48},
    REGULAR_GAPS: {"plays": 30, "spread": 0.02},
    HOUSEHOLD: {"plays": 5},
    OUTLIER: {"z": 3.5, "patrons": 20},
}
HOUR_S, SECOND_US = 3600, 1_000_000
NORMAL_MAD = 0.6745  # of a normal distribution, in standard deviations (Iglewicz and Hoaglin, 1993)
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Plays:
    """A month's plays, counted or held, in columns of one length; `patron` and `day` are numbers of the caller's."""

    library: Ints
    patron: Ints
    resource: Ints
    day: Ints
    started_us: Ints
    seconds: Ints

    def __len__(self) -> int:
        return len(self.patron)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the log.

    `payees_of`: payees by resource. `created_us`: when an account of the month was made, by patron.
    `households`: patrons who were signed in beside an account that acts for a payee, by payee.
    """

    payees_of: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    created_us: Mapping[int, int] = field(default_factory=dict)
    households: Mapping[int, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Plays (positions in `Plays`) that a rule holds, with the numbers that made it.

    (rule, library, patron, day, payee, resource) is its natural key; what does not matter to the rule is NOBODY.
    """

    rule: str
    plays: Ints
    numbers: dict[str, float]
    library: int = NOBODY
    patron: int = NOBODY
    day: int = NOBODY
    payee: int = NOBODY
    resource: int = NOBODY


def screen(plays: Plays, known: Known) -> list[Suspicion]:
    """Return what each rule holds, in the order of `RULES`; a play can be held by several."""
    if not len(plays):
        return []
    return [
        *_long_days(plays),
        *_same_again(plays),
        *_few_patrons(plays, known),
        *_new_accounts(plays, known),
        *_regular_gaps(plays),
        *_households(plays, known),
        *_outliers(plays),
    ]


def _long_days(plays: Plays) -> Iterator[Suspicion]:
    """Hold a day of more than 18 hours: 20 plays of 3,300 s are 18 h 20."""
    most = THRESHOLDS[LONG_DAY]["hours"]
    for rows in _groups(plays.library, plays.patron, plays.day):
        hours = int(plays.seconds[rows].sum()) / HOUR_S
        if hours > most:
            yield _of_patron(LONG_DAY, plays, rows, {"hours": round(hours, 2)}, day=int(plays.day[rows[0]]))


def _same_again(plays: Plays) -> Iterator[Suspicion]:
    """Hold a resource that a patron played more than 10 times on a day: the 11th makes it."""
    most = THRESHOLDS[SAME_AGAIN]["plays"]
    for rows in _groups(plays.library, plays.patron, plays.day, plays.resource):
        if len(rows) > most:
            day, resource = int(plays.day[rows[0]]), int(plays.resource[rows[0]])
            yield _of_patron(SAME_AGAIN, plays, rows, {"plays": len(rows)}, day=day, resource=resource)


def _few_patrons(plays: Plays, known: Known) -> Iterator[Suspicion]:
    """Hold the plays of at most 2 patrons that are half or more of a payee's month of more than 100 plays."""
    limit = THRESHOLDS[FEW_PATRONS]
    for payee, rows in _by_payee(plays, known):
        if len(rows) <= limit["plays"]:
            continue
        who, counts = np.unique(plays.patron[rows], return_counts=True)
        top = np.argsort(-counts, kind="stable")[: int(limit["patrons"])]
        share = int(counts[top].sum()) / len(rows)
        if share >= limit["share"]:
            held = rows[np.isin(plays.patron[rows], who[top])]
            numbers = {"plays": len(rows), "patrons": len(top), "share": round(share, 3)}
            yield Suspicion(FEW_PATRONS, held, numbers, payee=payee)


def _new_accounts(plays: Plays, known: Known) -> Iterator[Suspicion]:
    """Hold the first 48 hours of an account that has more than 200 plays in them."""
    limit = THRESHOLDS[NEW_ACCOUNT]
    reach = int(limit["hours"]) * HOUR_S * SECOND_US
    is_new = np.isin(plays.patron, np.fromiter(known.created_us, np.int64, len(known.created_us)))
    new = np.flatnonzero(is_new)
    for rows in _groups(plays.library[new], plays.patron[new]):
        mine = new[rows]
        age = plays.started_us[mine] - known.created_us[int(plays.patron[mine[0]])]
        early = mine[(age >= 0) & (age < reach)]
        if len(early) > limit["plays"]:
            yield _of_patron(NEW_ACCOUNT, plays, early, {"plays": len(early)})


def _regular_gaps(plays: Plays) -> Iterator[Suspicion]:
    """Hold a day of 30 plays or more whose starts are as far apart as a clock's ticks.

    The spread is the standard deviation of the gaps over their mean: gaps of 31, 32 and 33 s have 0.026.
    """
    limit = THRESHOLDS[REGULAR_GAPS]
    for rows in _groups(plays.library, plays.patron, plays.day):
        if len(rows) < limit["plays"]:
            continue
        gaps = np.diff(np.sort(plays.started_us[rows])) / SECOND_US
        spread = float(gaps.std() / gaps.mean()) if gaps.mean() > 0 else 0.0
        if spread < limit["spread"]:
            numbers = {"plays": len(rows), "gap_s": round(float(gaps.mean()), 1), "spread": round(spread, 4)}
            yield _of_patron(REGULAR_GAPS, plays, rows, numbers, day=int(plays.day[rows[0]]))


def _households(plays: Plays, known: Known) -> Iterator[Suspicion]:
    """Hold more than 5 plays of a payee's own works by a patron of the payee's household."""
    most = THRESHOLDS[HOUSEHOLD]["plays"]
    wanted = {payee: patrons for payee, patrons in known.households.items() if patrons}
    for payee, rows in _by_payee(plays, known):
        for patron in sorted(wanted.get(payee, ())):
            own = rows[plays.patron[rows] == patron]
            if len(own) > most:
                yield Suspicion(
                    HOUSEHOLD,
                    own,
                    {"plays": len(own)},
                    library=int(plays.library[own[0]]),
                    patron=patron,
                    payee=payee,
                )


def _outliers(plays: Plays) -> Iterator[Suspicion]:
    """Hold the month of a patron who played far more than the others of the library.

    z = 0.6745 x (x - median) / MAD over the logarithms of the patrons' plays (base 2), from 20 patrons on: of 16, 32
    and 64 plays against a median of 32 and a MAD of 1, 8,192 plays have z = 0.6745 x 8 = 5.396.
    """
    limit = THRESHOLDS[OUTLIER]
    for rows in _groups(plays.library):
        who, counts = np.unique(plays.patron[rows], return_counts=True)
        if len(who) < limit["patrons"]:
            continue
        logs = np.log2(counts)
        middle = float(np.median(logs))
        spread = float(np.median(np.abs(logs - middle)))
        if spread <= 0:
            continue
        for position in np.flatnonzero(NORMAL_MAD * (logs - middle) / spread > limit["z"]):
            held = rows[plays.patron[rows] == who[position]]
            z = NORMAL_MAD * (float(logs[position]) - middle) / spread
            numbers = {"plays": len(held), "z": round(z, 3), "median": round(2**middle, 1)}
            yield _of_patron(OUTLIER, plays, held, numbers)


def _of_patron(
    rule: str,
    plays: Plays,
    rows: Ints,
    numbers: dict[str, float],
    *,
    day: int = NOBODY,
    resource: int = NOBODY,
) -> Suspicion:
    library, patron = int(plays.library[rows[0]]), int(plays.patron[rows[0]])
    return Suspicion(rule, rows, numbers, library=library, patron=patron, day=day, resource=resource)


def _groups(*keys: Ints) -> Iterator[Ints]:
    """Yield the positions of each distinct combination of keys, in their order."""
    if not len(keys[0]):
        return
    order = np.lexsort(keys[::-1])
    is_new = np.zeros(len(order) - 1, np.bool_)
    for key in keys:
        is_new |= np.diff(key[order]) != 0
    yield from np.split(order, np.flatnonzero(is_new) + 1)


def _by_payee(plays: Plays, known: Known) -> Iterator[tuple[int, Ints]]:
    """Yield each payee with the positions of the plays of their works."""
    found: dict[int, list[Ints]] = {}
    for rows in _groups(plays.resource):
        for payee in known.payees_of.get(int(plays.resource[rows[0]]), ()):
            found.setdefault(payee, []).append(rows)
    for payee, parts in sorted(found.items()):
        yield payee, np.sort(np.concatenate(parts))
