"""The files of a delivery's folder: found without leaving it, hashed, and stored once by their digest."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from catalog.errors import CatalogError
from catalog.ingest.spool import kept
from mediaplatform.infrastructure.objectstore import ObjectStore
from mediaplatform.infrastructure.said import say as _

CHUNK_BYTES = 1024 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can bear: the same folder gives the same bytes
MAX_FOLDER_FILES = 2_000


class PathRefused(CatalogError):
    """The path does not lead to a plain file of the folder."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file to be stored, by the digest of its content."""

    sha256: str
    size_bytes: int
    content_type: str
    filename: str
    path: Path

    @property
    def object_key(self) -> str:
        return f"originals/{self.sha256[:2]}/{self.sha256}"


def find_file(folder: Path, name: str, *, may_be_folder: bool = False) -> Path:
    """Return the file that a sheet names, by its relative path with slashes.

    Raises:
        PathRefused: absolute, leading out of the folder, over a symbolic link, or not there.
    """
    relative = PurePosixPath(name)
    is_drive = len(name) > 1 and name[1] == ":"
    if relative.is_absolute() or is_drive or "\\" in name or "\0" in name or ".." in relative.parts:
        raise PathRefused("path_refused", _("Write the path of a file inside the folder, with slashes."))
    path = folder
    for part in relative.parts:
        path /= part
        if path.is_symlink():
            raise PathRefused("link_refused", _("Symbolic links are refused: put the file itself there."))
    if path.is_file() or (may_be_folder and path.is_dir() and path != folder):
        return path
    raise PathRefused("file_missing", _("%(name)s is not in the folder.") % {"name": name})


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def zip_folder(folder: Path, *, target: Path) -> Path:
    """Write a game's folder as a zip whose bytes depend on its files alone.

    Raises:
        PathRefused: there is a symbolic link in it, or there are too many files.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    if len(files) > MAX_FOLDER_FILES:
        message = _("The folder has more than %(limit)d files.") % {"limit": MAX_FOLDER_FILES}
        raise PathRefused("too_many_files", message)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            if path.is_symlink() or not path.is_file():
                raise PathRefused("link_refused", _("Symbolic links are refused: put the file itself there."))
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(entry, "w") as out:
                while chunk := source.read(CHUNK_BYTES):
                    out.write(chunk)
    return target


def store_original(store: ObjectStore, original: Original) -> None:
    """Store a file under its digest, unless it is there already."""
    found = store.stat(key=original.object_key)
    if found is None or found.size_bytes != original.size_bytes:
        store.put_file(key=original.object_key, path=original.path, content_type=original.content_type)
