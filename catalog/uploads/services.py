"""Takes files in parts, and hands them over as a delivery once they have all arrived."""

from __future__ import annotations

import mimetypes
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from catalog.ingest import deliverers, receiving
from catalog.models import Deliverer, Delivery, Upload, UploadFile, UploadPart
from catalog.uploads import intake, limits, selectors
from catalog.uploads.addresses import PartTicket, read_ticket, sign_ticket
from catalog.uploads.errors import (
    FileChanged,
    FilesIncomplete,
    HandingOver,
    NotYourDeliverer,
    PartWrong,
    TooManyUploads,
    UploadNotFound,
    UploadOver,
)
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import db, multipart, objectstore, tasks
from mediaplatform.infrastructure.multipart import Part, Reader

CLEAR_TASK = "catalog.uploads.tasks.sweep_uploads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A part that a client is about to send; `sha256` in hex."""

    file_id: int
    number: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlace:
    """Where a part goes: PUT to `url` with `headers`; without a url, to our own door with the `ticket`."""

    file_id: int
    number: int
    size_bytes: int
    url: str
    headers: dict[str, str]
    ticket: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file after an attempt to complete it; `missing` are the numbers of parts to send (again)."""

    file_id: int
    is_complete: bool
    missing: list[int]


@transaction.atomic
def open_upload(*, user: User, deliverer: str, now: datetime) -> Upload:
    """Begin an upload under a deliverer's name. Raises: NotYourDeliverer, TooManyUploads."""
    if not deliverers.may_deliver_as(user, name=deliverer):
        raise NotYourDeliverer
    Deliverer.objects.select_for_update().get(name=deliverer)  # counts hold for one at a time
    if Upload.objects.filter(deliverer=deliverer, state=Upload.State.OPEN).count() >= limits.MAX_OPEN_UPLOADS:
        raise TooManyUploads
    return Upload.objects.create(deliverer=deliverer, created_by=user, touched_at=now)


def add_files(
    *, user: User, upload_id: uuid.UUID, files: Sequence[intake.NewFile], now: datetime
) -> list[UploadFile]:
    """Say which files will come, and return them in the same order; a file known already is the same file.

    One that is known with another size is replaced by an empty one: it has changed.

    Raises:
        UploadNotFound, UploadOver: there is no such upload, or it is over.
        FilesRefused: names or sizes can't be taken; nothing was added.
        QuotaFull: nothing was added.
    """
    upload = get_open(user=user, upload_id=upload_id)
    kept, replaced = intake.add(upload=upload, files=files, now=now)
    _drop(replaced)
    return kept


def announce_parts(
    *, user: User, upload_id: uuid.UUID, parts: Sequence[Announced], now: datetime
) -> list[PartPlace]:
    """Bind parts to their checksums and return where each goes.

    Raises:
        UploadNotFound: no such upload, file or part.
        UploadOver: the upload is over.
        FileChanged: a part was announced with another checksum before; `files` names them.
    """
    upload = get_open(user=user, upload_id=upload_id)
    files = {one.pk: one for one in upload.files.filter(pk__in={part.file_id for part in parts})}
    for part in parts:
        file = files.get(part.file_id)
        if file is None or not 1 <= part.number <= file.part_count:
            raise UploadNotFound
    _bind(parts)
    Upload.objects.filter(pk=upload.pk).update(touched_at=now)
    uploads = multipart.of_store(objectstore.get_store())
    for file in files.values():
        if not file.store_id:
            _begin(uploads, file)
    return [_place(uploads, files[part.file_id], part, now) for part in parts]


def _bind(parts: Sequence[Announced]) -> None:
    UploadPart.objects.bulk_create(
        [UploadPart(file_id=one.file_id, number=one.number, sha256=one.sha256) for one in parts],
        ignore_conflicts=True,
    )
    said = {(one.file_id, one.number): one.sha256 for one in parts}
    bound = UploadPart.objects.filter(
        file_id__in={one.file_id for one in parts}, number__in={one.number for one in parts}
    )
    changed = {
        part.file_id for part in bound if said.get((part.file_id, part.number), part.sha256) != part.sha256
    }
    if changed:
        raise FileChanged(files=sorted(changed))


