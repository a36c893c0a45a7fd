"""How a frozen statement is shown: totals by envelope and territory, small audiences merged. Pure.

Payment is exact and never merged. Counts of people are: what fewer than five patrons did is shown as one
row a library, and where a library itself has fewer than five, as one row over such libraries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mediaplatform.kernel import anonymity
from royalties.statements.lines import Line

PATRON_ENVELOPES = ("usage", "territory", "diversity")
ENVELOPE_ORDER = ("usage", "territory", "diversity", "catalogue", "floor")


@dataclass(frozen=True, slots=True)
class Row:
    """A line as shown. `merged` is how many lines it stands for when it hides a small audience, else 0."""

    envelope: str
    amount_micros: int
    territory_name: str = ""
    library_name: str = ""
    resource_title: str = ""
    release_title: str = ""
    medium: str = ""
    formula: Mapping[str, Any] = field(default_factory=dict)
    merged: int = 0


def rows_of(lines: Iterable[Line]) -> list[Row]:
    """Return the rows to show, in envelope order and by falling amount; their sum is the lines' sum.

    A territory line carries no audience of its own: it is judged by its resource's, as its usage line is. A
    merged row never stands for a single line where another could hide it: who knows the whole would find it.
    """
    shown: list[Row] = []
    by_library: dict[tuple[str, int | None], list[Line]] = defaultdict(list)
    audiences: dict[int | None, int] = {}
    for line in lines:
        if line.envelope in PATRON_ENVELOPES:
            by_library[line.envelope, line.library_id].append(line)
        else:
            shown.append(_row(line))
        if line.envelope == "diversity":
            audiences[line.library_id] = line.formula["patrons"]
    hidden: dict[str, list[Line]] = defaultdict(list)
    for (envelope, library_id), group in by_library.items():
        if not anonymity.may_show(audiences.get(library_id, 0)):
            hidden[envelope] += group
            continue
        small, large = _hide_small(group)
        shown += [_row(line) for line in large]
        if small:
            shown.append(_merged(envelope, small, small[0]))
    shown += [_merged(envelope, group, None) for envelope, group in hidden.items()]
    return sorted(
        shown, key=lambda row: (ENVELOPE_ORDER.index(row.envelope), -row.amount_micros, row.resource_title)
    )


def _hide_small(group: list[Line]) -> tuple[list[Line], list[Line]]:
    """Part a library's lines of an envelope into those to merge and those to show."""
    ordered = sorted(group, key=lambda line: line.formula["patrons"])
    small = [line for line in ordered if not anonymity.may_show(line.formula["patrons"])]
    large = ordered[len(small) :]
    while small and large and (len(small) == 1 or not anonymity.may_show(_patrons(small))):
        small.append(large.pop(0))
    return small, large


def _patrons(lines: Iterable[Line]) -> int:
    return sum(line.formula["patrons"] for line in lines)


def _row(line: Line) -> Row:
    return Row(
        envelope=line.envelope,
        amount_micros=line.amount_micros,
        territory_name=line.territory_name,
        library_name=line.library_name,
        resource_title=line.resource_title,
        release_title=line.release_title,
        medium=line.medium,
        formula=line.formula,
    )


def _merged(envelope: str, group: Sequence[Line], library: Line | None) -> Row:
    return Row(
        envelope=envelope,
        amount_micros=sum(line.amount_micros for line in group),
        territory_name=library.territory_name if library else "",
        library_name=library.library_name if library else "",
        merged=len(group),
    )
