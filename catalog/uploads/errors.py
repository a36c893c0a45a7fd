"""Why an upload does not go on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mediaplatform.infrastructure.problems import Refusal


class UploadRefused(Refusal):
    """The base of this package's refusals."""


class UploadNotFound(UploadRefused):
    """There is no such upload, or it is none of this user's; or no such file in it."""

    code, status, message = "not_found", 404, _("There is no such upload.")


class NotYourDeliverer(UploadRefused):
    """The user does not deliver under this name, or nobody does."""

    code, status, message = "not_your_deliverer", 403, _("You may not deliver under this name.")


class UploadOver(UploadRefused):
    """The upload was handed over, cancelled or abandoned."""

    code, message = "upload_over", _("This upload is over: begin another one.")


class TooManyUploads(UploadRefused):
    """The deliverer has too many open uploads."""

    code, message = "too_many_uploads", _("Finish or cancel an upload before you begin another one.")


class FilesRefused(UploadRefused):
    """Files have names or sizes that can't be taken; `faults` says which."""

    code, status, message = "files_refused", 422, _("Some files can't be taken: nothing was added.")


class QuotaFull(UploadRefused):
    """The deliverer's unfinished uploads would hold more than they may."""

    code, message = "quota_full", _("There is no room for these files: finish or cancel another upload.")


class FileChanged(UploadRefused):
    """A part is announced with another checksum than before: it is another file now."""

    code, message = "file_changed", _("This file has changed since its upload began: send it anew.")


class PartWrong(UploadRefused):
    """The bytes are not those that were announced."""

    code, status, message = (
        "part_wrong",
        422,
        _("The bytes that arrived are not those announced: send them again."),
    )


class AddressOver(UploadRefused):
    """The address of a part is expired or made up."""

    code, status, message = "address_over", 403, _("This address is not valid any more: ask for another one.")


class FilesIncomplete(UploadRefused):
    """Not all files have arrived."""

    code, message = "files_incomplete", _("Not all files have arrived.")


class HandingOver(UploadRefused):
    """Somebody is handing the upload over right now."""

    code, message = "handing_over", _("This upload is being handed over right now.")
