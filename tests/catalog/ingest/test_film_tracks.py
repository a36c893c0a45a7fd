"""Captions, further sounds and audio description beside a film; PDFs and comics as books."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, FilmTrack, Package, Resource
from catalog.packaging.services import run_package
from mediaplatform.infrastructure import objectstore
from tests.factories.catalog import (
    DELIVERY_ROW,
    Row,
    make_geography,
    write_audio,
    write_comic,
    write_film,
    write_folder,
    write_pdf,
)

pytestmark = pytest.mark.django_db
FILM_ROW = {
    **DELIVERY_ROW, "medium": "video", "release_kind": "film", "file": "film.mp4", "captions": "fr:fr.srt|en:en.vtt",
    "sound_tracks": "en:en.flac", "audio_description": "fr:en.flac",
}  # fmt: skip
SRT = "1\n00:00:00,500 --> 00:00:01,000\nUn pont\n"


@pytest.fixture(autouse=True)
def geography() -> None:
    objectstore.get_store().prepare()
    make_geography()


def write_film_folder(folder: Path, row: Row = FILM_ROW, *, srt: str = SRT) -> Path:
    write_folder(folder, delivery=[row], has_media=False)
    if not (folder / "film.mp4").exists():
        write_film(folder / "film.mp4", seconds=2, size="320x240")
        write_audio(folder / "en.flac", seconds=2)
    (folder / "fr.srt").write_text(srt)
    (folder / "en.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:01.000\nA bridge\n")
    return folder


def deliver(folder: Path) -> Delivery:
    return deliver_folder(folder=folder, sent_by=None, deliverer="rive-gauche")


def test_a_films_tracks_go_into_its_package(tmp_path: Path) -> None:
    deliver(write_film_folder(tmp_path))
    package = run_package(package_id=Package.objects.get().pk)
    assert package.state == "ready", package.fault_detail
    assert package.facts["captions"] == ["fr", "en"]
    assert (package.facts["sounds"], package.facts["descriptions"]) == (["fr", "en"], ["fr"])
    assert objectstore.get_store().exists(key=f"{package.prefix}words1/captions.vtt")


def test_other_captions_make_another_package_and_the_same_ones_none(tmp_path: Path) -> None:
    deliver(write_film_folder(tmp_path))
    run_package(package_id=Package.objects.get().pk)
    deliver(write_film_folder(tmp_path))
    assert Package.objects.count() == 1
    deliver(write_film_folder(tmp_path, srt=SRT.replace("Un pont", "Un vieux pont")))
    resource = Resource.objects.get()
    assert [one.state for one in Package.objects.order_by("pk")] == ["ready", "queued"]
    assert Package.objects.get(state="queued").tracks_digest == resource.tracks_digest


def test_a_package_whose_tracks_have_changed_meanwhile_gives_way_to_the_wanted_one(tmp_path: Path) -> None:
    deliver(write_film_folder(tmp_path))
    old = Package.objects.get()
    Resource.objects.update(tracks_digest="0" * 64)
    run_package(package_id=old.pk)
    wanted = Package.objects.get()
    assert (wanted.state, wanted.tracks_digest) == ("queued", "0" * 64)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ({"captions": "fr.srt"}, "bad_track"),
        ({"captions": "français:fr.srt"}, "bad_track"),
        ({"captions": "fr:fr.srt|fr:en.vtt"}, "duplicate"),
        ({"captions": "fr:gone.srt"}, "file_missing"),
        ({"captions": "fr:../../etc/passwd"}, "path_refused"),
        ({"captions": "fr:film.mp4"}, "bad_captions"),
        ({"sound_tracks": "en:fr.srt"}, "wrong_medium"),
    ],
)
def test_what_is_wrong_with_a_track_is_named(tmp_path: Path, cell: Row, code: str) -> None:
    delivery = deliver(write_film_folder(tmp_path, {**FILM_ROW, **cell}))
    fault = delivery.faults.get()
    assert (fault.row, fault.column, fault.code) == (2, next(iter(cell)), code)
    assert not FilmTrack.objects.exists()


def test_each_bad_line_of_captions_is_a_fault_with_its_line(tmp_path: Path) -> None:
    bad = SRT + "\n2\n00:00:09,000 --> 00:00:08,000\nx\n\nloose words\n"
    messages = [fault.message for fault in deliver(write_film_folder(tmp_path, srt=bad)).faults.all()]
    assert [message.partition(": ")[0] for message in messages] == ["fr.srt, ligne 6 ", "fr.srt, ligne 9 "]


def test_an_album_has_no_captions(tmp_path: Path) -> None:
    delivery = deliver(write_folder(tmp_path, delivery=[{**DELIVERY_ROW, "captions": "fr:x.srt"}]))
    assert delivery.faults.get().code == "wrong_medium"


@pytest.mark.parametrize(("name", "recipe"), [("book.pdf", "pdf-book"), ("book.cbz", "comic-book")])
def test_pdfs_and_comics_are_books(tmp_path: Path, name: str, recipe: str) -> None:
    row = {**DELIVERY_ROW, "medium": "book", "release_kind": "book", "file": name}
    write_folder(tmp_path, delivery=[row], has_media=False)
    (write_pdf if name.endswith("pdf") else write_comic)(tmp_path / name)
    deliver(tmp_path)
    package = run_package(package_id=Package.objects.get().pk)
    assert (package.recipe, package.state) == (recipe, "ready")
    assert Resource.objects.get().release.cover is not None


def test_a_pdf_behind_something_else_is_no_book(tmp_path: Path) -> None:
    row = {**DELIVERY_ROW, "medium": "book", "release_kind": "book", "file": "book.pdf"}
    write_folder(tmp_path, delivery=[row], has_media=False)
    (tmp_path / "book.pdf").write_bytes(b"<html>" + write_pdf(tmp_path / "whole.pdf").read_bytes())
    assert deliver(tmp_path).faults.get().code == "not_media"


def test_a_pdf_that_ends_as_an_archive_is_refused(tmp_path: Path) -> None:
    row = {**DELIVERY_ROW, "medium": "book", "release_kind": "book", "file": "book.pdf"}
    write_folder(tmp_path, delivery=[row], has_media=False)
    whole = write_pdf(tmp_path / "whole.pdf").read_bytes() + write_comic(tmp_path / "a.cbz").read_bytes()
    (tmp_path / "book.pdf").write_bytes(whole)
    assert deliver(tmp_path).faults.get().code == "polyglot"
