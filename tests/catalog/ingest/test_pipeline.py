"""A delivery's states: what is shown before, what stands after, and the way back to the very rows before."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from catalog.ingest import deliverers, receiving, rollback, services
from catalog.ingest.apply import TABLES
from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, DeliveryChange, MediaFile, Package, Release, Resource
from catalog.packaging.services import run_package
from catalog.streaming import denials
from catalog.streaming.valkey import get_valkey
from catalog.works import publishing
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import objectstore
from tests.catalog.ingest.zips import pack
from tests.catalog.people import LABEL, make_user
from tests.factories.catalog import (
    DELIVERY_ROW,
    PARTY_ROW,
    PAYEE_ROW,
    RIGHTS_ROW,
    make_geography,
    picture_bytes,
    write_folder,
    write_sheet,
)

pytestmark = pytest.mark.django_db
Captured = Callable[..., AbstractContextManager[Any]]

SECOND = DELIVERY_ROW | {"resource_ref": "R1-2", "position": "2", "file": "two.wav", "resource_title": "Soir"}
TWO_RIGHTS = [RIGHTS_ROW, RIGHTS_ROW | {"resource_ref": "R1-2"}]


@pytest.fixture(autouse=True)
def geography() -> None:
    objectstore.get_store().prepare()
    make_geography()


@pytest.fixture
def oscar(db: None) -> User:
    return make_user("oscar@example.org", is_operator=True)


def deliver(folder: Path, *, is_held: bool = False) -> Delivery:
    return deliver_folder(folder=folder, sent_by=None, deliverer=LABEL, is_held=is_held)


def all_rows() -> dict[str, list[str]]:
    """Return every row of every table that a delivery writes, as the database writes it out."""
    found = {}
    models: list[type[Model]] = [*TABLES.values(), Package]
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY id")
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def changes(delivery: Delivery) -> set[tuple[str, str, str]]:
    return set(delivery.changes.values_list("act", "kind", "label"))


def update(folder: Path) -> Path:
    """Change the album of two tracks in every way that a sheet can."""
    (folder / "cover.png").write_bytes(picture_bytes(size=(700, 700)))
    (folder / "one.wav").unlink()
    row = DELIVERY_ROW | {
        "release_title": "Jardins d’hiver", "territories": "FR|BE", "cover_file": "cover.png", "label": "Rive Haute",
        "resource_title": "Aube", "credits": "Ana Roux:main_artist|Bo Lind:composer",
    }  # fmt: skip
    third = row | {"resource_ref": "R1-3", "resource_title": "Nuit", "file": "three.wav", "position": "2"}
    shares = [
        RIGHTS_ROW | {"share_bp": "6000"},
        RIGHTS_ROW | {"share_bp": "4000", "payee": "Lind Bo"},
        RIGHTS_ROW | {"resource_ref": "R1-3"},
    ]
    bo, lind = {"name": "Bo Lind", "country": "BE"}, {"legal_name": "Lind Bo", "country": "BE"}
    parties = [PARTY_ROW | {"biography": "Née à Roanne."}, bo]
    return write_folder(
        folder, delivery=[row, third], rights=shares, parties=parties, payees=[PAYEE_ROW, lind]
    )


def test_a_preview_names_each_difference_and_changes_nothing(tmp_path: Path, oscar: User) -> None:
    deliver(write_folder(tmp_path / "a", delivery=[DELIVERY_ROW, SECOND], rights=TWO_RIGHTS))
    before = all_rows()
    delivery = preview(update(tmp_path / "a"), oscar)
    assert delivery.state == "previewed"
    assert all_rows() == before
    found = changes(delivery)
    assert {
        ("changed", "release", "Jardins d’hiver"),
        ("changed", "resource", "Aube"),
        ("added", "resource", "Nuit"),
        ("withdrawn", "resource", "Soir"),
        ("added", "party", "Bo Lind"),
        ("changed", "share", "Aube: Roux Ana, 60 %"),
        ("added", "share", "Aube: Lind Bo, 40 %"),
        ("removed", "credit", "Ana Roux:composer"),
        ("added", "credit", "Bo Lind:composer"),
    } <= found
    assert delivery.changes.get(kind="release").fields == {
        "title": ["Jardins", "Jardins d’hiver"],
        "label": ["Rive Gauche", "Rive Haute"],
        "cover": ["", "cover.png"],
    }


def preview(folder: Path, user: User) -> Delivery:
    """Send a folder as a ZIP and have it checked."""
    deliverers.ensure_deliverer(name=LABEL)
    received = receiving.receive_zip(
        path=pack(folder, folder.with_suffix(".zip")), name="album.zip", deliverer=LABEL, sent_by=user
    )
    return services.check_delivery(delivery_id=received.pk)


def test_what_was_previewed_is_what_is_applied(tmp_path: Path, oscar: User) -> None:
    deliver(write_folder(tmp_path / "a", delivery=[DELIVERY_ROW, SECOND], rights=TWO_RIGHTS))
    delivery = preview(update(tmp_path / "a"), oscar)
    said = changes(delivery)
    assert services.confirm_delivery(delivery_id=delivery.pk, user=oscar)
    applied = services.apply_delivery(delivery_id=delivery.pk)
    assert (applied.state, applied.confirmed_by) == ("applied", oscar)
    assert changes(applied) == said
    assert not applied.changes.filter(row_id=None).exists()
    assert Release.objects.get().title == "Jardins d’hiver"


def test_an_update_is_rolled_back_to_exactly_the_rows_before(tmp_path: Path) -> None:
    deliver(write_folder(tmp_path, delivery=[DELIVERY_ROW, SECOND], rights=TWO_RIGHTS))
    for package in Package.objects.all():
        run_package(package_id=package.pk)
    assert Release.objects.get().status == "published"
    before = all_rows()
    applied = deliver(update(tmp_path), is_held=True)
    assert applied.state == "applied"
    assert all_rows() != before
    for package in Package.objects.filter(state="queued"):
        run_package(package_id=package.pk)  # writes the new recording's facts into the resource
    assert rollback.roll_back(delivery_id=applied.pk).state == "rolled_back"
    assert all_rows() == before


def test_a_first_delivery_is_rolled_back_to_nothing_in_database_and_store(
    tmp_path: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    before = all_rows()
    (tmp_path / "cover.png").write_bytes(picture_bytes())
    delivery = deliver(write_folder(tmp_path, delivery=[DELIVERY_ROW | {"cover_file": "cover.png"}]))
    stored = [file.object_key for file in MediaFile.objects.all()]
    store = objectstore.get_store()
    assert all(store.exists(key=key) for key in stored)
    with django_capture_on_commit_callbacks(execute=True):
        rollback.roll_back(delivery_id=delivery.pk)
    assert all_rows() == before
    assert not any(store.exists(key=key) for key in stored)


def test_what_others_refer_to_stays_after_a_rollback(tmp_path: Path) -> None:
    first = deliver(write_folder(tmp_path / "a"))
    deliver_folder(
        folder=write_folder(tmp_path / "b", parties=(), payees=()), sent_by=None, deliverer="another"
    )
    rollback.roll_back(delivery_id=first.pk)
    assert [release.deliverer for release in Release.objects.all()] == ["another"]
    assert Resource.objects.get().rights_shares.get().payee.legal_name == "Roux Ana"


def refusal(delivery: Delivery) -> str:
    with pytest.raises(rollback.RollbackRefused) as refused:
        rollback.roll_back(delivery_id=delivery.pk)
    return refused.value.code


def test_what_came_out_is_not_rolled_back(tmp_path: Path) -> None:
    delivery = deliver(write_folder(tmp_path))
    run_package(package_id=Package.objects.get().pk)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert refusal(delivery) == "not_applied"


def test_a_delivery_is_not_rolled_back_under_a_later_one(tmp_path: Path) -> None:
    first = deliver(write_folder(tmp_path))
    write_sheet(tmp_path / "delivery.csv", [DELIVERY_ROW | {"resource_title": "Soir"}])
    later = deliver(tmp_path)
    assert refusal(first) == "built_upon"
    rollback.roll_back(delivery_id=later.pk)
    rollback.roll_back(delivery_id=first.pk)
    assert not Release.objects.exists()


def test_a_delivery_of_last_week_is_not_rolled_back(tmp_path: Path) -> None:
    delivery = deliver(write_folder(tmp_path))
    Delivery.objects.update(applied_at=delivery.applied_at - timedelta(days=8))  # type: ignore[operator]
    assert refusal(delivery) == "too_late"


def test_a_held_delivery_comes_out_when_somebody_says_so(tmp_path: Path) -> None:
    delivery = deliver(write_folder(tmp_path), is_held=True)
    run_package(package_id=Package.objects.get().pk)
    assert Release.objects.get().status == "draft"
    assert services.publish_delivery(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    assert (Release.objects.get().status, delivery.state) == ("published", "published")
    assert not services.publish_delivery(delivery_id=delivery.pk)


def test_the_same_zip_again_is_nothing_new(tmp_path: Path, oscar: User) -> None:
    folder = write_folder(tmp_path / "a")
    deliver(folder)
    delivery = preview(folder, oscar)
    assert (delivery.state, delivery.changes.count()) == ("unchanged", 0)


def test_the_files_of_a_delivery_are_noted_with_their_digests(tmp_path: Path) -> None:
    delivery = deliver(write_folder(tmp_path))
    files = {file.name: file for file in delivery.files.all()}
    assert set(files) == {"delivery.csv", "rights.csv", "parties.csv", "payees.csv", "one.wav"}
    assert files["one.wav"].sha256 == MediaFile.objects.get().sha256
    assert files["one.wav"].size_bytes == (tmp_path / "one.wav").stat().st_size


def test_a_discarded_delivery_leaves_nothing_in_the_store(tmp_path: Path, oscar: User) -> None:
    delivery = preview(write_folder(tmp_path / "a"), oscar)
    assert objectstore.get_store().exists(key=delivery.source_key)
    assert services.discard_delivery(delivery_id=delivery.pk)
    assert not objectstore.get_store().exists(key=delivery.source_key)
    assert not services.confirm_delivery(delivery_id=delivery.pk, user=oscar)


def test_a_refused_zip_leaves_its_faults_and_no_object(
    tmp_path: Path, oscar: User, django_capture_on_commit_callbacks: Captured
) -> None:
    folder = write_folder(tmp_path / "a", delivery=[DELIVERY_ROW | {"isrc": "nonsense"}])
    with django_capture_on_commit_callbacks(execute=True):
        delivery = preview(folder, oscar)
    assert (delivery.state, delivery.faults.get(is_warning=False).code) == ("refused", "bad_isrc")
    assert not objectstore.get_store().exists(key=delivery.source_key)
    assert all_rows()["catalog_mediafile"] == []


def test_a_catalogue_that_changed_since_the_preview_is_looked_at_again(tmp_path: Path, oscar: User) -> None:
    deliver(write_folder(tmp_path / "a"))
    write_sheet(tmp_path / "a" / "delivery.csv", [DELIVERY_ROW | {"resource_title": "Soir"}])
    waiting = preview(tmp_path / "a", oscar)
    deliver(tmp_path / "a")
    services.confirm_delivery(delivery_id=waiting.pk, user=oscar)
    assert services.apply_delivery(delivery_id=waiting.pk).state == "unchanged"


def test_a_worker_that_died_leaves_the_delivery_to_another(tmp_path: Path, oscar: User) -> None:
    delivery = preview(write_folder(tmp_path / "a"), oscar)
    long_ago = delivery.received_at - timedelta(hours=1)
    Delivery.objects.update(state="checking", touched_at=long_ago)
    assert receiving.resume_deliveries() == 1
    assert services.check_delivery(delivery_id=delivery.pk).state == "previewed"


def test_a_taken_down_work_is_hidden_and_its_grants_are_stopped(
    tmp_path: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    deliver(write_folder(tmp_path, delivery=[DELIVERY_ROW, SECOND], rights=TWO_RIGHTS))
    gone = Resource.objects.get(reference="R1-2")
    write_folder(tmp_path)
    with django_capture_on_commit_callbacks(execute=True):
        deliver(tmp_path)
    assert f"resource {gone.pk}".encode() in get_valkey().zrange(denials.DENIED, 0, -1)


def test_shares_that_are_not_whole_wait_for_an_operators_word(tmp_path: Path, oscar: User) -> None:
    delivery = deliver(write_folder(tmp_path, rights=[RIGHTS_ROW | {"share_bp": "9000"}]))
    run_package(package_id=Package.objects.get().pk)
    assert delivery.faults.get().code == "shares_sum"
    release = Release.objects.get()
    assert release.status == "draft"
    assert (
        services.allow_shares(delivery_id=delivery.pk, reason="The heir is being looked for.", user=oscar)
        == 1
    )
    release.refresh_from_db()
    delivery.refresh_from_db()
    assert (release.status, delivery.state) == ("published", "published")
    assert release.rights_waiver.reason == "The heir is being looked for."


@pytest.mark.parametrize(
    ("rights", "is_whole"),
    [
        ([("A", 10_000, "2026-01-15")], True),
        ([("A", 6_000, "2026-01-15"), ("B", 4_000, "2026-01-15")], True),
        ([("A", 9_999, "2026-01-15")], False),
        ([("A", 10_000, "2026-01-15"), ("A", 5_000, "2026-06-01")], False),
        ([("A", 10_000, "2026-01-15"), ("B", 10_000, "2026-06-01")], True),
        ([], False),
    ],
)
def test_shares_are_whole_on_every_day(
    tmp_path: Path, rights: list[tuple[str, int, str]], is_whole: bool
) -> None:
    rows = [RIGHTS_ROW | {"payee": who, "share_bp": str(bp), "valid_from": day} for who, bp, day in rights]
    payees = [{"legal_name": name, "country": "FR"} for name in "AB"]
    deliver(write_folder(tmp_path, rights=rows, payees=payees))
    found = publishing.list_not_whole(release_ids=[Release.objects.get().pk])
    assert found.exists() is not is_whole


def test_a_preview_replaces_the_one_before(tmp_path: Path, oscar: User) -> None:
    delivery = preview(write_folder(tmp_path / "a"), oscar)
    count = delivery.changes.count()
    Delivery.objects.update(state="received")
    services.check_delivery(delivery_id=delivery.pk)
    assert DeliveryChange.objects.count() == count
