"""Which files an upload will have: names, sizes and room are checked for all of them before any is noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from catalog.models import Deliverer, Upload, UploadFile
from catalog.uploads import limits, names
from catalog.uploads.errors import FilesRefused, QuotaFull, UploadOver


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file that is about to be sent: its path in the folder, with slashes, and its size."""

    path: str
    size_bytes: int


@transaction.atomic
def add(
    *, upload: Upload, files: Sequence[NewFile], now: datetime
) -> tuple[list[UploadFile], list[UploadFile]]:
    """Note the files, and return them in their order, and those that they replace (known with another size).

    Raises:
        FilesRefused, QuotaFull: nothing was noted.
        UploadOver: somebody has ended it meanwhile.
    """
    Deliverer.objects.select_for_update().get(name=upload.deliverer)
    if not Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(touched_at=now):
        raise UploadOver
    wanted = {names.plain_path(one.path): one for one in files}
    known = {one.path: one for one in upload.files.filter(path__in=wanted)}
    replaced = [one for path, one in known.items() if one.size_bytes != wanted[path].size_bytes]
    UploadFile.objects.filter(pk__in=[one.pk for one in replaced]).delete()
    _check(upload, files)
    gone = {one.path for one in replaced}
    UploadFile.objects.bulk_create(
        UploadFile(
            upload=upload,
            path=path,
            size_bytes=one.size_bytes,
            part_bytes=limits.part_bytes_of(one.size_bytes),
        )
        for path, one in wanted.items()
        if path not in known or path in gone
    )
    noted = {one.path: one for one in upload.files.filter(path__in=wanted)}
    return [noted[names.plain_path(one.path)] for one in files], replaced


def _check(upload: Upload, files: Sequence[NewFile]) -> None:
    """Raise every fault of the files at once, then the want of room."""
    there = set(upload.files.values_list("path", flat=True))
    paths = [names.plain_path(one.path) for one in files]
    hidden = names.hidden_by_another({*there, *paths})
    faults = []
    for number, (one, path) in enumerate(zip(files, paths, strict=True)):
        code = names.fault_of(path) or ("path_taken" if path in hidden else "")
        if code:
            faults.append(_fault(f"files.{number}.path", code))
        if one.size_bytes > limits.MAX_FILE_BYTES:
            faults.append(_fault(f"files.{number}.size_bytes", "file_too_large"))
    if len({*there, *paths}) > limits.MAX_FILES:
        faults.append(_fault("files", "too_many_files"))
    if faults:
        raise FilesRefused(faults=faults)
    new = {path: one.size_bytes for path, one in zip(paths, files, strict=True) if path not in there}
    _check_room(upload, sum(new.values()))


def _check_room(upload: Upload, more_bytes: int) -> None:
    mine = upload.files.aggregate(sum=Sum("size_bytes"))["sum"] or 0
    if mine + more_bytes > limits.MAX_UPLOAD_BYTES:
        raise QuotaFull(
            _("An upload has at most 100 GB: split the delivery."), limit_bytes=limits.MAX_UPLOAD_BYTES
        )
    held = UploadFile.objects.filter(upload__deliverer=upload.deliverer, upload__state=Upload.State.OPEN)
    all_of_them = held.aggregate(sum=Sum("size_bytes"), count=Count("pk"))["sum"] or 0
    if all_of_them + more_bytes > settings.UPLOAD_QUOTA_BYTES:
        raise QuotaFull(limit_bytes=settings.UPLOAD_QUOTA_BYTES)


def _fault(field: str, code: str) -> dict[str, str]:
    words = {
        "path_refused": _("The path must lead to a file inside the folder, with slashes and no “..”."),
        "path_too_long": _("The path or a name in it is too long."),
        "path_too_deep": _("The file lies in too many folders."),
        "path_taken": _("Another file has the name of this one's folder, or the other way round."),
        "file_too_large": _("A file has at most 60 GB."),
        "too_many_files": _("An upload has at most 20,000 files."),
    }
    return {"field": field, "code": code, "detail": words[code]}
