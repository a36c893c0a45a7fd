"""Reads a release's columns of the template's first sheet, whatever its medium."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

import pycountry
from stdnum import isbn

from catalog.ingest.cells import Cells
from catalog.ingest.onix.codes import ACCESSIBILITY, RELATIONS
from catalog.ingest.rows import ReleaseRow, Window
from mediaplatform.infrastructure.said import say as _

COLUMNS = frozenset(
    (  # noqa: SIM905 - one word a column reads better
        "release_ref release_title release_subtitle medium release_kind release_date ean label languages "
        "subjects description min_age max_age pegi pegi_descriptors explicit is_youth cover_file territories "
        "available_from available_to p_line c_line accessibility related platforms controls players "
        "has_audio_description needs_threads"
    ).split()
)
KINDS: Mapping[str, tuple[str, ...]] = {  # of each medium, its usual kind first
    "music": ("album", "single", "audiobook"),
    "video": ("film", "series"),
    "book": ("book", "picture_book", "comic"),
    "game": ("game",),
}
MEDIUM_OF = {kind: medium for medium, kinds in KINDS.items() for kind in kinds}
PEGI = {"3": 3, "7": 7, "12": 12, "16": 16, "18": 18}
DESCRIPTORS = frozenset(
    {
        *("violence", "bad_language", "fear", "gambling", "sex", "drugs", "discrimination"),
        "in_game_purchases",
    }
)
PLATFORMS = frozenset({"desktop", "tablet", "phone", "tv"})
CONTROLS = frozenset({"keyboard", "mouse", "touch", "gamepad"})
PLAYERS = re.compile(r"(\d{1,2})(?:\s*-\s*(\d{1,2}))?")
EARLIEST = date(1900, 1, 1)
OLDEST = 18
GAME_COLUMNS = ("pegi", "pegi_descriptors", "platforms", "controls", "players")


def read_release(cells: Cells) -> ReleaseRow:
    """Return the release of a row; what can't be read is a fault, and the reading goes on."""
    medium = cells.choice("medium", frozenset(KINDS))
    kind = cells.choice("release_kind", frozenset(MEDIUM_OF), default=KINDS.get(medium, ("album",))[0])
    if medium in KINDS and kind in MEDIUM_OF and MEDIUM_OF[kind] != medium:
        cells.fault("release_kind", "wrong_kind", _("This kind belongs to another medium."))
    released_on = cells.day("release_date")
    pegi, min_age, max_age = _read_ages(cells)
    _check_medium(cells, medium)
    low, high = _read_players(cells)
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
        max_age=max_age,
        pegi=pegi,
        pegi_descriptors=cells.chosen("pegi_descriptors", DESCRIPTORS),
        is_explicit=cells.flag("explicit"),
        is_youth=cells.flag("is_youth"),
        p_line=cells.text("p_line"),
        c_line=cells.text("c_line"),
        accessibility=cells.chosen("accessibility", ACCESSIBILITY),
        related=_read_related(cells),
        platforms=cells.chosen("platforms", PLATFORMS),
        controls=cells.chosen("controls", CONTROLS),
        min_players=low,
        max_players=high,
        needs_threads=cells.flag("needs_threads"),
        has_audio_description=cells.flag("has_audio_description"),
        cover_file=cells.text("cover_file", limit=255),
        windows=(_read_window(cells, released_on),),
    )


def _read_ages(cells: Cells) -> tuple[int | None, int | None, int | None]:
    """Return the PEGI rating and the ages from which and up to which it is meant."""
    pegi = cells.number("pegi", low=3, high=OLDEST)
    if pegi is not None and str(pegi) not in PEGI:
        cells.fault("pegi", "unknown_value", _("Write one of: %(choices)s.") % {"choices": ", ".join(PEGI)})
    min_age = cells.number("min_age", low=0, high=OLDEST)
    if min_age is not None and pegi is not None and min_age < pegi:
        cells.fault("min_age", "contradiction", _("The age is below the PEGI rating."))
    max_age = cells.number("max_age", low=0, high=99)
    if max_age is not None and min_age is not None and max_age < min_age:
        cells.fault("max_age", "contradiction", _("The highest age is below the lowest."))
    return pegi, min_age, max_age


def _check_medium(cells: Cells, medium: str) -> None:
    """Fault what only games or films have."""
    for column in GAME_COLUMNS:
        if medium in KINDS and medium != "game" and cells.values.get(column):
            cells.fault(column, "wrong_medium", _("Only games have this."))
    flags = (
        ("needs_threads", "game", _("Only games have this.")),
        ("has_audio_description", "video", _("Only films have this.")),
    )
    for column, owner, message in flags:
        if medium in KINDS and medium != owner and cells.values.get(column) and cells.flag(column):
            cells.fault(column, "wrong_medium", message)


def _read_players(cells: Cells) -> tuple[int | None, int | None]:
    """Return how many play: `2` or `1-4`."""
    said = cells.values.get("players", "")
    if not said:
        return None, None
    found = PLAYERS.fullmatch(said)
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= low <= high:
        cells.fault("players", "not_a_range", _("Write a number of players such as 1 or 1-4."))
        return None, None
    return low, high


def _read_related(cells: Cells) -> tuple[tuple[str, str], ...]:
    """Return related products as (code of ONIX list 51, ISBN): `06:9782070360024`."""
    found = []
    for entry in cells.listed("related", limit=40):
        code, _colon, number = (part.strip() for part in entry.partition(":"))
        if code not in RELATIONS or not isbn.is_valid(number):
            message = _("%(entry)s: write a code of ONIX list 51 and an ISBN, such as 06:9782070360024.")
            cells.fault("related", "bad_related", message % {"entry": entry})
        else:
            found.append((code, str(isbn.validate(number, convert=True))))
    return tuple(found)


def _read_window(cells: Cells, released_on: date | None) -> Window:
    starts_on = cells.day("available_from") or released_on
    if starts_on is None and not cells.values.get("available_from"):
        cells.fault("available_from", "missing", _("Say from which day on it may be shown."))
    starts_on = starts_on or EARLIEST
    last_day = cells.day("available_to")
    if last_day and last_day < starts_on:
        cells.fault("available_to", "ends_before_start", _("The last day is before the first."))
        last_day = None
    return Window(_countries(cells), starts_on, last_day + timedelta(days=1) if last_day else None)


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
