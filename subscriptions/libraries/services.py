"""Creating libraries and letting their staff in."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from stdnum.fr import siret as siret_numbers

from catalog.territories import selectors as territories
from mediaplatform.accounts import services as accounts
from mediaplatform.accounts.models import User
from subscriptions import SubscriptionsError
from subscriptions.models import Library, LibraryTerritory, StaffMembership


class LibraryRefused(SubscriptionsError):
    """A library can't be created as described; `faults` names the field and what is wrong with it."""

    code = "library_refused"

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


@transaction.atomic
def create_library(
    *, name: str, commune_code: str, siret: str = "", kind: str = Library.Kind.PUBLIC, accent: str = "#7a2e1d"
) -> Library:
    """Create a library of a commune, with the territories that the commune lies in, each level by itself.

    Raises:
        LibraryRefused: unknown commune, wrong SIRET, or a name that is taken; every fault at once.
    """
    commune = territories.find_commune(commune_code)
    faults = {}
    if commune is None:
        faults["commune_code"] = _("There is no commune %(code)s.") % {"code": commune_code}
    if siret and not siret_numbers.is_valid(siret):
        faults["siret"] = _("%(number)s is no SIRET: check its 14 digits.") % {"number": siret}
    if Library.objects.filter(name=name).exists():
        faults["name"] = _("There is a library of that name already.")
    if commune is None or faults:
        raise LibraryRefused(faults)
    library = Library.objects.create(
        name=name,
        slug=slugify(name)[:60],
        kind=kind,
        siret=siret_numbers.compact(siret) if siret else "",
        town=commune.name,
        population=commune.population,
        accent=accent,
    )
    LibraryTerritory.objects.bulk_create(
        LibraryTerritory(library=library, territory=territory, is_own=territory.pk == commune.pk)
        for territory in territories.ladder_of(commune)
    )
    return library


class StaffRefused(SubscriptionsError):
    """The team can't be changed so."""

    code = "staff_refused"


class MemberMissing(SubscriptionsError):
    """Nobody of the team has this number."""

    code = "member_missing"


@transaction.atomic
def change_role(*, library: Library, membership_id: int, role: str) -> StaffMembership:
    """Give a member of staff another role.

    Raises:
        StaffRefused: the last administrator would be none.
        MemberMissing: the library has no such member.
    """
    staff = _lock_staff(library)
    member = _get_member(staff, membership_id)
    if role != StaffMembership.Role.ADMIN:
        _keep_an_administrator(staff, member)
    member.role = role
    member.save(update_fields=["role"])
    return member


@transaction.atomic
def remove_staff(*, library: Library, membership_id: int) -> StaffMembership:
    """Take a member off the team; the account stays. Raises: as `change_role`."""
    staff = _lock_staff(library)
    member = _get_member(staff, membership_id)
    _keep_an_administrator(staff, member)
    member.delete()
    return member


def look_of(library: Library) -> dict[str, str]:
    """Return what `update_library` changes, as it is now."""
    return {"accent": library.accent, "welcome": library.welcome, "contact": library.contact}


def update_library(*, library: Library, accent: str, welcome: str, contact: str) -> None:
    """Change how a library looks to its patrons, and where they ask: an e-mail address or a page, or nothing."""
    library.accent, library.welcome, library.contact = accent, welcome, contact
    library.save(update_fields=["accent", "welcome", "contact"])


def _lock_staff(library: Library) -> QuerySet[StaffMembership]:
    """Two administrators who remove each other at once leave one."""
    Library.objects.select_for_update().get(pk=library.pk)
    return StaffMembership.objects.filter(library=library).select_related("user")


def _get_member(staff: QuerySet[StaffMembership], membership_id: int) -> StaffMembership:
    member = staff.filter(pk=membership_id).first()
    if member is None:
        raise MemberMissing(str(membership_id))
    return member


def _keep_an_administrator(staff: QuerySet[StaffMembership], member: StaffMembership) -> None:
    admins = staff.filter(role=StaffMembership.Role.ADMIN)
    if member.role == StaffMembership.Role.ADMIN and not admins.exclude(pk=member.pk).exists():
        raise StaffRefused(_("A library keeps at least one administrator: name another one first."))


def add_staff(*, library: Library, user: User, role: str) -> StaffMembership:
    """Give a user a role at a library; a second call changes the role."""
    return StaffMembership.objects.update_or_create(library=library, user=user, defaults={"role": role})[0]


@transaction.atomic
def invite_staff(*, library: Library, email: str, role: str, name: str = "") -> StaffMembership:
    """Let a person into a library's console; whoever has no account yet gets a mail to choose a password."""
    user = accounts.invite(
        email=email, name=name, to=_("the console of %(library)s") % {"library": library.name}
    )
    return add_staff(library=library, user=user, role=role)
