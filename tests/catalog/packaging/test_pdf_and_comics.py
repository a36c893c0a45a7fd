"""PDFs and comics: what they are, what is refused, and that nothing of a hostile one is left."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from catalog.packaging import comic_book, pdf_book
from catalog.packaging.faults import PackageFault
from catalog.packaging.recipe import Material
from mediaplatform.infrastructure.confined import Limits
from tests.factories.catalog import picture_bytes, write_comic, write_pdf


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    folder.mkdir()
    return folder


def quiet(_part: float) -> None:
    """Nobody looks."""


def manifest(place: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((place / "manifest.json").read_text())
    return found


def test_a_pdf_has_pages_words_contents_and_a_cover(tmp_path: Path, place: Path) -> None:
    built = pdf_book.build(Material(write_pdf(tmp_path / "a.pdf"), "fr"), place, quiet)
    said = manifest(place)
    assert (said["metadata"]["title"], said["metadata"]["author"]) == ("Les ponts", ["Ana Roux"])
    assert (built.facts["pages"], built.facts["words"]) == (3, 18)
    assert said["toc"] == [{"title": f"Chapitre {n}", "href": f"book.pdf#page={n}"} for n in (1, 2, 3)]
    assert "textual" in built.facts["accessibility"]["accessMode"]
    assert Image.open(io.BytesIO(built.cover or b"")).height in {1_600, 1_601}
    assert sorted(path.name for path in place.iterdir()) == ["book.pdf", "manifest.json"]


@pytest.mark.parametrize(
    ("data", "code"), [(b"%PDF-1.7\ngarbage", "pdf_broken"), (b"%PDF-1.4\n%%EOF\n", "pdf_broken")]
)
def test_a_broken_pdf_is_named(tmp_path: Path, place: Path, data: bytes, code: str) -> None:
    (tmp_path / "a.pdf").write_bytes(data)
    with pytest.raises(PackageFault) as fault:
        pdf_book.build(Material(tmp_path / "a.pdf"), place, quiet)
    assert fault.value.code == code


def test_a_pdf_that_asks_for_a_password_is_named(tmp_path: Path, place: Path) -> None:
    with pytest.raises(PackageFault) as fault:
        pdf_book.build(Material(write_pdf(tmp_path / "a.pdf", password="secret")), place, quiet)
    assert fault.value.code == "pdf_encrypted"


def test_a_pdf_that_takes_too_much_memory_is_named(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_book, "LIMITS", Limits(memory_bytes=20 * 1024**2))
    with pytest.raises(PackageFault) as fault:
        pdf_book.build(Material(write_pdf(tmp_path / "a.pdf")), place, quiet)
    assert fault.value.code == "pdf_broken"


def test_a_comics_pages_come_in_their_natural_order(tmp_path: Path, place: Path) -> None:
    path = write_comic(tmp_path / "a.cbz", pages=("t/p10.png", "t/p2.jpg", "t/p1.webp", "__MACOSX/p0.png"))
    built = comic_book.build(Material(path, "fr"), place, quiet)
    assert [page["href"] for page in manifest(place)["readingOrder"]] == [
        "pages/0001.webp", "pages/0002.jpg", "pages/0003.png",
    ]  # fmt: skip
    assert (built.facts["pages"], built.facts["is_rtl"]) == (3, False)


def test_pages_that_browsers_would_show_slowly_are_made_anew(tmp_path: Path, place: Path) -> None:
    big = picture_bytes(size=(4_000, 3_000), kind="PNG")
    path = write_comic(tmp_path / "a.cbz", pages=(), extra={"1.png": big, "2.bmp": picture_bytes(kind="BMP")})
    comic_book.build(Material(path), place, quiet)
    first, second = manifest(place)["readingOrder"]
    assert (first["type"], first["width"], first["height"]) == ("image/webp", 2_600, 1_950)
    assert second["type"] == "image/webp"


def test_comic_info_says_title_people_and_direction(tmp_path: Path, place: Path) -> None:
    info = b"<ComicInfo><Title>Le pont</Title><Writer>Ana, Bo</Writer><Manga>YesAndRightToLeft</Manga></ComicInfo>"
    comic_book.build(Material(write_comic(tmp_path / "a.cbz", extra={"ComicInfo.xml": info})), place, quiet)
    said = manifest(place)["metadata"]
    assert (said["title"], said["author"], said["readingProgression"]) == ("Le pont", ["Ana", "Bo"], "rtl")


def test_hostile_comic_info_is_passed_over(tmp_path: Path, place: Path) -> None:
    info = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><ComicInfo><Title>&x;</Title></ComicInfo>'
    comic_book.build(Material(write_comic(tmp_path / "a.cbz", extra={"ComicInfo.xml": info})), place, quiet)
    assert manifest(place)["metadata"]["title"] == ""


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"1.png": b"<script>"}, "bad_page"),
        ({"1.png": picture_bytes(size=(10, 10))}, "bad_page"),
        ({"1.png": picture_bytes()[:200]}, "bad_page"),
        ({"../1.png": picture_bytes()}, "path_refused"),
        ({"readme.txt": b"x"}, "no_pages"),
    ],
)
def test_what_is_no_comic_is_named(tmp_path: Path, place: Path, extra: dict[str, bytes], code: str) -> None:
    with pytest.raises(PackageFault) as fault:
        comic_book.build(Material(write_comic(tmp_path / "a.cbz", pages=(), extra=extra)), place, quiet)
    assert fault.value.code == code
