"""What was packaged for a delivery that is rolled back leaves the object store, unless somebody else plays it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.ingest import rollback
from catalog.ingest.services import deliver_folder
from catalog.models import Delivery, LeftPackage, MediaFile, Package, Release
from catalog.packaging import sweep
from catalog.packaging.services import run_package
from mediaplatform.infrastructure.objectstore import get_store
from tests.catalog.people import LABEL
from tests.factories.catalog import DELIVERY_ROW, make_geography, write_epub, write_folder

pytestmark = pytest.mark.django_db
Captured = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def before(settings: Any, tmp_path: Path) -> set[str]:
    """The keys of a store of this test's own before anything is delivered."""
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"
    get_store().prepare()
    make_geography()
    return keys()


def keys() -> set[str]:
    return set(get_store().list_keys(prefix=""))


def packaged(folder: Path, *, deliverer: str = LABEL, **people: tuple[()]) -> Delivery:
    """Deliver a book that is kept back, and make its package."""
    folder.mkdir(exist_ok=True)
    write_epub(folder / "book.epub")
    row = DELIVERY_ROW | {"medium": "book", "release_kind": "book", "file": "book.epub"}
    write_folder(folder, delivery=[row], has_media=False, **people)
    delivery = deliver_folder(folder=folder, sent_by=None, deliverer=deliverer, is_held=True)
    assert run_package(package_id=Package.objects.get(state="queued").pk).state == "ready"
    return delivery


def test_a_rolled_back_delivery_leaves_nothing_in_storage_a_day_later(
    tmp_path: Path, before: set[str], django_capture_on_commit_callbacks: Captured
) -> None:
    delivery = packaged(tmp_path / "a")
    assert any(key.startswith("packages/") for key in keys() - before)
    assert Release.objects.get().cover is not None  # found in the book
    with django_capture_on_commit_callbacks(execute=True):
        rollback.roll_back(delivery_id=delivery.pk)
    assert {key.partition("/")[0] for key in keys() - before} == {"packages"}
    assert sweep.sweep_left(now=timezone.now() + timedelta(hours=25)) == 0
    assert sweep.sweep_left(now=timezone.now() + timedelta(hours=27)) == 1
    assert keys() == before
    assert not LeftPackage.objects.exists()
    assert not MediaFile.objects.exists()


def test_a_package_that_another_delivery_shares_stays(
    tmp_path: Path, before: set[str], django_capture_on_commit_callbacks: Captured
) -> None:
    delivery = packaged(tmp_path / "a")
    packaged(tmp_path / "b", deliverer="another", parties=(), payees=())
    with_both = keys()
    with django_capture_on_commit_callbacks(execute=True):
        rollback.roll_back(delivery_id=delivery.pk)
    assert sweep.sweep_left(now=timezone.now() + timedelta(hours=27)) == 0
    assert keys() == with_both != before


def test_a_ready_package_is_not_among_what_is_left(tmp_path: Path, before: set[str]) -> None:
    packaged(tmp_path / "a")
    assert not LeftPackage.objects.exists()
    assert sweep.sweep_left(now=timezone.now() + timedelta(days=9)) == 0
    assert any(key.startswith("packages/") for key in keys() - before)


def test_what_a_killed_worker_stored_goes_a_day_after_the_last_attempt(before: set[str]) -> None:
    now, digest = timezone.now(), "e" * 64
    sweep.note_left(digests=[digest], now=now)
    get_store().put_bytes(key=f"packages/{digest}/page.xhtml", data=b"x", content_type="text/html")
    sweep.note_left(digests=[digest], now=now + timedelta(hours=20))
    assert sweep.sweep_left(now=now + timedelta(hours=40)) == 0
    assert sweep.sweep_left(now=now + timedelta(hours=47)) == 1
    assert keys() == before
