"""A statement on paper, set by Typst from the same page; printed once a language and kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mediaplatform.infrastructure.objectstore import ObjectMissing, get_store
from mediaplatform.ui.figures import format_money
from royalties.statements.pages import StatementPage

SHEET = Path(__file__).with_name("statement.typ")


def find_or_print(page: StatementPage) -> bytes:
    """Return the statement's PDF in the reader's language; what was printed once stays as it is."""
    key = f"statements/{page.head.number}.{(get_language() or 'fr')[:2]}.pdf"
    try:
        return get_store().get_bytes(key=key)
    except ObjectMissing:
        data = print_page(page)
        get_store().put_bytes(key=key, data=data, content_type="application/pdf")
        return data


def print_page(page: StatementPage) -> bytes:
    """Set the page as PDF; the same page in the same language gives the same bytes."""
    compiler = typst.Compiler(
        str(SHEET),
        root=str(SHEET.parent),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[]),
        sys_inputs={"statement": json.dumps(_document(page))},
    )
    data = compiler.compile(
        format="pdf", timestamp=int(page.head.issued_at.timestamp()), pdf_standards="ua-1"
    )
    if not isinstance(data, bytes):
        raise TypeError("typst gave no single document")
    return data


def _document(page: StatementPage) -> dict[str, Any]:
    """Return all words and figures of the sheet: Typst only sets them."""
    head = page.head

    def exact(micros: int) -> str:
        return format_money(micros, decimals=6)

    return {
        "lang": (get_language() or "fr")[:2],
        "title": _("Statement %(number)s") % {"number": head.number},
        "month": capfirst(date_format(head.first_day, "F Y")),
        "payee": head.payee.name,
        "total": exact(head.total_micros),
        "issued": _("Issued on %(day)s") % {"day": date_format(head.issued_at)},
        "words": {
            "total": _("Total"),
            "town": _("By town"),
            "work": _("By work"),
            "lines": _("Line by line"),
            "page": _("page"),
        },
        "envelopes": [
            {
                "name": envelope.name,
                "rule": envelope.rule,
                "amount": exact(envelope.amount_micros),
                "rest": envelope.rest,
                "rows": [
                    {
                        "title": shown.title,
                        "detail": shown.detail,
                        "place": shown.place,
                        "amount": exact(shown.row.amount_micros),
                        "why": " ".join(shown.sentences),
                    }
                    for shown in envelope.top
                ],
            }
            for envelope in page.envelopes
        ],
        "towns": [[total.name, total.note, exact(total.amount_micros)] for total in page.towns],
        "works": [[total.name, total.note, exact(total.amount_micros)] for total in page.works],
        "proof": _(
            "Computed by the rules “%(policy)s”; digest of the month’s run: %(digest)s. Amounts in euros "
            "excluding VAT, with all six decimals; nothing is rounded before a payment."
        )
        % {"policy": head.policy_name, "digest": head.run_digest},
    }
