"""Reading libraries."""

from __future__ import annotations

import pyarrow as pa

from mediaplatform.accounts.models import User
from subscriptions.models import Library, LibraryTerritory, StaffMembership

# The `territories` input of a run (docs/algorithms/cct.md). Key: (library_id, level, code).
TERRITORIES = pa.schema(
    [
        pa.field("library_id", pa.int64(), nullable=False),
        pa.field("level", pa.string(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("own", pa.bool_(), nullable=False),
    ]
)


def list_public_libraries() -> list[Library]:
    """Return every library, by name."""
    return list(Library.objects.order_by("name"))


def get_library(*, slug: str) -> Library:
    """Return a library by its address. Raises: Library.DoesNotExist."""
    return Library.objects.get(slug=slug)


def list_memberships(*, user: User) -> list[StaffMembership]:
    """Return where a user works, by the library's name."""
    return list(StaffMembership.objects.filter(user=user).select_related("library").order_by("library__name"))


def export_territories() -> pa.Table:
    """Return every library's ladder as the `territories` table of a run's input."""
    rows = LibraryTerritory.objects.order_by("library_id", "territory__level", "territory__code").values_list(
        "library_id", "territory__level", "territory__code", "is_own"
    )
    return pa.Table.from_pylist(
        [dict(zip(TERRITORIES.names, row, strict=True)) for row in rows], schema=TERRITORIES
    )
