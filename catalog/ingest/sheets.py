"""Reads the sheets of the CSV template: encodings, separators, types, and what needs no database to check."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

import pycountry

from catalog.ingest import film_tracks, json_sheets, release_cells
from catalog.ingest.cells import Cells
from catalog.ingest.faults import Faults
from catalog.ingest.json_sheets import JsonSheets
from catalog.ingest.release_cells import EARLIEST, read_release
from catalog.ingest.rows import PartyRow, PayeeRow, ReleaseRow, ResourceRow, ShareRow, Sheets, TakedownRow
from catalog.ingest.spool import Rows
from mediaplatform.infrastructure.said import say as _

DELIVERY, RIGHTS, PARTIES, PAYEES = "delivery.csv", "rights.csv", "parties.csv", "payees.csv"
TAKEDOWNS = "takedowns.csv"
SHEETS = (DELIVERY, RIGHTS, PARTIES, PAYEES, TAKEDOWNS, json_sheets.NAME)
SECTIONS = {
    name: name.removesuffix(".csv") for name in (DELIVERY, RIGHTS, PARTIES, PAYEES, TAKEDOWNS)
}  # of the JSON
COLUMNS = {
    DELIVERY: frozenset(
        {"resource_ref", "position", "resource_title", "isrc", "duration_s", "file", "credits"}
    )
    | release_cells.COLUMNS
    | film_tracks.COLUMNS,
    RIGHTS: frozenset({"resource_ref", "payee", "share_bp", "valid_from"}),
    PARTIES: frozenset({"name", "kind", "isni", "commune", "country", "biography", "website"}),
    PAYEES: frozenset({"legal_name", "kind", "commune", "country", "email"}),
    TAKEDOWNS: frozenset({"release_ref"}),
}
REQUIRED = {
    DELIVERY: ("release_ref", "release_title", "medium", "resource_ref", "file"),
    RIGHTS: ("resource_ref", "payee", "share_bp"),
    PARTIES: ("name",),
    PAYEES: ("legal_name",),
    TAKEDOWNS: ("release_ref",),
}
ROLES = frozenset(
    {
        *("main_artist", "author", "illustrator", "translator", "composer"),
        *("performer", "director", "developer", "publisher", "narrator"),
    }
)
PARTY_KINDS = frozenset({"person", "organisation"})
WHOLE_BP = 10_000
MAX_SHEET_BYTES = 50_000_000
PART = 65_536  # characters at a time
V = TypeVar("V")


def read_template(folder: Path, sheets: Sheets, faults: Faults) -> None:
    """Read a folder in the template, as sheets or as JSON; every fault is collected. The first sheet must be there,
    unless works are only taken down."""
    source = _Source(folder, faults)
    sheets.one_file = json_sheets.NAME if source.json else ""
    for cells in source.rows(DELIVERY, is_required=not source.has(TAKEDOWNS)):
        _delivered(cells, sheets)
    _read_takedowns(source, sheets)
    if not sheets.resources and not sheets.takedowns and not faults:
        faults.add(source.name(DELIVERY), None, "", code="empty", message=_("The sheet has no rows."))
    _read_rights(source, sheets)


def read_rights(folder: Path, sheets: Sheets, faults: Faults) -> None:
    """Read the sheets on people, money and what goes, which stand beside messages of other formats too."""
    source = _Source(folder, faults)
    _read_takedowns(source, sheets)
    _read_rights(source, sheets)


class _Source:
    """The template's rows, wherever they stand."""

    def __init__(self, folder: Path, faults: Faults) -> None:
        self.folder, self.faults = folder, faults
        sections = frozenset(SECTIONS.values())
        self.json = JsonSheets(folder, sections, faults) if json_sheets.is_there(folder) else None

    def name(self, sheet: str) -> str:
        return json_sheets.NAME if self.json else sheet

    def has(self, sheet: str) -> bool:
        if self.json is not None:
            return SECTIONS[sheet] in self.json.rows
        return (self.folder / sheet).is_file()

    def rows(self, sheet: str, *, is_required: bool = False) -> Iterator[Cells]:
        if self.json is not None:
            return self.json.cells(SECTIONS[sheet], COLUMNS[sheet])
        return _rows(self.folder, sheet, self.faults, is_required=is_required)


def _read_takedowns(source: _Source, sheets: Sheets) -> None:
    for cells in source.rows(TAKEDOWNS):
        reference = cells.text("release_ref", limit=100, is_required=True)
        row = TakedownRow(file=cells.file, line=cells.line, reference=reference)
        _once(sheets.takedowns, reference, row, cells, "release_ref")
        if reference in sheets.releases:
            message = _("This work is delivered and taken down at once: keep one of the two.")
            cells.fault("release_ref", "contradiction", message)


