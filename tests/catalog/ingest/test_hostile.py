"""Hostile sources and files are refused with a named fault, and nothing of them is left behind."""

from __future__ import annotations

import os
import stat
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model

from catalog.ingest import deliverers, receiving, services
from catalog.ingest.apply import TABLES
from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, DeliveryChange, Package
from mediaplatform.infrastructure import objectstore
from tests.catalog.people import LABEL, make_user
from tests.factories.catalog import (
    DELIVERY_ROW,
    OPF,
    make_geography,
    picture_bytes,
    write_audio,
    write_epub,
    write_folder,
    write_wave,
)

pytestmark = pytest.mark.django_db
MODELS: list[type[Model]] = [*TABLES.values(), DeliveryChange, Package]
Captured = Callable[..., AbstractContextManager[Any]]
Packer = Callable[[zipfile.ZipFile], None]
Left = Callable[[], bool]


@pytest.fixture(autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Territories, and folders of this test's own for temporary files."""
    place = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    make_geography()
    return place


@pytest.fixture
def nothing_is_left(place: Path) -> Callable[[], bool]:
    """Tells whether rows, objects and temporary files are those from before."""
    store = objectstore.get_store()
    store.prepare()

    def rest() -> tuple[list[int], list[str], list[Path]]:
        rows = [model._default_manager.count() for model in MODELS]
        return rows, list(store.list_keys(prefix="")), list(place.iterdir())

    before = rest()
    return lambda: rest() == before


def deliver(folder: Path) -> Delivery:
    return deliver_folder(folder=folder, sent_by=None, deliverer=LABEL)


def codes(delivery: Delivery) -> set[str]:
    assert delivery.state == "refused"
    return set(delivery.faults.filter(is_warning=False).values_list("code", flat=True))


def bomb(archive: zipfile.ZipFile) -> None:
    archive.writestr("delivery.csv", b"0" * 30_000_000, zipfile.ZIP_DEFLATED)


def traversal(archive: zipfile.ZipFile) -> None:
    archive.writestr("../../outside.csv", "x")


def absolute(archive: zipfile.ZipFile) -> None:
    archive.writestr("/etc/cron.d/x", "x")


def backslashes(archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("x")
    entry.filename = entry.orig_filename = "..\\..\\x.csv"
    archive.writestr(entry, "x")


def symlink(archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("link.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, "/etc/passwd")


def twice(archive: zipfile.ZipFile) -> None:
    archive.writestr("delivery.csv", "a")
    archive.writestr("DELIVERY.csv", "b")


def file_and_folder(archive: zipfile.ZipFile) -> None:
    archive.writestr("a", "x")
    archive.writestr("a/b", "x")


def too_many(archive: zipfile.ZipFile) -> None:
    for number in range(receiving.MOST_FILES + 1):
        archive.writestr(f"{number}", "")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("write", "code"),
    [
        (bomb, "too_large"),
        (traversal, "path_refused"),
        (absolute, "path_refused"),
        (backslashes, "path_refused"),
        (symlink, "link_refused"),
        (twice, "bad_archive"),
        (file_and_folder, "bad_archive"),
        (too_many, "too_many_files"),
    ],
)
def test_a_hostile_zip_is_refused_with_nothing_left(
    tmp_path: Path,
    write: Packer,
    code: str,
    nothing_is_left: Left,
    django_capture_on_commit_callbacks: Captured,
) -> None:
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as archive:
        write(archive)
    assert send(tmp_path / "sent.zip", django_capture_on_commit_callbacks) == {code}
    assert nothing_is_left()
    assert not (tmp_path.parent / "outside.csv").exists()


def send(path: Path, captured: Captured) -> set[str]:
    """Send a ZIP and have it checked; returns the faults."""
    deliverers.ensure_deliverer(name=LABEL)
    oscar = make_user("oscar@example.org", is_operator=True)
    received = receiving.receive_zip(path=path, name=path.name, deliverer=LABEL, sent_by=oscar)
    with captured(execute=True):
        return codes(services.check_delivery(delivery_id=received.pk))


@pytest.mark.parametrize("kind", ["damaged", "text", "lying"])
def test_what_is_no_zip_is_refused(
    tmp_path: Path, kind: str, nothing_is_left: Left, django_capture_on_commit_callbacks: Captured
) -> None:
    path = tmp_path / "sent.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("delivery.csv", os.urandom(100_000))
    whole = path.read_bytes()
    path.write_bytes({"damaged": whole[:-40], "text": b"hello", "lying": whole[:500] + whole[900:]}[kind])
    assert send(path, django_capture_on_commit_callbacks) == {"bad_archive"}
    assert nothing_is_left()


BOMB_XML = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "ha">\n'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">\n' for n in range(1, 12)).replace("&a0;", "&a;")
    + "]>\n"
)
XXE = '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>\n'


@pytest.mark.parametrize("head", [BOMB_XML, XXE], ids=["billion laughs", "XXE"])
@pytest.mark.parametrize(
    "body",
    [
        '<ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/43">&a;</ern:NewReleaseMessage>',
        '<ONIXMessage release="3.0"><Product>&a;</Product></ONIXMessage>',
        '<ManifestMessage xmlns="http://ddex.net/xml/ern-c/15">&a;</ManifestMessage>',
    ],
    ids=["ERN", "ONIX", "manifest"],
)
def test_xml_that_expands_or_reads_files_is_refused(
    tmp_path: Path, head: str, body: str, nothing_is_left: Left
) -> None:
    (tmp_path / "message.xml").write_text(head + body)
    assert codes(deliver(tmp_path)) - {"sheet_missing"} == {"doctype_refused"}
    assert nothing_is_left()


def polyglots(folder: Path) -> dict[str, str]:
    """Files that are two things at once, by name, with the fault that they are refused for."""
    packed = folder / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.html", "<script>alert(1)</script>")
    html = b"<html><script>alert(1)</script></html>"
    wave = write_wave(folder / "plain.wav", seconds=1).read_bytes()
    mp3 = write_audio(folder / "plain.mp3", seconds=1).read_bytes()
    flac = write_audio(folder / "whole.flac", seconds=3).read_bytes()
    (folder / "html.mp3").write_bytes(html + mp3)
    (folder / "wave-and-zip.wav").write_bytes(wave + packed.read_bytes())
    (folder / "html.wav").write_bytes(html)
    (folder / "gif.wav").write_bytes(b"GIF89a" + packed.read_bytes())
    (folder / "pdf.wav").write_bytes(b"%PDF-1.7\n" + wave)
    (folder / "cut.flac").write_bytes(flac[: len(flac) // 2])
    (folder / "wave-and-page.wav").write_bytes(wave + b"\n" + html)
    with (folder / "sparse.wav").open("wb") as file:
        file.truncate(10_000_000_000)
    return {
        "html.mp3": "polyglot", "wave-and-zip.wav": "polyglot", "wave-and-page.wav": "polyglot",
        "html.wav": "not_media", "gif.wav": "wrong_medium", "pdf.wav": "not_media",
        "cut.flac": "truncated", "sparse.wav": "too_large",
    }  # fmt: skip


def test_files_that_are_two_things_or_half_a_thing_are_refused_by_name(
    tmp_path: Path, nothing_is_left: Left
) -> None:
    wanted = polyglots(tmp_path)
    rows = [
        DELIVERY_ROW | {"file": name, "resource_ref": f"R1-{n}", "position": str(n)}
        for n, name in enumerate(wanted, 1)
    ]
    delivery = deliver(write_folder(tmp_path, delivery=rows, rights=(), has_media=False))
    found = dict(delivery.faults.filter(column="file").values_list("row", "code"))
    assert {name: found.get(row) for row, name in enumerate(wanted, 2)} == wanted
    assert nothing_is_left()


@pytest.mark.parametrize("kind", ["GIF", "JPEG"])
def test_a_cover_that_is_a_zip_or_a_page_too_is_refused(
    tmp_path: Path, kind: str, nothing_is_left: Left
) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("index.html", "<script>alert(1)</script>")
    (tmp_path / "cover.jpg").write_bytes(picture_bytes(kind=kind) + (tmp_path / "x.zip").read_bytes())
    delivery = deliver(write_folder(tmp_path, delivery=[DELIVERY_ROW | {"cover_file": "cover.jpg"}]))
    assert codes(delivery) == {"polyglot" if kind == "JPEG" else "cover_not_readable"}
    assert nothing_is_left()


HEAD = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
PAGE = HEAD + "\n<body><p>Il pleut.</p>\n{}</body></html>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


def bound(folder: Path, **extra: str) -> Path:
    """A folder with a book whose files are replaced by what is given, `one` being its page and `nav` its contents."""
    names = {"one": "OEBPS/one.xhtml", "nav": "OEBPS/nav.xhtml", "opf": "OEBPS/book.opf"}
    write_epub(
        folder / "book.epub", extra={names.get(name, f"OEBPS/{name}"): data for name, data in extra.items()}
    )
    row = DELIVERY_ROW | {"medium": "book", "release_kind": "book", "file": "book.epub"}
    return write_folder(folder, delivery=[row], has_media=False)


def test_an_epub_with_scripts_is_refused_with_each_place(tmp_path: Path, nothing_is_left: Left) -> None:
    page = PAGE.format(
        "<script>alert(1)</script>\n<p onclick='x()'>a</p><a href=' java&#10;script:x()'>b</a>"
    )
    delivery = deliver(bound(tmp_path, one=page, nav=PAGE.format("<iframe/>")))
    assert codes(delivery) == {"script_in_book"}
    fault = delivery.faults.get(is_warning=False)
    assert (fault.file, fault.row, fault.column) == ("delivery.csv", 2, "file")
    assert fault.words.splitlines()[1:] == [
        "OEBPS/nav.xhtml:3: <iframe>", "OEBPS/one.xhtml:3: <script>", "OEBPS/one.xhtml:4: <p onclick>",
        "OEBPS/one.xhtml:4: <a href>",
    ]  # fmt: skip
    assert nothing_is_left()


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"one": PAGE.format('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>')}, "script_in_book"),
        ({"one": '<!DOCTYPE a [<!ENTITY b "c">]>' + PAGE.format("&b;")}, "entity_in_book"),
        (
            {"one": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + PAGE.format("&b;")},
            "entity_in_book",
        ),
        ({"one": PAGE.format("<p>")}, "bad_document"),
        ({"one": PAGE.format("x" * 40_000_000)}, "too_large"),
        ({"opf": "<package/>"}, "not_a_book"),
    ],
)
def test_a_book_that_could_not_be_packaged_is_refused_when_it_is_delivered(
    tmp_path: Path, extra: dict[str, str], code: str, nothing_is_left: Left
) -> None:
    assert codes(deliver(bound(tmp_path, **extra))) == {code}
    assert nothing_is_left()


