"""Archives from outside: every entry is checked before a byte of it is written."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from catalog.packaging.faults import PackageFault
from mediaplatform.infrastructure.said import say as _

CHUNK_BYTES = 256 * 1024
NOISE = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", ".git", ".svn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an archive may be; `ratio` is unpacked to packed, for entries past a megabyte."""

    files: int
    total_bytes: int
    ratio: int = 200


class SafeArchive:
    """A zip whose names are plain relative paths, and whose sizes were checked."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive, self._limits = archive, limits
        self._entries = _checked(archive, limits)
        self._left = limits.total_bytes

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def read(self, name: str, *, limit: int | None = None) -> bytes:
        """Return an entry's bytes, at most `limit` of them. Raises: PackageFault `bad_archive` or `too_large`."""
        found = bytearray()
        for chunk in self._chunks(name):
            found += chunk
            if limit is not None and len(found) > limit:
                raise PackageFault("too_large", _("The archive unpacks to too much."), detail=name)
        return bytes(found)

    def extract(self, name: str, target: Path) -> None:
        """Write an entry to a file. Raises: PackageFault `bad_archive` or `too_large`."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            for chunk in self._chunks(name):
                out.write(chunk)

    def _chunks(self, name: str) -> Iterator[bytes]:
        """Count what really comes out: the sizes in the head of an archive may lie."""
        if name not in self._entries:
            raise PackageFault("bad_archive", _("The archive lacks a file that it names."), detail=name)
        try:
            with self._archive.open(self._entries[name]) as entry:
                while chunk := entry.read(CHUNK_BYTES):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise PackageFault("too_large", _("The archive unpacks to too much."), detail=name)
                    yield chunk
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            NotImplementedError,
            ValueError,
            RuntimeError,
        ) as error:
            raise PackageFault(
                "bad_archive", _("The archive is damaged."), detail=f"{name}: {error}"
            ) from error


@contextmanager
def open_archive(path: Path, limits: Limits) -> Iterator[SafeArchive]:
    """Open a zip after checking all its entries.

    Raises:
        PackageFault: `bad_archive`, `path_refused`, `link_refused`, `too_many_files` or `too_large`.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise PackageFault("bad_archive", _("The archive is damaged."), detail=str(error)) from error
    with archive:
        yield SafeArchive(archive, limits)


def _checked(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > limits.files:
        message = _("The archive has more than %(limit)d files.") % {"limit": limits.files}
        raise PackageFault("too_many_files", message)
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        _check_name(info)
        parts = PurePosixPath(info.filename).parts
        if info.is_dir() or NOISE & set(parts):
            continue
        if info.filename in entries:
            raise PackageFault(
                "bad_archive", _("The archive has two files of one name."), detail=info.filename
            )
        if info.file_size > 1_000_000 and info.file_size > limits.ratio * max(info.compress_size, 1):  # noqa: PLR2004
            raise PackageFault("too_large", _("The archive unpacks to too much."), detail=info.filename)
        entries[info.filename] = info
    if sum(info.file_size for info in entries.values()) > limits.total_bytes:
        raise PackageFault("too_large", _("The archive unpacks to too much."))
    return entries


def _check_name(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename if isinstance(info.orig_filename, str) else info.filename
    path = PurePosixPath(name)
    is_plain = name.isprintable() and "\\" not in name and ":" not in name and "//" not in name
    if not is_plain or path.is_absolute() or ".." in path.parts or name.startswith("./"):
        raise PackageFault(
            "path_refused", _("The archive has a file that leads out of it."), detail=name[:200]
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise PackageFault("link_refused", _("The archive has a symbolic link."), detail=name)
    if info.flag_bits & 0x1:
        raise PackageFault("bad_archive", _("The archive is encrypted."), detail=name)
