"""Which paths a file of an upload may have. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

MAX_PATH_BYTES = 800
MAX_NAME_BYTES = 240  # a file name has 255; the rest is for what a system puts before or after it
MAX_DEPTH = 12
LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx"})  # what systems leave in folders


def plain_path(path: str) -> str:
    """Return a path with its accents composed, as most systems write them: `e` + accent -> `é`."""
    return unicodedata.normalize("NFC", path)


def fault_of(path: str) -> str:
    """Return the code of what is wrong with a composed relative path; empty for a good one.

    `path_refused`: absolute, `.` or `..`, an empty name, a backslash, a drive, what can't be printed.
    """
    names = path.split("/")
    is_drive = len(path) > 1 and path[1] == ":"
    if {"", ".", ".."} & set(names) or "\\" in path or is_drive or not path.isprintable():
        return "path_refused"
    if len(path.encode()) > MAX_PATH_BYTES or any(len(name.encode()) > MAX_NAME_BYTES for name in names):
        return "path_too_long"
    if len(names) > MAX_DEPTH:
        return "path_too_deep"
    return ""


def is_litter(path: str) -> bool:
    """Tell whether a path is of what a system leaves in folders and nobody delivers."""
    names = path.casefold().split("/")
    return bool(LITTER & set(names)) or names[-1].startswith("._")


def folders_of(path: str) -> set[str]:
    """Return every folder that a path lies in: `a/b/c` -> `a`, `a/b`."""
    names = path.split("/")
    return {"/".join(names[:depth]) for depth in range(1, len(names))}


def hidden_by_another(paths: Iterable[str]) -> set[str]:
    """Return the paths that can't stand beside the others: a file with the name of another's folder."""
    every = set(paths)
    folders = {folder for path in every for folder in folders_of(path)}
    return every & folders
