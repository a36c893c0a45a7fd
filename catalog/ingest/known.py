"""What a delivery refers to and the database knows, or does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches

from catalog.ingest.folder import Folder
from catalog.ingest.rows import PartyRow, PayeeRow, TakedownRow, UpdateRow
from catalog.ingest.sheets import PARTIES, PAYEES, RIGHTS
from catalog.models import Party, Payee, Release, Resource, RightsShare, SplitSheet, Territory
from mediaplatform.infrastructure.db import Among
from mediaplatform.infrastructure.said import say as _
from mediaplatform.kernel.territories import COMMUNE, COUNTRY, commune_of_arrondissement


@dataclass(slots=True)
class Homes:
    """Territories by the code that the sheets use: communes by INSEE code, countries by ISO 3166."""

    communes: dict[str, Territory] = field(default_factory=dict)
    countries: dict[str, Territory] = field(default_factory=dict)

    def home(self, *, commune: str, country: str) -> Territory | None:
        """Return the commune, else the country."""
        if commune:
            return self.communes.get(commune_of_arrondissement(commune))
        return self.countries.get(country)


def check_folder(folder: Folder, *, deliverer: str) -> Homes:
    """Check against the database; faults are added to the folder's. Returns the homes of parties and payees."""
    homes = _find_homes(folder)
    _check_parties(folder)
    _check_payees(folder)
    moved = Resource.objects.filter(
        release__deliverer=deliverer, reference__in=Among(folder.sheets.resources)
    ).select_related("release")
    for resource in moved:
        row = folder.sheets.resources[resource.reference]
        if resource.release.reference != row.release_reference:
            message = _("You delivered this reference as a part of %(release)s.") % {
                "release": resource.release.reference
            }
            folder.faults.add(row.said_in, row.line, "resource_ref", code="resource_moved", message=message)
    _check_known(folder, deliverer)
    _leave_agreed_splits(folder, deliverer)
    if not folder.faults:
        _check_rights(folder, deliverer)
    return homes


def _leave_agreed_splits(folder: Folder, deliverer: str) -> None:
    """Take out shares of resources whose holders have agreed on a split among themselves, and warn of each."""
    sheets = folder.sheets
    agreed = set(
        Resource.objects.filter(
            release__deliverer=deliverer,
            reference__in=Among({share.resource_reference for share in sheets.shares}),
            split_sheets__state=SplitSheet.State.AGREED,
        ).values_list("reference", flat=True)
    )
    lines = {share.resource_reference: share.line for share in reversed(sheets.shares)}
    message = _("Its holders have agreed on their shares of %(resource)s: this sheet changes nothing there.")
    for reference in sorted(agreed, key=lambda one: lines[one]):
        said = message % {"resource": reference}
        folder.faults.warn(RIGHTS, lines[reference], "share_bp", code="split_agreed", message=said)
    sheets.shares = [share for share in sheets.shares if share.resource_reference not in agreed]


def _check_rights(folder: Folder, deliverer: str) -> None:
    """Warn of a resource in which nobody has a share, neither by the sheet nor from before."""
    shared = {share.resource_reference for share in folder.sheets.shares}
    left = {row.reference: row for row in folder.sheets.resources.values() if row.reference not in shared}
    known = RightsShare.objects.filter(
        resource__release__deliverer=deliverer, resource__reference__in=Among(left)
    ).values_list("resource__reference", flat=True)
    for reference in left.keys() - set(known):
        row = left[reference]
        message = _("Nobody has a share of %(title)s (%(reference)s): add it to rights.csv.") % {
            "title": row.title,
            "reference": reference,
        }
        folder.faults.warn(row.said_in, row.line, "resource_ref", code="rights_missing", message=message)


def _check_known(folder: Folder, deliverer: str) -> None:
    """What is taken down or updated in part was delivered before."""
    rows: list[TakedownRow | UpdateRow] = [
        *folder.sheets.takedowns.values(),
        *folder.sheets.updates.values(),
    ]
    there = Release.objects.filter(deliverer=deliverer, reference__in=Among([row.reference for row in rows]))
    known = set(there.values_list("reference", flat=True))
    for row in rows:
        if row.reference not in known:
            message = _("You never delivered %(release)s: there is nothing to take down or to update.") % {
                "release": row.reference
            }
            folder.faults.add(row.file, row.line, "", code="unknown_release", message=message)


def _find_homes(folder: Folder) -> Homes:
    rows: list[PartyRow | PayeeRow] = [*folder.sheets.parties.values(), *folder.sheets.payees.values()]
    communes = {commune_of_arrondissement(row.commune) for row in rows if row.commune}
    countries = {row.country for row in rows}
    homes = Homes(
        {one.code: one for one in Territory.objects.filter(level=COMMUNE, code__in=communes)},
        {one.code: one for one in Territory.objects.filter(level=COUNTRY, code__in=countries)},
    )
    for name, sheet in ((PARTIES, folder.sheets.parties), (PAYEES, folder.sheets.payees)):
        for row in sheet.values():
            if row.commune and homes.home(commune=row.commune, country="") is None:
                message = _("%(code)s is no commune of today: look up its INSEE code.") % {
                    "code": row.commune
                }
                folder.faults.add(
                    folder.sheets.file_of(name), row.line, "commune", code="unknown_commune", message=message
                )
            elif row.country and not row.commune and row.country not in homes.countries:
                message = _("%(code)s is not among the loaded countries.") % {"code": row.country}
                folder.faults.add(
                    folder.sheets.file_of(name), row.line, "country", code="unknown_country", message=message
                )
    return homes


def _check_parties(folder: Folder) -> None:
    credited = {name for row in folder.sheets.resources.values() for name, _role in row.credits}
    stored = Party.objects.filter(name__in=Among(credited)).values_list("name", flat=True)
    known = {*folder.sheets.parties, *stored}
    for row in folder.sheets.resources.values():
        for name in dict.fromkeys(name for name, _role in row.credits):
            if name not in known:
                folder.faults.add(
                    row.said_in,
                    row.line,
                    "credits",
                    code="unknown_party",
                    message=_unknown(name, known, folder.sheets.file_of(PARTIES)),
                )


def _check_payees(folder: Folder) -> None:
    paid = {share.payee for share in folder.sheets.shares}
    stored = Payee.objects.filter(legal_name__in=Among(paid)).values_list("legal_name", flat=True)
    known = {*folder.sheets.payees, *stored}
    for share in folder.sheets.shares:
        if share.payee and share.payee not in known:
            folder.faults.add(
                folder.sheets.file_of(RIGHTS),
                share.line,
                "payee",
                code="unknown_payee",
                message=_unknown(share.payee, known, folder.sheets.file_of(PAYEES)),
            )


def _unknown(name: str, known: set[str], sheet: str) -> str:
    if alike := get_close_matches(name, sorted(known), n=1):
        return _("Nobody is called %(name)s. Did you mean %(alike)s?") % {"name": name, "alike": alike[0]}
    return _("Nobody is called %(name)s: add a row to %(sheet)s.") % {"name": name, "sheet": sheet}
