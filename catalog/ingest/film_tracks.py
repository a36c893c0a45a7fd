"""What comes beside a film: captions in languages, other sound tracks, audio description.

The cells of `captions`, `sound_tracks` and `audio_description` name files by language: `fr:vo.srt|en:english.vtt`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import CatalogError
from catalog.ingest import media_probe, originals
from catalog.ingest.cells import Cells
from catalog.ingest.faults import Faults
from catalog.ingest.originals import Original
from catalog.ingest.rows import TrackRow
from catalog.ingest.spool import kept
from catalog.models import FilmTrack
from catalog.packaging import captions
from catalog.packaging.captions import BadCaptions
from mediaplatform.infrastructure.said import join
from mediaplatform.infrastructure.said import say as _

Kind = FilmTrack.Kind
KIND_OF = {"captions": Kind.CAPTIONS, "sound_tracks": Kind.SOUND, "audio_description": Kind.DESCRIPTION}
COLUMNS = frozenset(KIND_OF)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,4})?")


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A track's row and its file."""

    row: TrackRow
    original: Original


def read_tracks(cells: Cells, *, medium: str) -> tuple[TrackRow, ...]:
    """Read the three cells of a row; a language stands once in each."""
    found: dict[tuple[str, str], TrackRow] = {}
    for column in KIND_OF:
        for entry in cells.listed(column, limit=300):
            language, separator, file = (part.strip() for part in entry.partition(":"))
            language = language.lower() if "-" not in language else language
            if not separator or not file or not LANGUAGE.fullmatch(language):
                message = _("%(entry)s: write language:file, such as fr:captions.srt.") % {"entry": entry}
                cells.fault(column, "bad_track", message)
            elif (column, language) in found:
                cells.fault(column, "duplicate", _("This language stands there twice."))
            else:
                found[column, language] = TrackRow(column=column, language=language, file=file)
    if found and medium != "video":
        column = next(iter(found))[0]
        cells.fault(column, "wrong_medium", _("Only films have captions and further sound tracks."))
        return ()
    return tuple(found.values())


def take_tracks(
    folder: Path, rows: tuple[TrackRow, ...], *, said_in: str, line: int, faults: Faults
) -> list[Received]:
    """Find and read a film's tracks; what is wrong is a fault of the row, with the line inside the captions."""
    received = []
    for row in rows:
        try:
            path = originals.find_file(folder, row.file)
            content_type = _check(path, row)
        except BadCaptions as error:
            for at, message in error.faults:
                place = _("%(file)s, line %(line)d: %(message)s")
                place %= {"file": row.file, "line": at, "message": message}
                faults.add(said_in, line, row.column, code=error.code, message=place)
            continue
        except CatalogError as error:
            faults.add(
                said_in,
                line,
                row.column,
                code=error.code,
                message=join("%(file)s: %(words)s", file=row.file, words=error.words),
            )
            continue
        original = Original(
            sha256=originals.digest_of(path),
            size_bytes=path.stat().st_size,
            content_type=content_type,
            filename=path.name,
            path=path,
        )
        received.append(Received(row=row, original=original))
    return received


def digest_of(received: Sequence[Received]) -> str:
    """Return the SHA-256 over a film's tracks, nothing where it has none: other tracks want another package."""
    lines = [f"{one.row.column}\0{one.row.language}\0{one.original.sha256}\n" for one in received]
    return hashlib.sha256("".join(lines).encode()).hexdigest() if lines else ""


def _check(path: Path, row: TrackRow) -> str:
    """Return the content type of a track. Raises: CatalogError with a code."""
    if KIND_OF[row.column] != Kind.CAPTIONS:
        return media_probe.probe_file(path, medium="music").content_type
    if path.stat().st_size > captions.MAX_BYTES:
        raise BadCaptions([(1, _("The file is larger than 5 MB."))])
    data = path.read_bytes()
    captions.read_captions(data)
    return "text/vtt" if data.lstrip(b"\xef\xbb\xbf").startswith(b"WEBVTT") else "application/x-subrip"
