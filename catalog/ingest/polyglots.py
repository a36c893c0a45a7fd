"""Files that are two things at once: a recording that is a page too, a picture that is an archive too."""

from __future__ import annotations

import zipfile
from pathlib import Path

from catalog.ingest.endings import find_riff_end

HEAD_BYTES = 1_024
PACKED = b"PK\x03\x04"
# What another program would take the file for, by its first bytes after white space.
DISGUISES = (
    b"<!doctype",
    b"<html",
    b"<script",
    b"<svg",
    b"<?xml",
    b"<?php",
    b"%pdf-",
    b"#!",
    b"mz\x90",
    b"\x7felf",
)


def is_two_things(path: Path, *, is_archive: bool) -> bool:
    """Tell whether another program would read something else out of a file.

    An archive begins as one, so that nothing stands before it; anything else neither begins as a page, a program
    or a document, nor ends as an archive.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if is_archive:
        return zipfile.is_zipfile(path) and not head.startswith(PACKED)
    return _is_disguised(head) or _is_disguised(_behind_samples(path)) or zipfile.is_zipfile(path)


def _is_disguised(head: bytes) -> bool:
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return begins.startswith((*DISGUISES, PACKED.lower()))


def _behind_samples(path: Path) -> bytes:
    """Return what begins where a WAV's samples end: other chunks, or what does not belong to it."""
    end = find_riff_end(path)
    if end is None:
        return b""
    with path.open("rb") as file:
        file.seek(end)
        return file.read(HEAD_BYTES)
