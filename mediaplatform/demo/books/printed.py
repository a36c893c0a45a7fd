"""Books that are no EPUBs: a comic of printed plates, and a PDF set for paper."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import typst
from PIL import Image

from mediaplatform.demo.books.picture import PICTURE_BOOKS
from mediaplatform.demo.books.summer import TEXTS
from mediaplatform.demo.covers.press import find_fonts, print_drawing
from mediaplatform.demo.repertoire.works import Release

EPOCH = (2026, 1, 1, 0, 0, 0)
PAGE, MARGIN = (1_080, 1_600), 40  # pixels; two plates of 1,000 x 750 and their gutters
PAPER = "#f8f6ef"
PPI = 113  # 640 points become a little more than a plate's 1,000 pixels
SETTING = """
#set document(title: "{title}", author: "{author}", date: none)
#set page(width: 148mm, height: 210mm, margin: (x: 24mm, y: 26mm), numbering: "1", fill: rgb("#fdfaf2"))
#set text(font: "Source Serif Pro", size: 11.5pt, lang: "fr", fill: rgb("#22303d"))
#set par(justify: true, leading: 0.85em)
#show heading: it => block(below: 1.4em, text(size: 22pt, weight: "regular", fill: rgb("#e0542c"), it.body))
#align(horizon)[#text(size: 34pt)[{title}] \\ #v(0.6em) #text(size: 15pt, style: "italic")[{author}]]
"""


def make_comic(release: Release) -> bytes:
    """Return a CBZ: the cover, then the plates of a picture book, two a page."""
    slug = release.resources[0].maker
    plates = [
        Image.open(io.BytesIO(print_drawing(f"plate-{slug}", ppi=PPI, page=str(number))))
        for number in range(1, len(PICTURE_BOOKS[slug]) + 1)
    ]
    cover = Image.open(io.BytesIO(print_drawing(release.slug)))
    pages = [cover, *(_page(plates[at : at + 2]) for at in range(0, len(plates), 2))]
    info = f"<ComicInfo><Title>{release.title}</Title><LanguageISO>fr</LanguageISO></ComicInfo>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("ComicInfo.xml", EPOCH), info)
        for number, page in enumerate(pages):
            picture = io.BytesIO()
            page.convert("RGB").save(picture, "JPEG", quality=88)
            archive.writestr(zipfile.ZipInfo(f"page {number}.jpg", EPOCH), picture.getvalue())
    return out.getvalue()


def make_pdf(release: Release) -> bytes:
    """Return a PDF with a title page and a page for each text, tagged and with an outline."""
    author = release.resources[0].credits[0][0]
    parts = [SETTING.format(title=release.title, author=author)]
    parts += [f"#pagebreak()\n= {_escape(title)}\n{_escape(text)}\n" for title, text in TEXTS]
    return bytes(typst.compile("\n".join(parts).encode(), format="pdf", font_paths=find_fonts(), timestamp=0))


def _page(plates: Sequence[Image.Image]) -> Image.Image:
    page = Image.new("RGB", PAGE, PAPER)
    width = PAGE[0] - 2 * MARGIN
    for place, plate in enumerate(plates):
        height = width * plate.height // plate.width
        top = MARGIN + place * (height + MARGIN // 2)
        page.paste(plate.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), (MARGIN, top))
    return page


def _escape(text: str) -> str:
    """Return a text in which Typst sees no markup."""
    for letter in "\\#*_`$<>@[]=-+/~":
        text = text.replace(letter, f"\\{letter}")
    return text
