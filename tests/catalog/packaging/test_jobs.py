"""What is queued, what gives way to a newer recipe, and what is swept when nobody can play it any more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalog.models import MediaFile, Package, Resource
from catalog.packaging import recipes, services, sweep
from catalog.works.playback import get_playable
from mediaplatform.infrastructure.objectstore import get_store
from tests.factories.catalog import make_audience, make_release

pytestmark = pytest.mark.django_db
State = Package.State


@pytest.fixture
def now() -> datetime:
    get_store().prepare()
    return timezone.now()


def replace(old: Package, *, finished_at: datetime, **fields: object) -> Package:
    """Add a ready package by a newer version of the recipe, with a file in the store."""
    new_digest = f"{old.pk:e>64}"
    for digest in (old.digest, new_digest):
        get_store().put_bytes(
            key=f"packages/{digest}/master.m3u8", data=b"#EXTM3U", content_type="text/plain"
        )
    made = {
        "resource": old.resource, "original": old.original, "recipe": old.recipe, "state": State.READY,
        "recipe_version": old.recipe_version + 1, "digest": new_digest, "finished_at": finished_at,
    }  # fmt: skip
    return Package.objects.create(**{**made, **fields})


def old_package() -> Package:
    return make_release().resources.get().packages.get()


def test_a_replaced_package_goes_with_its_files_once_no_stream_can_use_it(now: datetime) -> None:
    old = old_package()
    new = replace(old, finished_at=now - timedelta(hours=27))
    assert sweep.sweep_packages(now=now) == 1
    assert list(Package.objects.all()) == [new]
    assert list(get_store().list_keys(prefix=old.prefix)) == []
    assert get_store().exists(key=f"{new.prefix}master.m3u8")


def test_a_package_that_a_day_old_session_may_use_stays(now: datetime) -> None:
    old = old_package()
    replace(old, finished_at=now - timedelta(hours=25))
    assert sweep.sweep_packages(now=now) == 0
    assert get_store().exists(key=f"{old.prefix}master.m3u8")


def test_what_plays_stays_whatever_its_age(now: datetime) -> None:
    old = old_package()
    Package.objects.update(finished_at=now - timedelta(days=900))
    replace(old, finished_at=now - timedelta(days=9), state=State.FAILED)
    assert sweep.sweep_packages(now=now) == 0
    audience = make_audience()
    assert get_playable(audience=audience, resource_id=old.resource_id).digest == old.digest


def test_files_that_another_package_shares_stay(now: datetime) -> None:
    old = old_package()
    replace(old, finished_at=now - timedelta(hours=27))
    other = make_release().resources.get().packages.get()
    Package.objects.filter(pk=other.pk).update(digest=old.digest)
    assert sweep.sweep_packages(now=now) == 1
    assert get_store().exists(key=f"{old.prefix}master.m3u8")


def test_an_original_that_is_being_packaged_keeps_its_files(now: datetime) -> None:
    old = old_package()
    replace(old, finished_at=now - timedelta(hours=27))
    other = make_release().resources.get().packages.get()
    Package.objects.filter(pk=other.pk).update(original=old.original, state=State.RUNNING)
    assert sweep.sweep_packages(now=now) == 0


def test_a_new_version_of_a_recipe_is_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    make_release(tracks=2)  # by version 1 of its recipe
    make_release(medium="book")
    call_command("package", "--missing", "--medium", "music", "--dry-run")
    assert "2 packages would be queued" in capsys.readouterr().out
    assert not Package.objects.filter(state=State.QUEUED).exists()
    call_command("package", "--missing", "--medium", "music")
    queued = Package.objects.filter(state=State.QUEUED)
    assert {(one.recipe, one.recipe_version) for one in queued} == {
        ("hls-audio", recipes.BY_NAME["hls-audio"].version)
    }
    call_command("package", "--missing", "--medium", "music", "--dry-run")
    assert capsys.readouterr().out.endswith("0 packages would be queued.\n")


def test_what_waited_for_an_older_recipe_gives_way_to_the_present_one() -> None:
    resource = make_release().resources.get()
    Package.objects.update(state=State.QUEUED, digest="")
    stale = Package.objects.get()
    services.run_package(package_id=stale.pk)
    fresh = Package.objects.get(resource=resource)
    assert (fresh.recipe_version, fresh.state) == (recipes.BY_NAME["hls-audio"].version, State.QUEUED)


def test_each_medium_waits_in_a_queue_of_its_own() -> None:
    assert {name: recipe.queue for name, recipe in recipes.BY_NAME.items()} == {
        "hls-audio": "audio", "hls-video": "video", "web-book": "books", "pdf-book": "books",
        "comic-book": "books", "game-bundle": "books",
    }  # fmt: skip


def test_a_damaged_original_is_named() -> None:
    resource: Resource = make_release().resources.get()
    file = MediaFile.objects.get(resources=resource)
    file.sha256 = "f" * 64
    file.save()
    resource.packages.update(
        state=State.QUEUED, digest="", recipe_version=recipes.BY_NAME["hls-audio"].version
    )
    get_store().prepare()
    get_store().put_bytes(key=file.object_key, data=b"other", content_type="audio/flac")
    package = services.run_package(package_id=resource.packages.get().pk)
    assert (package.state, package.fault_code) == (State.FAILED, "original_damaged")
