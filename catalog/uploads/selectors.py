"""Reads uploads; each is seen by those who deliver under its name, and by operators."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from catalog.ingest import deliverers
from catalog.models import Upload, UploadFile
from catalog.uploads.errors import UploadNotFound
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import multipart, objectstore


@dataclass(frozen=True, slots=True, kw_only=True)
class PartThere:
    """A part that has arrived."""

    number: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """A file of an upload and what of it has arrived; a complete one lists no parts."""

    id: int
    path: str
    size_bytes: int
    part_bytes: int
    part_count: int
    is_complete: bool
    parts: list[PartThere]


def get_upload(*, user: User, upload_id: uuid.UUID) -> Upload:
    """Return an upload with `file_count`, `complete_count` and `size_bytes`. Raises: UploadNotFound."""
    found = _seen_by(user).filter(pk=upload_id).first()
    if found is None:
        raise UploadNotFound
    return found


def list_open(*, user: User, limit: int) -> list[Upload]:
    """List the open uploads that a user may see, newest first, counted as by `get_upload`."""
    return list(_seen_by(user).filter(state=Upload.State.OPEN).order_by("-created_at", "-pk")[:limit])


def list_files(*, upload: Upload, after: int = 0, limit: int) -> list[FileState]:
    """List files in the order of their ids, beyond one, with the parts that the store has."""
    found = list(upload.files.filter(pk__gt=after).order_by("pk").prefetch_related("parts")[:limit])
    return describe_files(found)


def describe_files(files: Sequence[UploadFile]) -> list[FileState]:
    """Return what has arrived of files; the store is asked about those that have begun."""
    uploads = multipart.of_store(objectstore.get_store())
    return [_state(uploads, file) for file in files]


def _state(uploads: multipart.Multipart, file: UploadFile) -> FileState:
    there: dict[int, int] = {}
    if file.store_id and not file.is_complete:
        try:
            there = uploads.list_parts(key=file.object_key, upload_id=file.store_id)
        except multipart.UploadMissing:
            there = {}
    bound = {part.number: part.sha256 for part in file.parts.all()} if there else {}
    return FileState(
        id=file.pk,
        path=file.path,
        size_bytes=file.size_bytes,
        part_bytes=file.part_bytes,
        part_count=file.part_count,
        is_complete=file.is_complete,
        parts=[
            PartThere(number=number, sha256=bound[number])
            for number, size_bytes in sorted(there.items())
            if number in bound and size_bytes == file.size_of_part(number)
        ],
    )


def _seen_by(user: User) -> QuerySet[Upload]:
    whole = Q(files__is_complete=True)
    counted = Upload.objects.select_related("delivery").annotate(
        file_count=Count("files"),
        complete_count=Count("files", filter=whole),
        size_bytes=Coalesce(Sum("files__size_bytes"), 0),
    )
    return counted if user.is_operator else counted.filter(deliverer__in=deliverers.list_deliverers(user))
