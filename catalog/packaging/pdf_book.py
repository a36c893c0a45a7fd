"""Books in PDF: looked at by PDFium, shown by pdf.js, served as they are. Programs in them never run."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from catalog.packaging import pdf_pages
from catalog.packaging.faults import PackageFault
from catalog.packaging.publication import MANIFEST, write_manifest
from catalog.packaging.recipe import Built, Material, Recipe, Report
from mediaplatform.infrastructure import confined
from mediaplatform.infrastructure.confined import ChildFailed, Limits
from mediaplatform.infrastructure.said import say as _

BOOK = "book.pdf"
LIMITS = Limits(memory_bytes=2 * 1024**3, cpu_s=600, cpus=1)
TIMEOUT_S = 900
READABLE_PART = 0.5  # of the pages must have text for a book to be called readable by ear


def build(material: Material, folder: Path, report: Report) -> Built:
    """Look at a PDF in a process of its own; keep it with its manifest and its first page.

    Raises:
        PackageFault: `pdf_encrypted`, `pdf_broken` or `too_many_pages`.
    """
    said = _look(material.path, folder)
    report(0.8)
    picture = folder / pdf_pages.COVER
    cover = picture.read_bytes()
    picture.unlink()
    shutil.copyfile(material.path, folder / BOOK)
    accessibility = _accessibility(said)
    metadata = {
        "title": said["title"],
        "author": [said["author"]] if said["author"] else [],
        "language": [material.language] if material.language else [],
        "numberOfPages": said["pages"],
        "numberOfWords": said["words"],
        "accessibility": accessibility,
    }
    text = write_manifest(
        profile="pdf",
        metadata=metadata,
        reading_order=[{"href": BOOK, "type": "application/pdf", "size": (folder / BOOK).stat().st_size}],
        toc=_contents(said["toc"]),
    )
    (folder / MANIFEST).write_text(text, "utf-8")
    report(1)
    facts = {"format": "pdf", "pages": said["pages"], "words": said["words"], "accessibility": accessibility}
    return Built(cover=cover, facts=facts)


def _look(source: Path, folder: Path) -> dict[str, Any]:
    command: list[str | Path] = [sys.executable, "-m", pdf_pages.__name__, source, folder]
    try:
        printed = confined.run_confined(command, timeout_s=TIMEOUT_S, limits=LIMITS, folder=settings.BASE_DIR)
        said: dict[str, Any] = json.loads(printed)
    except (ChildFailed, ValueError) as error:
        detail = "\n".join([str(error), *getattr(error, "said", "").splitlines()[-3:]])
        raise PackageFault("pdf_broken", _("The PDF can't be read."), detail=detail) from error
    match said.get("fault"):
        case None:
            return said
        case "encrypted":
            raise PackageFault("pdf_encrypted", _("The PDF asks for a password: deliver it without one."))
        case "too_many_pages":
            message = _("The PDF has more than %(limit)d pages.") % {"limit": pdf_pages.MOST_PAGES}
            raise PackageFault("too_many_pages", message)
        case _:
            raise PackageFault("pdf_broken", _("The PDF can't be read."), detail=said.get("detail", ""))


def _accessibility(said: dict[str, Any]) -> dict[str, list[str]]:
    """Say in schema.org's terms what the document itself shows; what it doesn't is not claimed."""
    has_text = said["pages_with_text"] >= READABLE_PART * said["pages"]
    features = [
        *(["tableOfContents"] if said["toc"] else []),
        *(["taggedPDF", "structuralNavigation"] if said["is_tagged"] else []),
    ]
    return {
        "accessMode": ["textual", "visual"] if has_text else ["visual"],
        **({"accessModeSufficient": ["textual"]} if has_text and said["is_tagged"] else {}),
        **({"accessibilityFeature": features} if features else {}),
    }


def _contents(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made = []
    for one in entries:
        entry = {"title": one["title"]}
        if "page" in one:
            entry["href"] = f"{BOOK}#page={one['page']}"
        if one["children"]:
            entry["children"] = _contents(one["children"])
        made.append(entry)
    return made


RECIPE = Recipe(name="pdf-book", version=1, queue="books", entry=MANIFEST, build=build)
