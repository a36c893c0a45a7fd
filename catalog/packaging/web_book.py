"""Books: an EPUB 2 or 3 unpacked, with a manifest after the Readium Web Publication Manifest."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lxml import etree

from catalog.packaging import archive
from catalog.packaging.archive import Limits, SafeArchive
from catalog.packaging.book_scripts import check_document, parse_document
from catalog.packaging.content_types import BOOK
from catalog.packaging.epub_check import check_epub
from catalog.packaging.epub_contents import read_contents
from catalog.packaging.epub_metadata import read_metadata
from catalog.packaging.epub_names import NS, Item
from catalog.packaging.faults import PackageFault
from catalog.packaging.publication import MANIFEST, write_manifest
from catalog.packaging.recipe import Built, Material, Recipe, Report
from mediaplatform.infrastructure.said import say as _

LIMITS = Limits(files=5_000, total_bytes=600_000_000)
MARKUP = frozenset({"application/xhtml+xml", "text/html", "image/svg+xml", "application/x-dtbncx+xml"})
OBFUSCATED_FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
READ = 0.5  # of the progress
WORD = re.compile(r"\w+")


def build(material: Material, folder: Path, report: Report) -> Built:
    """Unpack what the book's manifest names, after reading every document for scripts.

    Raises:
        PackageFault: `not_a_book`, `drm`, `script_in_book`, `entity_in_book`, `bad_document`, or what an archive is
            refused for, or `epub_invalid`.
    """
    with archive.open_archive(material.path, LIMITS) as book:
        opf_path = _find_opf(book)
        _refuse_drm(book)
        opf = parse_document(book.read(opf_path), name=opf_path)
        items = _items(opf, posixpath.dirname(opf_path), set(book.names))
        spine = _spine(opf, items)
        words = 0
        for done, item in enumerate(items.values(), start=1):
            if item.content_type in MARKUP:
                data = book.read(item.path)
                root = parse_document(data, name=item.path)
                check_document(root, name=item.path)
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


def _find_opf(book: SafeArchive) -> str:
    try:
        container = parse_document(book.read("META-INF/container.xml"), name="META-INF/container.xml")
    except PackageFault as fault:
        if fault.code == "bad_archive" and "META-INF/container.xml" not in book.names:
            raise PackageFault("not_a_book", _("The file is no EPUB: its container is missing.")) from fault
        raise
    found = container.find("c:rootfiles/c:rootfile", NS)
    path = found.get("full-path", "") if found is not None else ""
    if path not in book.names:
        raise PackageFault("not_a_book", _("The file is no EPUB: its contents are not described."))
    return path


def _refuse_drm(book: SafeArchive) -> None:
    """Encrypted fonts are only obfuscated and do no harm; anything else encrypted can't be read."""
    if "META-INF/encryption.xml" not in book.names:
        return
    root = parse_document(book.read("META-INF/encryption.xml"), name="META-INF/encryption.xml")
    for method in root.iterfind(".//enc:EncryptedData/enc:EncryptionMethod", NS):
        if method.get("Algorithm") not in OBFUSCATED_FONTS:
            raise PackageFault("drm", _("The book is encrypted: deliver it without protection."))


def _items(opf: etree._Element, base: str, names: set[str]) -> dict[str, Item]:
    """Return the manifest's files by id, as far as they lie in the archive and are of a type that books hold."""
    items = {}
    for element in opf.iterfind("o:manifest/o:item", NS):
        href = urlsplit(element.get("href", ""))
        path = posixpath.normpath(posixpath.join(base, unquote(href.path)))
        content_type = BOOK.get(PurePosixPath(path).suffix.lower(), "")
        if element.get("media-type") in MARKUP:
            content_type = element.get("media-type", "")
        if element.get("media-type") in {
            "text/javascript",
            "application/javascript",
            "application/ecmascript",
        }:
            raise PackageFault("script_in_book", _("The book holds a program."), detail=path)
        if href.scheme or path not in names or not content_type:
            continue
        item_id = element.get("id", path)
        items[item_id] = Item(item_id, path, content_type, frozenset(element.get("properties", "").split()))
    return items


def _spine(opf: etree._Element, items: dict[str, Item]) -> list[Item]:
    references = [element.get("idref", "") for element in opf.iterfind("o:spine/o:itemref", NS)]
    spine = list(dict.fromkeys(items[one] for one in references if one in items))
    if not spine or any(one not in items for one in references):
        missing = ", ".join(one for one in references if one not in items)
        raise PackageFault(
            "not_a_book", _("The book's reading order names a file that is not there."), detail=missing
        )
    return spine


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
