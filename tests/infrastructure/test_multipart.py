"""Uploads in parts: one body of tests, run on a folder and on a real S3 server."""

from __future__ import annotations

import hashlib
import io
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from mediaplatform.env import browser_origins
from mediaplatform.infrastructure import multipart, objectstore
from mediaplatform.infrastructure.multipart import (
    MIN_PART_BYTES,
    Multipart,
    Part,
    PartRefused,
    PartsIncomplete,
    UploadMissing,
)
from mediaplatform.infrastructure.objectstore import ObjectKeyRefused, ObjectStore

KEY = "uploads/7/files/disc 1/01 Été.wav"
TYPE = "audio/wav"
ONE, TWO = b"a" * MIN_PART_BYTES, b"the end"


@pytest.fixture(params=["file_store", "s3_store"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    found: ObjectStore = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def uploads(store: ObjectStore) -> Multipart:
    return multipart.of_store(store)


def part_of(number: int, data: bytes) -> Part:
    return Part(number, len(data), hashlib.sha256(data).hexdigest())


def send(uploads: Multipart, upload_id: str, part: Part, data: bytes) -> None:
    """Send a part as a browser does, or hand it to the platform's own door."""
    address = uploads.presign(key=KEY, upload_id=upload_id, part=part, expires_s=60)
    if address is None:
        uploads.receive(key=KEY, upload_id=upload_id, part=part, body=io.BytesIO(data))
        return
    request = urllib.request.Request(address.url, data=data, headers=dict(address.headers), method="PUT")
    try:
        urllib.request.urlopen(request).close()
    except urllib.error.HTTPError as refusal:
        refusal.close()
        raise PartRefused(str(refusal.code)) from refusal


def test_parts_become_one_object_at_its_key(store: ObjectStore, uploads: Multipart) -> None:
    upload_id = uploads.begin(key=KEY, content_type=TYPE)
    parts = [part_of(1, ONE), part_of(2, TWO)]
    send(uploads, upload_id, parts[1], TWO)  # in any order
    assert store.stat(key=KEY) is None
    send(uploads, upload_id, parts[0], ONE)
    uploads.complete(key=KEY, upload_id=upload_id, parts=parts)
    found = store.stat(key=KEY)
    assert found is not None
    assert (found.size_bytes, found.content_type) == (len(ONE) + len(TWO), TYPE)
    assert store.get_bytes(key=KEY) == ONE + TWO


def test_what_is_there_is_listed_so_that_an_upload_goes_on(uploads: Multipart) -> None:
    upload_id = uploads.begin(key=KEY, content_type=TYPE)
    assert uploads.list_parts(key=KEY, upload_id=upload_id) == {}
    send(uploads, upload_id, part_of(2, TWO), TWO)
    assert uploads.list_parts(key=KEY, upload_id=upload_id) == {2: len(TWO)}


@pytest.mark.parametrize(
    "arrives", [b"the END", b"the end and more", b"the"], ids=["other", "longer", "shorter"]
)
def test_bytes_other_than_announced_are_refused(uploads: Multipart, arrives: bytes) -> None:
    upload_id = uploads.begin(key=KEY, content_type=TYPE)
    with pytest.raises(PartRefused):
        send(uploads, upload_id, part_of(1, TWO), arrives)
    assert uploads.list_parts(key=KEY, upload_id=upload_id) == {}


def test_a_part_may_be_sent_again(store: ObjectStore, uploads: Multipart) -> None:
    upload_id = uploads.begin(key=KEY, content_type=TYPE)
    for data in (b"draft", TWO, TWO):
        send(uploads, upload_id, part_of(1, data), data)
    uploads.complete(key=KEY, upload_id=upload_id, parts=[part_of(1, TWO)])
    assert store.get_bytes(key=KEY) == TWO


@pytest.mark.parametrize("fault", ["missing", "longer", "other"])
def test_an_upload_whose_parts_are_not_the_announced_ones_stays_open(
    store: ObjectStore, uploads: Multipart, fault: str
) -> None:
    upload_id = uploads.begin(key=KEY, content_type=TYPE)
    there, said = part_of(1, TWO), part_of(1, TWO)
    send(uploads, upload_id, there, TWO)
    parts = {
        "missing": [said, part_of(2, TWO)],
        "longer": [replace(said, size_bytes=99)],
        "other": [replace(said, sha256="0" * 64)],
    }[fault]
    with pytest.raises(PartsIncomplete):
        uploads.complete(key=KEY, upload_id=upload_id, parts=parts)
    assert store.stat(key=KEY) is None
    uploads.complete(key=KEY, upload_id=upload_id, parts=[said])
    assert store.get_bytes(key=KEY) == TWO


def test_completing_twice_changes_nothing(store: ObjectStore, uploads: Multipart) -> None:
    upload_id = uploads.begin(key=KEY, content_type=TYPE)
    send(uploads, upload_id, part_of(1, TWO), TWO)
    for _ in range(2):
        uploads.complete(key=KEY, upload_id=upload_id, parts=[part_of(1, TWO)])
    assert store.get_bytes(key=KEY) == TWO


def test_an_aborted_upload_is_gone_and_may_be_aborted_again(uploads: Multipart) -> None:
    upload_id = uploads.begin(key=KEY, content_type=TYPE)
    send(uploads, upload_id, part_of(1, TWO), TWO)
    for _ in range(2):
        uploads.abort(key=KEY, upload_id=upload_id)
    assert list(uploads.list_begun(prefix="uploads/")) == []
    with pytest.raises(UploadMissing):
        uploads.list_parts(key=KEY, upload_id=upload_id)
    with pytest.raises(UploadMissing):
        uploads.complete(key=KEY, upload_id=upload_id, parts=[part_of(1, TWO)])


def test_unfinished_uploads_are_found_by_their_prefix(uploads: Multipart) -> None:
    upload_id = uploads.begin(key=KEY, content_type=TYPE)
    begun = list(uploads.list_begun(prefix="uploads/7/"))
    assert [(one.key, one.upload_id) for one in begun] == [(KEY, upload_id)]
    assert begun[0].began_at.tzinfo is not None
    assert list(uploads.list_begun(prefix="uploads/8/")) == []


@pytest.mark.parametrize("key", ["../a", "/a", "a//b", "a\0b"])
def test_an_upload_needs_a_plain_key(uploads: Multipart, key: str) -> None:
    with pytest.raises(ObjectKeyRefused):
        uploads.begin(key=key, content_type=TYPE)


def test_a_folder_takes_no_part_of_another_key_nor_of_a_made_up_upload(file_store: ObjectStore) -> None:
    uploads = multipart.of_store(file_store)
    upload_id = uploads.begin(key=KEY, content_type=TYPE)
    for key, name in ((f"{KEY}2", upload_id), (KEY, "../../objects"), (KEY, "0" * 32)):
        with pytest.raises(UploadMissing):
            uploads.receive(key=key, upload_id=name, part=part_of(1, TWO), body=io.BytesIO(TWO))


def test_a_refused_part_leaves_no_file_behind(file_store: ObjectStore, tmp_path: Path) -> None:
    uploads = multipart.of_store(file_store)
    upload_id = uploads.begin(key=KEY, content_type=TYPE)
    with pytest.raises(PartRefused):
        uploads.receive(key=KEY, upload_id=upload_id, part=part_of(1, TWO), body=io.BytesIO(b"x" * 10**6))
    assert [path.name for path in tmp_path.rglob("parts/*/*")] == ["upload.json"]


def test_a_bucket_tells_browsers_who_may_put(s3_store: ObjectStore) -> None:
    uploads = multipart.of_store(s3_store)
    uploads.allow_origin("https://pages.example")
    upload_id = uploads.begin(key=KEY, content_type=TYPE)
    address = uploads.presign(key=KEY, upload_id=upload_id, part=part_of(1, TWO), expires_s=60)
    assert address is not None
    asked = {
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "x-amz-checksum-sha256",
    }
    ours, theirs = (
        urllib.request.Request(address.url, headers={"Origin": origin, **asked}, method="OPTIONS")
        for origin in ("https://pages.example", "https://elsewhere.example")
    )
    with urllib.request.urlopen(ours) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "https://pages.example"
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(theirs)
    refusal.value.close()
    assert refusal.value.code == 403


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("file:///srv/objects", ""),
        ("s3://b?endpoint=http://store:8333&region=x", "http://store:8333"),
        ("s3://b?endpoint=http://store:8333&public=https://s3.example.org", "https://s3.example.org"),
        ("s3://b?region=eu-west-3", "https://s3.eu-west-3.amazonaws.com"),
    ],
)
def test_the_origin_of_a_store_is_known(address: str, origin: str) -> None:
    assert browser_origins(address) == ([origin] if origin else [])


def test_only_stores_that_are_known_take_parts() -> None:
    with pytest.raises(objectstore.ObjectStoreError, match="no uploads"):
        multipart.of_store(object())  # type: ignore[arg-type]
