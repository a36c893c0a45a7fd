"""The template as sheets and as JSON, the example of it, and trying a file without keeping it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from catalog.ingest import example, validation
from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, MediaFile, Party, Release
from mediaplatform.infrastructure import objectstore
from tests.catalog.ingest.zips import pack
from tests.factories.catalog import (
    DELIVERY_ROW,
    PARTY_ROW,
    PAYEE_ROW,
    RIGHTS_ROW,
    make_geography,
    picture_bytes,
    write_audio,
    write_epub,
    write_film,
    write_folder,
    write_wave,
)

pytestmark = pytest.mark.django_db
GAME_ROW = DELIVERY_ROW | {
    "medium": "game", "release_kind": "game", "pegi": "12", "pegi_descriptors": "violence|fear",
    "platforms": "desktop|phone", "controls": "touch|keyboard", "players": "1-4", "languages": "fr|en",
    "file": "game.zip",
}  # fmt: skip


@pytest.fixture(autouse=True)
def geography() -> None:
    objectstore.get_store().prepare()
    make_geography()


def deliver(folder: Path) -> Delivery:
    return deliver_folder(folder=folder, sent_by=None, deliverer="rive-gauche")


def write_json(folder: Path, **sections: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "delivery.json").write_text(json.dumps(sections, indent=1), "utf-8")
    return folder


def faults(delivery: Delivery) -> set[tuple[str, int | None, str, str]]:
    return set(delivery.faults.filter(is_warning=False).values_list("file", "row", "column", "code"))


def test_the_same_rows_as_json_make_the_same_release(tmp_path: Path) -> None:
    row = DELIVERY_ROW | {"subjects": ["folk", "rivière"], "is_youth": False, "position": 1}
    write_wave(tmp_path / "one.wav", seconds=1)
    rows = {"rights": [RIGHTS_ROW | {"share_bp": 10_000}], "parties": [PARTY_ROW], "payees": [PAYEE_ROW]}
    delivery = deliver(write_json(tmp_path, delivery=[row], **rows))
    release = Release.objects.get()
    assert delivery.state == "applied"
    assert (release.title, release.subjects) == ("Jardins", ["folk", "rivière"])
    assert not delivery.faults.exists()
    assert {file.name for file in delivery.files.all()} == {"delivery.json", "one.wav"}


def test_a_fault_in_json_has_the_line_on_which_its_object_begins(tmp_path: Path) -> None:
    bad = DELIVERY_ROW | {"isrc": "nonsense", "colour": "red"}
    folder = write_json(tmp_path, delivery=[DELIVERY_ROW | {"resource_ref": "R1-0"}, bad], rights=[])
    lines = (folder / "delivery.json").read_text().splitlines()
    begins = [number for number, line in enumerate(lines, 1) if line.strip() == "{"][2]
    found = faults(deliver(folder))
    assert ("delivery.json", begins, "isrc", "bad_isrc") in found
    assert ("delivery.json", begins, "colour", "unknown_column") in found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "not_json"),
        ('{"delivery": 3}', "unknown_section"),
        ('{"other": []}', "unknown_section"),
        ('{"delivery": []}', "empty"),
    ],
)
def test_what_is_no_json_of_ours_is_refused(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "delivery.json").write_text(text)
    assert code in {fault[3] for fault in faults(deliver(tmp_path))}


def test_a_game_says_how_it_is_played(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "game.zip", "w") as archive:
        archive.writestr("index.html", "<p>play</p>")
    delivery = deliver(write_folder(tmp_path, delivery=[GAME_ROW]))
    assert faults(delivery) == set()
    game = Release.objects.get()
    assert (game.platforms, game.controls) == (["desktop", "phone"], ["touch", "keyboard"])
    assert (game.min_players, game.max_players, game.pegi_descriptors) == (1, 4, ["violence", "fear"])


def test_only_a_game_needs_threads(tmp_path: Path) -> None:
    row = DELIVERY_ROW | {"needs_threads": "yes"}
    found = faults(deliver(write_folder(tmp_path, delivery=[row])))
    assert ("needs_threads", "wrong_medium") in {(column, code) for _file, _row, column, code in found}


def test_each_fault_of_the_further_columns_is_named(tmp_path: Path) -> None:
    row = GAME_ROW | {
        "pegi_descriptors": "gore", "platforms": "toaster", "controls": "feet", "players": "4-1",
        "has_audio_description": "yes", "accessibility": "9Z", "related": "06:123", "min_age": "14", "max_age": "13",
    }  # fmt: skip
    found = faults(deliver(write_folder(tmp_path, delivery=[row])))
    assert {(column, code) for _file, _row, column, code in found} >= {
        ("pegi_descriptors", "unknown_value"),
        ("platforms", "unknown_value"),
        ("controls", "unknown_value"),
        ("players", "not_a_range"),
        ("has_audio_description", "wrong_medium"),
        ("accessibility", "unknown_value"),
        ("related", "bad_related"),
        ("max_age", "contradiction"),
    }


def test_only_games_have_a_number_of_players(tmp_path: Path) -> None:
    found = faults(deliver(write_folder(tmp_path, delivery=[DELIVERY_ROW | {"players": "2"}])))
    assert ("delivery.csv", 2, "players", "wrong_medium") in found


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_example_has_no_fault(tmp_path: Path, kind: str) -> None:
    _type, name, write = example.FILES[kind]
    (tmp_path / name).write_bytes(write())
    if kind == "csv":
        with zipfile.ZipFile(tmp_path / name) as archive:
            archive.extract("delivery.csv", tmp_path)
        name = "delivery.csv"
    tried = validation.try_out(tmp_path / name, name=name, deliverer="rive-gauche")
    assert tried.faults == []
    assert (tried.releases, tried.resources, tried.is_alone) == (4, 5, True)


def test_the_example_goes_in_with_the_files_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "example.zip").write_bytes(example.as_zip())
    folder = tmp_path / "folder"
    with zipfile.ZipFile(tmp_path / "example.zip") as archive:
        archive.extractall(folder)
    for name in ("matin", "soir"):
        write_audio(folder / f"media/{name}.flac", seconds=1)
    write_epub(folder / "media/crues.epub")
    write_film(folder / "media/digues.mp4", seconds=1)
    (folder / "media/digues.fr.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nLa rivière monte.\n")
    with zipfile.ZipFile(folder / "media/barrage.zip", "w") as archive:
        archive.writestr("index.html", "<p>play</p>")
    (folder / "covers").mkdir()
    (folder / "covers/jardins.jpg").write_bytes(picture_bytes(kind="JPEG"))
    sheet = (folder / "delivery.csv").read_text().replace(",720,", ",1,")
    (folder / "delivery.csv").write_text(sheet)
    delivery = deliver(folder)
    assert [str(fault) for fault in delivery.faults.all()] == []
    assert sorted(Release.objects.values_list("medium", flat=True)) == ["book", "game", "music", "video"]


def test_a_try_keeps_nothing(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "a", delivery=[DELIVERY_ROW | {"isrc": "nonsense"}])
    before = list(objectstore.get_store().list_keys(prefix=""))
    tried = validation.try_out(
        pack(folder, tmp_path / "a.zip", top="a/"), name="a.zip", deliverer="rive-gauche"
    )
    assert [fault.code for fault in tried.faults] == ["bad_isrc"]
    assert [model.objects.count() for model in (Delivery, Release, Party, MediaFile)] == [0, 0, 0, 0]
    assert list(objectstore.get_store().list_keys(prefix="")) == before


def test_a_try_of_another_kind_of_file_is_one_clear_fault(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    tried = validation.try_out(tmp_path / "a.pdf", name="a.pdf", deliverer="rive-gauche")
    assert [fault.code for fault in tried.faults] == ["unknown_kind"]
