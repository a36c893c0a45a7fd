"""Finds out what a delivered file is: by its content, never by its name."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import av
import mutagen

from catalog.errors import CatalogError
from catalog.ingest.endings import ends_early
from catalog.ingest.polyglots import is_two_things
from catalog.ingest.spool import kept
from catalog.packaging import comic_book, epub_documents, game_bundle
from catalog.packaging.archive import open_archive
from mediaplatform.infrastructure.said import say as _

AUDIO_CODECS = frozenset({"flac", "mp3", "mp3float", "vorbis", "opus", "aac", "alac"})  # and any PCM
CONTENT_TYPES = {"flac": "audio/flac", "mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav"}
VIDEO_TYPES = {"mov": "video/mp4", "matroska": "video/x-matroska"}
GIGABYTE = 1_000_000_000
LARGEST = {"music": 2 * GIGABYTE, "video": 20 * GIGABYTE, "book": GIGABYTE // 2, "game": GIGABYTE // 2}
EPUB, ZIP = "application/epub+zip", "application/zip"
PDF, COMIC = "application/pdf", "application/vnd.comicbook+zip"
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")


class NotMedia(CatalogError):
    """The file is not what its row says."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a file is. `duration_s` is the declared one; the tags stand in for empty cells of the sheet."""

    content_type: str
    duration_s: float | None = None
    title: str = ""
    artist: str = ""
    position: int | None = None
    isrc: str = ""


def probe_file(path: Path, *, medium: str) -> Probe:
    """Tell what a file is, by its headers, and whether an EPUB's documents are harmless.

    Raises:
        NotMedia: it is empty, too large, or holds nothing of that medium.
        PackageFault: an EPUB that could not be packaged, with the places in it.
    """
    size_bytes = path.stat().st_size
    if size_bytes == 0:
        raise NotMedia("empty", _("The file is empty."))
    if size_bytes > LARGEST[medium]:
        limit = LARGEST[medium] // 1_000_000
        raise NotMedia("too_large", _("The file is larger than %(limit)d MB.") % {"limit": limit})
    is_stream = medium in {"music", "video"}
    probe = _probe_stream(path, medium) if is_stream else _probe_archive(path, medium)
    is_pdf = probe.content_type == PDF  # which begins as a PDF, and must not end as an archive
    if zipfile.is_zipfile(path) if is_pdf else is_two_things(path, is_archive=not is_stream):
        raise NotMedia(
            "polyglot", _("This file is two things at once: a program could take it for another kind.")
        )
    if is_stream and ends_early(path, content_type=probe.content_type):
        raise NotMedia("truncated", _("The file ends before the recording does: send it again, whole."))
    return probe


def _probe_stream(path: Path, medium: str) -> Probe:
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            audio = [stream.codec_context.name for stream in container.streams.audio]
            pictures = [stream for stream in container.streams.video if not _is_cover(stream)]
            duration_s = container.duration / av.time_base if container.duration else None
            names = container.format.name.split(",")
    except (av.FFmpegError, ValueError, OSError) as error:
        raise NotMedia("not_media", _("The file is no audio or video that can be read.")) from error
    if medium == "video":
        if not pictures:
            raise NotMedia("wrong_medium", _("The file has no moving picture."))
        return Probe(content_type=VIDEO_TYPES.get(names[0], f"video/{names[0]}"), duration_s=duration_s)
    if not audio or pictures:
        raise NotMedia("wrong_medium", _("The file is no sound recording."))
    if not audio[0].startswith("pcm_") and audio[0] not in AUDIO_CODECS:
        raise NotMedia("format_refused", _("Deliver FLAC, WAV, Ogg, Opus, AAC or MP3."))
    return _with_tags(path, content_type=CONTENT_TYPES.get(names[0], "audio/mp4"), duration_s=duration_s)


def _is_cover(stream: av.VideoStream) -> bool:
    """Tell an embedded cover from a film."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic) or stream.codec_context.name in {
        "mjpeg",
        "png",
    }


def _with_tags(path: Path, *, content_type: str, duration_s: float | None) -> Probe:
    try:
        tags = mutagen.File(path, easy=True)
    except mutagen.MutagenError:
        tags = None

    def first(name: str) -> str:
        values = tags.get(name) if tags is not None else None
        return str(values[0]).strip() if values else ""

    number = re.match(r"\d+", first("tracknumber"))
    return Probe(
        content_type=content_type,
        duration_s=duration_s,
        title=first("title")[:300],
        artist=first("artist")[:200],
        position=int(number[0]) if number else None,
        isrc=first("isrc").replace("-", "").upper()[:12],
    )


def _probe_archive(path: Path, medium: str) -> Probe:
    """An EPUB declares itself in its first entry; a comic is a zip of pictures, a game one with an index.html.

    The list of files of each is checked as packaging checks it, and an EPUB's documents are read: a bomb, a path that
    leads out or a book that would run something is refused with the delivery.
    """
    if medium == "book" and _is_pdf(path):
        return Probe(content_type=PDF)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            declared = b""
            if "mimetype" in names:
                with archive.open("mimetype") as entry:
                    declared = entry.read(64).strip()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise NotMedia("not_media", _("The file is no EPUB, PDF or zip archive that can be read.")) from error
    if medium == "book":
        if declared == EPUB.encode():
            epub_documents.check_book(path)
            return Probe(content_type=EPUB)
        if not declared and any(name.lower().endswith(PICTURES) for name in names):
            with open_archive(path, comic_book.LIMITS):
                return Probe(content_type=COMIC)
        raise NotMedia("wrong_medium", _("The file is no EPUB, PDF or comic (CBZ)."))
    if not any(name.rpartition("/")[2] == "index.html" for name in names):
        raise NotMedia("wrong_medium", _("A game needs an index.html."))
    game_bundle.check_bundle(path)
    return Probe(content_type=ZIP)


def _is_pdf(path: Path) -> bool:
    """Tell a PDF by its first bytes: one hidden behind something else is none."""
    with path.open("rb") as file:
        return file.read(5) == b"%PDF-"
