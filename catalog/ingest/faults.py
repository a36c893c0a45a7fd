"""What is wrong with a delivery, each fault at its place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from catalog.ingest.spool import Listed, kept


@kept
@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the file as named in the folder, the line (the head being line 1), the column, what to do."""

    file: str
    row: int | None
    column: str
    code: str
    message: str  # of `infrastructure.said`, so that it can be said again in the reader's language

    @property
    def words(self) -> str:
        """What is wrong, as it was said."""
        return self.message


@dataclass(slots=True)
class Faults:
    """Collects every fault, so that a deliverer corrects them all at once; warnings refuse nothing."""

    found: Listed[Fault] = field(default_factory=Listed)
    warnings: Listed[Fault] = field(default_factory=Listed)

    def add(self, file: str, row: int | None, column: str, *, code: str, message: str) -> None:
        """Note a fault."""
        self.found.append(Fault(file, row, column, code, message))

    def warn(self, file: str, row: int | None, column: str, *, code: str, message: str) -> None:
        """Note what a person should know, though it refuses nothing."""
        self.warnings.append(Fault(file, row, column, code, message))

    def leave_out(self, codes: Collection[str]) -> None:
        """Forget faults and warnings with one of these codes."""
        found, warnings = self.found, self.warnings
        self.found, self.warnings = Listed(), Listed()
        for left, all_of_it in ((self.found, found), (self.warnings, warnings)):
            for fault in all_of_it:
                if fault.code not in codes:
                    left.append(fault)

    def __bool__(self) -> bool:
        return bool(self.found)
