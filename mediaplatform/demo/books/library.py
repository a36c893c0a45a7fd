"""Makes the book of a release: its pages set, its plates printed, bound."""

from __future__ import annotations

from html import escape

from mediaplatform.demo.books.binding import ROLES, Book, Chapter, bind
from mediaplatform.demo.books.picture import PICTURE_BOOKS, Page
from mediaplatform.demo.books.summer import TEXTS
from mediaplatform.demo.covers.press import print_drawing
from mediaplatform.demo.repertoire.works import Release

PLATE_PPI = 108  # a plate of 640 x 480 points becomes 960 x 720 pixels


def make_book(release: Release, *, cover: bytes) -> bytes:
    """Return the EPUB of a book release, with its cover as PNG."""
    resource = release.resources[0]
    return bind(
        Book(
            slug=release.slug,
            title=release.title,
            subtitle=release.subtitle,
            publisher=release.label,
            languages=release.languages,
            makers=[(name, role) for name, role in resource.credits if role in ROLES],
            description=release.description,
            cover=cover,
            chapters=_picture_chapters(resource.maker)
            if resource.maker in PICTURE_BOOKS
            else _text_chapters(),
        )
    )


def _picture_chapters(slug: str) -> list[Chapter]:
    return [
        Chapter(
            _heading(page),
            _picture_body(page, number),
            print_drawing(f"plate-{slug}", ppi=PLATE_PPI, page=str(number)),
        )
        for number, page in enumerate(PICTURE_BOOKS[slug], 1)
    ]


def _heading(page: Page) -> str:
    """Return the first words of a page, for the table of contents."""
    words = page.text.replace("« ", "").replace(" »", "").split()
    return " ".join(words[:6]).rstrip(" ,.:;") + ("…" if len(words) > 6 else "")  # noqa: PLR2004


def _picture_body(page: Page, number: int) -> str:
    english = f'\n<p lang="en" xml:lang="en">{escape(page.english)}</p>' if page.english else ""
    return (
        f'<section class="picture"><figure><img src="page-{number:02}.png" '
        f'alt="{escape(page.shows, quote=True)}"/></figure>\n'
        f"<p>{escape(page.text)}</p>{english}</section>"
    )


def _text_chapters() -> list[Chapter]:
    return [
        Chapter(title, f"<section><h1>{escape(title)}</h1>\n<p>{escape(text)}</p></section>")
        for title, text in TEXTS
    ]