def _begin(uploads: multipart.Multipart, file: UploadFile) -> None:
    """Open the file's upload at the store; of two that try, one is kept."""
    kind = mimetypes.guess_type(file.path)[0] or "application/octet-stream"
    store_id = uploads.begin(key=file.object_key, content_type=kind)
    if UploadFile.objects.filter(pk=file.pk, store_id="").update(store_id=store_id):
        file.store_id = store_id
        return
    uploads.abort(key=file.object_key, upload_id=store_id)
    kept = UploadFile.objects.filter(pk=file.pk).first()
    if kept is None:
        raise UploadNotFound
    file.store_id = kept.store_id


def _place(uploads: multipart.Multipart, file: UploadFile, said: Announced, now: datetime) -> PartPlace:
    part = Part(said.number, file.size_of_part(said.number), said.sha256)
    try:
        address = uploads.presign(
            key=file.object_key, upload_id=file.store_id, part=part, expires_s=limits.ADDRESS_S
        )
    except multipart.UploadMissing as error:
        raise UploadOver from error
    ticket = "" if address else sign_ticket(PartTicket(file.pk, said.number, said.sha256))
    return PartPlace(
        file_id=file.pk,
        number=said.number,
        size_bytes=part.size_bytes,
        url=address.url if address else "",
        headers=dict(address.headers) if address else {},
        ticket=ticket,
        expires_at=now + timedelta(seconds=limits.ADDRESS_S),
    )


def receive_part(*, ticket: str, body: Reader) -> None:
    """Take a part at our own door, for the store that has none; the ticket is all that is asked.

    Raises:
        AddressOver: the ticket is expired or made up.
        UploadOver: the file is complete or its upload over.
        PartWrong: the bytes are not those that were announced.
    """
    said = read_ticket(ticket)
    file = UploadFile.objects.filter(
        pk=said.file_id, upload__state=Upload.State.OPEN, is_complete=False
    ).first()
    if file is None:
        raise UploadOver
    part = Part(said.number, file.size_of_part(said.number), said.sha256)
    try:
        multipart.of_store(objectstore.get_store()).receive(
            key=file.object_key, upload_id=file.store_id, part=part, body=body
        )
    except multipart.UploadMissing as error:
        raise UploadOver from error
    except multipart.PartRefused as error:
        raise PartWrong from error


def complete_files(
    *, user: User, upload_id: uuid.UUID, file_ids: Collection[int], now: datetime
) -> list[Arrival]:
    """Make whole files of the parts that have arrived; a file whose parts are not all there stays open.

    Raises:
        UploadNotFound: no such upload or file.
        UploadOver: the upload is over.
    """
    upload = get_open(user=user, upload_id=upload_id)
    files = {one.pk: one for one in upload.files.filter(pk__in=file_ids).prefetch_related("parts")}
    if set(file_ids) - set(files):
        raise UploadNotFound
    Upload.objects.filter(pk=upload.pk).update(touched_at=now)
    store = objectstore.get_store()
    return [_complete(store, files[file_id]) for file_id in file_ids]


def _complete(store: objectstore.ObjectStore, file: UploadFile) -> Arrival:
    if file.is_complete:
        return Arrival(file_id=file.pk, is_complete=True, missing=[])
    bound = {part.number: part.sha256 for part in file.parts.all()}
    missing = [number for number in range(1, file.part_count + 1) if number not in bound]
    if missing:
        return Arrival(file_id=file.pk, is_complete=False, missing=missing)
    parts = [Part(number, file.size_of_part(number), bound[number]) for number in sorted(bound)]
    uploads = multipart.of_store(store)
    try:
        if parts:
            uploads.complete(key=file.object_key, upload_id=file.store_id, parts=parts)
        else:
            store.put_bytes(key=file.object_key, data=b"", content_type="application/octet-stream")
    except multipart.UploadMissing:
        return _start_again(file)
    except multipart.PartsIncomplete:
        there = uploads.list_parts(key=file.object_key, upload_id=file.store_id)
        missing = [part.number for part in parts if there.get(part.number) != part.size_bytes]
        if missing:
            return Arrival(file_id=file.pk, is_complete=False, missing=missing)
        uploads.abort(key=file.object_key, upload_id=file.store_id)  # some part is not the announced one
        return _start_again(file)
    UploadFile.objects.filter(pk=file.pk).update(is_complete=True)
    return Arrival(file_id=file.pk, is_complete=True, missing=[])


