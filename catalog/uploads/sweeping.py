"""Removes what nobody finishes: rows, objects, and parts that the store still holds."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings

from catalog.models import Upload
from mediaplatform.infrastructure import multipart, objectstore

OVER = (Upload.State.CANCELLED, Upload.State.EXPIRED)


def sweep(*, now: datetime) -> dict[str, int]:
    """End abandoned uploads and remove what ended ones left; returns how many uploads and stray parts went.

    May be broken off anywhere and run again: an upload's rows go after its objects.
    """
    oldest = now - timedelta(days=settings.UPLOAD_DAYS)
    abandoned = Upload.objects.filter(state=Upload.State.OPEN, touched_at__lt=oldest)
    expired = abandoned.update(state=Upload.State.EXPIRED)
    cleared = 0
    for upload in Upload.objects.filter(state__in=OVER, files__isnull=False).distinct():
        _clear(upload)
        cleared += 1
    sent = Upload.objects.filter(state=Upload.State.SENT, touched_at__lt=oldest, files__isnull=False)
    for upload in sent.distinct():
        upload.files.all().delete()  # its objects are the delivery's
    return {"expired": expired, "cleared": cleared, "strays": _abort_strays(oldest)}


def _clear(upload: Upload) -> None:
    store = objectstore.get_store()
    uploads = multipart.of_store(store)
    for file in upload.files.exclude(store_id="").filter(is_complete=False):
        uploads.abort(key=file.object_key, upload_id=file.store_id)
    for key in list(store.list_keys(prefix=f"{upload.prefix}/")):
        store.delete(key=key)
    upload.files.all().delete()


def _abort_strays(oldest: datetime) -> int:
    """Abort what the store began long ago for an upload that is not open: its row was lost in a crash."""
    uploads = multipart.of_store(objectstore.get_store())
    old = [one for one in uploads.list_begun(prefix="uploads/") if one.began_at < oldest]
    ids = {found for one in old if (found := _upload_id(one.key))}
    is_open = set(Upload.objects.filter(pk__in=ids, state=Upload.State.OPEN).values_list("pk", flat=True))
    strays = [one for one in old if _upload_id(one.key) not in is_open]
    for one in strays:
        uploads.abort(key=one.key, upload_id=one.upload_id)
    return len(strays)


def _upload_id(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key.split("/")[1])
    except (IndexError, ValueError):
        return None
