"""How a frozen statement is shown: totals by envelope and territory, small audiences merged. Pure.

Payment is exact and never merged. Counts of people are: what fewer than five patrons did is shown as one
row a library, and where a library itself has fewer than five, as one row over such libraries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from royalties.statements.lines import Line

MIN_PATRONS = 5
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

    A territory line carries no audience of its own: it is judged by its resource's, as its usage line is.
    """
    shown: list[Row] = []
    small: dict[tuple[str, int | None], list[Line]] = defaultdict(list)
    audiences: dict[int, int] = defaultdict(int)
    for line in lines:
        if line.envelope == "diversity" and line.library_id is not None:
            audiences[line.library_id] = line.formula["patrons"]
        if line.envelope in PATRON_ENVELOPES and line.formula["patrons"] < MIN_PATRONS:
            small[line.envelope, line.library_id].append(line)
        else:
            shown.append(_row(line))
    hidden: dict[str, list[Line]] = defaultdict(list)
    for (envelope, library_id), group in small.items():
        if library_id is not None and audiences[library_id] >= MIN_PATRONS:
            shown.append(_merged(envelope, group, group[0]))
        else:
            hidden[envelope].extend(group)
    shown.extend(_merged(envelope, group, None) for envelope, group in hidden.items())
    return sorted(
        shown, key=lambda row: (ENVELOPE_ORDER.index(row.envelope), -row.amount_micros, row.resource_title)
    )


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


def total_by(rows: Iterable[Row], attribute: str) -> dict[str, int]:
    """Return micros by the value of one of Row's text fields, greatest first."""
    totals: dict[str, int] = defaultdict(int)
    for row in rows:
        totals[getattr(row, attribute)] += row.amount_micros
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))
