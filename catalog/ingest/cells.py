"""Reads one cell of a sheet into a value; what can't be read is a fault, and the reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from stdnum import ean as ean_numbers
from stdnum import isbn, isni, isrc

from catalog.ingest.faults import Faults
from mediaplatform.infrastructure.said import say as _

T = TypeVar("T")
YES, NO = frozenset({"yes", "oui", "true", "1"}), frozenset({"", "no", "non", "false", "0"})


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row, stripped; `file` and `line` say where it stands."""

    file: str
    line: int
    values: Mapping[str, str]
    faults: Faults

    def fault(self, column: str, code: str, message: str) -> None:
        """Note a fault of this row."""
        self.faults.add(self.file, self.line, column, code=code, message=message)

    def text(self, column: str, *, limit: int = 300, is_required: bool = False) -> str:
        """Return the text of a column."""
        value = self.values.get(column, "")
        if is_required and not value:
            self.fault(column, "missing", _("This column needs a value."))
        if len(value) > limit:
            self.fault(column, "too_long", _("At most %(limit)d characters fit here.") % {"limit": limit})
        return value[:limit]

    def listed(self, column: str, *, limit: int = 80) -> tuple[str, ...]:
        """Return the values that `|` separates, each once."""
        values = dict.fromkeys(
            part.strip() for part in self.values.get(column, "").split("|") if part.strip()
        )
        for value in values:
            if len(value) > limit:
                self.fault(column, "too_long", _("At most %(limit)d characters fit here.") % {"limit": limit})
        return tuple(value[:limit] for value in values)

    def chosen(self, column: str, choices: Collection[str]) -> tuple[str, ...]:
        """Return the values that `|` separates, each of which must be one of the choices."""
        values = tuple(value.casefold() for value in self.listed(column))
        for value in values:
            if value not in choices:
                message = _("%(value)s: write one of %(choices)s.")
                said = {"value": value, "choices": ", ".join(sorted(choices))}
                self.fault(column, "unknown_value", message % said)
        return values

    def choice(self, column: str, choices: Mapping[str, T] | frozenset[str], *, default: str = "") -> str:
        """Return a value that must be one of the choices; the default for an empty cell."""
        value = self.values.get(column, "").casefold() or default
        if value not in choices:
            self.fault(
                column,
                "unknown_value",
                _("Write one of: %(choices)s.") % {"choices": ", ".join(sorted(choices))},
            )
        return value

    def flag(self, column: str) -> bool:
        """Return a yes or a no; an empty cell is a no."""
        value = self.values.get(column, "").casefold()
        if value not in YES | NO:
            self.fault(column, "unknown_value", _("Write yes or no."))
        return value in YES

    def number(self, column: str, *, low: int, high: int) -> int | None:
        """Return a whole number within the bounds, or None for an empty cell."""
        message = _("Write a whole number from %(low)d to %(high)d.") % {"low": low, "high": high}
        return self._parsed(column, lambda value: _whole(value, low, high), "not_a_number", message)

    def day(self, column: str) -> date | None:
        """Return a date, or None for an empty cell."""
        return self._parsed(column, date.fromisoformat, "not_a_date", _("Write a date as yyyy-mm-dd."))

    def isrc(self, column: str) -> str:
        """Return an ISRC of 12 characters without hyphens (ISO 3901), or nothing."""
        return (
            self._parsed(
                column,
                isrc.validate,
                "bad_isrc",
                _("This is no valid ISRC: it has 12 signs, such as FRZ112600001."),
            )
            or ""
        )

    def ean(self, column: str) -> str:
        """Return an EAN, UPC or ISBN-13 whose check digit is right, or nothing."""
        return self._parsed(column, _ean, "bad_ean", _("The check digit of this EAN or ISBN is wrong.")) or ""

    def isni(self, column: str) -> str:
        """Return an ISNI of 16 characters (ISO 27729), or nothing."""
        return (
            self._parsed(column, isni.validate, "bad_isni", _("The check character of this ISNI is wrong."))
            or ""
        )

    def _parsed(self, column: str, parse: Callable[[str], T], code: str, message: str) -> T | None:
        value = self.values.get(column, "")
        if not value:
            return None
        try:
            return parse(value)
        except ValueError:  # python-stdnum's ValidationError is one
            self.fault(column, code, message)
            return None


def _whole(value: str, low: int, high: int) -> int:
    number = int(value)
    if not low <= number <= high:
        raise ValueError(value)
    return number


def _ean(value: str) -> str:
    compact: str = ean_numbers.compact(value)
    if compact.startswith(("978", "979")) or len(compact) == 10:  # noqa: PLR2004 - ISBN-10
        return str(isbn.validate(value, convert=True)).replace("-", "")
    return str(ean_numbers.validate(value))
