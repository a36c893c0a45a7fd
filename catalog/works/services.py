"""Taking a release away at once; how one comes out is in `catalog.works.publishing`."""

from __future__ import annotations

from django.utils import timezone

from catalog.models import Release
from catalog.works import search


def withdraw_release(*, release_id: int) -> bool:
    """Hide a release at once on every surface; its plays and rights stay for the months in which it was heard.

    Withdrawn again, it stays as it is. Tells whether this call withdrew it.
    """
    now = timezone.now()
    shown = Release.objects.filter(pk=release_id).exclude(status=Release.Status.WITHDRAWN)
    is_withdrawn = bool(shown.update(status=Release.Status.WITHDRAWN, withdrawn_at=now, updated_at=now))
    if is_withdrawn:
        search.index_releases(release_ids=[release_id])
    return is_withdrawn
