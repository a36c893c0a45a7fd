"""A delivery's folder as a whole: its sheets, its files as found, and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import CatalogError
from catalog.ingest import film_tracks, json_sheets, media_probe, originals, sheets
from catalog.ingest.ern import manifest
from catalog.ingest.ern import message as ern
from catalog.ingest.faults import Faults
from catalog.ingest.media_probe import Probe
from catalog.ingest.onix import message as onix
from catalog.ingest.originals import Original
from catalog.ingest.polyglots import is_two_things
from catalog.ingest.release_cells import KINDS
from catalog.ingest.rows import ReleaseRow, ResourceRow, Sheets
from catalog.ingest.spool import Rows, kept
from catalog.ingest.xml_files import find_roots
from catalog.packaging import cover
from catalog.packaging.faults import PackageFault
from mediaplatform.infrastructure.said import say as _

MOST_PROBED = 1_000
TOLERANCE_S = 2.0  # between the duration that the sheet says and the file's


class FolderMissing(CatalogError):
    """There is no such folder."""


@kept
@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read, by its path in the folder."""

    name: str
    size_bytes: int
    sha256: str


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A resource's file, by its digest among the originals: what it is, and what comes beside a film."""

    sha256: str
    filename: str
    probe: Probe
    tracks: tuple[film_tracks.Received, ...]


class Folder:
    """What was received, on disk as its sheets are. `messages` are the XML files that say it, if any.

    `parts` are by resource reference, `covers` by release reference, `originals` by digest, each file once;
    `sources` are the files that it is made of, by name, and `probed` what was found out of the latest of them.
    """

    def __init__(self, sheets: Sheets, faults: Faults) -> None:
        self.sheets, self.faults = sheets, faults
        self.messages: list[Path] = []
        self.digest = ""
        self.parts: Rows[Part] = Rows(sheets.spool)
        self.covers: Rows[Original] = Rows(sheets.spool)
        self.originals: Rows[Original] = Rows(sheets.spool)
        self.sources: Rows[SourceFile] = Rows(sheets.spool)
        self.probed: dict[tuple[Path, str], tuple[Probe, str]] = {}

    def note(self, original: Original, *, named: str) -> None:
        """Note a file that a row names by its path, to be stored."""
        self.originals.put_new(original.sha256, original)
        self.sources[named] = SourceFile(named, original.size_bytes, original.sha256)


def read_folder(
    path: Path, *, workplace: Path, report: Callable[[float], None] = lambda _part: None
) -> Folder:
    """Read a delivery's folder; every fault is collected. `workplace` takes the archives made of game folders.

    Raises:
        FolderMissing: there is no such folder.
    """
    if not path.is_dir():
        raise FolderMissing(_("%(path)s is no folder.") % {"path": path})
    folder = Folder(Sheets(), Faults())
    strange = _read_messages(path, folder)
    if folder.messages:
        sheets.read_rights(path, folder.sheets, folder.faults)
    elif strange and not any(
        (path / name).exists() for name in (sheets.DELIVERY, sheets.TAKEDOWNS, json_sheets.NAME)
    ):
        for name, words in strange.items():
            folder.faults.add(name, 1, "", code="unknown_message", message=words)
    else:
        sheets.read_template(path, folder.sheets, folder.faults)
    rows = folder.sheets
    for release in rows.releases.values():
        if release.cover_file:
            _take_cover(folder, path, release)
    whole = len(rows.resources)
    medium_of = ("", "")  # of the release that was met last
    for place, resource in enumerate(rows.resources.values()):
        if medium_of[0] != resource.release_reference:
            medium_of = resource.release_reference, rows.releases[resource.release_reference].medium
        _take_media(folder, path, resource, medium_of[1], workplace)
        report(place / whole)
    _note_sources(path, folder)
    folder.digest = _digest(folder)
    return folder


def _read_messages(path: Path, folder: Folder) -> dict[str, str]:
    """Read the messages of a folder, and compare them with a manifest; returns what other XML there is, and why not."""
    roots = find_roots(path)
    manifests = [message for message, root in roots if manifest.is_ours(root)]
    strange: dict[str, str] = {}
    for message, root in roots:
        ours = [trade for trade in (ern, onix) if trade.is_ours(root)]
        for trade in ours:
            trade.read_message(message, root, folder=path, sheets=folder.sheets, faults=folder.faults)
            folder.messages.append(message)
        if not ours and message not in manifests:
            said = _("%(name)s is not taken in: send DDEX ERN or ONIX.") % {"name": root.name}
            strange[message.relative_to(path).as_posix()] = said
    for one in manifests:
        manifest.check_manifest(one, folder=path, messages=folder.messages, faults=folder.faults)
    if not roots:
        strange = {one.name: _("This is no XML that can be read.") for one in sorted(path.glob("*.xml"))}
    said_of = folder.sheets
    if folder.messages and not (said_of.releases or said_of.takedowns or said_of.updates or folder.faults):
        name = folder.messages[0].relative_to(path).as_posix()
        empty = _("No record of these messages is about an e-book, an audiobook, an album or a film.")
        folder.faults.add(name, 1, "", code="empty", message=empty)
    return strange


