"""Covers, films and books: there, whole, different from one another, the same each time."""

from __future__ import annotations

import io
import zipfile
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import av
import numpy as np
import pytest
from PIL import Image

from mediaplatform.demo.books.library import make_book
from mediaplatform.demo.books.picture import PICTURE_BOOKS
from mediaplatform.demo.covers.press import print_drawing
from mediaplatform.demo.films import cutouts, line, stage, tides
from mediaplatform.demo.games import make_game
from mediaplatform.demo.repertoire.houses import RELEASES
from mediaplatform.demo.repertoire.stories import BOOK_RELEASES
from mediaplatform.demo.repertoire.works import Release

NS = {
    "h": "http://www.w3.org/1999/xhtml",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def covers() -> dict[str, Image.Image]:
    return {release.slug: picture(print_drawing(release.slug)) for release in RELEASES}


def test_every_release_has_a_cover_of_its_format(covers: dict[str, Image.Image]) -> None:
    for release in RELEASES:
        expected = (1200, 1800) if release.medium in {"book", "video"} else (1400, 1400)
        assert covers[release.slug].size == expected


def test_no_two_covers_look_alike(covers: dict[str, Image.Image]) -> None:
    small = [np.asarray(cover.resize((24, 24)), dtype=float) for cover in covers.values()]
    assert min(np.abs(a - b).mean() for a, b in combinations(small, 2)) > 20


def test_a_drawing_is_printed_the_same_each_time() -> None:
    assert print_drawing("marees", ppi=36) == print_drawing("marees", ppi=36)


@pytest.mark.parametrize("film", [line, tides, cutouts])
def test_a_film_moves_from_second_to_second(film: object) -> None:
    frames = [film.draw(t).pixels() for t in np.arange(2.0, 22, 4)]  # type: ignore[attr-defined]
    changes = [np.abs(a.astype(int) - b).mean() for a, b in pairwise(frames)]
    assert min(changes) > 1


def test_a_film_is_written_with_picture_and_sound(tmp_path: Path) -> None:
    sound = 0.2 * np.ones((2, 44_100), dtype=np.float32)
    path = tmp_path / "film.mp4"
    stage.shoot(path, draw=cutouts.draw, seconds=1.5, sound=sound, title="Papier", artist="Demi-Jour")
    with av.open(str(path)) as film:
        assert film.streams.video[0].codec_context.name == "h264"
        assert (film.streams.video[0].width, film.streams.video[0].height) == (1280, 720)
        assert film.streams.audio[0].codec_context.name == "aac"
        assert sum(1 for _ in film.decode(video=0)) == 18


@pytest.fixture(params=BOOK_RELEASES, ids=lambda release: release.slug)
def book(request: pytest.FixtureRequest) -> tuple[Release, dict[str, bytes]]:
    return request.param, unpack(make_book(request.param, cover=print_drawing(request.param.slug, ppi=36)))


def test_an_epub_begins_with_its_mimetype_uncompressed() -> None:
    with zipfile.ZipFile(io.BytesIO(make_book(BOOK_RELEASES[3], cover=b"x"))) as archive:
        first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_an_epub_lists_exactly_the_files_it_holds(book: tuple[Release, dict[str, bytes]]) -> None:
    _, files = book
    package = ET.fromstring(files["OPS/package.opf"])
    listed = {f"OPS/{item.get('href')}" for item in package.findall(".//o:item", NS)}
    assert listed == {name for name in files if name.startswith("OPS/")} - {"OPS/package.opf"}


def test_an_epub_leads_from_its_contents_to_every_page(book: tuple[Release, dict[str, bytes]]) -> None:
    _, files = book
    contents = ET.fromstring(files["OPS/nav.xhtml"])
    pages = [link.get("href") for link in contents.findall(".//h:nav[@id='toc']//h:a", NS)]
    assert pages == sorted(
        name.removeprefix("OPS/") for name in files if name.startswith("OPS/page-") and name.endswith("xhtml")
    )


def test_an_epub_says_what_it_is_for_accessibility(book: tuple[Release, dict[str, bytes]]) -> None:
    release, files = book
    package = ET.fromstring(files["OPS/package.opf"])
    stated = {meta.get("property") for meta in package.findall(".//o:meta", NS)}
    assert {
        f"schema:{name}" for name in ("accessMode", "accessibilityFeature", "accessibilityHazard")
    } <= stated
    assert [e.text for e in package.findall(".//dc:language", NS)] == list(release.languages)


def test_every_picture_of_a_book_is_described(book: tuple[Release, dict[str, bytes]]) -> None:
    _, files = book
    for name, data in files.items():
        if name.endswith(".xhtml"):
            assert all(
                len(image.get("alt", "")) > 10 for image in ET.fromstring(data).iter(f"{{{NS['h']}}}img")
            )


def test_a_bilingual_book_marks_its_english() -> None:
    files = unpack(make_book(BOOK_RELEASES[2], cover=b"x"))
    page = ET.fromstring(files["OPS/page-03.xhtml"])
    assert [p.get("lang") for p in page.findall(".//h:p", NS)] == [None, "en"]


def test_a_book_is_bound_to_the_same_bytes_each_time() -> None:
    assert make_book(BOOK_RELEASES[0], cover=b"x") == make_book(BOOK_RELEASES[0], cover=b"x")


def test_plates_of_a_book_tell_a_story() -> None:
    for slug, pages in PICTURE_BOOKS.items():
        plates = [print_drawing(f"plate-{slug}", ppi=24, page=str(n + 1)) for n in range(len(pages))]
        assert len(set(plates)) == len(pages)


def test_the_game_keeps_to_itself() -> None:
    files = unpack(make_game("rigoles"))
    page = files["index.html"].decode()
    assert set(files) == {"index.html", "rigoles.css", "rigoles.js"}
    assert "http" not in page.lower()
    assert "style=" not in page
    assert "onclick" not in page
