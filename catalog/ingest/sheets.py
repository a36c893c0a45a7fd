"""Reads the sheets of the CSV template: encodings, separators, types, and what needs no database to check."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pycountry
from django.utils.translation import gettext as _

from catalog.ingest import film_tracks
from catalog.ingest.cells import Cells
from catalog.ingest.faults import Faults
from catalog.ingest.rows import PartyRow, PayeeRow, ReleaseRow, ResourceRow, ShareRow, Sheets, Window

DELIVERY, RIGHTS, PARTIES, PAYEES = "delivery.csv", "rights.csv", "parties.csv", "payees.csv"
SHEETS = (DELIVERY, RIGHTS, PARTIES, PAYEES)
COLUMNS = {
    DELIVERY: frozenset(
        (  # noqa: SIM905 - one word a column reads better
            "release_ref release_title release_subtitle medium release_kind release_date ean label languages "
            "subjects description min_age pegi pegi_descriptors explicit is_youth cover_file territories "
            "available_from available_to resource_ref position resource_title isrc duration_s file credits"
        ).split()
    )
    | film_tracks.COLUMNS,
    RIGHTS: frozenset({"resource_ref", "payee", "share_bp", "valid_from"}),
    PARTIES: frozenset({"name", "kind", "isni", "commune", "country", "biography", "website"}),
    PAYEES: frozenset({"legal_name", "kind", "commune", "country", "email"}),
}
REQUIRED = {
    DELIVERY: ("release_ref", "release_title", "medium", "resource_ref", "file"),
    RIGHTS: ("resource_ref", "payee", "share_bp"),
    PARTIES: ("name",),
    PAYEES: ("legal_name",),
}
KINDS = {  # of each medium, its usual kind first
    "music": ("album", "single", "audiobook"),
    "video": ("film", "series"),
    "book": ("book", "picture_book", "comic"),
    "game": ("game",),
}
MEDIUM_OF = {kind: medium for medium, kinds in KINDS.items() for kind in kinds}
ROLES = frozenset(
    {
        *("main_artist", "author", "illustrator", "translator", "composer"),
        *("performer", "director", "developer", "publisher", "narrator"),
    }
)
PARTY_KINDS = frozenset({"person", "organisation"})
PEGI = {"3": 3, "7": 7, "12": 12, "16": 16, "18": 18}
WHOLE_BP = 10_000
MAX_SHEET_BYTES = 50_000_000
EARLIEST = date(1900, 1, 1)


def read_template(folder: Path, sheets: Sheets, faults: Faults) -> None:
    """Read a folder in the CSV template; every fault is collected. `delivery.csv` must be there."""
    for cells in _rows(folder, DELIVERY, faults, is_required=True):
        _delivered(cells, sheets)
    if not sheets.resources and not faults:
        faults.add(DELIVERY, None, "", code="empty", message=_("The sheet has no rows."))
    read_rights(folder, sheets, faults)


def read_rights(folder: Path, sheets: Sheets, faults: Faults) -> None:
    """Read the sheets on people and money, which stand beside messages of other formats too."""
    for cells in _rows(folder, PARTIES, faults):
        party = _party(cells)
        _once(sheets.parties, party.name, cells, "name")
        sheets.parties[party.name] = party
    for cells in _rows(folder, PAYEES, faults):
        payee = _payee(cells)
        _once(sheets.payees, payee.legal_name, cells, "legal_name")
        sheets.payees[payee.legal_name] = payee
    for cells in _rows(folder, RIGHTS, faults):
        sheets.shares.append(_share(cells, sheets))
    _check_shares(sheets, faults)


def _rows(folder: Path, name: str, faults: Faults, *, is_required: bool = False) -> Iterator[Cells]:
    """Yield the rows of a sheet that are not empty; unknown and missing columns are faults of its head."""
    path = folder / name
    if path.is_symlink() or not path.is_file():
        if is_required or path.is_symlink():
            faults.add(
                name, None, "", code="sheet_missing", message=_("This sheet is missing from the folder.")
            )
        return
    text = _decoded(path, name, faults)
    if text is None:
        return
    head = text.partition("\n")[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        columns = [column.strip().casefold() for column in next(reader, [])]
        for column in sorted(set(columns) - COLUMNS[name] - {""}):
            faults.add(name, 1, column, code="unknown_column", message=_("The template has no such column."))
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
                    cells.fault("", "too_many_cells", _("This row has more cells than the head has columns."))
                yield cells
    except csv.Error as error:
        message = _("This line can't be read: %(error)s") % {"error": error}
        faults.add(name, reader.line_num, "", code="not_csv", message=message)


def _decoded(path: Path, name: str, faults: Faults) -> str | None:
    """Return a sheet's text: UTF-8 with or without BOM, UTF-16 with BOM, else the Windows code page 1252."""
    if path.stat().st_size > MAX_SHEET_BYTES:
        faults.add(name, None, "", code="too_large", message=_("This sheet is larger than 50 MB."))
        return None
    data = path.read_bytes()
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    faults.add(name, None, "", code="not_text", message=_("This is no text: save the sheet as CSV in UTF-8."))
    return None


