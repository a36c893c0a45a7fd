"""What a delivery refers to and the database knows, or does not: a thousand rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice

from catalog.ingest.faults import Faults
from catalog.ingest.folder import Folder
from catalog.ingest.rows import PartyRow, PayeeRow, ResourceRow, ShareRow, TakedownRow, UpdateRow
from catalog.ingest.sheets import PARTIES, PAYEES, RIGHTS
from catalog.models import Party, Payee, Release, Resource, RightsShare, SplitSheet, Territory
from mediaplatform.infrastructure.db import Among
from mediaplatform.infrastructure.said import say as _
from mediaplatform.kernel.territories import COMMUNE, COUNTRY, commune_of_arrondissement

MOST_ALIKE = 5_000  # names of the sheets among which an unknown one is looked for


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


def find_homes(rows: Sequence[PartyRow | PayeeRow]) -> Homes:
    """Return the homes that rows name, as far as they are known."""
    communes = {commune_of_arrondissement(row.commune) for row in rows if row.commune}
    countries = {row.country for row in rows}
    return Homes(
        {one.code: one for one in Territory.objects.filter(level=COMMUNE, code__in=communes)},
        {one.code: one for one in Territory.objects.filter(level=COUNTRY, code__in=countries)},
    )


def check_folder(folder: Folder, *, deliverer: str) -> None:
    """Check against the database; faults are added to the folder's."""
    sheets = folder.sheets
    for parties in sheets.parties.pages():
        _check_homes(folder, PARTIES, [row for _name, row in parties])
    for payees in sheets.payees.pages():
        _check_homes(folder, PAYEES, [row for _name, row in payees])
    for shares in sheets.shares.pages():
        _check_payees(folder, [share for _key, share in shares])
    for takedowns in sheets.takedowns.pages():
        _check_known(folder, [row for _reference, row in takedowns], deliverer)
    for updates in sheets.updates.pages():
        _check_known(folder, [row for _reference, row in updates], deliverer)
    for shares in sheets.shares.pages():
        _leave_agreed_splits(folder, [share for _key, share in shares], deliverer)
    warnings = Faults()
    for resources in sheets.resources.pages():
        rows = [row for _reference, row in resources]
        _check_parties(folder, rows)
        _check_moved(folder, rows, deliverer)
        _check_rights(folder, warnings, dict(resources), deliverer)
    for warning in () if folder.faults else warnings.warnings:
        folder.faults.warnings.append(warning)


def _check_moved(folder: Folder, rows: Sequence[ResourceRow], deliverer: str) -> None:
    """A resource stays a part of the release with which it came."""
    by_reference = {row.reference: row for row in rows}
    known = Resource.objects.filter(release__deliverer=deliverer, reference__in=Among(by_reference))
    for reference, release in known.values_list("reference", "release__reference"):
        row = by_reference[reference]
        if release != row.release_reference:
            message = _("You delivered this reference as a part of %(release)s.") % {"release": release}
            folder.faults.add(row.said_in, row.line, "resource_ref", code="resource_moved", message=message)


def _leave_agreed_splits(folder: Folder, shares: Sequence[ShareRow], deliverer: str) -> None:
    """Take out shares of resources whose holders have agreed on a split among themselves, and warn of each."""
    lines = {share.resource_reference: share.line for share in reversed(shares)}
    agreed = set(
        Resource.objects.filter(
            release__deliverer=deliverer,
            reference__in=Among(lines),
            split_sheets__state=SplitSheet.State.AGREED,
        ).values_list("reference", flat=True)
    )
    message = _("Its holders have agreed on their shares of %(resource)s: this sheet changes nothing there.")
    for reference in sorted(agreed, key=lambda one: lines[one]):
        said = message % {"resource": reference}
        folder.faults.warn(RIGHTS, lines[reference], "share_bp", code="split_agreed", message=said)
        folder.sheets.shares.drop_of(reference)


