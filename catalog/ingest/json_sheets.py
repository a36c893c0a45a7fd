"""The template as JSON: `{"delivery": [...], "rights": [...], "parties": [...], "payees": [...]}`, a row an object.

The names are those of the sheets' columns. A list stands for values that a sheet separates with `|`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog.ingest.cells import Cells
from catalog.ingest.faults import Faults
from catalog.ingest.json_pieces import NotJson, Pieces
from catalog.ingest.spool import Listed
from mediaplatform.infrastructure.said import say as _

NAME = "delivery.json"
MAX_BYTES = 50_000_000


def is_there(folder: Path) -> bool:
    """Tell whether a folder is in this form."""
    return (folder / NAME).is_file() and not (folder / NAME).is_symlink()


class JsonSheets:
    """A file as read: rows by section with the line on which each begins. What can't be read is a fault, once."""

    def __init__(self, folder: Path, sections: frozenset[str], faults: Faults) -> None:
        self.faults, self.sections = faults, sections
        self.rows: dict[str, Listed[tuple[int, dict[str, Any]]]] = {}
        path = folder / NAME
        if path.stat().st_size > MAX_BYTES:
            self.faults.add(NAME, None, "", code="too_large", message=_("This sheet is larger than 50 MB."))
            return
        if not self._read(path):
            self.rows = {}

    def cells(self, section: str, columns: frozenset[str]) -> Iterator[Cells]:
        """Yield a section's rows; unknown names are faults at the row."""
        for line, row in self.rows.get(section, ()):
            cells = Cells(NAME, line, {}, self.faults)
            values = {}
            for name, value in row.items():
                if name not in columns:
                    cells.fault(name, "unknown_column", _("The template has no such column."))
                elif isinstance(value, dict):
                    cells.fault(name, "unknown_value", _("Write a word, a number, yes or no, or a list."))
                else:
                    values[name] = _as_cell(value)
            yield Cells(NAME, line, values, self.faults)

    def _read(self, path: Path) -> bool:
        """Read all sections; tells whether all of it could be read."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                self._read_sections(Pieces(file))
        except UnicodeDecodeError:
            message = _("This is no text: save it as JSON in UTF-8.")
            self.faults.add(NAME, None, "", code="not_text", message=message)
        except NotJson as error:
            message = _("This line can't be read: %(error)s") % {"error": error.words}
            self.faults.add(NAME, error.line, "", code="not_json", message=message)
        except RecursionError:
            self.faults.add(NAME, 1, "", code="not_json", message=_("This is nested too deeply."))
        else:
            return True
        return False

    def _read_sections(self, pieces: Pieces) -> None:
        if pieces.peek() not in {"{", ""}:
            message = _("Write an object with the lists delivery, rights, parties, payees and takedowns.")
            self.faults.add(NAME, 1, "", code="not_json", message=message)
            return
        pieces.take("{")
        for _place in _entries(pieces, "}"):
            name = pieces.value()
            if not isinstance(name, str):
                raise NotJson("Expecting property name enclosed in double quotes", pieces.line)
            pieces.take(":")
            if not self._read_rows(pieces, name):
                self.rows.pop(name, None)
                message = _("Write an object with the lists delivery, rights, parties, payees and takedowns.")
                self.faults.add(NAME, None, name[:300], code="unknown_section", message=message)
        if pieces.peek():
            raise NotJson("Extra data", pieces.line)

    def _read_rows(self, pieces: Pieces, name: str) -> bool:
        """Read a section; tells whether it is one of ours, and a list of objects."""
        if pieces.peek() != "[":
            pieces.value()
            return False
        pieces.take("[")
        is_ours = name in self.sections
        rows = self.rows.setdefault(name, Listed())
        for _place in _entries(pieces, "]"):
            pieces.peek()
            line, row = pieces.line, pieces.value()
            is_ours = is_ours and isinstance(row, dict)
            if is_ours:
                rows.append((line, row))
        return is_ours


def _entries(pieces: Pieces, end: str) -> Iterator[int]:
    """Yield before each entry of a list or an object that was begun, and pass over what is between them."""
    place = 0
    while pieces.peek() != end:
        if place:
            pieces.take(",")
        yield place
        place += 1
    pieces.take(end)


def _as_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "|".join(_as_cell(one) for one in value)
    return str(value).strip()
