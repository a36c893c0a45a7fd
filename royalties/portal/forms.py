"""A split as people write it: parts of the work, a month, names with per cents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from catalog.splits import selectors as splits
from catalog.splits.selectors import SharedWork
from catalog.splits.services import Proposal, months_offered

LEAST_ROWS, MOST_ROWS = 3, 40
PERCENT = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Row:
    """A name or e-mail address, and its per cents as written; what is wrong with either."""

    who: str = ""
    percent: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SplitForm:
    """The form as it is shown: what was written last time, or what holds now."""

    rows: tuple[Row, ...]
    chosen: frozenset[int]
    months: tuple[tuple[date, str], ...]
    valid_from: date
    note: str
    faults: tuple[str, ...] = ()

    @property
    def total(self) -> str:
        """Return the sum of what can be read, such as `99.5`, in the reader's own way."""
        return _written(sum((_decimal(row.percent) or Decimal(0) for row in self.rows), Decimal(0)))


def begin(work: SharedWork, months: Sequence[date]) -> SplitForm:
    """Return the form filled with the newest division."""
    parts = work.divisions[0].parts if work.divisions else ()
    rows = [Row(part.name, _written(Decimal(part.share_bp) / 100)) for part in parts]
    return _form(rows, frozenset(piece.id for piece in work.pieces), months, months[0], "")


def read(
    data: QueryDict, *, work: SharedWork, payee_id: int, months: Sequence[date]
) -> tuple[SplitForm, Proposal | None]:
    """Return the form as written, and the proposal if nothing is wrong with its words."""
    written = zip(data.getlist("who")[:MOST_ROWS], data.getlist("percent")[:MOST_ROWS], strict=False)
    rows, shares = [], {}
    for who, percent in ((who.strip(), percent.strip()) for who, percent in written):
        if not who and not percent:
            continue
        holder, part = splits.find_payee(words=who), _decimal(percent)
        rows.append(Row(who, percent, _fault(holder, part, is_double=holder in shares)))
        if holder is not None and part is not None:
            shares[holder] = int(part * 100)
    chosen = frozenset(piece.id for piece in work.pieces if str(piece.id) in data.getlist("resource"))
    day = next((one for one in months if one.isoformat() == data.get("valid_from")), months[0])
    form = _form(rows, chosen, months, day, data.get("note", "")[:2_000].strip())
    if any(row.fault for row in rows):
        return form, None
    return form, Proposal(
        payee_id=payee_id,
        release_id=work.release_id,
        resource_ids=chosen,
        shares_bp=shares,
        valid_from=day,
        note=form.note,
    )


def _fault(holder: int | None, part: Decimal | None, *, is_double: bool) -> str:
    if holder is None:
        return _("Nobody who is paid here has this name or address. The cooperative can add them.")
    if is_double:
        return _("This person stands here twice.")
    if part is None:
        return _("Write per cents, such as 33.34.")
    return ""


def _form(
    rows: Sequence[Row], chosen: frozenset[int], months: Sequence[date], day: date, note: str
) -> SplitForm:
    spare = max(LEAST_ROWS - len(rows), 1)
    named = tuple((month, date_format(month, "F Y")) for month in months)
    return SplitForm((*rows, *[Row()] * spare), chosen, named, day, note)


def _written(value: Decimal) -> str:
    """Write per cents as the reader does: `33.33` and `100`; in French `33,33`."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))


def _decimal(text: str) -> Decimal | None:
    if not PERCENT.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


__all__ = ["Row", "SplitForm", "begin", "months_offered", "read"]