def _start_again(file: UploadFile) -> Arrival:
    """Forget what the store no longer has, or has wrongly: every part is to be sent."""
    UploadFile.objects.filter(pk=file.pk, store_id=file.store_id).update(store_id="")
    return Arrival(file_id=file.pk, is_complete=False, missing=list(range(1, file.part_count + 1)))


def remove_file(*, user: User, upload_id: uuid.UUID, file_id: int) -> None:
    """Take a file out of an open upload. Raises: UploadNotFound, UploadOver."""
    upload = get_open(user=user, upload_id=upload_id)
    file = upload.files.filter(pk=file_id).first()
    if file is None:
        raise UploadNotFound
    file.delete()
    file.pk = file_id
    _drop([file])


def cancel_upload(*, user: User, upload_id: uuid.UUID) -> None:
    """End an upload; what has arrived is removed by a worker. Cancelled twice is cancelled.

    Raises:
        UploadNotFound: there is none of this user's.
        UploadOver: it was handed over.
    """
    upload = selectors.get_upload(user=user, upload_id=upload_id)
    ended = Upload.objects.filter(pk=upload.pk).exclude(state=Upload.State.SENT)
    if not ended.update(state=Upload.State.CANCELLED):
        raise UploadOver
    try:
        tasks.send_task(CLEAR_TASK, arguments={}, queue="default")
    except tasks.BrokerAway:
        return  # the hourly sweep finds it


def hand_over(*, user: User, upload_id: uuid.UUID) -> Delivery:
    """Give a finished upload to the deliveries' pipeline and return its delivery; again, the same one.

    Raises:
        UploadNotFound, UploadOver: there is no such upload, or it was cancelled or abandoned.
        FilesIncomplete: not every file has arrived whole, or there is none.
        HandingOver: another request is doing it.
        SourceRefused: the pipeline does not take it.
    """
    try:
        with db.advisory_lock(f"upload:{upload_id}"):
            upload = selectors.get_upload(user=user, upload_id=upload_id)
            if upload.delivery is not None:
                return upload.delivery
            _check_open(upload)
            if not upload.files.exists() or upload.files.filter(is_complete=False).exists():
                raise FilesIncomplete
            delivery = _find_received(upload) or _receive(upload, user)
            Upload.objects.filter(pk=upload.pk).update(state=Upload.State.SENT, delivery=delivery)
            UploadPart.objects.filter(file__upload=upload).delete()
            return delivery
    except db.LockTaken as error:
        raise HandingOver from error


def _receive(upload: Upload, user: User) -> Delivery:
    """Make a delivery of the files; a ZIP that came alone is unpacked as one."""
    files = list(upload.files.all()[:2])
    if len(files) == 1 and files[0].path.casefold().endswith(".zip"):
        name = files[0].path.rpartition("/")[2]
        return receiving.receive_stored_zip(
            key=files[0].object_key, name=name, deliverer=upload.deliverer, sent_by=user
        )
    return receiving.receive_objects(prefix=upload.prefix, deliverer=upload.deliverer, sent_by=user)


def _find_received(upload: Upload) -> Delivery | None:
    """Return the delivery that a process made of the upload before it died."""
    return Delivery.objects.filter(
        deliverer=upload.deliverer, source_key__startswith=f"{upload.prefix}/"
    ).first()


def get_open(*, user: User, upload_id: uuid.UUID) -> Upload:
    """Return an upload that files may be added to. Raises: UploadNotFound, UploadOver."""
    upload = selectors.get_upload(user=user, upload_id=upload_id)
    _check_open(upload)
    return upload


def _check_open(upload: Upload) -> None:
    if upload.state != Upload.State.OPEN:
        raise UploadOver


def _drop(files: Sequence[UploadFile]) -> None:
    """Remove from the store what there is of files that are in no row any more."""
    store = objectstore.get_store()
    for file in files:
        if file.store_id:
            multipart.of_store(store).abort(key=file.object_key, upload_id=file.store_id)
        if file.is_complete:
            store.delete(key=file.object_key)
