"""Creating libraries and letting their staff in."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from stdnum.fr import siret as siret_numbers

from catalog.territories import selectors as territories
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


def add_staff(*, library: Library, user: User, role: str) -> StaffMembership:
    """Give a user a role at a library; a second call changes the role."""
    return StaffMembership.objects.update_or_create(library=library, user=user, defaults={"role": role})[0]
