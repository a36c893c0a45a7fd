"""The game of the demo: « Rigoles », in plain HTML, CSS and JavaScript, zipped as studios deliver it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

GAMES = Path(__file__).parent
EPOCH = (2026, 1, 1, 0, 0, 0)


def make_game(slug: str) -> bytes:
    """Return a game as a ZIP with index.html at its root; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((GAMES / slug).iterdir()):
            entry = zipfile.ZipInfo(path.name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return out.getvalue()