def _once(rows: Mapping[str, object], key: str, cells: Cells, column: str) -> None:
    if key in rows:
        cells.fault(column, "duplicate", _("This stands in an earlier row already."))


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
    windows = sheets.releases[resource.release_reference].windows if resource else ()
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
    release = _release(cells)
    first = sheets.releases.setdefault(release.reference, release)
    if first is not release:
        _compare(first, release, cells)
    resource = _resource(cells, release)
    _once(sheets.resources, resource.reference, cells, "resource_ref")
    sheets.resources[resource.reference] = resource


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


def _release(cells: Cells) -> ReleaseRow:
    medium = cells.choice("medium", KINDS)
    kind = cells.choice("release_kind", MEDIUM_OF, default=KINDS.get(medium, ("album",))[0])
    if medium in KINDS and kind in MEDIUM_OF and MEDIUM_OF[kind] != medium:
        cells.fault("release_kind", "wrong_kind", _("This kind belongs to another medium."))
    released_on = cells.day("release_date")
    starts_on = cells.day("available_from") or released_on
    if starts_on is None and not cells.values.get("available_from"):
        cells.fault("available_from", "missing", _("Say from which day on it may be shown."))
    starts_on = starts_on or EARLIEST
    last_day = cells.day("available_to")
    if last_day and last_day < starts_on:
        cells.fault("available_to", "ends_before_start", _("The last day is before the first."))
        last_day = None
    pegi = cells.number("pegi", low=3, high=18)
    if pegi is not None and str(pegi) not in PEGI:
        cells.fault("pegi", "unknown_value", _("Write one of: %(choices)s.") % {"choices": ", ".join(PEGI)})
    min_age = cells.number("min_age", low=0, high=18)
    if min_age is not None and pegi is not None and min_age < pegi:
        cells.fault("min_age", "contradiction", _("The age is below the PEGI rating."))
    return ReleaseRow(
        file=cells.file,
        line=cells.line,
        reference=cells.text("release_ref", limit=100, is_required=True),
        title=cells.text("release_title", is_required=True),
        subtitle=cells.text("release_subtitle"),
        medium=medium,
        kind=kind,
        released_on=released_on,
        ean=cells.ean("ean"),
        label=cells.text("label", limit=200),
        languages=tuple(code.lower() for code in cells.listed("languages", limit=8)),
        subjects=cells.listed("subjects"),
        description=cells.text("description", limit=20_000),
        min_age=pegi if min_age is None else min_age,
        pegi=pegi,
        pegi_descriptors=cells.listed("pegi_descriptors", limit=30),
        is_explicit=cells.flag("explicit"),
        is_youth=cells.flag("is_youth"),
        cover_file=cells.text("cover_file", limit=255),
        windows=(Window(_countries(cells), starts_on, last_day + timedelta(days=1) if last_day else None),),
    )


def _countries(cells: Cells) -> tuple[str, ...]:
    """Return the ISO codes in order; nothing for the whole world."""
    codes = [code.upper() for code in cells.listed("territories")]
    if codes in ([], ["WORLD"]):
        return ()
    for code in codes:
        if pycountry.countries.get(alpha_2=code) is None:
            message = _("%(code)s is no country: write world, or codes of ISO 3166 such as FR|BE.") % {
                "code": code
            }
            cells.fault("territories", "unknown_country", message)
    return tuple(sorted(codes))


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


def _check_shares(sheets: Sheets, faults: Faults) -> None:
    """Warn of a resource whose shares don't sum to 10,000 on a day on which a set of them begins."""
    sums: Mapping[tuple[str, date], list[ShareRow]] = defaultdict(list)
    for share in sheets.shares:
        sums[share.resource_reference, share.valid_from].append(share)
        if share.resource_reference not in sheets.resources:
            message = _("%(reference)s is no resource of the delivery sheet.") % {
                "reference": share.resource_reference
            }
            faults.add(RIGHTS, share.line, "resource_ref", code="unknown_resource", message=message)
    for rows in sums.values():
        whole = sum(row.share_bp for row in rows)
        if whole != WHOLE_BP:
            message = _("The shares of this resource sum to %(sum)d and not to 10,000.") % {"sum": whole}
            faults.warn(RIGHTS, rows[0].line, "share_bp", code="shares_sum", message=message)
        if len({row.payee for row in rows}) < len(rows):
            faults.add(
                RIGHTS, rows[-1].line, "payee", code="duplicate", message=_("This payee stands there twice.")
            )
