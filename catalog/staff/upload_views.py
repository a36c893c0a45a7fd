"""The page on which files of a new delivery are dropped; the browser sends them in parts (player/src/uploads)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.ingest import deliverers
from catalog.staff.access import deliverer_required, go, show
from catalog.uploads import selectors
from catalog.uploads.errors import UploadNotFound
from mediaplatform.accounts.models import User

if TYPE_CHECKING:
    from catalog.models import Upload

MOST_OPEN = 20


@require_safe
@deliverer_required
def new_delivery(request: HttpRequest, user: User) -> HttpResponse:
    """Take files; `?upload=` is one that goes on after an interruption."""
    upload = None
    if wanted := request.GET.get("upload", ""):
        upload = _find_open(user, wanted)
        if upload is None:
            return go(request, "new")
    here = request.resolver_match.namespace if request.resolver_match else None
    context: dict[str, object] = {
        "upload": upload,
        "open_uploads": [] if upload else selectors.list_open(user=user, limit=MOST_OPEN),
        "deliverers": deliverers.list_deliverers(user),
        "delivery_url": reverse("deliveries:detail", args=[0], current_app=here),
        "words": _words(),
    }
    return show(request, "new.html", context)


def _find_open(user: User, wanted: str) -> Upload | None:
    try:
        upload = selectors.get_upload(user=user, upload_id=uuid.UUID(wanted))
    except (ValueError, UploadNotFound):
        return None
    return upload if upload.is_open else None


def _words() -> dict[str, str]:
    """What the script says, by the names that it uses; `{name}` is filled in there."""
    return {
        "chosen": _("{files} files chosen"),
        "nothing": _("There is no file in what you chose."),
        "count": _("{arrived} of {files} files have arrived, {sent} of {total}"),
        "more": _("and {count} more"),
        "waiting": _("waiting"),
        "sending": _("on its way"),
        "arrived": _("arrived"),
        "progress": _("{percent} % have arrived"),
        "all-arrived": _("All {files} files have arrived."),
        "trouble": _("The connection was lost: a new try in {seconds} s. Nothing that has arrived is lost."),
        "network": _("The connection was lost. Go on when it is back: nothing that has arrived is lost."),
        "unreadable": _("This can't be read any more: was it moved or changed? Choose it again."),
        "sure": _("Cancel this upload? What has arrived is removed."),
    }
