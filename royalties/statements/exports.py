"""A statement as files: CSV for a spreadsheet, JSON for a program. Amounts exact, small audiences merged."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from mediaplatform.kernel.money import Money
from royalties.statements.pages import ShownRow, StatementPage

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute
COLUMNS = (
    "statement", "month", "envelope", "town", "library", "release", "title", "medium", "merged_lines",
    "amount_eur", "explanation",
)  # fmt: skip


def as_csv(page: StatementPage) -> bytes:
    """Return UTF-8 with a byte order mark, so that spreadsheets read accents; one row a line shown."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow(COLUMNS)
    sheet.writerows([_plain(cell) for cell in row] for row in _rows(page))
    return out.getvalue().encode("utf-8-sig")


def as_json(page: StatementPage) -> bytes:
    """Return the rows with their formulas' numbers; amounts in micros beside the decimals."""
    head = page.head
    rows = [
        {
            **dict(zip(COLUMNS[2:], row[2:], strict=True)),
            "amount_micros": shown.row.amount_micros,
            "formula": dict(shown.row.formula),
        }
        for row, shown in zip(_rows(page), _shown(page), strict=True)
    ]
    document = {
        "statement": head.number,
        "month": str(head.month),
        "payee": head.payee.name,
        "currency": "EUR",
        "total_micros": head.total_micros,
        "run_sha256": head.run_digest,
        "rows": rows,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _shown(page: StatementPage) -> list[ShownRow]:
    return [shown for envelope in page.envelopes for shown in envelope.rows]


def _rows(page: StatementPage) -> list[Sequence[Any]]:
    return [
        (
            page.head.number,
            str(page.head.month),
            shown.row.envelope,
            shown.place,
            shown.row.library_name,
            shown.row.release_title,
            shown.row.resource_title,
            shown.row.medium,
            shown.row.merged or "",
            str(Money(shown.row.amount_micros).units),
            " ".join(shown.sentences),
        )
        for shown in _shown(page)
    ]


def _plain(cell: Any) -> str:
    """Keep a spreadsheet from reading a title as a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
