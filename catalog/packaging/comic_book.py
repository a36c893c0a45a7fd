"""Comics: a zip of pictures (CBZ) as pages in their natural order, with a manifest of Readium's Divina profile."""

from __future__ import annotations

import io
import re
import warnings
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from catalog.packaging import archive
from catalog.packaging.archive import Limits, SafeArchive
from catalog.packaging.book_scripts import parse_document
from catalog.packaging.faults import PackageFault
from catalog.packaging.publication import MANIFEST, write_manifest
from catalog.packaging.recipe import Built, Material, Recipe, Report
from mediaplatform.infrastructure.said import say as _

LIMITS = Limits(files=2_000, total_bytes=1_500_000_000)
INFO = "ComicInfo.xml"  # of ComicRack, which every reader of comics knows
MAX_SIDE, MAX_PIXELS, MIN_SIDE = 2_600, 80_000_000, 100
QUALITY = 86
KEPT = {"JPEG": (".jpg", "image/jpeg"), "PNG": (".png", "image/png"), "WEBP": (".webp", "image/webp")}
READ = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF")
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".bmp", ".tif", ".tiff"})
NUMBER = re.compile(r"(\d+)")


def build(material: Material, folder: Path, report: Report) -> Built:
    """Decode every page; keep those that browsers show quickly as they are, and make the others anew.

    Raises:
        PackageFault: `no_pages`, `bad_page`, or what an archive is refused for.
    """
    with archive.open_archive(material.path, LIMITS) as comic:
        names = sorted(filter(_is_page, comic.names), key=natural)
        if not names:
            raise PackageFault("no_pages", _("There are no pictures in the comic."))
        info = _read_info(comic)
        (folder / "pages").mkdir()
        pages, cover = [], b""
        for number, name in enumerate(names, start=1):
            data = comic.read(name)
            cover = cover or data
            pages.append(_write_page(folder, number, name, data))
            report(number / len(names))
    is_rtl = info.get("Manga") == "YesAndRightToLeft"
    accessibility = {"accessMode": ["visual"]}
    metadata = {
        "title": info.get("Title", "") or info.get("Series", ""),
        "author": [name for role in ("Writer", "Penciller") for name in _names(info.get(role, ""))],
        "language": [info.get("LanguageISO") or material.language],
        "description": info.get("Summary", ""),
        "readingProgression": "rtl" if is_rtl else "ltr",
        "numberOfPages": len(pages),
        "accessibility": accessibility,
    }
    text = write_manifest(profile="divina", metadata=metadata, reading_order=pages)
    (folder / MANIFEST).write_text(text, "utf-8")
    facts = {"format": "cbz", "pages": len(pages), "is_rtl": is_rtl, "accessibility": accessibility}
    return Built(cover=cover, facts=facts)


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return the key by which people order names: `page 2` before `page 10`."""
    parts = NUMBER.split(name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def _is_page(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in path.parts)


def _write_page(folder: Path, number: int, name: str, data: bytes) -> dict[str, Any]:
    """Write a page and return its link. Raises: PackageFault `bad_page`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is below it
            picture = Image.open(io.BytesIO(data), formats=READ)
            if picture.width * picture.height > MAX_PIXELS or min(picture.size) < MIN_SIDE:
                detail = f"{name}: {picture.width} x {picture.height}"
                message = _("A page is too large or too small.")
                raise PackageFault("bad_page", message, detail=detail)
            kind, exif = picture.format or "", picture.getexif()
            picture.load()
            size = picture.size
            if kind in KEPT and max(picture.size) <= MAX_SIDE and exif.get(0x0112, 1) == 1:
                suffix, content_type = KEPT[kind]
            else:
                smaller = ImageOps.exif_transpose(picture).convert("RGB")
                smaller.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
                out = io.BytesIO()
                smaller.save(out, "WEBP", quality=QUALITY, method=4)
                data, size, (suffix, content_type) = out.getvalue(), smaller.size, KEPT["WEBP"]
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        message = _("A page is no picture that can be read.")
        raise PackageFault("bad_page", message, detail=f"{name}: {error}") from error
    href = f"pages/{number:04}{suffix}"
    (folder / href).write_bytes(data)
    return {"href": href, "type": content_type, "width": size[0], "height": size[1]}


def _read_info(comic: SafeArchive) -> dict[str, str]:
    """Return what ComicInfo.xml says, if there is one that can be read: the pages matter more."""
    if INFO not in comic.names:
        return {}
    try:
        root = parse_document(comic.read(INFO), name=INFO)
    except PackageFault:
        return {}
    return {
        str(one.tag): " ".join((one.text or "").split())[:2_000] for one in root if isinstance(one.tag, str)
    }


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


RECIPE = Recipe(name="comic-book", version=1, queue="books", entry=MANIFEST, build=build)
