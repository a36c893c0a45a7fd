"""Folders to work in, which go when the work is over, and also when whoever worked there was killed.

A worker holds a lock in its folder; the system lets go of it with the process. What nobody holds any more is removed
when the next folder of that kind is opened on the machine: originals of films are too large to be left lying.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

logger = logging.getLogger(__name__)

LOCK = ".held"
SETTLED_S = 60  # so long a folder may be without its lock: it is being made


@contextmanager
def open_workplace(*, kind: str, name: str = "") -> Iterator[Path]:
    """Give an empty folder for as long as the block lasts; first remove those of this kind whose worker died."""
    sweep(kind=kind)
    with tempfile.TemporaryDirectory(prefix=f"{kind}-{name}-" if name else f"{kind}-") as place:
        folder = Path(place) / "place"
        with (Path(place) / LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            folder.mkdir()
            yield folder


def sweep(*, kind: str) -> int:
    """Remove the folders of a kind that nobody holds; returns how many."""
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{kind}-*"):
        if folder.is_dir() and not folder.is_symlink() and _is_left(folder):
            shutil.rmtree(folder, ignore_errors=True)
            logger.warning("removed %s, whose worker died", folder.name)
            removed += 1
    return removed


def _is_left(folder: Path) -> bool:
    """Tell whether a folder of ours has no holder; others' folders of that name have no lock, and stay."""
    lock = folder / LOCK
    try:
        if time.time() - lock.stat().st_mtime < SETTLED_S:
            return False
        with lock.open("rb") as file:
            return _is_free(file)
    except OSError:
        return False


def _is_free(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
