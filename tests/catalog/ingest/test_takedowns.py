"""What a sheet takes down is hidden at once, kept, and comes out again when it is delivered again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, Release
from mediaplatform.infrastructure import objectstore
from tests.factories.catalog import make_geography, write_folder, write_sheet

pytestmark = pytest.mark.django_db
GONE = [{"release_ref": "R1"}]


@pytest.fixture(autouse=True)
def album(tmp_path: Path) -> Path:
    objectstore.get_store().prepare()
    make_geography()
    folder = write_folder(tmp_path / "album")
    deliver(folder)
    return folder


def deliver(folder: Path, *, deliverer: str = "label") -> Delivery:
    return deliver_folder(folder=folder, sent_by=None, deliverer=deliverer)


def write_takedowns(folder: Path, *, as_json: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    if as_json:
        (folder / "delivery.json").write_text(json.dumps({"takedowns": GONE}))
    else:
        write_sheet(folder / "takedowns.csv", GONE)
    return folder


@pytest.mark.parametrize("as_json", [False, True])
def test_a_sheet_alone_takes_a_work_down(as_json: bool, tmp_path: Path) -> None:
    before = Release.objects.get()
    delivery = deliver(write_takedowns(tmp_path / "gone", as_json=as_json))
    after = Release.objects.get()
    assert list(delivery.faults.all()) == []
    assert (after.pk, after.status) == (before.pk, "withdrawn")
    assert after.resources.get().rights_shares.count() == 1


def test_what_is_delivered_again_comes_back_with_its_id_and_goes_again(tmp_path: Path, album: Path) -> None:
    gone = write_takedowns(tmp_path / "gone")
    first = Release.objects.get().pk
    deliver(gone)
    deliver(album)
    assert Release.objects.get().status != "withdrawn"
    deliver(gone)
    assert (Release.objects.get().pk, Release.objects.get().status) == (first, "withdrawn")


def test_another_deliverers_work_is_not_taken_down(tmp_path: Path) -> None:
    delivery = deliver(write_takedowns(tmp_path / "gone"), deliverer="another label")
    [fault] = delivery.faults.all()
    assert (fault.file, fault.row, fault.code) == ("takedowns.csv", 2, "unknown_release")
    assert Release.objects.get().status != "withdrawn"


def test_a_work_that_is_delivered_and_taken_down_at_once_is_refused(album: Path) -> None:
    write_takedowns(album)
    [fault] = deliver(album).faults.all()
    assert (fault.file, fault.row, fault.column, fault.code) == (
        "takedowns.csv",
        2,
        "release_ref",
        "contradiction",
    )
