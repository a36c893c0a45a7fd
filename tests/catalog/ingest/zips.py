"""ZIPs as people send them, and as nobody should."""

from __future__ import annotations

import zipfile
from pathlib import Path


def pack(folder: Path, target: Path, *, top: str = "") -> Path:
    """Pack a folder's files; `top` is the folder inside that holds them all."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{top}{path.relative_to(folder).as_posix()}")
    return target
