"""Tries a sheet, a message or a ZIP without keeping anything of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from catalog.ingest import json_sheets, known, receiving
from catalog.ingest.changes import Tally
from catalog.ingest.examination import Examined, examine_folder, refuse_source
from catalog.ingest.faults import Fault
from catalog.ingest.folder import read_folder
from catalog.ingest.receiving import SourceRefused
from catalog.ingest.sheets import DELIVERY, SHEETS
from mediaplatform.infrastructure.said import say as _

# What a sheet by itself can't know: the other sheets and the files stand elsewhere.
ELSEWHERE = frozenset(
    (  # noqa: SIM905 - one word a code reads better
        "file_missing unknown_party unknown_payee unknown_resource sheet_missing rights_missing"
    ).split()
)
MOST_FAULTS = 500  # are told
NAMES: Mapping[str, str] = {".csv": DELIVERY, ".json": json_sheets.NAME, ".xml": "message.xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a try, the first few hundred faults and warnings of all.

    `is_alone`: a sheet without its files, so that these were not looked for.
    """

    name: str
    is_alone: bool
    faults: list[Fault]
    fault_count: int
    warnings: list[Fault]
    warning_count: int
    releases: int
    resources: int
    summary: Mapping[str, Mapping[str, int]]


def try_out(path: Path, *, name: str, deliverer: str) -> Tried:
    """Return every fault of a file that somebody has; nothing is written that outlasts the call."""
    kind = PurePosixPath(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="try-") as place:
        folder, workplace = Path(place) / "source", Path(place) / "work"
        folder.mkdir()
        workplace.mkdir()
        if kind in NAMES:
            plain = PurePosixPath(name.replace("\\", "/")).name
            shutil.copyfile(path, folder / (plain if plain in SHEETS else NAMES[kind]))
            return _told(_examine_alone(folder, deliverer, workplace), name, is_alone=True)
        if kind != ".zip":
            refused = SourceRefused("unknown_kind", _("Choose a .zip, .csv, .json or .xml file."))
            return _told(refuse_source(refused, name=name), name, is_alone=False)
        try:
            receiving.unpack(path, folder)
        except SourceRefused as refused:
            return _told(refuse_source(refused, name=name), name, is_alone=False)
        examined = examine_folder(folder=folder, deliverer=deliverer, workplace=workplace)
        return _told(examined, name, is_alone=False)


def _examine_alone(folder: Path, deliverer: str, workplace: Path) -> Examined:
    received = read_folder(folder, workplace=workplace)
    known.check_folder(received, deliverer=deliverer)
    received.faults.leave_out(ELSEWHERE)
    return Examined(received, deliverer, is_refused=True)


def _told(examined: Examined, name: str, *, is_alone: bool) -> Tried:
    received, tally = examined.folder, Tally()
    for plan in () if examined.is_refused else examined.plan():
        tally.add(plan)
    return Tried(
        name=name,
        is_alone=is_alone,
        faults=list(islice(received.faults.found, MOST_FAULTS)),
        fault_count=len(received.faults.found),
        warnings=list(islice(received.faults.warnings, MOST_FAULTS)),
        warning_count=len(received.faults.warnings),
        releases=len(received.sheets.releases),
        resources=len(received.sheets.resources),
        summary=tally.summary(),
    )
