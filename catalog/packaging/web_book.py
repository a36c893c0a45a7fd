"""Books: an EPUB 2 or 3 unpacked, with a manifest after the Readium Web Publication Manifest."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.utils.translation import gettext as _
from lxml import etree

from catalog.packaging import archive
from catalog.packaging.archive import Limits, SafeArchive
from catalog.packaging.book_scripts import check_document, parse_document
from catalog.packaging.content_types import BOOK
from catalog.packaging.faults import PackageFault
from catalog.packaging.recipe import Built, Material, Recipe, Report

LIMITS = Limits(files=5_000, total_bytes=600_000_000)
MANIFEST = "manifest.json"
CONTEXT = "https://readium.org/webpub-manifest/context.jsonld"
MARKUP = frozenset({"application/xhtml+xml", "text/html", "image/svg+xml", "application/x-dtbncx+xml"})
NS = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "e": "http://www.idpf.org/2007/ops",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
    "enc": "http://www.w3.org/2001/04/xmlenc#",
}
OBFUSCATED_FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
WORD = re.compile(r"\w+")
MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Item:
    """A file that the book's own manifest names; `path` is inside the archive."""

    id: str
    path: str
    content_type: str
    properties: frozenset[str]


def build(material: Material, folder: Path, report: Report) -> Built:
    """Unpack what the book's manifest names, after reading every document for scripts.

    Raises:
        PackageFault: `not_a_book`, `drm`, `script_in_book`, `entity_in_book`, `bad_document`, or what an archive is
            refused for.
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
            report(0.9 * done / len(items))
        cover = _cover_item(opf, items)
        manifest = {
            "@context": CONTEXT,
            "metadata": _metadata(opf) | {"numberOfWords": words},
            "links": [{"rel": "self", "href": MANIFEST, "type": "application/webpub+json"}],
            "readingOrder": [_link(item) for item in spine],
            "resources": [
                _link(item) | ({"rel": "cover"} if item == cover else {})
                for item in items.values()
                if item not in spine
            ],
            "toc": _table_of_contents(book, opf, items),
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
        return Built(cover=book.read(cover.path) if cover else None)


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


def _metadata(opf: etree._Element) -> dict[str, Any]:
    def texts(name: str) -> list[str]:
        found = (
            " ".join("".join(one.itertext()).split()) for one in opf.iterfind(f"o:metadata/dc:{name}", NS)
        )
        return [text for text in found if text]

    accessibility: dict[str, list[str]] = {}
    for meta in opf.iterfind("o:metadata/o:meta", NS):
        name, _colon, value = meta.get("property", "").partition("schema:")
        if not name and value.startswith("access") and meta.text:
            accessibility.setdefault(value, []).append(" ".join(meta.text.split()))
    plain = {
        "@type": "http://schema.org/Book",
        "title": next(iter(texts("title")), ""),
        "author": texts("creator"),
        "contributor": texts("contributor"),
        "publisher": texts("publisher"),
        "language": texts("language"),
        "identifier": next(iter(texts("identifier")), ""),
        "description": next(iter(texts("description")), ""),
        "accessibility": accessibility,
    }
    return {name: value for name, value in plain.items() if value}


def _cover_item(opf: etree._Element, items: dict[str, Item]) -> Item | None:
    """EPUB 3 marks the cover by a property, EPUB 2 by a meta element."""
    for item in items.values():
        if "cover-image" in item.properties:
            return item
    meta = opf.find("o:metadata/o:meta[@name='cover']", NS)
    named = items.get(meta.get("content", "")) if meta is not None else None
    return named if named is not None and named.content_type.startswith("image/") else None


def _table_of_contents(
    book: SafeArchive, opf: etree._Element, items: dict[str, Item]
) -> list[dict[str, Any]]:
    for item in items.values():
        if "nav" in item.properties:
            root = parse_document(book.read(item.path), name=item.path)
            for nav in root.iterfind(".//h:nav", NS):
                if nav.get(f"{{{NS['e']}}}type") == "toc":
                    return _nav_entries(nav.find("h:ol", NS), posixpath.dirname(item.path), MAX_DEPTH)
    spine = opf.find("o:spine", NS)
    ncx = items.get(spine.get("toc", "")) if spine is not None else None
    if ncx is None:
        return []
    root = parse_document(book.read(ncx.path), name=ncx.path)
    return _ncx_entries(root.find("n:navMap", NS), posixpath.dirname(ncx.path), MAX_DEPTH)


def _nav_entries(listing: etree._Element | None, base: str, depth: int) -> list[dict[str, Any]]:
    entries = []
    for line in listing.iterfind("h:li", NS) if listing is not None and depth else ():
        label = next((child for child in line if isinstance(child.tag, str)), None)
        title = " ".join("".join(label.itertext()).split()) if label is not None else ""
        href = label.get("href", "") if label is not None else ""
        entries.append(_entry(title, href, base, _nav_entries(line.find("h:ol", NS), base, depth - 1)))
    return [entry for entry in entries if entry.get("title")]


def _ncx_entries(point: etree._Element | None, base: str, depth: int) -> list[dict[str, Any]]:
    entries = []
    for one in point.iterfind("n:navPoint", NS) if point is not None and depth else ():
        content = one.find("n:content", NS)
        href = content.get("src", "") if content is not None else ""
        title = " ".join((one.findtext("n:navLabel/n:text", "", NS)).split())
        entries.append(_entry(title, href, base, _ncx_entries(one, base, depth - 1)))
    return [entry for entry in entries if entry.get("title")]


def _entry(title: str, href: str, base: str, children: list[dict[str, Any]]) -> dict[str, Any]:
    entry: dict[str, Any] = {"title": title}
    parts = urlsplit(href)
    path = posixpath.normpath(posixpath.join(base, unquote(parts.path)))
    if href and not parts.scheme and not parts.netloc and not path.startswith(".."):
        entry["href"] = quote(path) + (f"#{parts.fragment}" if parts.fragment else "")
    if children:
        entry["children"] = children
    return entry


def _count_words(root: etree._Element) -> int:
    body = root.find("h:body", NS)
    return len(WORD.findall("".join(body.itertext()))) if body is not None else 0


RECIPE = Recipe(name="web-book", version=1, entry=MANIFEST, build=build)
