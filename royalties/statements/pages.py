"""A statement laid out for reading: the same figures on the page, in the PDF and in the exports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mediaplatform.ui.charts import Bar
from mediaplatform.ui.figures import format_money, format_number
from royalties.statements.display import ENVELOPE_ORDER, Row, rows_of
from royalties.statements.lines import Line
from royalties.statements.selectors import StatementHead
from royalties.statements.words import ENVELOPE_NAMES, ENVELOPE_RULES, MEDIUM_NAMES, say_row

MOST_ROWS = 200  # of an envelope on a page
# The charts' order from below, which is that of their colours: what is from here carries the rest.
STACK = ("territory", "usage", "diversity", "catalogue", "floor")


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with its words: what it is for, where it comes from, and why it is so much."""

    row: Row
    title: str
    detail: str
    place: str

    @property
    def sentences(self) -> list[str]:
        return say_row(self.row)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The rows of one envelope, greatest first; their sum is `amount_micros`."""

    key: str
    name: str
    rule: str
    amount_micros: int
    rows: list[ShownRow]

    @property
    def top(self) -> list[ShownRow]:
        """The rows that are read; those of large catalogues go on in the exports."""
        return self.rows[:MOST_ROWS]

    @property
    def rest(self) -> str:
        """What stands after `top`, in one sentence; empty when nothing does."""
        left = self.rows[MOST_ROWS:]
        if not left:
            return ""
        return _("And %(count)s smaller lines that make %(amount)s: the CSV and JSON files have all.") % {
            "count": format_number(len(left)),
            "amount": format_money(sum(each.row.amount_micros for each in left), decimals=6),
        }


@dataclass(frozen=True, slots=True)
class Total:
    """An amount under a name; `note` says more."""

    name: str
    note: str
    amount_micros: int


@dataclass(frozen=True, slots=True)
class Part:
    """An envelope's part of a bar, in per cent; `index` is its colour in the charts."""

    index: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A statement; envelopes, towns and works each add up to its total."""

    head: StatementHead
    envelopes: list[Envelope]
    towns: list[Total]
    works: list[Total]

    @property
    def parts(self) -> list[Part]:
        parts, x = list[Part](), 0
        for envelope in self.envelopes:
            part = Part(
                index=STACK.index(envelope.key),
                x=round(x * 100 / self.head.total_micros, 3),
                width=round(envelope.amount_micros * 100 / self.head.total_micros, 3),
            )
            parts.append(part)
            x += envelope.amount_micros
        return parts

    @property
    def town_bars(self) -> list[Bar]:
        return [_bar(total) for total in self.towns]


def lay_out(head: StatementHead, lines: Iterable[Line]) -> StatementPage:
    """Lay a statement out in the reader's language; audiences under 5 patrons are merged."""
    rows = [_shown(row) for row in rows_of(lines)]
    return StatementPage(
        head=head,
        envelopes=[
            _envelope(key, found)
            for key in ENVELOPE_ORDER
            if (found := [each for each in rows if each.row.envelope == key])
        ],
        towns=_totals(rows, lambda each: (each.place, "")),
        works=_totals(rows, _work_of),
    )


def _envelope(key: str, rows: list[ShownRow]) -> Envelope:
    return Envelope(
        key=key,
        name=str(ENVELOPE_NAMES[key]),
        rule=str(ENVELOPE_RULES[key]),
        amount_micros=sum(each.row.amount_micros for each in rows),
        rows=rows,
    )


def _shown(row: Row) -> ShownRow:
    title, detail = _title(row)
    return ShownRow(row=row, title=title, detail=detail, place=_place(row))


def _title(row: Row) -> tuple[str, str]:
    if row.merged:
        return _("Several works, heard by few"), ""
    if row.envelope == "catalogue":
        return _("All your releases"), ""
    if row.envelope == "floor":
        return _("Up to the floor"), ""
    if not row.resource_title:
        return _("All your works"), ""
    medium = str(MEDIUM_NAMES[row.medium])
    if row.resource_title == row.release_title:
        return row.resource_title, medium
    return row.resource_title, f"{row.release_title} · {medium}"


def _place(row: Row) -> str:
    if row.territory_name:
        return row.territory_name
    return _("Towns with fewer than 5 listeners") if row.merged else _("All libraries together")


def _work_of(shown: ShownRow) -> tuple[str, str]:
    """Name the release a row counts for: works are read by release and medium."""
    row = shown.row
    if row.release_title:
        return row.release_title, str(MEDIUM_NAMES[row.medium])
    return shown.title, "" if row.merged else str(ENVELOPE_NAMES[row.envelope])


def _totals(rows: Sequence[ShownRow], name_of: Callable[[ShownRow], tuple[str, str]]) -> list[Total]:
    """Sum rows under their names, greatest first."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for each in rows:
        sums[name_of(each)] += each.row.amount_micros
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return [Total(name, note, amount) for (name, note), amount in ordered]


def _bar(total: Total) -> Bar:
    return Bar(
        label=total.name, value=total.amount_micros, shown=format_money(total.amount_micros), note=total.note
    )
