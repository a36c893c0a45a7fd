"""A small delivery: an album of one track by somebody of Firminy, with a label of Paris."""

from __future__ import annotations

import csv
from pathlib import Path

from mediaplatform.infrastructure import ffmpeg

ARTIST, LABEL, ALBUM, TRACK = "Lise Morel", "Disques du Jour", "Le Corbusier, côté jardin", "Unité"
ARTIST_EMAIL = "lise@example.org"
SECONDS = 42

SHEETS: dict[str, list[dict[str, object]]] = {
    "delivery.csv": [
        {
            "release_ref": "J-1", "release_title": ALBUM, "medium": "music", "release_kind": "album", "release_date": "2026-01-05",
            "label": LABEL, "languages": "fr", "subjects": "piano", "description": "One tone, for a test.", "min_age": "3",
            "explicit": "no", "is_youth": "no", "territories": "world", "available_from": "2026-01-05", "resource_ref": "J-1-1",
            "position": "1", "resource_title": TRACK, "file": "unite.flac", "credits": f"{ARTIST}:main_artist",
        }
    ],
    "parties.csv": [
        {"name": ARTIST, "kind": "person", "commune": "42095", "country": "FR"},
        {"name": LABEL, "kind": "organisation", "commune": "75056", "country": "FR"},
    ],
    "payees.csv": [
        {"legal_name": ARTIST, "kind": "person", "commune": "42095", "country": "FR", "email": ARTIST_EMAIL},
        {"legal_name": LABEL, "kind": "organisation", "commune": "75056", "country": "FR", "email": "label@example.org"},
    ],
    "rights.csv": [
        {"resource_ref": "J-1-1", "payee": ARTIST, "share_bp": 6_000, "valid_from": "2026-01-05"},
        {"resource_ref": "J-1-1", "payee": LABEL, "share_bp": 4_000, "valid_from": "2026-01-05"},
    ],
}  # fmt: skip


def write_delivery(folder: Path, *, seconds: int = SECONDS) -> Path:
    """Write the folder, with a real recording of that length; return it."""
    folder.mkdir(parents=True)
    for name, rows in SHEETS.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    tone = f"sine=frequency=330:duration={seconds}"
    ffmpeg.run_ffmpeg(["-f", "lavfi", "-i", tone, "-c:a", "flac", folder / "unite.flac"], timeout_s=300)
    return folder
