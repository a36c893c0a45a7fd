"""The template as JSON: `{"delivery": [...], "rights": [...], "parties": [...], "payees": [...]}`, a row an object.

The names are those of the sheets' columns. A list stands for values that a sheet separates with `|`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog.ingest.cells import Cells
from catalog.ingest.faults import Faults
from mediaplatform.infrastructure.said import say as _

NAME = "delivery.json"
MAX_BYTES = 50_000_000
SPACE = re.compile(r"[\s,]*")
DEEPEST = 10


def is_there(folder: Path) -> bool:
    """Tell whether a folder is in this form."""
    return (folder / NAME).is_file() and not (folder / NAME).is_symlink()


class JsonSheets:
    """A file as read: rows by section with the line on which each begins. What can't be read is a fault, once."""

    def __init__(self, folder: Path, sections: frozenset[str], faults: Faults) -> None:
        self.faults = faults
        self.rows: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        text = self._text(folder / NAME)
        if text is not None:
            self._read(text, sections)

    def cells(self, section: str, columns: frozenset[str]) -> Iterator[Cells]:
        """Yield a section's rows; unknown names are faults at the row."""
        for line, row in self.rows.get(section, []):
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

    def _text(self, path: Path) -> str | None:
        if path.stat().st_size > MAX_BYTES:
            self.faults.add(NAME, None, "", code="too_large", message=_("This sheet is larger than 50 MB."))
            return None
        try:
            return path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            message = _("This is no text: save it as JSON in UTF-8.")
            self.faults.add(NAME, None, "", code="not_text", message=message)
            return None

    def _read(self, text: str, sections: frozenset[str]) -> None:
        try:
            whole = json.loads(text)
        except json.JSONDecodeError as error:
            message = _("This line can't be read: %(error)s") % {"error": error.msg}
            self.faults.add(NAME, error.lineno, "", code="not_json", message=message)
            return
        except RecursionError:
            self.faults.add(NAME, 1, "", code="not_json", message=_("This is nested too deeply."))
            return
        if not isinstance(whole, dict):
            message = _("Write an object with the lists delivery, rights, parties, payees and takedowns.")
            self.faults.add(NAME, 1, "", code="not_json", message=message)
            return
        for name, rows in whole.items():
            if (
                name not in sections
                or not isinstance(rows, list)
                or not all(isinstance(r, dict) for r in rows)
            ):
                message = _("Write an object with the lists delivery, rights, parties, payees and takedowns.")
                self.faults.add(NAME, None, str(name)[:300], code="unknown_section", message=message)
                continue
            self.rows[name] = list(zip(_lines(text, name, len(rows)), rows, strict=True))


def _lines(text: str, section: str, count: int) -> list[int]:
    """Return the line on which each object of a section begins."""
    decoder = json.JSONDecoder()
    found = re.search(rf'"{re.escape(section)}"\s*:\s*\[', text)
    if found is None:  # written with escapes
        return [1] * count
    lines, at, line, counted = [], found.end(), 1, 0
    for _number in range(count):
        space = SPACE.match(text, at)
        at = space.end() if space else at
        line, counted = line + text.count("\n", counted, at), at
        lines.append(line)
        try:
            _row, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError:  # the name stood somewhere else first
            return [1] * count
    return lines


def _as_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "|".join(_as_cell(one) for one in value)
    return str(value).strip()
