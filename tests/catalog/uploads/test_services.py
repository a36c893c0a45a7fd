"""Uploads step by step, into a folder and into a bucket."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from catalog.models import Release, Upload, UploadFile, UploadPart
from catalog.uploads import limits, selectors, services, sweeping
from catalog.uploads.errors import (
    FileChanged,
    FilesIncomplete,
    FilesRefused,
    HandingOver,
    NotYourDeliverer,
    QuotaFull,
    TooManyUploads,
    UploadNotFound,
    UploadOver,
)
from catalog.uploads.intake import NewFile
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import db, multipart
from mediaplatform.infrastructure.objectstore import ObjectStore
from tests.catalog.people import LABEL, OTHER, make_member, make_user
from tests.catalog.uploads.conftest import Sender, put
from tests.factories.catalog import make_geography, write_folder

pytestmark = pytest.mark.django_db
BIG = b"x" * limits.PART_BYTES


def test_a_file_arrives_in_parts_and_goes_on_after_an_interruption(
    store: ObjectStore, sender: Sender
) -> None:
    file = sender.add("disc/01.wav", len(BIG) + 3)
    sender.send(file, 2, b"end")
    state = selectors.list_files(upload=sender.upload, limit=10)[0]
    assert (state.part_count, [part.number for part in state.parts]) == (2, [2])
    assert [one.missing for one in sender.complete(file)] == [[1]]
    sender.send(file, 1, BIG)
    assert sender.complete(file)[0].is_complete
    assert store.get_bytes(key=f"uploads/{sender.upload_id}/disc/01.wav") == BIG + b"end"


def test_a_file_that_has_arrived_is_not_asked_for_again(store: ObjectStore, sender: Sender) -> None:
    first = sender.deliver("01.wav", b"abc")
    again = sender.add("01.wav", 3)
    assert (again.pk, again.is_complete) == (first.pk, True)
    assert [one.is_complete for one in sender.complete(first, again)] == [True, True]


def test_a_file_of_another_size_replaces_what_was_sent(store: ObjectStore, sender: Sender) -> None:
    first = sender.deliver("01.wav", b"abc")
    sender.deliver("01.wav", b"abcd")
    assert store.get_bytes(key=first.object_key) == b"abcd"
    assert sender.upload.files.count() == 1


def test_a_part_of_another_content_says_that_the_file_changed(store: ObjectStore, sender: Sender) -> None:
    file = sender.add("01.wav", 3)
    sender.send(file, 1, b"abc")
    with pytest.raises(FileChanged) as refusal:
        sender.announce(file, 1, b"abd")
    assert refusal.value.members == {"files": [file.pk]}


def test_bytes_other_than_announced_do_not_arrive(store: ObjectStore, sender: Sender) -> None:
    file = sender.add("01.wav", 3)
    place = sender.announce(file, 1, b"abc")
    assert put(place, b"abX") in {400, 422}
    assert sender.complete(file)[0].missing == [1]


def test_an_empty_file_is_a_file(store: ObjectStore, sender: Sender) -> None:
    file = sender.deliver("game/empty.txt", b"")
    assert store.get_bytes(key=file.object_key) == b""
    file.refresh_from_db()
    assert file.is_complete


def test_parts_that_the_store_has_lost_are_asked_for_again(store: ObjectStore, sender: Sender) -> None:
    file = sender.add("01.wav", 3)
    sender.send(file, 1, b"abc")
    file.refresh_from_db()
    multipart.of_store(store).abort(key=file.object_key, upload_id=file.store_id)
    assert sender.complete(file)[0].missing == [1]
    sender.send(file, 1, b"abc")
    assert sender.complete(file)[0].is_complete


def test_a_finished_upload_becomes_a_delivery_once(
    store: ObjectStore, sender: Sender, tmp_path: Path
) -> None:
    make_geography()
    folder = write_folder(tmp_path / "folder")
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        sender.deliver(path.relative_to(folder).as_posix(), path.read_bytes())
    made = [services.hand_over(user=sender.user, upload_id=sender.upload_id) for _ in range(2)]
    assert len({one.pk for one in made}) == 1
    assert (made[0].deliverer, made[0].sent_by) == (LABEL, sender.user)
    assert (sender.upload.state, sender.upload.delivery) == ("sent", made[0])
    assert not UploadPart.objects.exists()
    with pytest.raises(UploadOver):
        sender.add("more.wav", 1)


def test_a_zip_that_came_alone_is_delivered_as_one(store: ObjectStore, sender: Sender) -> None:
    file = sender.deliver("Jardins.ZIP", b"PK")
    delivery = services.hand_over(user=sender.user, upload_id=sender.upload_id)
    assert (delivery.source, delivery.source_key, delivery.source_name) == (
        "zip",
        file.object_key,
        "Jardins.ZIP",
    )


def test_what_a_killed_process_handed_over_is_not_handed_over_again(
    store: ObjectStore, sender: Sender
) -> None:
    sender.deliver("delivery.csv", b"a")
    made = services.hand_over(user=sender.user, upload_id=sender.upload_id)
    Upload.objects.update(state=Upload.State.OPEN, delivery=None)  # as it was before the kill
    assert services.hand_over(user=sender.user, upload_id=sender.upload_id) == made


def test_an_upload_that_has_not_arrived_is_not_handed_over(store: ObjectStore, sender: Sender) -> None:
    with pytest.raises(FilesIncomplete):
        services.hand_over(user=sender.user, upload_id=sender.upload_id)
    sender.deliver("delivery.csv", b"a")
    sender.add("01.wav", 3)
    with pytest.raises(FilesIncomplete):
        services.hand_over(user=sender.user, upload_id=sender.upload_id)
    assert not Release.objects.exists()


def test_a_cancelled_upload_takes_nothing_more_and_is_swept(store: ObjectStore, sender: Sender) -> None:
    sender.deliver("01.wav", b"abc")
    place = sender.announce(sender.add("02.wav", 3), 1, b"abc")
    services.cancel_upload(user=sender.user, upload_id=sender.upload_id)
    if place.ticket:
        assert put(place, b"abc") == 409
    swept = sweeping.sweep(now=timezone.now())
    assert swept == {"expired": 0, "cleared": 1, "strays": 0}
    assert list(store.list_keys(prefix="uploads/")) == []
    assert list(multipart.of_store(store).list_begun(prefix="uploads/")) == []
    assert sweeping.sweep(now=timezone.now())["cleared"] == 0


def test_an_abandoned_upload_is_swept_and_one_that_goes_on_is_not(store: ObjectStore, sender: Sender) -> None:
    sender.add("01.wav", 3)
    later = timezone.now() + timedelta(days=8)
    assert sweeping.sweep(now=timezone.now())["expired"] == 0
    assert sweeping.sweep(now=later)["expired"] == 1
    assert (sender.upload.state, sender.upload.files.count()) == ("expired", 0)


def test_what_the_store_began_for_nobody_is_aborted(store: ObjectStore, db: None) -> None:
    uploads = multipart.of_store(store)
    for key in (f"uploads/{uuid.uuid4()}/x", "uploads/odd/x"):
        uploads.begin(key=key, content_type="audio/wav")
    assert sweeping.sweep(now=timezone.now() + timedelta(days=6))["strays"] == 0
    assert sweeping.sweep(now=timezone.now() + timedelta(days=8))["strays"] == 2
    assert list(uploads.list_begun(prefix="uploads/")) == []


def test_a_removed_file_is_gone_from_the_store(store: ObjectStore, sender: Sender) -> None:
    done, begun = sender.deliver("01.wav", b"abc"), sender.add("02.wav", 3)
    sender.send(begun, 1, b"abc")
    for file in (done, begun):
        services.remove_file(user=sender.user, upload_id=sender.upload_id, file_id=file.pk)
    assert list(store.list_keys(prefix="uploads/")) == []
    assert list(multipart.of_store(store).list_begun(prefix="uploads/")) == []
    with pytest.raises(UploadNotFound):
        services.remove_file(user=sender.user, upload_id=sender.upload_id, file_id=done.pk)


def test_who_delivers_for_another_label_sees_no_upload(store: ObjectStore, sender: Sender) -> None:
    charlie = make_member("charlie@example.org", OTHER)
    file = sender.deliver("01.wav", b"abc")
    stranger = Sender(charlie, sender.upload_id)
    for use in (
        lambda: stranger.add("02.wav", 1),
        lambda: stranger.announce(file, 1, b"abc"),
        lambda: stranger.complete(file),
        lambda: services.remove_file(user=charlie, upload_id=sender.upload_id, file_id=file.pk),
        lambda: services.cancel_upload(user=charlie, upload_id=sender.upload_id),
        lambda: services.hand_over(user=charlie, upload_id=sender.upload_id),
    ):
        with pytest.raises(UploadNotFound):
            use()
    assert selectors.list_open(user=charlie, limit=9) == []


def test_a_file_of_another_upload_is_not_found(lena_user: User, sender: Sender) -> None:
    other = services.open_upload(user=lena_user, deliverer=LABEL, now=timezone.now())
    file = Sender(lena_user, other.pk).add("01.wav", 3)
    for use in (lambda: sender.announce(file, 1, b"abc"), lambda: sender.complete(file)):
        with pytest.raises(UploadNotFound):
            use()
    with pytest.raises(UploadNotFound):
        Sender(lena_user, other.pk).announce(file, 2, b"abc")  # it has one part


@pytest.mark.parametrize("name", [OTHER, "nobody", ""])
def test_nobody_begins_an_upload_for_others(lena_user: User, name: str) -> None:
    make_member("charlie@example.org", OTHER)
    with pytest.raises(NotYourDeliverer):
        services.open_upload(user=lena_user, deliverer=name, now=timezone.now())


def test_an_operator_uploads_for_any_label(lena_user: User) -> None:
    oscar = make_user("oscar@example.org", is_operator=True)
    upload = services.open_upload(user=oscar, deliverer=LABEL, now=timezone.now())
    assert selectors.get_upload(user=lena_user, upload_id=upload.pk) == upload


def test_open_uploads_are_few(lena_user: User) -> None:
    for _ in range(limits.MAX_OPEN_UPLOADS):
        services.open_upload(user=lena_user, deliverer=LABEL, now=timezone.now())
    with pytest.raises(TooManyUploads):
        services.open_upload(user=lena_user, deliverer=LABEL, now=timezone.now())


def test_every_fault_of_names_and_sizes_is_named_and_nothing_is_noted(lena_user: User) -> None:
    upload = services.open_upload(user=lena_user, deliverer=LABEL, now=timezone.now())
    files = [
        NewFile(path=path, size_bytes=size)
        for path, size in (
            ("good.wav", 1), ("../up.wav", 1), ("a", 1), ("a/b.wav", 1), ("huge.wav", limits.MAX_FILE_BYTES + 1)
        )
    ]  # fmt: skip
    with pytest.raises(FilesRefused) as refusal:
        services.add_files(user=lena_user, upload_id=upload.pk, files=files, now=timezone.now())
    faults = refusal.value.members["faults"]
    assert isinstance(faults, list)
    assert [(one["field"], one["code"]) for one in faults] == [
        ("files.1.path", "path_refused"),
        ("files.2.path", "path_taken"),
        ("files.4.size_bytes", "file_too_large"),
    ]
    assert not UploadFile.objects.exists()


def test_a_deliverer_has_a_quota(lena_user: User, settings: Settings) -> None:
    settings.UPLOAD_QUOTA_BYTES = 10
    first, second = (
        Sender(lena_user, services.open_upload(user=lena_user, deliverer=LABEL, now=timezone.now()).pk)
        for _ in range(2)
    )
    first.add("a", 6)
    first.add("a", 6)  # the same file takes no more room
    with pytest.raises(QuotaFull):
        second.add("b", 5)
    second.add("b", 4)
    Upload.objects.filter(pk=first.upload_id).update(state=Upload.State.CANCELLED)
    second.add("c", 6)


def test_two_do_not_hand_over_at_once(sender: Sender) -> None:
    sender.deliver("delivery.csv", b"a")
    with ThreadPoolExecutor(1) as pool, db.advisory_lock(f"upload:{sender.upload_id}"):
        # a lock is a session's own: the other request has another connection

        def hand_over() -> None:
            try:
                services.hand_over(user=sender.user, upload_id=sender.upload_id)
            finally:
                connection.close()

        with pytest.raises(HandingOver):
            pool.submit(hand_over).result()
