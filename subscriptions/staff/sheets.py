"""Sheets of access codes on A4, set by Typst: to print, cut out and hand over the desk."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from subscriptions.models import CodeBatch, Library

SHEET = Path(__file__).with_name("sheet.typ")


def print_sheet(*, library: Library, batch: CodeBatch, codes: list[str]) -> bytes:
    """Return a PDF with one card a code; its QR code opens the library's door with the code filled in."""
    door = settings.SITE_URL + reverse("library:enter", args=[library.slug])
    document = {
        "lang": (get_language() or "fr")[:2],
        "title": f"{library.name} – {batch.name}",
        "library": library.name,
        "accent": library.accent,
        "address": settings.SITE_URL.split("//", 1)[1] + reverse("library:page", args=[library.slug]),
        "words": {
            "how": _("Point your phone’s camera here, or type the code at"),
            "until": _("First use until %(day)s. Then it stays yours.")
            % {"day": date_format(batch.expires_on)},
        },
        "cards": [{"code": code, "qr": _draw_qr(f"{door}?{urlencode({'code': code})}")} for code in codes],
    }
    compiler = typst.Compiler(
        str(SHEET),
        root=str(SHEET.parent),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[]),
        sys_inputs={"sheet": json.dumps(document)},
    )
    data = compiler.compile(format="pdf", timestamp=int(batch.created_at.timestamp()))
    if not isinstance(data, bytes):
        raise TypeError("typst gave no single document")
    return data


def _draw_qr(address: str) -> str:
    """Return a QR code as SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=0, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()
