"""Binds pages into an EPUB 3 with navigation and accessibility metadata: same pages, same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from mediaplatform.kernel.ids import derived_uuid

EPOCH = (2026, 1, 1, 0, 0, 0)
MODIFIED = "2026-01-01T00:00:00Z"
CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)
STYLE = """\
@charset "UTF-8";
html { line-height: 1.55; }
body { margin: 0; padding: 0 6%; font-family: Georgia, serif; }
h1 { font-size: 1.5em; font-weight: 600; margin: 2em 0 1em; line-height: 1.2; }
p { margin: 0 0 0.8em; }
figure { margin: 0 0 1.2em; text-align: center; }
figure img { max-width: 100%; height: auto; }
.picture p { font-size: 1.2em; text-align: center; }
.picture p[lang="en"] { font-style: italic; font-size: 1.05em; }
.title-page { text-align: center; padding-top: 12%; }
"""
ROLES = {"author": "aut", "illustrator": "ill", "translator": "trl"}


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file of the book: its title in the table of contents and its body as XHTML."""

    title: str
    body: str
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """What stands on the title page; `makers` are (name, role of a credit)."""

    slug: str
    title: str
    subtitle: str
    publisher: str
    languages: tuple[str, ...]
    makers: Sequence[tuple[str, str]]
    description: str
    cover: bytes
    chapters: Sequence[Chapter]


def bind(book: Book) -> bytes:
    """Return the EPUB file. The mimetype comes first and uncompressed (OCF 3.3, 4.2.2)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _put(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        _put(archive, "META-INF/container.xml", CONTAINER.encode())
        _put(archive, "OPS/package.opf", _package(book).encode())
        _put(archive, "OPS/nav.xhtml", _navigation(book).encode())
        _put(archive, "OPS/style.css", STYLE.encode())
        _put(archive, "OPS/cover.png", book.cover, zipfile.ZIP_STORED)
        _put(archive, "OPS/cover.xhtml", _page(book, book.title, _cover(book)).encode())
        for number, chapter in enumerate(book.chapters, 1):
            _put(archive, f"OPS/page-{number:02}.xhtml", _page(book, chapter.title, chapter.body).encode())
            if chapter.picture:
                _put(archive, f"OPS/page-{number:02}.png", chapter.picture, zipfile.ZIP_STORED)
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = method
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def _page(book: Book, title: str, body: str) -> str:
    language = book.languages[0]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{language}" xml:lang="{language}">\n<head><meta charset="UTF-8"/>'
        f"<title>{escape(title)}</title>"
        '<link rel="stylesheet" type="text/css" href="style.css"/></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _cover(book: Book) -> str:
    words = escape(f"Couverture : {book.title}", quote=True)
    return f'<section epub:type="cover"><figure><img src="cover.png" alt="{words}"/></figure></section>'


def _navigation(book: Book) -> str:
    entries = "".join(
        f'<li><a href="page-{number:02}.xhtml">{escape(chapter.title)}</a></li>'
        for number, chapter in enumerate(book.chapters, 1)
    )
    body = (
        f'<nav epub:type="toc" id="toc" role="doc-toc"><h1>{escape(book.title)}</h1>\n'
        f"<ol>{entries}</ol></nav>\n"
        '<nav epub:type="landmarks" hidden="hidden"><h2>Repères</h2><ol>'
        '<li><a epub:type="cover" href="cover.xhtml">Couverture</a></li>'
        '<li><a epub:type="bodymatter" href="page-01.xhtml">Début</a></li></ol></nav>'
    )
    return _page(book, book.title, body)


def _package(book: Book) -> str:
    numbers = range(1, len(book.chapters) + 1)
    is_illustrated = any(chapter.picture for chapter in book.chapters)
    manifest = "".join(
        f'<item id="p{n:02}" href="page-{n:02}.xhtml" media-type="application/xhtml+xml"/>'
        + (
            f'<item id="i{n:02}" href="page-{n:02}.png" media-type="image/png"/>'
            if book.chapters[n - 1].picture
            else ""
        )
        for n in numbers
    )
    makers = "".join(
        f'<dc:creator id="m{i}">{escape(name)}</dc:creator>'
        f'<meta refines="#m{i}" property="role" scheme="marc:relators">{ROLES[role]}</meta>'
        for i, (name, role) in enumerate(book.makers, 1)
    )
    title = f"{book.title} – {book.subtitle}" if book.subtitle else book.title
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
        f'xml:lang="{book.languages[0]}">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<dc:identifier id="id">urn:uuid:{derived_uuid("demo book", book.slug)}</dc:identifier>'
        f"<dc:title>{escape(title)}</dc:title>"
        + "".join(f"<dc:language>{language}</dc:language>" for language in book.languages)
        + makers
        + f"<dc:publisher>{escape(book.publisher)}</dc:publisher>"
        f"<dc:description>{escape(book.description)}</dc:description>"
        f'<meta property="dcterms:modified">{MODIFIED}</meta>\n'
        f"{_accessibility(is_illustrated=is_illustrated)}"
        '<meta name="cover" content="cover-image"/>\n</metadata>\n<manifest>'
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="style" href="style.css" media-type="text/css"/>'
        '<item id="cover-image" href="cover.png" media-type="image/png" properties="cover-image"/>'
        f'<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>{manifest}</manifest>\n'
        '<spine><itemref idref="cover"/>'
        + "".join(f'<itemref idref="p{n:02}"/>' for n in numbers)
        + "</spine>\n</package>\n"
    )


def _accessibility(*, is_illustrated: bool) -> str:
    """Return schema.org metadata as EPUB Accessibility 1.1 asks for."""
    facts = [
        ("accessMode", "textual"),
        *([("accessMode", "visual")] if is_illustrated else []),
        ("accessModeSufficient", "textual"),
        ("accessibilityFeature", "alternativeText"),
        ("accessibilityFeature", "readingOrder"),
        ("accessibilityFeature", "structuralNavigation"),
        ("accessibilityFeature", "tableOfContents"),
        ("accessibilityHazard", "none"),
        ("accessibilitySummary", "Texte intégral, images décrites, table des matières."),
    ]
    return "".join(f'<meta property="schema:{name}">{value}</meta>' for name, value in facts)
