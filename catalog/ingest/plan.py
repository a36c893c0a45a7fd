"""What a delivery would change: worked out from what is there, a part at a time, written by nobody yet.

Files come first, then people, then some releases at a time: each part refers to those before it alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from catalog.ingest.changes import Act, Change, Kind, Plan
from catalog.ingest.folder import Folder
from catalog.ingest.known import find_homes
from catalog.ingest.originals import Original
from catalog.ingest.release_plan import Batch, ReleasesPlanner
from catalog.ingest.rows import PartyRow, PayeeRow, ReleaseRow
from catalog.ingest.spool import Rows
from catalog.models import MediaFile, Party, Payee
from mediaplatform.infrastructure.db import Among

MOST_RELEASES, MOST_PARTS = 500, 2_000  # that are in memory at a time; one release may have more parts


def plan_delivery(folder: Folder, *, deliverer: str, now: datetime) -> Iterator[Plan]:
    """Yield what a delivery without faults would change, a part at a time. What is there already keeps its id.

    Whoever writes writes a part before asking for the next, which is compared with what is there by then. Whoever only
    looks need not: the parts are the same, but for what several messages say of one release.
    """
    sheets = folder.sheets
    for files in folder.originals.pages():
        yield _plan_files([one for _sha256, one in files])
    for parties in sheets.parties.pages():
        yield _plan_parties([row for _name, row in parties])
    yield from _plan_labels(folder)
    for payees in sheets.payees.pages():
        yield _plan_payees([row for _name, row in payees])
    for releases in _batches(folder):
        yield ReleasesPlanner(deliverer=deliverer, now=now).run(Batch(folder, releases))
    for updates in sheets.updates.pages():
        yield ReleasesPlanner(deliverer=deliverer, now=now).update([row for _reference, row in updates])
    for takedowns in sheets.takedowns.pages():
        yield ReleasesPlanner(deliverer=deliverer, now=now).take_down([one for one, _row in takedowns])


def _batches(folder: Folder) -> Iterator[list[ReleaseRow]]:
    """Yield so many releases at a time that what is said of them fits into the memory."""
    releases: list[ReleaseRow] = []
    parts = 0
    for release in folder.sheets.releases.values():
        own = folder.sheets.resources.count_of(release.reference)
        if releases and (len(releases) >= MOST_RELEASES or parts + own > MOST_PARTS):
            yield releases
            releases, parts = [], 0
        releases.append(release)
        parts += own
    if releases:
        yield releases


def _plan_files(originals: Sequence[Original]) -> Plan:
    plan = Plan()
    digests = Among([one.sha256 for one in originals])
    known = set(MediaFile.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
    for one in originals:
        if one.sha256 not in known:
            file = MediaFile(
                sha256=one.sha256,
                size_bytes=one.size_bytes,
                content_type=one.content_type,
                filename=one.filename,
            )
            plan.changes.append(Change(Act.ADDED, Kind.FILE, file, "", one.filename))
    return plan


def _plan_parties(rows: Sequence[PartyRow]) -> Plan:
    """Parties as the sheets describe them."""
    plan, homes = Plan(), find_homes(rows)
    known = {one.name: one for one in Party.objects.filter(name__in=Among([row.name for row in rows]))}
    for row in rows:
        home = homes.home(commune=row.commune, country=row.country)
        fields = _said(row, "kind", "isni", "biography", "website") | ({"home": home} if home else {})
        plan.want(Kind.PARTY, Party, known.get(row.name), {"name": row.name}, fields)
    return plan


def _plan_labels(folder: Folder) -> Iterator[Plan]:
    """A label that nobody described is an organisation."""
    seen: Rows[bool] = Rows(folder.sheets.spool)
    for page in folder.sheets.releases.pages():
        plan = Plan()
        labels = {
            row.label for _reference, row in page if row.label and row.label not in folder.sheets.parties
        }
        known = set(Party.objects.filter(name__in=Among(labels)).values_list("name", flat=True))
        for name in sorted(labels - known):
            if seen.put_new(name, True):  # noqa: FBT003 - a value
                plan.want(Kind.PARTY, Party, None, {"name": name}, {"kind": Party.Kind.ORGANISATION})
        yield plan


def _plan_payees(rows: Sequence[PayeeRow]) -> Plan:
    plan, homes = Plan(), find_homes(rows)
    stored = Payee.objects.filter(legal_name__in=Among([row.legal_name for row in rows]))
    known = {one.legal_name: one for one in stored}
    for row in rows:
        home = homes.home(commune=row.commune, country=row.country)
        fields = {"kind": row.kind, "home": home} | _said(row, "email")
        plan.want(Kind.PAYEE, Payee, known.get(row.legal_name), {"legal_name": row.legal_name}, fields)
    return plan


def _said(row: Any, *names: str) -> dict[str, Any]:
    """Return the fields that the row fills: an empty cell leaves what is known of a party or payee."""
    return {name: getattr(row, name) for name in names if getattr(row, name)}