def test_a_script_in_a_drawing_of_a_book_is_refused(tmp_path: Path, nothing_is_left: Left) -> None:
    drawing = '<item id="d" href="d.svg" media-type="image/svg+xml"/>'
    opf = OPF.replace("</manifest>", f"{drawing}</manifest>")
    delivery = deliver(bound(tmp_path, opf=opf, **{"d.svg": SVG.format("<script>alert(1)</script>")}))
    assert delivery.faults.get(is_warning=False).words.endswith("OEBPS/d.svg:1: <script>")
    assert nothing_is_left()


def climbing(archive: zipfile.ZipFile) -> None:
    archive.writestr("index.html", "<p>a</p>")
    traversal(archive)


def linked(archive: zipfile.ZipFile) -> None:
    archive.writestr("index.html", "<p>a</p>")
    symlink(archive)


def swelling(archive: zipfile.ZipFile) -> None:
    archive.writestr("index.html", b"0" * 30_000_000, zipfile.ZIP_DEFLATED)


def armed(archive: zipfile.ZipFile) -> None:
    archive.writestr("index.html", "<p>a</p>")
    archive.writestr("setup.exe", "MZ")


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (climbing, "path_refused"),
        (linked, "link_refused"),
        (swelling, "too_large"),
        (armed, "file_type_refused"),
    ],
)
def test_a_hostile_game_is_refused_when_it_is_delivered(
    tmp_path: Path, write: Packer, code: str, nothing_is_left: Left
) -> None:
    with zipfile.ZipFile(tmp_path / "game.zip", "w") as archive:
        write(archive)
    row = DELIVERY_ROW | {"medium": "game", "release_kind": "game", "file": "game.zip", "duration_s": ""}
    assert codes(deliver(write_folder(tmp_path, delivery=[row], has_media=False))) == {code}
    assert nothing_is_left()


def test_a_comic_that_is_a_bomb_is_refused_when_it_is_delivered(
    tmp_path: Path, nothing_is_left: Left
) -> None:
    with zipfile.ZipFile(tmp_path / "comic.cbz", "w") as archive:
        archive.writestr("01.png", b"0" * 30_000_000, zipfile.ZIP_DEFLATED)
    row = DELIVERY_ROW | {"medium": "book", "release_kind": "book", "file": "comic.cbz", "duration_s": ""}
    assert codes(deliver(write_folder(tmp_path, delivery=[row], has_media=False))) == {"too_large"}
    assert nothing_is_left()


def test_links_in_a_folder_are_refused_with_nothing_left(tmp_path: Path, nothing_is_left: Left) -> None:
    (tmp_path / "link.wav").symlink_to("/etc/hostname")
    row = DELIVERY_ROW | {"file": "link.wav"}
    assert codes(deliver(write_folder(tmp_path, delivery=[row], has_media=False))) == {"link_refused"}
    assert nothing_is_left()
