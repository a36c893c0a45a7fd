"""The faults of a delivery as a CSV sheet, in the language of now: to be sorted, shared and ticked off."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from catalog.models import DeliveryFault

# What a spreadsheet would compute; names of files are the sender's.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(faults: Iterable[DeliveryFault]) -> bytes:
    """Return a sheet with a row for each fault, as UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow([_("kind"), _("file"), _("line"), _("column or XPath"), _("code"), _("what is wrong")])
    for one in faults:
        kind = _("to know") if one.is_warning else _("fault")
        words = " ".join(one.words.split())
        sheet.writerow([kind, _plain(one.file), one.row or "", _plain(one.column), one.code, _plain(words)])
    return out.getvalue().encode("utf-8-sig")


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
