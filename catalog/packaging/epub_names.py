"""The namespaces of EPUB, and the files that its manifest names."""

from __future__ import annotations

from dataclasses import dataclass

NS = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "e": "http://www.idpf.org/2007/ops",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
    "enc": "http://www.w3.org/2001/04/xmlenc#",
}
EPUB_TYPE = f"{{{NS['e']}}}type"


@dataclass(frozen=True, slots=True)
class Item:
    """A file that the book's own manifest names; `path` is inside the archive."""

    id: str
    path: str
    content_type: str
    properties: frozenset[str]