def _check_rights(folder: Folder, faults: Faults, rows: dict[str, ResourceRow], deliverer: str) -> None:
    """Warn of a resource in which nobody has a share, neither by the sheet nor from before."""
    shares = folder.sheets.shares
    left = {one: row for one, row in rows.items() if not shares.count_of(one)} if shares else rows
    shared = RightsShare.objects.filter(
        resource__release__deliverer=deliverer, resource__reference__in=Among(left)
    )
    known = set(shared.values_list("resource__reference", flat=True))
    for reference, row in left.items():
        if reference not in known:
            message = _("Nobody has a share of %(title)s (%(reference)s): add it to rights.csv.") % {
                "title": row.title,
                "reference": reference,
            }
            faults.warn(row.said_in, row.line, "resource_ref", code="rights_missing", message=message)


def _check_known(folder: Folder, rows: Sequence[TakedownRow | UpdateRow], deliverer: str) -> None:
    """What is taken down or updated in part was delivered before."""
    there = Release.objects.filter(deliverer=deliverer, reference__in=Among([row.reference for row in rows]))
    known = set(there.values_list("reference", flat=True))
    for row in rows:
        if row.reference not in known:
            message = _("You never delivered %(release)s: there is nothing to take down or to update.") % {
                "release": row.reference
            }
            folder.faults.add(row.file, row.line, "", code="unknown_release", message=message)


def _check_homes(folder: Folder, sheet: str, rows: Sequence[PartyRow | PayeeRow]) -> None:
    homes, file = find_homes(rows), folder.sheets.file_of(sheet)
    for row in rows:
        if row.commune and homes.home(commune=row.commune, country="") is None:
            message = _("%(code)s is no commune of today: look up its INSEE code.") % {"code": row.commune}
            folder.faults.add(file, row.line, "commune", code="unknown_commune", message=message)
        elif row.country and not row.commune and row.country not in homes.countries:
            message = _("%(code)s is not among the loaded countries.") % {"code": row.country}
            folder.faults.add(file, row.line, "country", code="unknown_country", message=message)


def _check_parties(folder: Folder, rows: Sequence[ResourceRow]) -> None:
    """Whoever is credited stands in the sheets or is known."""
    credited = {name for row in rows for name, _role in row.credits}
    stored = set(Party.objects.filter(name__in=Among(credited)).values_list("name", flat=True))
    unknown = {name for name in credited - stored if name not in folder.sheets.parties}
    described = (row.name for row in folder.sheets.parties.values())
    messages = _ask_about(unknown, described, stored, folder.sheets.file_of(PARTIES))
    for row in rows:
        for name in dict.fromkeys(name for name, _role in row.credits if name in messages):
            folder.faults.add(row.said_in, row.line, "credits", code="unknown_party", message=messages[name])


def _check_payees(folder: Folder, shares: Sequence[ShareRow]) -> None:
    """Whoever has a share stands in the sheets or is known."""
    paid = {share.payee for share in shares if share.payee}
    stored = set(Payee.objects.filter(legal_name__in=Among(paid)).values_list("legal_name", flat=True))
    unknown = {name for name in paid - stored if name not in folder.sheets.payees}
    described = (row.legal_name for row in folder.sheets.payees.values())
    messages = _ask_about(unknown, described, stored, folder.sheets.file_of(PAYEES))
    for share in shares:
        if share.payee in messages:
            folder.faults.add(
                folder.sheets.file_of(RIGHTS),
                share.line,
                "payee",
                code="unknown_payee",
                message=messages[share.payee],
            )


def _ask_about(unknown: set[str], described: Iterable[str], stored: set[str], sheet: str) -> dict[str, str]:
    """Return what to say of each unknown name: the one that is most alike, or what to do."""
    if not unknown:
        return {}
    known = sorted({*islice(described, MOST_ALIKE), *stored})
    said: dict[str, str] = {}
    for name in unknown:
        if alike := get_close_matches(name, known, n=1):
            said[name] = _("Nobody is called %(name)s. Did you mean %(alike)s?") % {
                "name": name,
                "alike": alike[0],
            }
        else:
            said[name] = _("Nobody is called %(name)s: add a row to %(sheet)s.") % {
                "name": name,
                "sheet": sheet,
            }
    return said
