"""The template filled in: an album, a picture book, a film and a game, as a ZIP of sheets or as JSON."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import date

from catalog.ingest.json_sheets import NAME
from catalog.ingest.sheets import DELIVERY, PARTIES, PAYEES, RIGHTS, SECTIONS

EPOCH = (2026, 1, 1, 0, 0, 0)
Row = Mapping[str, str]


def _release(medium: str, reference: str, title: str, **more: str) -> dict[str, str]:
    return {
        "release_ref": reference,
        "release_title": title,
        "medium": medium,
        "territories": "world",
        "available_from": date(2026, 1, 15).isoformat(),
        **more,
    }


ROWS: Mapping[str, list[Row]] = {
    DELIVERY: [
        _release(
            "music", "RG-001", "Jardins de pente", release_kind="album", release_date="2026-01-15",
            label="Rive Gauche", languages="fr", subjects="folk|rivière", cover_file="covers/jardins.jpg",
            p_line="2026 Rive Gauche", c_line="2026 Rive Gauche", resource_ref="RG-001-01", position="1",
            resource_title="Matin", isrc="FRZ112600001", file="media/matin.flac",
            credits="Ana Roux:main_artist|Ana Roux:composer",
        ),
        _release(
            "music", "RG-001", "Jardins de pente", resource_ref="RG-001-02", position="2", resource_title="Soir",
            isrc="FRZ112600002", file="media/soir.flac", credits="Ana Roux:main_artist|Bo Lind:composer",
        ),
        _release(
            "book", "RG-002", "L’été des crues", release_kind="picture_book", ean="9782070360024", languages="fr",
            description="Une rivière monte, et le village avec elle.", min_age="6", max_age="10", is_youth="yes",
            accessibility="52|11|14", resource_ref="RG-002-01", resource_title="L’été des crues",
            file="media/crues.epub", credits="Bo Lind:author|Ana Roux:illustrator",
        ),
        _release(
            "video", "RG-003", "Les digues", release_kind="film", min_age="10", languages="fr",
            has_audio_description="yes", captions="fr:media/digues.fr.srt", resource_ref="RG-003-01",
            resource_title="Les digues", duration_s="720", file="media/digues.mp4", credits="Bo Lind:director",
        ),
        _release(
            "game", "RG-004", "Le barrage", release_kind="game", pegi="7", pegi_descriptors="fear|violence",
            languages="fr|en", platforms="desktop|tablet", controls="keyboard|touch", players="1-2",
            needs_threads="no",
            resource_ref="RG-004-01", resource_title="Le barrage", file="media/barrage.zip",
            credits="Ana Roux:developer",
        ),
    ],
    RIGHTS: [
        {"resource_ref": "RG-001-01", "payee": "Roux Ana", "share_bp": "10000", "valid_from": "2026-01-15"},
        {"resource_ref": "RG-001-02", "payee": "Roux Ana", "share_bp": "6000", "valid_from": "2026-01-15"},
        {"resource_ref": "RG-001-02", "payee": "Lind Bo", "share_bp": "4000", "valid_from": "2026-01-15"},
        {"resource_ref": "RG-002-01", "payee": "Lind Bo", "share_bp": "5000", "valid_from": "2026-01-15"},
        {"resource_ref": "RG-002-01", "payee": "Roux Ana", "share_bp": "5000", "valid_from": "2026-01-15"},
        {"resource_ref": "RG-003-01", "payee": "Lind Bo", "share_bp": "10000", "valid_from": "2026-01-15"},
        {"resource_ref": "RG-004-01", "payee": "Roux Ana", "share_bp": "10000", "valid_from": "2026-01-15"},
    ],
    PARTIES: [
        {"name": "Ana Roux", "kind": "person", "commune": "42095", "country": "FR", "biography": "Née à Firminy."},
        {"name": "Bo Lind", "kind": "person", "country": "BE"},
    ],
    PAYEES: [
        {"legal_name": "Roux Ana", "kind": "person", "commune": "42095", "country": "FR", "email": "ana@example.org"},
        {"legal_name": "Lind Bo", "kind": "person", "country": "BE"},
    ],
}  # fmt: skip


def as_zip() -> bytes:
    """Return the sheets in a ZIP; the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in ROWS.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _sheet(rows))
    return out.getvalue()


def as_json() -> bytes:
    """Return the same as JSON, with lists for what a sheet separates by a bar."""
    lists = {"languages", "subjects", "credits", "platforms", "controls", "pegi_descriptors", "accessibility"}
    whole = {
        SECTIONS[name]: [
            {column: value.split("|") if column in lists else value for column, value in row.items()}
            for row in rows
        ]
        for name, rows in ROWS.items()
    }
    return json.dumps(whole, ensure_ascii=False, indent=2).encode()


def _sheet(rows: list[Row]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    sheet = csv.DictWriter(out, fieldnames=columns)
    sheet.writeheader()
    sheet.writerows(rows)
    return out.getvalue()


FILES: Mapping[str, tuple[str, str, Callable[[], bytes]]] = {
    "csv": ("application/zip", "delivery-example.zip", as_zip),
    "json": ("application/json", NAME, as_json),
}
