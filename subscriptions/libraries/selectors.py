"""Reading libraries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils import timezone

from mediaplatform.accounts.models import User
from mediaplatform.kernel.territories import LEVELS
from subscriptions import SubscriptionsError
from subscriptions.models import Library, LibraryTerritory, StaffMembership, Subscription

# The `territories` input of a run (docs/algorithms/cct.md). Key: (library_id, level, code).
_TERRITORIES: list[pa.Field[Any]] = [
    pa.field("library_id", pa.int64(), nullable=False),
    pa.field("level", pa.string(), nullable=False),
    pa.field("code", pa.string(), nullable=False),
    pa.field("own", pa.bool_(), nullable=False),
]
TERRITORIES = pa.schema(_TERRITORIES)


class LibraryMissing(SubscriptionsError):
    """There is no library at this address, or not for this user: the two look the same from outside."""

    code = "library_missing"


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """What a library says of itself in public. `territories`: names of its ladder below the country."""

    id: int
    slug: str
    name: str
    town: str
    population: int
    welcome: str
    accent: str
    is_open: bool
    territories: tuple[str, ...]


def get_page(*, slug: str) -> LibraryPage:
    """Return a library's public face. Raises: LibraryMissing."""
    running = Subscription.objects.filter(library=OuterRef("pk")).running_on(timezone.localdate())
    library = Library.objects.filter(slug=slug).annotate(is_open=Exists(running)).first()
    if library is None:
        raise LibraryMissing(slug)
    rungs = LibraryTerritory.objects.filter(library=library).select_related("territory")
    ladder = sorted((rung.territory for rung in rungs), key=lambda one: LEVELS.index(one.level))
    return LibraryPage(
        id=library.pk,
        slug=library.slug,
        name=library.name,
        town=library.town,
        population=library.population,
        welcome=library.welcome,
        accent=library.accent,
        is_open=library.is_open,
        territories=tuple(dict.fromkeys(one.name for one in ladder if one.level != "country")),
    )


def list_public_libraries() -> list[Library]:
    """Return every library, by name."""
    return list(Library.objects.order_by("name"))


def name_libraries(*, library_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of libraries by id, in one query; those that are gone are left out."""
    return dict(Library.objects.filter(pk__in=set(library_ids)).values_list("pk", "name"))


def get_library(*, slug: str) -> Library:
    """Return a library by its address. Raises: LibraryMissing."""
    try:
        return Library.objects.get(slug=slug)
    except Library.DoesNotExist as error:
        raise LibraryMissing(slug) from error


KINDS = Library.Kind.choices
ROLES = (StaffMembership.Role.READER, StaffMembership.Role.MANAGER, StaffMembership.Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Membership:
    """What a user may do for a library: a reader looks, a manager lets patrons in, an administrator does all.

    `others` are the libraries for which the same person works too, by name.
    """

    library: Library
    role: str
    others: tuple[Library, ...] = ()

    def may(self, role: str) -> bool:
        """Say whether the role includes another."""
        return ROLES.index(StaffMembership.Role(self.role)) >= ROLES.index(StaffMembership.Role(role))

    @property
    def may_manage(self) -> bool:
        return self.may(StaffMembership.Role.MANAGER)

    @property
    def may_administer(self) -> bool:
        return self.may(StaffMembership.Role.ADMIN)


def get_membership(*, user_id: int, slug: str) -> Membership:
    """Return what a user may do at a library, and where else they work. Raises: LibraryMissing."""
    works_at = (
        StaffMembership.objects.filter(user=user_id).select_related("library").order_by("library__name")
    )
    by_slug = {one.library.slug: one for one in works_at}
    found = by_slug.pop(slug, None)
    if found is None:
        raise LibraryMissing(slug)
    return Membership(found.library, found.role, others=tuple(one.library for one in by_slug.values()))


def list_staff(*, library_id: int) -> list[StaffMembership]:
    """Return who works for a library, administrators first, then by name."""
    staff = StaffMembership.objects.filter(library=library_id).select_related("user")
    return sorted(
        staff, key=lambda one: (-ROLES.index(StaffMembership.Role(one.role)), str(one.user).casefold())
    )


def list_libraries(*, on: date) -> list[Any]:
    """Return every library by name, each with `paid_until` (None: nothing runs) and `patrons_count`."""
    running = Subscription.objects.filter(library=OuterRef("pk")).running_on(on)
    return list(
        Library.objects.annotate(
            paid_until=Subquery(running.values("ends_on")[:1]), patrons_count=Count("patrons")
        ).order_by("name")
    )


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