def _take_cover(folder: Folder, path: Path, release: ReleaseRow) -> None:
    try:
        found = originals.find_file(path, release.cover_file)
        if found.stat().st_size > cover.MAX_BYTES:
            raise PackageFault("cover_too_large", _("The cover is larger than 30 MB."))
        data = found.read_bytes()
        cover.read_picture(data)
        if is_two_things(found, is_archive=False):
            message = _("This file is two things at once: a program could take it for another kind.")
            raise PackageFault("polyglot", message)
    except CatalogError as error:
        folder.faults.add(release.file, release.line, "cover_file", code=error.code, message=error.words)
        return
    original = Original(
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        content_type=cover.content_type_of(data),
        filename=found.name,
        path=found,
    )
    folder.covers[release.reference] = original
    folder.note(original, named=release.cover_file)


def _probe_once(folder: Folder, path: Path, medium: str) -> tuple[Probe, str]:
    """Return what a file is and its digest; one that several rows name is read once. Raises: NotMedia."""
    found = folder.probed.get((path, medium))
    if found is None:
        if len(folder.probed) == MOST_PROBED:
            folder.probed.clear()
        found = (media_probe.probe_file(path, medium=medium), originals.digest_of(path))
        folder.probed[path, medium] = found
    return found


def _take_media(folder: Folder, path: Path, row: ResourceRow, medium: str, workplace: Path) -> None:
    if not row.file or medium not in KINDS:
        return  # a fault already
    try:
        found = originals.find_file(path, row.file, may_be_folder=medium == "game")
        if found.is_dir():
            name = hashlib.sha256(row.reference.encode()).hexdigest()
            found = originals.zip_folder(found, target=workplace / f"{name}.zip")
        probe, sha256 = _probe_once(folder, found, medium)
    except CatalogError as error:
        folder.faults.add(row.said_in, row.line, "file", code=error.code, message=error.words)
        return
    original = Original(
        sha256=sha256,
        size_bytes=found.stat().st_size,
        content_type=probe.content_type,
        filename=row.file.rpartition("/")[2],
        path=found,
    )
    tracks = film_tracks.take_tracks(
        path, row.tracks, said_in=row.said_in, line=row.line, faults=folder.faults
    )
    folder.parts[row.reference] = Part(
        sha256=sha256, filename=original.filename, probe=probe, tracks=tuple(tracks)
    )
    folder.note(original, named=row.file)
    for one in tracks:
        folder.note(one.original, named=one.row.file)
    if row.duration_s and probe.duration_s and abs(row.duration_s - probe.duration_s) > TOLERANCE_S:
        message = _("The file lasts %(seconds)d seconds.") % {"seconds": probe.duration_s}
        folder.faults.add(row.said_in, row.line, "duration_s", code="wrong_duration", message=message)
    if not (row.title or probe.title):
        message = _("Neither the sheet nor the file's tags say the title.")
        folder.faults.add(row.said_in, row.line, "resource_title", code="missing", message=message)


def _note_sources(path: Path, folder: Folder) -> None:
    """Note the sheets and the messages that were read; the files that they name are noted already."""
    read = [
        sheet
        for name in sheets.SHEETS
        if (sheet := path / name).is_file()
        and not sheet.is_symlink()
        and sheet.stat().st_size <= sheets.MAX_SHEET_BYTES
    ]
    for one in (*read, *folder.messages):
        name = one.relative_to(path).as_posix()
        folder.sources.put_new(name, SourceFile(name, one.stat().st_size, originals.digest_of(one)))


def _digest(folder: Folder) -> str:
    """Return the SHA-256 over the sheets, the messages and the files that they name, in the order of their names."""
    whole = hashlib.sha256()
    for one in folder.sources.sorted_values():
        whole.update(f"{one.name}\0{one.sha256}\n".encode())
    return whole.hexdigest()
