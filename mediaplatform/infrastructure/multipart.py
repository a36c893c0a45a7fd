"""Uploads in parts, straight into object storage: the same steps for a folder and for a bucket that speaks S3.

A part is bound before it travels: its number, its size and its SHA-256. A bucket gets it at an address that it
checks itself (presigned, with `x-amz-checksum-sha256` among the signed headers); for a folder the platform
takes it (`receive`). An object is there whole once `complete` has been called, and not before.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypedDict

from botocore.exceptions import ClientError

from mediaplatform.infrastructure.objectstore import (
    CHUNK_BYTES,
    LocalStore,
    ObjectStore,
    ObjectStoreError,
    S3Store,
    check_key,
)

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

MIN_PART_BYTES = 5 * 1024 * 1024  # S3's; the last part may be smaller
MAX_PARTS = 10_000  # S3's
PREFLIGHT_S = 3600
LOCAL_ID = re.compile(r"[0-9a-f]{32}")
LOCAL_PART = re.compile(r"(\d{5})-([0-9a-f]{64})")
GONE = frozenset({"NoSuchUpload", "404"})
WRONG = frozenset({"InvalidPart", "InvalidPartOrder", "BadDigest", "InvalidRequest", "EntityTooSmall"})


class UploadMissing(ObjectStoreError):
    """There is no such unfinished upload: completed, broken off, or never begun."""


class PartRefused(ObjectStoreError):
    """What arrived is not the part that was announced."""


class PartsIncomplete(ObjectStoreError):
    """The parts that are there are not those that were announced."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part as announced; `number` from 1, `sha256` in hex."""

    number: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PartAddress:
    """Where a part is PUT, with these headers, by whoever holds the address."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Begun:
    """An unfinished upload as the store knows it."""

    key: str
    upload_id: str
    began_at: datetime


class Reader(Protocol):
    """What a part is read from."""

    def read(self, size: int, /) -> bytes: ...


class _Place(TypedDict):
    """Where in a bucket an upload is."""

    Bucket: str
    Key: str
    UploadId: str


class Multipart(Protocol):
    """The steps. All but `begin` raise `UploadMissing` for an upload that is not open, unless they say otherwise."""

    def begin(self, *, key: str, content_type: str) -> str:
        """Open an upload and return the store's name for it. Raises: ObjectKeyRefused."""

    def presign(self, *, key: str, upload_id: str, part: Part, expires_s: int) -> PartAddress | None:
        """Return where the part may be put; None where the platform must `receive` it."""

    def receive(self, *, key: str, upload_id: str, part: Part, body: Reader) -> None:
        """Take a part; at most its size and a byte are read, in chunks. Raises: PartRefused."""

    def list_parts(self, *, key: str, upload_id: str) -> dict[int, int]:
        """Return the sizes of the parts that are there, by number."""

    def complete(self, *, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        """Make one object of the parts, in their order; once completed, again changes nothing.

        Raises:
            PartsIncomplete: a part is missing, or its size or checksum is another.
        """

    def abort(self, *, key: str, upload_id: str) -> None:
        """Drop the upload with its parts; one that is not there is no error."""

    def list_begun(self, *, prefix: str) -> Iterator[Begun]:
        """List the unfinished uploads whose keys begin with the prefix."""

    def allow_origin(self, origin: str) -> None:
        """Let pages of an origin put parts (CORS), where the store is asked directly."""


def of_store(store: ObjectStore) -> Multipart:
    """Return the uploads of a store."""
    if isinstance(store, LocalStore):
        return LocalMultipart(store)
    if isinstance(store, S3Store):
        return S3Multipart(store)
    raise ObjectStoreError(f"{type(store).__name__} takes no uploads in parts")


@dataclass(frozen=True, slots=True)
class LocalMultipart:
    """In a folder: `parts/<id>/` with `upload.json` and one file a part, `<number>-<sha256>`."""

    store: LocalStore

    def begin(self, *, key: str, content_type: str) -> str:
        check_key(key)
        upload_id = secrets.token_hex(16)
        folder = self._parts / upload_id
        folder.mkdir(parents=True)
        (folder / "upload.json").write_text(json.dumps({"key": key, "content_type": content_type}), "utf-8")
        return upload_id

    def presign(self, *, key: str, upload_id: str, part: Part, expires_s: int) -> PartAddress | None:  # noqa: ARG002 - the interface names it
        self._open(key, upload_id)
        return None

    def receive(self, *, key: str, upload_id: str, part: Part, body: Reader) -> None:
        folder = self._open(key, upload_id)
        incoming = folder / f"incoming-{secrets.token_hex(8)}"
        try:
            with incoming.open("wb") as file:
                size_bytes, sha256 = _copy(body, file, part.size_bytes)
                file.flush()
                os.fsync(file.fileno())
            if size_bytes != part.size_bytes:
                raise PartRefused(f"part {part.number}: {part.size_bytes} bytes were announced")
            if sha256 != part.sha256:
                raise PartRefused(f"part {part.number}: the SHA-256 is another than announced")
            for older in folder.glob(f"{part.number:05d}-*"):
                if older.name != self._name(part):
                    older.unlink(missing_ok=True)
            incoming.replace(folder / self._name(part))
        except FileNotFoundError as error:
            raise UploadMissing(f"no upload {upload_id!r}") from error
        finally:
            incoming.unlink(missing_ok=True)

    def list_parts(self, *, key: str, upload_id: str) -> dict[int, int]:
        folder = self._open(key, upload_id)
        found = ((LOCAL_PART.fullmatch(path.name), path) for path in folder.iterdir())
        return {int(name[1]): path.stat().st_size for name, path in found if name}

    def complete(self, *, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        try:
            folder = self._open(key, upload_id)
        except UploadMissing:
            if _is_whole(self.store, key, parts):
                return
            raise
        said = json.loads((folder / "upload.json").read_text("utf-8"))
        paths = [folder / self._name(part) for part in parts]
        for part, path in zip(parts, paths, strict=True):
            if not path.is_file() or path.stat().st_size != part.size_bytes:
                raise PartsIncomplete(f"part {part.number} is missing or another")
        whole = paths[0]
        if len(paths) > 1:
            whole = folder / f"incoming-{secrets.token_hex(8)}"
            with whole.open("wb") as out:
                for path in paths:
                    with path.open("rb") as source:
                        shutil.copyfileobj(source, out, CHUNK_BYTES)
                out.flush()
                os.fsync(out.fileno())
        self.store.move_in(key=key, path=whole, content_type=said["content_type"])
        shutil.rmtree(folder, ignore_errors=True)

    def abort(self, *, key: str, upload_id: str) -> None:
        try:
            folder = self._open(key, upload_id)
        except UploadMissing:
            return
        shutil.rmtree(folder, ignore_errors=True)

    def list_begun(self, *, prefix: str) -> Iterator[Begun]:
        for path in sorted(self._parts.glob("*/upload.json")):
            key = json.loads(path.read_text("utf-8"))["key"]
            if key.startswith(prefix):
                yield Begun(key, path.parent.name, datetime.fromtimestamp(path.stat().st_mtime, UTC))

    def allow_origin(self, origin: str) -> None:
        """Nothing to do: the parts come to the platform itself."""

    @property
    def _parts(self) -> Path:
        return self.store.root / "parts"

    @staticmethod
    def _name(part: Part) -> str:
        return f"{part.number:05d}-{part.sha256}"

    def _open(self, key: str, upload_id: str) -> Path:
        check_key(key)
        folder = self._parts / upload_id
        said = folder / "upload.json"
        is_open = LOCAL_ID.fullmatch(upload_id) and said.is_file()
        if is_open and json.loads(said.read_text("utf-8"))["key"] == key:
            return folder
        raise UploadMissing(f"no upload {upload_id!r} of {key!r}")


@dataclass(frozen=True, slots=True)
class S3Multipart:
    """In a bucket, by S3's own multipart uploads."""

    store: S3Store
    client: S3Client = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "client", self.store.client)

    def begin(self, *, key: str, content_type: str) -> str:
        begun = self.client.create_multipart_upload(
            Bucket=self.store.bucket, Key=check_key(key), ContentType=content_type, ChecksumAlgorithm="SHA256"
        )
        return begun["UploadId"]

    def presign(self, *, key: str, upload_id: str, part: Part, expires_s: int) -> PartAddress | None:
        checksum = _base64(part)
        parameters = {
            **self._place(key, upload_id),
            "PartNumber": part.number,
            "ContentLength": part.size_bytes,
            "ChecksumSHA256": checksum,
        }
        url = self.store.public_client.generate_presigned_url(
            "upload_part", Params=parameters, ExpiresIn=expires_s
        )
        return PartAddress(url, {"x-amz-checksum-sha256": checksum})

    def receive(self, *, key: str, upload_id: str, part: Part, body: Reader) -> None:  # noqa: ARG002 - the interface names it
        raise PartRefused("put this part at its address: the bucket takes it itself")

    def list_parts(self, *, key: str, upload_id: str) -> dict[int, int]:
        return {number: sent[-1][0] for number, sent in self._list(key, upload_id).items()}

    def complete(self, *, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        try:
            there = self._list(key, upload_id)
        except UploadMissing:
            if _is_whole(self.store, key, parts):
                return
            raise
        listed: list[CompletedPartTypeDef] = []
        for part in parts:
            sent = [etag for size, etag in there.get(part.number, []) if size == part.size_bytes]
            if not sent:
                raise PartsIncomplete(f"part {part.number} is missing or another")
            listed.append({"PartNumber": part.number, "ETag": sent[-1], "ChecksumSHA256": _base64(part)})
        try:
            self.client.complete_multipart_upload(
                **self._place(key, upload_id), MultipartUpload={"Parts": listed}
            )
        except ClientError as error:
            if _code(error) in GONE and _is_whole(self.store, key, parts):
                return
            if _code(error) in WRONG:
                raise PartsIncomplete(f"the store refuses the parts of {key!r}: {_code(error)}") from error
            raise

    def abort(self, *, key: str, upload_id: str) -> None:
        try:
            self.client.abort_multipart_upload(**self._place(key, upload_id))
        except ClientError as error:
            if _code(error) not in GONE:
                raise

    def list_begun(self, *, prefix: str) -> Iterator[Begun]:
        pages = self.client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self.store.bucket, Prefix=prefix
        )
        for page in pages:
            for one in page.get("Uploads", ()):
                yield Begun(one["Key"], one["UploadId"], one["Initiated"])

    def allow_origin(self, origin: str) -> None:
        self.client.put_bucket_cors(
            Bucket=self.store.bucket,
            CORSConfiguration={
                "CORSRules": [
                    {
                        "AllowedOrigins": [origin],
                        "AllowedMethods": ["PUT"],
                        "AllowedHeaders": ["content-type", "x-amz-checksum-sha256"],
                        "MaxAgeSeconds": PREFLIGHT_S,
                    }
                ]
            },
        )

    def _place(self, key: str, upload_id: str) -> _Place:
        return {"Bucket": self.store.bucket, "Key": check_key(key), "UploadId": upload_id}

    def _list(self, key: str, upload_id: str) -> dict[int, list[tuple[int, str]]]:
        """Return size and tag of each part by number; of one that was sent again, SeaweedFS lists every try."""
        pages = self.client.get_paginator("list_parts").paginate(**self._place(key, upload_id))
        found: dict[int, list[tuple[int, str]]] = {}
        try:
            there = [one for page in pages for one in page.get("Parts", ())]
        except ClientError as error:
            if _code(error) in GONE:
                raise UploadMissing(f"no upload {upload_id!r} of {key!r}") from error
            raise
        for one in sorted(there, key=lambda part: part["LastModified"]):
            found.setdefault(one["PartNumber"], []).append((one["Size"], one["ETag"]))
        return found


def _copy(body: Reader, file: BinaryIO, limit: int) -> tuple[int, str]:
    """Copy at most `limit` bytes and one, and return how many they were and their SHA-256."""
    size_bytes, digest = 0, hashlib.sha256()
    while size_bytes <= limit and (chunk := body.read(min(CHUNK_BYTES, limit + 1 - size_bytes))):
        size_bytes += len(chunk)
        digest.update(chunk)
        file.write(chunk)
    return size_bytes, digest.hexdigest()


def _is_whole(store: ObjectStore, key: str, parts: Sequence[Part]) -> bool:
    """Tell whether the object of these parts is there already."""
    found = store.stat(key=key)
    return found is not None and found.size_bytes == sum(part.size_bytes for part in parts)


def _base64(part: Part) -> str:
    return base64.b64encode(bytes.fromhex(part.sha256)).decode()


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]
