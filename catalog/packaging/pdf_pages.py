"""Reads a PDF by PDFium, in a process of its own that may crash: `python -m catalog.packaging.pdf_pages SOURCE FOLDER`.

Prints one JSON object: `fault`, or what the document is. Writes the first page as `cover.png`. No Django in here.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

MOST_PAGES = 5_000
MOST_ENTRIES = 2_000  # of the table of contents
COVER_SIDE = 1_600
COVER = "cover.png"
WORD = re.compile(r"\w+")


def read(source: Path, folder: Path) -> dict[str, Any]:
    """Return the facts of a document, or why there are none: `encrypted`, `broken`, `empty` or `too_many_pages`."""
    try:
        document = pypdfium2.PdfDocument(source)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        return {"fault": "encrypted" if "assword" in str(error) else "broken", "detail": str(error)}
    if not pages or pages > MOST_PAGES:
        return {"fault": "too_many_pages" if pages else "empty", "detail": str(pages)}
    words, with_text = 0, 0
    for number in range(pages):
        try:
            found = len(WORD.findall(document[number].get_textpage().get_text_bounded()))
        except pypdfium2.PdfiumError as error:
            return {"fault": "broken", "detail": f"page {number + 1}: {error}"}
        words += found
        with_text += found > 0
    page = document[0]
    scale = COVER_SIDE / max(page.get_size())
    page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB").save(folder / COVER)
    said = document.get_metadata_dict()
    return {
        "pages": pages,
        "words": words,
        "pages_with_text": with_text,
        "is_tagged": bool(raw.FPDFCatalog_IsTagged(document)),
        "title": said.get("Title", "").strip()[:300],
        "author": said.get("Author", "").strip()[:300],
        "toc": _contents(document, pages),
    }


def _contents(document: pypdfium2.PdfDocument, pages: int) -> list[dict[str, Any]]:
    """Return the outline as nested entries of title and page, counted from 1."""
    top: list[dict[str, Any]] = []
    path: list[list[dict[str, Any]]] = [top]
    for number, one in enumerate(document.get_toc(max_depth=8)):
        title = " ".join((one.get_title() or "").split())[:300]
        place = one.get_dest()
        index = place.get_index() if place is not None else None
        if number >= MOST_ENTRIES:
            break
        if not title:
            continue
        entry: dict[str, Any] = {"title": title, "children": []}
        if index is not None and 0 <= index < pages:
            entry["page"] = index + 1
        del path[one.level + 1 :]
        path[-1].append(entry)
        path.append(entry["children"])
    return top


if __name__ == "__main__":
    sys.stdout.write(json.dumps(read(Path(sys.argv[1]), Path(sys.argv[2]))))
