"""Object storage behind one interface: a local folder, or a bucket that speaks S3.

Chosen by `OBJECT_STORE_URL`: `file:///absolute/folder`, or `s3://bucket?endpoint=http://host:port&region=name`,
with `&public=https://host` where browsers reach the bucket by another name than the platform does.
The credentials of S3 are S3_ACCESS_KEY and S3_SECRET_KEY; without them boto3 looks in its usual places.
An object is replaced whole or not at all: a reader sees the old bytes or the new ones, never a part.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

CHUNK_BYTES = 256 * 1024
MAX_KEY_BYTES = 900  # S3 allows 1,024; a local folder needs room for its root
MAX_PART_BYTES = 255  # of a file name on every common file system
ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


class ObjectStoreError(Exception):
    """What went wrong in object storage."""


class ObjectKeyRefused(ObjectStoreError):
    """The key is not a plain relative path, or a folder of other objects has that name."""


class ObjectMissing(ObjectStoreError):
    """There is no object under that key."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What is known of an object without reading it; `etag` changes whenever the object is replaced."""

    size_bytes: int
    content_type: str
    etag: str


class ObjectStore(Protocol):
    """Objects by key; a key is a relative posix path such as `packages/<digest>/master.m3u8`.

    Every method raises `ObjectKeyRefused` for a key that breaks the rules of `check_key`.
    """

    def prepare(self) -> None:
        """Create the folder or the bucket if it is not there."""

    def put_bytes(self, *, key: str, data: bytes, content_type: str) -> None:
        """Store the bytes under the key, replacing what was there."""

    def put_file(self, *, key: str, path: Path, content_type: str) -> None:
        """Store a copy of a local file under the key, replacing what was there."""

    def get_bytes(self, *, key: str) -> bytes:
        """Return the whole object. Raises: ObjectMissing."""

    def open_range(self, *, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Return the bytes [start, end) in chunks, to the object's end without `end`; past the end, nothing.

        Raises: ObjectMissing, at the call and not at the first chunk.
        """

    def stat(self, *, key: str) -> ObjectInfo | None:
        """Return size, type and etag, or None for a missing object."""

    def exists(self, *, key: str) -> bool:
        """Tell whether there is such an object."""

    def list_keys(self, *, prefix: str) -> Iterator[str]:
        """Return all keys that begin with the prefix (also within a name), in the order of their bytes."""

    def delete(self, *, key: str) -> None:
        """Remove the object; a missing one is no error."""

    def download(self, *, key: str, path: Path) -> None:
        """Write the object to a local file, which appears whole or not at all. Raises: ObjectMissing."""

    def presign_get(self, *, key: str, expires_s: int) -> str | None:
        """Return an address that anybody may read for `expires_s` seconds; None where the store has none."""


def get_store() -> ObjectStore:
    """Return the store that the settings name.

    Raises:
        ObjectStoreError: the address is neither file:// with an absolute folder nor s3:// with a bucket.
    """
    return open_store(settings.OBJECT_STORE_URL)


@lru_cache(maxsize=16)
def open_store(address: str) -> ObjectStore:
    """Return the store at an address such as `file:///srv/objects` or `s3://bucket?endpoint=http://host:port`."""
    url = urlsplit(address)
    if url.scheme == "file" and not url.netloc and url.path.startswith("/"):
        return LocalStore(root=Path(unquote(url.path)))
    if url.scheme == "s3" and url.netloc:
        options = {name: values[-1] for name, values in parse_qs(url.query).items()}
        return S3Store(
            bucket=url.netloc,
            endpoint=options.get("endpoint"),
            public=options.get("public"),
            region=options.get("region", "us-east-1"),
        )
    raise ObjectStoreError(
        f"{address!r} is no object store: write file:///absolute/folder or s3://bucket?endpoint=…"
    )


def check_key(key: str) -> str:
    """Return the key if it is a plain relative path: no empty, `.` or `..` part, no backslash, all printable.

    Raises:
        ObjectKeyRefused: it is not.
    """
    parts = key.split("/")
    is_plain = key.isprintable() and "\\" not in key and not {"", ".", ".."} & set(parts)
    is_short = len(key.encode()) <= MAX_KEY_BYTES and all(
        len(part.encode()) <= MAX_PART_BYTES for part in parts
    )
    if not (is_plain and is_short):
        raise ObjectKeyRefused(
            f"{key[:200]!r} is not a key: a relative path of at most {MAX_KEY_BYTES} bytes is needed"
        )
    return key


def _chunks(stream: BinaryIO, remaining: int) -> Iterator[bytes]:
    """Yield `remaining` bytes of an open stream, then close it."""
    with stream:
        while remaining > 0 and (chunk := stream.read(min(CHUNK_BYTES, remaining))):
            remaining -= len(chunk)
            yield chunk


@dataclass(frozen=True, slots=True)
class LocalStore:
    """A folder with `objects/` (the bytes), `types/` (their content types) and `incoming/` (unfinished)."""

    root: Path

    def prepare(self) -> None:
        for name in ("objects", "types", "incoming"):
            (self.root / name).mkdir(parents=True, exist_ok=True)

    def put_bytes(self, *, key: str, data: bytes, content_type: str) -> None:
        incoming = self._incoming()
        with incoming.open("wb") as file:
            file.write(data)
            self._sync(file)
        self._land(incoming, key, content_type)

    def put_file(self, *, key: str, path: Path, content_type: str) -> None:
        incoming = self._incoming()
        with path.open("rb") as source, incoming.open("wb") as file:
            shutil.copyfileobj(source, file, CHUNK_BYTES)
            self._sync(file)
        self._land(incoming, key, content_type)

    def move_in(self, *, key: str, path: Path, content_type: str) -> None:
        """Make a file of this file system the object, without copying it; its bytes must be on the disk."""
        self.prepare()
        self._land(path, key, content_type)

    def get_bytes(self, *, key: str) -> bytes:
        with self._open(key) as file:
            return file.read()

    def open_range(self, *, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        file = self._open(key)
        size_bytes = os.fstat(file.fileno()).st_size
        file.seek(start)
        return _chunks(file, min(size_bytes, size_bytes if end is None else end) - start)

    def stat(self, *, key: str) -> ObjectInfo | None:
        path = self._path(key)
        try:
            status = path.stat()
            content_type = self._path(key, "types").read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        return ObjectInfo(
            status.st_size, content_type, f"{status.st_mtime_ns:x}-{status.st_ino:x}-{status.st_size:x}"
        )

    def exists(self, *, key: str) -> bool:
        return self._path(key).is_file()

    def list_keys(self, *, prefix: str) -> Iterator[str]:
        folder = prefix.rpartition("/")[0]
        top = self._path(folder) if folder else self.root / "objects"
        if prefix.startswith("/"):
            raise ObjectKeyRefused(f"{prefix!r} is not a prefix: it begins with /")
        objects = self.root / "objects"
        found = (path.relative_to(objects).as_posix() for path in top.rglob("*") if path.is_file())
        return iter(sorted((key for key in found if key.startswith(prefix)), key=str.encode))

    def delete(self, *, key: str) -> None:
        for part in ("objects", "types"):
            self._path(key, part).unlink(missing_ok=True)

    def download(self, *, key: str, path: Path) -> None:
        partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        try:
            with self._open(key) as source, partial.open("wb") as file:
                shutil.copyfileobj(source, file, CHUNK_BYTES)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    def presign_get(self, *, key: str, expires_s: int) -> str | None:  # noqa: ARG002 - the interface names it
        check_key(key)
        return None

    def _path(self, key: str, part: str = "objects") -> Path:
        return self.root / part / check_key(key)

    def _open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise ObjectMissing(f"no object {key!r}") from error

    def _incoming(self) -> Path:
        self.prepare()
        return self.root / "incoming" / uuid.uuid4().hex

    @staticmethod
    def _sync(file: BinaryIO) -> None:
        """Bring the bytes to the disk before a name points at them: a power cut leaves no empty object."""
        file.flush()
        os.fsync(file.fileno())

    def _land(self, incoming: Path, key: str, content_type: str) -> None:
        """Move an incoming file to its key; its type goes first, so that no object is without one."""
        kind = self._incoming()
        kind.write_text(content_type, "utf-8")
        try:
            for source, part in ((kind, "types"), (incoming, "objects")):
                target = self._path(key, part)
                target.parent.mkdir(parents=True, exist_ok=True)
                source.replace(target)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise ObjectKeyRefused(f"{key!r} and another object's folder have the same name") from error
        finally:
            incoming.unlink(missing_ok=True)
            kind.unlink(missing_ok=True)


class S3Store:
    """A bucket of any server that speaks S3, addressed by path."""

    def __init__(self, *, bucket: str, endpoint: str | None, region: str, public: str | None = None) -> None:
        self.bucket = bucket
        self.region = region
        self.client = self._connect(endpoint)
        self.public_client = self._connect(public) if public else self.client  # signs addresses for browsers

    def _connect(self, endpoint: str | None) -> S3Client:
        client: S3Client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=self.region,
            aws_access_key_id=os.environ.get("S3_ACCESS_KEY") or None,
            aws_secret_access_key=os.environ.get("S3_SECRET_KEY") or None,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                retries={"mode": "standard", "max_attempts": 4},
                connect_timeout=5,
                read_timeout=60,
                max_pool_connections=32,
            ),
        )
        return client

    def prepare(self) -> None:
        try:
            self.client.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            if _code(error) not in ABSENT | {"NoSuchBucket"}:
                raise
            if self.region == "us-east-1":  # the one region that must not be named
                self.client.create_bucket(Bucket=self.bucket)
            else:
                place = {"LocationConstraint": self.region}
                self.client.create_bucket(Bucket=self.bucket, CreateBucketConfiguration=place)  # type: ignore[arg-type]

    def put_bytes(self, *, key: str, data: bytes, content_type: str) -> None:
        self.client.put_object(Bucket=self.bucket, Key=check_key(key), Body=data, ContentType=content_type)

    def put_file(self, *, key: str, path: Path, content_type: str) -> None:
        self.client.upload_file(
            str(path), self.bucket, check_key(key), ExtraArgs={"ContentType": content_type}
        )

    def get_bytes(self, *, key: str) -> bytes:
        try:
            return self.client.get_object(Bucket=self.bucket, Key=check_key(key))["Body"].read()
        except ClientError as error:
            raise _translated(error, key) from error

    def open_range(self, *, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        check_key(key)
        if end is not None and end <= start:
            return iter(())
        last = "" if end is None else str(end - 1)
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=key, Range=f"bytes={start}-{last}")
        except ClientError as error:
            if _code(error) in {"InvalidRange", "416"}:
                return iter(())
            raise _translated(error, key) from error
        return answer["Body"].iter_chunks(CHUNK_BYTES)

    def stat(self, *, key: str) -> ObjectInfo | None:
        try:
            head = self.client.head_object(Bucket=self.bucket, Key=check_key(key))
        except ClientError as error:
            if _code(error) in ABSENT:
                return None
            raise
        return ObjectInfo(head["ContentLength"], head["ContentType"], head["ETag"].strip('"'))

    def exists(self, *, key: str) -> bool:
        return self.stat(key=key) is not None

    def list_keys(self, *, prefix: str) -> Iterator[str]:
        if prefix.startswith("/"):
            raise ObjectKeyRefused(f"{prefix!r} is not a prefix: it begins with /")
        if folder := prefix.rpartition("/")[0]:
            check_key(folder)
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return (entry["Key"] for page in pages for entry in page.get("Contents", ()))

    def delete(self, *, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=check_key(key))

    def download(self, *, key: str, path: Path) -> None:
        try:  # boto3 writes beside the path and renames
            self.client.download_file(self.bucket, check_key(key), str(path))
        except ClientError as error:
            raise _translated(error, key) from error

    def presign_get(self, *, key: str, expires_s: int) -> str | None:
        parameters = {"Bucket": self.bucket, "Key": check_key(key)}
        return self.public_client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=expires_s)


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def _translated(error: ClientError, key: str) -> Exception:
    """Return `ObjectMissing` for an absent object, else the error itself."""
    return ObjectMissing(f"no object {key!r}") if _code(error) in ABSENT else error
