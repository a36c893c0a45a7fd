"""A library's closed months: what its money became, and how much of it stayed near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Sum

from mediaplatform.kernel.periods import Month
from mediaplatform.kernel.territories import DEPARTEMENT, EPCI, OWN, REGION
from royalties.models import Run, StatementLine

NEAR = (OWN, EPCI, DEPARTEMENT, REGION)  # nearest first: who counts as being from here
ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One closed month of one library, in micros.

    `available` (revenue and the reserve of the month before) is the sum of `by_envelope` (usage, territory,
    diversity: to payees at once), `catalogue`, `operations`, `solidarity` and `reserve`. `by_distance` divides the
    same payees' money by where they live: NEAR, then ELSEWHERE. `creators` counts the payees paid, by distance.
    """

    month: Month
    available: int
    operations: int
    solidarity: int
    catalogue: int
    reserve: int
    by_envelope: Mapping[str, int]
    by_distance: Mapping[str, int]
    creators: Mapping[str, int]

    @property
    def paid(self) -> int:
        """What went to payees by the library's own envelopes."""
        return sum(self.by_envelope.values())

    @property
    def local(self) -> int:
        """What went to payees of the library's territory, town to region."""
        return sum(self.by_distance.get(distance, 0) for distance in NEAR)

    @property
    def local_bp(self) -> int:
        """The local part of what was paid, in basis points, rounded down."""
        return self.local * 10_000 // self.paid if self.paid > 0 else 0


def list_contributions(*, library_id: int) -> list[Contribution]:
    """Return every closed month of a library, newest first.

    A payee's distance is what the close found: it is frozen in the formula of the territory envelope's lines. A payee
    without such a line in the month was too far for that envelope and counts as ELSEWHERE.
    """
    found = []
    runs = Run.objects.filter(state=Run.State.POSTED).select_related("period").order_by("-period__month")
    lines = _lines_by_run(library_id)
    for run in runs:
        row = next((row for row in run.summary["libraries"] if row["library_id"] == library_id), None)
        if row is not None:
            found.append(_contribution(Month.parse(run.period.month), row, lines.get(run.pk, [])))
    return found


def _lines_by_run(library_id: int) -> dict[int, list[tuple[int, str, str | None, int]]]:
    """Return sums of a library's lines by run: payee, envelope, distance (territory lines alone), micros."""
    rows = (
        StatementLine.objects.filter(library_id=library_id)
        .values_list("statement__run_id", "statement__payee_id", "envelope", "formula__proximity")
        .annotate(total=Sum("amount_micros"))
        .order_by()
    )
    by_run = defaultdict(list)
    for run_id, payee_id, envelope, distance, total in rows:
        by_run[run_id].append((payee_id, envelope, distance, total))
    return by_run


def _contribution(
    month: Month, row: Mapping[str, int], lines: list[tuple[int, str, str | None, int]]
) -> Contribution:
    distances = {payee: distance for payee, _envelope, distance, _total in lines if distance in NEAR}
    by_envelope: dict[str, int] = defaultdict(int)
    by_distance: dict[str, int] = defaultdict(int)
    payees: dict[str, set[int]] = defaultdict(set)
    for payee, envelope, _distance, total in lines:
        distance = distances.get(payee) or ELSEWHERE
        by_envelope[envelope] += total
        by_distance[distance] += total
        payees[distance].add(payee)
    return Contribution(
        month=month,
        available=row["revenue"] + row["reserve_in"],
        operations=row["operations"],
        solidarity=row["solidarity"],
        catalogue=row["catalogue"],
        reserve=row["reserve_out"],
        by_envelope=dict(by_envelope),
        by_distance=dict(by_distance),
        creators={distance: len(found) for distance, found in payees.items()},
    )
