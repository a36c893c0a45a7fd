"""Takes deliveries from where they come: a set of uploaded objects becomes a folder."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from catalog.errors import CatalogError
from catalog.ingest import deliverers, services
from catalog.models import Delivery
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import objectstore

MOST_FILES = 20_000
MOST_BYTES = 100_000_000_000


class SourceRefused(CatalogError):
    """What was sent can't be taken in at all; nothing of it is kept as a delivery."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def receive_objects(*, prefix: str, deliverer: str, sent_by: User) -> Delivery:
    """Take the objects under `prefix/` of the object store as a delivery's folder, their keys being its paths.

    The delivery that is given back may be in any state: what becomes of it is read from `Delivery.state`. The
    objects are the platform's from here on.

    Raises:
        DelivererMissing: the sender may not deliver under this name.
        SourceRefused: there is nothing under the prefix, or too much.
    """
    if not deliverers.may_deliver_as(sent_by, name=deliverer):
        raise deliverers.DelivererMissing(_("You may not deliver as %(name)s.") % {"name": deliverer})
    store = objectstore.get_store()
    top = f"{prefix.rstrip('/')}/"
    keys = list(store.list_keys(prefix=top))
    if not keys:
        raise SourceRefused("empty", _("Nothing was uploaded."))
    sizes = [info.size_bytes for key in keys if (info := store.stat(key=key))]
    if len(keys) > MOST_FILES or sum(sizes) > MOST_BYTES:
        raise SourceRefused("too_large", _("A delivery has at most 20,000 files and 100 GB."))
    with tempfile.TemporaryDirectory(prefix="objects-") as place:
        for key in keys:
            path = Path(place) / key.removeprefix(top)
            path.parent.mkdir(parents=True, exist_ok=True)
            store.download(key=key, path=path)
        delivery = services.deliver_folder(folder=Path(place), sent_by=sent_by, deliverer=deliverer)
    for key in keys:
        store.delete(key=key)
    return delivery
