"""A folder goes in whole, or not at all with every fault named."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.ingest.services import deliver_folder
from catalog.models import Credit, Delivery, Package, Party, Payee, Release, Resource, RightsShare
from catalog.packaging.services import run_package
from mediaplatform.infrastructure import objectstore
from tests.factories.catalog import (
    DELIVERY_ROW,
    PARTY_ROW,
    PAYEE_ROW,
    RIGHTS_ROW,
    make_geography,
    picture_bytes,
    write_audio,
    write_folder,
    write_sheet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def geography() -> None:
    objectstore.get_store().prepare()
    make_geography()


def deliver(folder: Path) -> Delivery:
    return deliver_folder(folder=folder, sent_by=None, deliverer="rive-gauche")


def codes(delivery: Delivery) -> set[tuple[str, int | None, str]]:
    return set(delivery.faults.values_list("file", "row", "code"))


def test_a_folder_becomes_a_release_with_credits_shares_and_a_waiting_package(tmp_path: Path) -> None:
    delivery = deliver(write_folder(tmp_path))
    release = Release.objects.get(deliverer="rive-gauche", reference="R1")
    assert delivery.state == "applied"
    assert release.status == "draft"
    assert release.credits.filter(resource=None, party__name="Ana Roux").count() == 2
    assert release.label == Party.objects.get(name="Rive Gauche", kind="organisation")
    assert RightsShare.objects.get(resource__release=release).payee.place.epci == "244200770"
    assert Package.objects.get(resource__release=release).state == "queued"


def test_the_packages_are_made_and_the_release_is_published(tmp_path: Path) -> None:
    deliver(write_folder(tmp_path))
    package = run_package(package_id=Package.objects.get().pk)
    release = Release.objects.get()
    assert (package.state, package.progress) == ("ready", 100)
    assert release.status == "published"
    assert Resource.objects.get().loudness_lufs is not None
    keys = list(objectstore.get_store().list_keys(prefix=package.prefix))
    assert f"{package.prefix}master.m3u8" in keys


def test_a_folder_delivered_twice_is_one_delivery(tmp_path: Path) -> None:
    write_folder(tmp_path)
    assert deliver(tmp_path) == deliver(tmp_path)
    assert Package.objects.count() == 1


def test_a_changed_sheet_changes_what_it_says_and_keeps_the_ids(tmp_path: Path) -> None:
    deliver(write_folder(tmp_path))
    before = Resource.objects.get()
    write_sheet(tmp_path / "delivery.csv", [DELIVERY_ROW | {"resource_title": "Soir"}])
    summary = deliver(tmp_path).summary
    after = Resource.objects.get()
    assert (after.pk, after.title) == (before.pk, "Soir")
    assert summary["resource"] == {"changed": 1}
    assert summary["release"] == {"unchanged": 1}


def test_the_first_folder_again_after_a_changed_one_is_applied_again(tmp_path: Path) -> None:
    first = deliver(write_folder(tmp_path))
    write_sheet(tmp_path / "delivery.csv", [DELIVERY_ROW | {"resource_title": "Soir"}])
    deliver(tmp_path)
    write_sheet(tmp_path / "delivery.csv", [DELIVERY_ROW])
    again = deliver(tmp_path)
    assert again != first
    assert Resource.objects.get().title == "Matin"


def test_a_track_taken_out_is_hidden_and_keeps_its_rights(tmp_path: Path) -> None:
    second = DELIVERY_ROW | {
        "resource_ref": "R1-2",
        "position": "2",
        "file": "two.wav",
        "resource_title": "Soir",
    }
    write_folder(
        tmp_path, delivery=[DELIVERY_ROW, second], rights=[RIGHTS_ROW, RIGHTS_ROW | {"resource_ref": "R1-2"}]
    )
    deliver(tmp_path)
    write_folder(tmp_path)
    deliver(tmp_path)
    gone = Resource.objects.get(reference="R1-2")
    assert gone.withdrawn_at is not None
    assert gone.rights_shares.count() == 1


def test_a_new_set_of_shares_ends_the_one_before(tmp_path: Path) -> None:
    late = RIGHTS_ROW | {"payee": "Studio", "valid_from": "2026-10-01"}
    write_folder(
        tmp_path, rights=[RIGHTS_ROW, late], payees=[PAYEE_ROW, {"legal_name": "Studio", "country": "BE"}]
    )
    deliver(tmp_path)
    rows = RightsShare.objects.order_by("valid_from").values_list(
        "payee__legal_name", "valid_from", "valid_to"
    )
    assert [(name, str(start), str(end)) for name, start, end in rows] == [
        ("Roux Ana", "2026-01-15", "2026-10-01"),
        ("Studio", "2026-10-01", "None"),
    ]


def test_credits_of_every_track_are_the_releases_own(tmp_path: Path) -> None:
    second = DELIVERY_ROW | {"resource_ref": "R1-2", "file": "two.wav", "credits": "Ana Roux:main_artist"}
    write_folder(
        tmp_path, delivery=[DELIVERY_ROW, second], rights=[RIGHTS_ROW, RIGHTS_ROW | {"resource_ref": "R1-2"}]
    )
    deliver(tmp_path)
    assert set(Credit.objects.values_list("role", "resource__reference")) == {
        ("main_artist", None),
        ("composer", "R1-1"),
    }


def test_every_fault_is_named_at_once_and_nothing_is_imported(tmp_path: Path) -> None:
    bad = DELIVERY_ROW | {
        "isrc": "FR-ABC-26-0001", "ean": "4006381333932", "medium": "musik", "release_date": "15/01/2026",
        "file": "../secret.wav", "credits": "Ana Rous:main_artist|x", "min_age": "99", "territories": "FR|XX",
    }  # fmt: skip
    write_folder(
        tmp_path,
        delivery=[bad, DELIVERY_ROW | {"resource_ref": "R1-2", "file": "nowhere.wav"}],
        rights=[RIGHTS_ROW | {"share_bp": "9999"}, RIGHTS_ROW | {"resource_ref": "ghost", "payee": "Nobody"}],
        parties=[PARTY_ROW | {"commune": "99999", "isni": "0000000000000000"}],
        has_media=False,
    )
    found = codes(deliver(tmp_path))
    assert {
        ("delivery.csv", 2, "bad_isrc"),
        ("delivery.csv", 2, "bad_ean"),
        ("delivery.csv", 2, "unknown_value"),
        ("delivery.csv", 2, "not_a_date"),
        ("delivery.csv", 2, "bad_credit"),
        ("delivery.csv", 2, "not_a_number"),
        ("delivery.csv", 2, "unknown_country"),
        ("delivery.csv", 2, "unknown_party"),
        ("delivery.csv", 3, "contradiction"),
        ("parties.csv", 2, "unknown_commune"),
        ("rights.csv", 2, "shares_sum"),  # a warning
        ("rights.csv", 3, "unknown_resource"),
        ("rights.csv", 3, "unknown_payee"),
    } <= found
    assert [model.objects.count() for model in (Release, Payee, Party)] == [0, 0, 0]


def hostile_files(folder: Path) -> dict[str, str]:
    """Make files that must be refused; returns the path as named in the sheet, and the fault."""
    (folder / "empty.wav").touch()
    (folder / "noise.wav").write_bytes(b"no sound at all " * 100)
    (folder / "picture.wav").write_bytes(picture_bytes())
    (folder / "link.wav").symlink_to("/etc/hostname")
    (folder / "linked").symlink_to("/etc")
    with (folder / "sparse.wav").open("wb") as file:
        file.truncate(10_000_000_000)
    return {
        "../outside.wav": "path_refused", "/etc/hostname": "path_refused", "a\\b.wav": "path_refused",
        "link.wav": "link_refused", "linked/hostname": "link_refused", "nowhere.wav": "file_missing",
        "empty.wav": "empty", "noise.wav": "not_media", "picture.wav": "wrong_medium", "sparse.wav": "too_large",
    }  # fmt: skip


def test_hostile_files_are_refused_by_name(tmp_path: Path) -> None:
    names = hostile_files(tmp_path)
    rows = [
        DELIVERY_ROW | {"file": name, "resource_ref": f"R1-{n}", "position": str(n)}
        for n, name in enumerate(names, 1)
    ]
    rights = [RIGHTS_ROW | {"resource_ref": row["resource_ref"]} for row in rows]
    delivery = deliver(write_folder(tmp_path, delivery=rows, rights=rights, has_media=False))
    found = dict(delivery.faults.filter(column="file").values_list("row", "code"))
    assert {name: found.get(row) for row, name in enumerate(names, 2)} == names


def test_a_bomb_of_a_cover_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cover.png").write_bytes(picture_bytes(size=(12_000, 12_000)))
    delivery = deliver(write_folder(tmp_path, delivery=[DELIVERY_ROW | {"cover_file": "cover.png"}]))
    assert ("delivery.csv", 2, "cover_too_large") in codes(delivery)


def test_a_cover_is_stored_in_every_size(tmp_path: Path) -> None:
    (tmp_path / "cover.png").write_bytes(picture_bytes())
    deliver(write_folder(tmp_path, delivery=[DELIVERY_ROW | {"cover_file": "cover.png"}]))
    cover = Release.objects.get().cover
    assert cover is not None
    keys = list(objectstore.get_store().list_keys(prefix=f"covers/{cover.sha256}/"))
    assert [key.rpartition("/")[2] for key in keys] == ["160.webp", "320.webp", "640.webp", "960.webp"]


@pytest.mark.parametrize(
    ("separator", "encoding"), [(";", "utf-8"), (",", "utf-8-sig"), (";", "cp1252"), (",", "utf-16")]
)
def test_sheets_of_every_office_program_are_read(tmp_path: Path, separator: str, encoding: str) -> None:
    write_folder(tmp_path)
    write_sheet(
        tmp_path / "delivery.csv",
        [DELIVERY_ROW | {"release_title": "Été à Firminy"}],
        separator=separator,
        encoding=encoding,
    )
    deliver(tmp_path)
    assert Release.objects.get().title == "Été à Firminy"


def test_a_corrupt_recording_is_a_named_fault_and_no_stuck_job(tmp_path: Path) -> None:
    write_folder(tmp_path)
    whole = write_audio(tmp_path / "a.flac", seconds=20).read_bytes()
    third = len(whole) // 3
    (tmp_path / "one.wav").write_bytes(whole[:third] + bytes(third) + whole[2 * third :])
    deliver(tmp_path)
    package = run_package(package_id=Package.objects.get().pk)
    assert (package.state, package.fault_code) == ("failed", "truncated")
    assert Release.objects.get().status == "draft"