def _read_rights(source: _Source, sheets: Sheets) -> None:
    for cells in source.rows(PARTIES):
        party = _party(cells)
        _once(sheets.parties, party.name, party, cells, "name")
    for cells in source.rows(PAYEES):
        payee = _payee(cells)
        _once(sheets.payees, payee.legal_name, payee, cells, "legal_name")
    for cells in source.rows(RIGHTS):
        sheets.shares.append(_share(cells, sheets))
    _check_shares(sheets, source.faults, source.name(RIGHTS))


def _rows(folder: Path, name: str, faults: Faults, *, is_required: bool = False) -> Iterator[Cells]:
    """Yield the rows of a sheet that are not empty; unknown and missing columns are faults of its head."""
    path = folder / name
    if path.is_symlink() or not path.is_file():
        if is_required or path.is_symlink():
            message = _(
                "This sheet is missing: send delivery.csv or delivery.json, a DDEX or an ONIX message."
            )
            faults.add(name, None, "", code="sheet_missing", message=message)
        return
    encoding = _find_encoding(path, name, faults)
    if encoding is None:
        return
    with path.open(encoding=encoding, newline="") as file:
        head = file.readline()
        file.seek(0)
        separator = ";" if head.count(";") > head.count(",") else ","
        reader = csv.reader(file, delimiter=separator, strict=True)
        try:
            columns = [column.strip().casefold() for column in next(reader, [])]
            for column in sorted(set(columns) - COLUMNS[name] - {""}):
                faults.add(
                    name, 1, column, code="unknown_column", message=_("The template has no such column.")
                )
            if missing := [column for column in REQUIRED[name] if column not in columns]:
                for column in missing:
                    faults.add(name, 1, column, code="column_missing", message=_("This column is missing."))
                return
            for row in reader:
                if any(cell.strip() for cell in row):
                    cells = Cells(
                        name, reader.line_num, dict(zip(columns, map(str.strip, row), strict=False)), faults
                    )
                    if len(row) > len(columns):
                        cells.fault(
                            "", "too_many_cells", _("This row has more cells than the head has columns.")
                        )
                    yield cells
        except csv.Error as error:
            message = _("This line can't be read: %(error)s") % {"error": error}
            faults.add(name, reader.line_num, "", code="not_csv", message=message)


def _find_encoding(path: Path, name: str, faults: Faults) -> str | None:
    """Return how a sheet is written: UTF-8 with or without BOM, UTF-16 with BOM, else the Windows code page 1252."""
    if path.stat().st_size > MAX_SHEET_BYTES:
        faults.add(name, None, "", code="too_large", message=_("This sheet is larger than 50 MB."))
        return None
    with path.open("rb") as file:
        is_utf_16 = file.read(2) in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if is_utf_16 else ("utf-8-sig", "cp1252"):
        if _is_text(path, encoding):
            return encoding
    faults.add(name, None, "", code="not_text", message=_("This is no text: save the sheet as CSV in UTF-8."))
    return None


