"""A month's sums beside those of the month before. Pure: reads the summaries that runs keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from royalties.statements.display import ENVELOPE_ORDER
from royalties.statements.words import ENVELOPE_NAMES

Summary = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """An amount in micros before and now."""

    name: str
    before: int
    now: int

    @property
    def change(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is paid: by envelope, by library, and to whom much more or less; `paid` and `payees` are sums."""

    envelopes: list[Compared]
    libraries: list[Compared]
    movers: list[Compared]
    paid: Compared
    payees: Compared


def compare(now: Summary, before: Summary | None, *, payee_names: Mapping[int, str]) -> Comparison:
    """Return what is paid now beside what was paid before; without a month before, that is 0."""
    old: Summary = before or {"by_envelope": {}, "libraries": [], "paid": 0, "payees": 0}
    new_libraries, old_libraries = _by_library(now), _by_library(old)
    names = {row["library_id"]: row["name"] for summary in (old, now) for row in summary["libraries"]}
    return Comparison(
        envelopes=[
            Compared(str(ENVELOPE_NAMES[key]), old["by_envelope"].get(key, 0), now["by_envelope"].get(key, 0))
            for key in ENVELOPE_ORDER
            if key in now["by_envelope"] or key in old["by_envelope"]
        ],
        libraries=[
            Compared(names[key], old_libraries.get(key, 0), new_libraries.get(key, 0))
            for key in sorted(names, key=lambda key: names[key])
        ],
        movers=[
            Compared(payee_names[payee], was, is_now)
            for payee, was, is_now in now["movers"]
            if was != is_now and payee in payee_names
        ],
        paid=Compared("", old["paid"], now["paid"]),
        payees=Compared("", old["payees"], now["payees"]),
    )


def _by_library(summary: Summary) -> dict[int, int]:
    return {row["library_id"]: row["paid"] for row in summary["libraries"]}
