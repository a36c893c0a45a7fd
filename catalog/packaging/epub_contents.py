"""An EPUB's table of contents and list of printed pages: EPUB 3's nav, else EPUB 2's ncx."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lxml import etree

from catalog.packaging.archive import SafeArchive
from catalog.packaging.book_scripts import parse_document
from catalog.packaging.epub_names import EPUB_TYPE, NS, Item

MAX_DEPTH = 12
Entries = list[dict[str, Any]]


@dataclass(slots=True)
class Contents:
    """Entries with title, href and children; `pages` have no children."""

    toc: Entries = field(default_factory=list)
    pages: Entries = field(default_factory=list)


def read_contents(book: SafeArchive, opf: etree._Element, items: dict[str, Item]) -> Contents:
    """Read both lists; what the nav lacks is taken from the ncx. Raises: PackageFault `bad_document`."""
    contents = Contents()
    for item in items.values():
        if "nav" in item.properties:
            _read_nav(parse_document(book.read(item.path), name=item.path), item, contents)
    spine = opf.find("o:spine", NS)
    ncx = items.get(spine.get("toc", "")) if spine is not None else None
    ncx = ncx or next((one for one in items.values() if one.path.endswith(".ncx")), None)
    if ncx is not None and not (contents.toc and contents.pages):
        _read_ncx(parse_document(book.read(ncx.path), name=ncx.path), ncx, contents)
    return contents


def _read_nav(root: etree._Element, item: Item, contents: Contents) -> None:
    base = posixpath.dirname(item.path)
    for nav in root.iterfind(".//h:nav", NS):
        kinds = nav.get(EPUB_TYPE, "").split()
        if "toc" in kinds and not contents.toc:
            contents.toc = _nav_entries(nav.find("h:ol", NS), base, MAX_DEPTH)
        elif "page-list" in kinds and not contents.pages:
            contents.pages = _nav_entries(nav.find("h:ol", NS), base, 1)


def _read_ncx(root: etree._Element, item: Item, contents: Contents) -> None:
    base = posixpath.dirname(item.path)
    contents.toc = contents.toc or _ncx_entries(root.find("n:navMap", NS), base, MAX_DEPTH)
    if not contents.pages:
        targets = root.iterfind("n:pageList/n:pageTarget", NS)
        pages = (_ncx_entry(one, base, []) for one in targets)
        contents.pages = [page for page in pages if page.get("title")]


def _nav_entries(listing: etree._Element | None, base: str, depth: int) -> Entries:
    entries = []
    for line in listing.iterfind("h:li", NS) if listing is not None and depth else ():
        label = next((child for child in line if isinstance(child.tag, str)), None)
        title = " ".join("".join(label.itertext()).split()) if label is not None else ""
        href = label.get("href", "") if label is not None else ""
        entries.append(_entry(title, href, base, _nav_entries(line.find("h:ol", NS), base, depth - 1)))
    return [entry for entry in entries if entry.get("title")]


def _ncx_entries(point: etree._Element | None, base: str, depth: int) -> Entries:
    entries: Entries = []
    for one in point.iterfind("n:navPoint", NS) if point is not None and depth else ():
        entries.append(_ncx_entry(one, base, _ncx_entries(one, base, depth - 1)))
    return [entry for entry in entries if entry.get("title")]


def _ncx_entry(point: etree._Element, base: str, children: Entries) -> dict[str, Any]:
    content = point.find("n:content", NS)
    href = content.get("src", "") if content is not None else ""
    title = " ".join((point.findtext("n:navLabel/n:text", "", NS)).split())
    return _entry(title, href, base, children)


def _entry(title: str, href: str, base: str, children: list[dict[str, Any]]) -> dict[str, Any]:
    entry: dict[str, Any] = {"title": title}
    parts = urlsplit(href)
    path = posixpath.normpath(posixpath.join(base, unquote(parts.path)))
    if href and not parts.scheme and not parts.netloc and not path.startswith(".."):
        entry["href"] = quote(path) + (f"#{parts.fragment}" if parts.fragment else "")
    if children:
        entry["children"] = children
    return entry