def _is_text(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while part := file.read(PART):
                if "\0" in part:
                    return False
    except UnicodeError:
        return False
    return True


def _once(rows: Rows[V], key: str, value: V, cells: Cells, column: str) -> None:
    """Keep a row; the later of two of one key is a fault."""
    if not rows.put_new(key, value):
        cells.fault(column, "duplicate", _("This stands in an earlier row already."))
        rows[key] = value


def _country(cells: Cells, *, default: str = "") -> str:
    code = cells.text("country", limit=2).upper() or default
    if not code or pycountry.countries.get(alpha_2=code) is None:
        cells.fault(
            "country", "unknown_country", _("Write a country as two letters of ISO 3166, such as FR.")
        )
    return code


def _party(cells: Cells) -> PartyRow:
    website = cells.text("website", limit=200)
    if website and not website.startswith(("https://", "http://")):
        cells.fault("website", "bad_address", _("Write an address that begins with https://."))
    return PartyRow(
        line=cells.line,
        name=cells.text("name", limit=200, is_required=True),
        kind=cells.choice("kind", PARTY_KINDS, default="person"),
        isni=cells.isni("isni"),
        commune=cells.text("commune", limit=5).upper(),
        country=_country(cells, default="FR" if cells.values.get("commune") else ""),
        biography=cells.text("biography", limit=20_000),
        website=website,
    )


def _payee(cells: Cells) -> PayeeRow:
    email = cells.text("email", limit=254)
    if email and "@" not in email[1:-1]:
        cells.fault("email", "bad_email", _("This is no e-mail address."))
    return PayeeRow(
        line=cells.line,
        legal_name=cells.text("legal_name", limit=200, is_required=True),
        kind=cells.choice("kind", PARTY_KINDS, default="person"),
        commune=cells.text("commune", limit=5).upper(),
        country=_country(cells, default="FR" if cells.values.get("commune") else ""),
        email=email,
    )


def _share(cells: Cells, sheets: Sheets) -> ShareRow:
    """Read a share; without a date of its own it holds from the day on which its release becomes available."""
    reference = cells.text("resource_ref", limit=100, is_required=True)
    resource = sheets.resources.get(reference)
    release = sheets.releases.get(resource.release_reference) if resource else None
    windows = release.windows if release else ()
    release_day = min((window.starts_on for window in windows), default=EARLIEST)
    if not cells.values.get("share_bp"):
        cells.fault("share_bp", "missing", _("This column needs a value."))
    return ShareRow(
        line=cells.line,
        resource_reference=reference,
        payee=cells.text("payee", limit=200, is_required=True),
        share_bp=cells.number("share_bp", low=1, high=WHOLE_BP) or 0,
        valid_from=cells.day("valid_from") or release_day,
    )


def _delivered(cells: Cells, sheets: Sheets) -> None:
    """Read a row of the delivery sheet; a release's first row says what it is, later rows must agree."""
    release = read_release(cells)
    if not sheets.releases.put_new(release.reference, release):
        _compare(sheets.releases[release.reference], release, cells)
    resource = _resource(cells, release)
    _once(sheets.resources, resource.reference, resource, cells, "resource_ref")


def _compare(first: ReleaseRow, again: ReleaseRow, cells: Cells) -> None:
    """Every row of a release repeats its columns, or leaves them empty after the first row."""
    columns = {
        "title": "release_title",
        "medium": "medium",
        "ean": "ean",
        "label": "label",
        "cover_file": "cover_file",
    }
    for name, column in columns.items():
        if cells.values.get(column) and getattr(first, name) != getattr(again, name):
            message = _("Row %(row)d says something else of the same release.") % {"row": first.line}
            cells.fault(column, "contradiction", message)


def _resource(cells: Cells, release: ReleaseRow) -> ResourceRow:
    return ResourceRow(
        said_in=cells.file,
        line=cells.line,
        release_reference=release.reference,
        reference=cells.text("resource_ref", limit=100, is_required=True),
        position=cells.number("position", low=1, high=100_000),
        title=cells.text("resource_title"),
        isrc=cells.isrc("isrc"),
        duration_s=cells.number("duration_s", low=1, high=360_000),
        file=cells.text("file", limit=255, is_required=True),
        credits=_credits(cells),
        tracks=film_tracks.read_tracks(cells, medium=release.medium),
    )


def _credits(cells: Cells) -> tuple[tuple[str, str], ...]:
    found = []
    for entry in cells.listed("credits", limit=220):
        name, separator, role = (part.strip() for part in entry.rpartition(":"))
        if not separator or not name or role not in ROLES:
            message = _("%(entry)s: write Name:role, the role being one of %(roles)s.")
            cells.fault(
                "credits", "bad_credit", message % {"entry": entry, "roles": ", ".join(sorted(ROLES))}
            )
        else:
            found.append((name, role))
    return tuple(found)


def _check_shares(sheets: Sheets, faults: Faults, file: str) -> None:
    """Warn of a resource whose shares don't sum to 10,000 on a day on which a set of them begins."""
    for reference, shares in sheets.shares.by_owner():
        if reference not in sheets.resources:
            message = _("%(reference)s is no resource of the delivery sheet.") % {"reference": reference}
            for share in shares:
                faults.add(file, share.line, "resource_ref", code="unknown_resource", message=message)
        days: Mapping[date, list[ShareRow]] = defaultdict(list)
        for share in shares:
            days[share.valid_from].append(share)
        for rows in days.values():
            _check_sum(rows, faults, file)


def _check_sum(rows: Sequence[ShareRow], faults: Faults, file: str) -> None:
    whole = sum(row.share_bp for row in rows)
    if whole != WHOLE_BP:
        message = _("The shares of this resource sum to %(sum)d and not to 10,000.") % {"sum": whole}
        faults.warn(file, rows[0].line, "share_bp", code="shares_sum", message=message)
    if len({row.payee for row in rows}) < len(rows):
        message = _("This payee stands there twice.")
        faults.add(file, rows[-1].line, "payee", code="duplicate", message=message)
