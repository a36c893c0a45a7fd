"""An EPUB's documents: what its manifest names, and whether any of it would run.

Read when a book is delivered and again when it is packaged, by the same rules.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml import etree

from catalog.packaging import archive
from catalog.packaging.archive import Limits, SafeArchive
from catalog.packaging.book_scripts import MOST_NAMED, find_programs, parse_document, refuse_programs
from catalog.packaging.content_types import BOOK
from catalog.packaging.epub_names import NS, Item
from catalog.packaging.faults import PackageFault
from mediaplatform.infrastructure.said import say as _

LIMITS = Limits(files=5_000, total_bytes=600_000_000)
DOCUMENT_BYTES = 32_000_000
CONTAINER, ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
MARKUP = frozenset({"application/xhtml+xml", "text/html", "image/svg+xml", "application/x-dtbncx+xml"})
PROGRAMS = frozenset({"text/javascript", "application/javascript", "application/ecmascript"})
OBFUSCATED_FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})


@dataclass(frozen=True, slots=True)
class Book:
    """An EPUB that was opened: the files that its manifest names by id, and the reading order."""

    archive: SafeArchive
    opf: etree._Element
    items: dict[str, Item]
    spine: list[Item]

    def read_document(self, item: Item) -> tuple[bytes, etree._Element]:
        """Return a document's bytes and root. Raises: PackageFault `bad_document`, `too_large`, `entity_in_book`."""
        data = self.archive.read(item.path, limit=DOCUMENT_BYTES)
        return data, parse_document(data, name=item.path)


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """Open an EPUB and read its manifest.

    Raises:
        PackageFault: `not_a_book`, `drm`, `script_in_book`, `bad_document`, or what an archive is refused for.
    """
    with archive.open_archive(path, LIMITS) as book:
        opf_path = _find_opf(book)
        _refuse_drm(book)
        opf = parse_document(book.read(opf_path, limit=DOCUMENT_BYTES), name=opf_path)
        items = _items(opf, posixpath.dirname(opf_path), set(book.names))
        yield Book(book, opf, items, _spine(opf, items))


def check_book(path: Path) -> None:
    """Read every document of an EPUB and refuse it, with each place, if one would run anything. Writes nothing.

    Raises:
        PackageFault: `script_in_book`, `entity_in_book`, or what `open_book` refuses.
    """
    found: list[str] = []
    with open_book(path) as book:
        for item in book.items.values():
            if item.content_type in MARKUP and len(found) < MOST_NAMED:
                _data, root = book.read_document(item)
                found += find_programs(root, name=item.path)
    refuse_programs(found)


def _find_opf(book: SafeArchive) -> str:
    try:
        container = parse_document(
            book.read("META-INF/container.xml", limit=DOCUMENT_BYTES), name="META-INF/container.xml"
        )
    except PackageFault as fault:
        if fault.code == "bad_archive" and CONTAINER not in book.names:
            raise PackageFault("not_a_book", _("The file is no EPUB: its container is missing.")) from fault
        raise
    found = container.find("c:rootfiles/c:rootfile", NS)
    path = found.get("full-path", "") if found is not None else ""
    if path not in book.names:
        raise PackageFault("not_a_book", _("The file is no EPUB: its contents are not described."))
    return path


def _refuse_drm(book: SafeArchive) -> None:
    """Encrypted fonts are only obfuscated and do no harm; anything else encrypted can't be read."""
    if ENCRYPTION not in book.names:
        return
    root = parse_document(book.read(ENCRYPTION, limit=DOCUMENT_BYTES), name=ENCRYPTION)
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
        if element.get("media-type") in PROGRAMS:
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
