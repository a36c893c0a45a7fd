"""Books: an EPUB 2 or 3 unpacked, with a manifest after the Readium Web Publication Manifest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lxml import etree

from catalog.packaging.book_scripts import find_programs, refuse_programs
from catalog.packaging.epub_check import check_epub
from catalog.packaging.epub_contents import read_contents
from catalog.packaging.epub_documents import MARKUP, open_book
from catalog.packaging.epub_metadata import read_metadata
from catalog.packaging.epub_names import NS, Item
from catalog.packaging.publication import MANIFEST, write_manifest
from catalog.packaging.recipe import Built, Material, Recipe, Report

READ = 0.5  # of the progress
WORD = re.compile(r"\w+")


def build(material: Material, folder: Path, report: Report) -> Built:
    """Unpack what the book's manifest names, after reading every document for scripts.

    Raises:
        PackageFault: `not_a_book`, `drm`, `script_in_book`, `entity_in_book`, `bad_document`, or what an archive is
            refused for, or `epub_invalid`.
    """
    with open_book(material.path) as opened:
        book, opf, items, spine = opened.archive, opened.opf, opened.items, opened.spine
        words = 0
        for done, item in enumerate(items.values(), start=1):
            if item.content_type in MARKUP:
                data, root = opened.read_document(item)
                refuse_programs(find_programs(root, name=item.path))
                words += _count_words(root) if item in spine else 0
                target = folder / item.path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            else:
                book.extract(item.path, folder / item.path)
            report(READ * done / len(items))
        cover = _cover_item(opf, items)
        contents = read_contents(book, opf, items)
        said = read_metadata(opf)
        text = write_manifest(
            profile="epub",
            metadata=said | {"numberOfWords": words},
            reading_order=[_link(item) for item in spine],
            resources=[
                _link(item) | ({"rel": "cover"} if item == cover else {})
                for item in items.values()
                if item not in spine
            ],
            toc=contents.toc,
            page_list=contents.pages,
        )
        (folder / MANIFEST).write_text(text, "utf-8")
        facts = {
            "format": "epub",
            "words": words,
            "pages": len(contents.pages),
            "accessibility": said["accessibility"],
            "epubcheck": check_epub(material.path),  # last: by now the archive is known to be harmless
        }
        return Built(cover=book.read(cover.path) if cover else None, facts=facts)


def _link(item: Item) -> dict[str, Any]:
    return {"href": quote(item.path), "type": item.content_type}


def _cover_item(opf: etree._Element, items: dict[str, Item]) -> Item | None:
    """EPUB 3 marks the cover by a property, EPUB 2 by a meta element."""
    for item in items.values():
        if "cover-image" in item.properties:
            return item
    meta = opf.find("o:metadata/o:meta[@name='cover']", NS)
    named = items.get(meta.get("content", "")) if meta is not None else None
    return named if named is not None and named.content_type.startswith("image/") else None


def _count_words(root: etree._Element) -> int:
    body = root.find("h:body", NS)
    return len(WORD.findall("".join(body.itertext()))) if body is not None else 0


RECIPE = Recipe(name="web-book", version=2, queue="books", entry=MANIFEST, build=build)
