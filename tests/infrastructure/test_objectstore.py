"""The object store: one body of tests, run on a folder and on a real S3 server."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from django.test import override_settings

from mediaplatform.infrastructure import objectstore
from mediaplatform.infrastructure.embedded.seaweed import Seaweed
from mediaplatform.infrastructure.objectstore import ObjectKeyRefused, ObjectMissing, ObjectStore

KEY = "packages/0a1b/96k/seg 1.m4s"
TYPE = "video/iso.segment"
BAD_KEYS = [
    "",
    "/a",
    "a/",
    "a//b",
    "../a",
    "a/../b",
    "./a",
    "a/.",
    "a\\b",
    "a\nb",
    "a\0b",
    "é" * 500,
    "x" * 256,
]


@pytest.fixture(params=["file_store", "s3_store"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    found: ObjectStore = request.getfixturevalue(request.param)
    return found


def test_what_was_put_is_got(store: ObjectStore) -> None:
    store.put_bytes(key=KEY, data=b"hello", content_type=TYPE)
    assert store.get_bytes(key=KEY) == b"hello"


def test_a_put_replaces_bytes_type_and_etag(store: ObjectStore) -> None:
    store.put_bytes(key=KEY, data=b"old bytes", content_type="text/plain")
    before = store.stat(key=KEY)
    store.put_bytes(key=KEY, data=b"new", content_type=TYPE)
    after = store.stat(key=KEY)
    assert before is not None
    assert after is not None
    assert (after.size_bytes, after.content_type, store.get_bytes(key=KEY)) == (3, TYPE, b"new")
    assert after.etag != before.etag


def test_a_file_is_put_and_downloaded_again(store: ObjectStore, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(bytes(range(256)) * 40_000)  # more than one part of a multipart upload
    store.put_file(key=KEY, path=source, content_type=TYPE)
    store.download(key=KEY, path=target)
    assert target.read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, None, b"0123456789"),
        (3, 6, b"345"),
        (7, None, b"789"),
        (0, 1, b"0"),
        (8, 99, b"89"),
        (4, 4, b""),
        (10, None, b""),
        (20, 30, b""),
    ],
)
def test_a_range_is_half_open(store: ObjectStore, start: int, end: int | None, expected: bytes) -> None:
    store.put_bytes(key=KEY, data=b"0123456789", content_type=TYPE)
    assert b"".join(store.open_range(key=KEY, start=start, end=end)) == expected


def test_a_large_range_comes_in_chunks(store: ObjectStore) -> None:
    data = bytes(range(256)) * 4_096
    store.put_bytes(key=KEY, data=data, content_type=TYPE)
    chunks = list(store.open_range(key=KEY, start=1))
    assert len(chunks) > 1
    assert b"".join(chunks) == data[1:]


def test_a_missing_object_is_named(store: ObjectStore, tmp_path: Path) -> None:
    for read in (
        lambda: store.get_bytes(key="no/such"),
        lambda: store.open_range(key="no/such"),
        lambda: store.download(key="no/such", path=tmp_path / "x"),
    ):
        with pytest.raises(ObjectMissing, match="no/such"):
            read()
    assert list(tmp_path.glob("*x*")) == []


def test_a_missing_object_has_no_stat(store: ObjectStore) -> None:
    assert store.stat(key="no/such") is None
    assert not store.exists(key="no/such")


def test_a_folder_is_not_an_object(store: ObjectStore) -> None:
    store.put_bytes(key=KEY, data=b"x", content_type=TYPE)
    assert store.stat(key="packages/0a1b") is None
    assert not store.exists(key="packages/0a1b")
    with pytest.raises(ObjectMissing):
        store.get_bytes(key="packages/0a1b")


def test_a_deleted_object_is_gone_and_may_be_deleted_again(store: ObjectStore) -> None:
    store.put_bytes(key=KEY, data=b"x", content_type=TYPE)
    store.delete(key=KEY)
    store.delete(key=KEY)
    assert not store.exists(key=KEY)


def test_keys_are_listed_in_order_by_any_prefix(store: ObjectStore) -> None:
    keys = ["usage/day=2026-10-01/b", "usage/day=2026-10-01/a", "usage/day=2026-09-30/c", "covers/x"]
    for key in keys:
        store.put_bytes(key=key, data=b"x", content_type=TYPE)
    assert list(store.list_keys(prefix="usage/day=2026-10")) == sorted(keys[:2])
    assert list(store.list_keys(prefix="usage/")) == sorted(keys[:3])
    assert list(store.list_keys(prefix="")) == sorted(keys)
    assert list(store.list_keys(prefix="nothing/here")) == []


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_that_is_no_plain_path_is_refused(store: ObjectStore, key: str, tmp_path: Path) -> None:
    for use in (
        lambda: store.put_bytes(key=key, data=b"x", content_type=TYPE),
        lambda: store.put_file(key=key, path=Path(__file__), content_type=TYPE),
        lambda: store.get_bytes(key=key),
        lambda: store.open_range(key=key),
        lambda: store.stat(key=key),
        lambda: store.exists(key=key),
        lambda: store.delete(key=key),
        lambda: store.download(key=key, path=tmp_path / "x"),
        lambda: store.presign_get(key=key, expires_s=60),
    ):
        with pytest.raises(ObjectKeyRefused):
            use()


def test_a_reader_never_sees_a_part_of_a_replacement(store: ObjectStore) -> None:
    versions = [bytes([number]) * 300_000 for number in range(12)]
    store.put_bytes(key=KEY, data=versions[0], content_type=TYPE)
    seen: list[bytes] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            seen.append(store.get_bytes(key=KEY))

    reader = threading.Thread(target=read)
    reader.start()
    for version in versions[1:]:
        store.put_bytes(key=KEY, data=version, content_type=TYPE)
    is_over.set()
    reader.join()
    assert seen
    assert all(data in versions for data in seen)


def test_preparing_twice_keeps_what_is_there(store: ObjectStore) -> None:
    store.put_bytes(key=KEY, data=b"x", content_type=TYPE)
    store.prepare()
    assert store.exists(key=KEY)


def test_a_folder_needs_no_address_for_strangers(file_store: ObjectStore) -> None:
    assert file_store.presign_get(key=KEY, expires_s=60) is None


def test_a_local_object_can_not_hide_a_folder_of_others(file_store: ObjectStore) -> None:
    file_store.put_bytes(key="a/b", data=b"x", content_type=TYPE)
    with pytest.raises(ObjectKeyRefused, match="same name"):
        file_store.put_bytes(key="a", data=b"x", content_type=TYPE)
    with pytest.raises(ObjectKeyRefused, match="same name"):
        file_store.put_bytes(key="a/b/c", data=b"x", content_type=TYPE)


def test_an_unfinished_put_leaves_nothing(file_store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        file_store.put_file(key=KEY, path=tmp_path / "gone", content_type=TYPE)
    assert list(file_store.list_keys(prefix="")) == []


def test_an_s3_address_for_strangers_reads_that_object_alone(s3_store: ObjectStore) -> None:
    s3_store.put_bytes(key=KEY, data=b"for anybody", content_type=TYPE)
    s3_store.put_bytes(key="secret", data=b"not this", content_type=TYPE)
    address = s3_store.presign_get(key=KEY, expires_s=60)
    assert address is not None
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == b"for anybody"
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(address.replace("packages/0a1b/96k/seg%201.m4s", "secret"))
    refusal.value.close()
    assert refusal.value.code == 403


def test_the_test_server_enforces_signatures(s3_server: Seaweed) -> None:
    stranger = boto3.client(
        "s3",
        endpoint_url=s3_server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=s3_server.access_key,
        aws_secret_access_key="wrong",
    )
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        stranger.list_buckets()


def test_the_settings_choose_the_store(tmp_path: Path) -> None:
    with override_settings(OBJECT_STORE_URL=f"file://{tmp_path}/chosen"):
        objectstore.get_store().put_bytes(key="a", data=b"x", content_type=TYPE)
    assert (tmp_path / "chosen" / "objects" / "a").read_bytes() == b"x"


@pytest.mark.parametrize("address", ["file://relative/folder", "s3://", "ftp://host/x", ""])
def test_an_address_that_is_no_store_is_refused(address: str) -> None:
    with pytest.raises(objectstore.ObjectStoreError, match="no object store"):
        objectstore.open_store(address)
