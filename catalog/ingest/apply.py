"""Writes a delivery without faults into the catalogue. What is there already keeps its id."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models

from catalog.ingest import film_tracks
from catalog.ingest.folder import Folder
from catalog.ingest.known import Homes
from catalog.ingest.originals import Original
from catalog.ingest.rows import ReleaseRow, ResourceRow, ShareRow
from catalog.models import Availability, Credit, MediaFile, Party, Payee, Release, Resource, RightsShare
from catalog.works.services import withdraw_release

M = TypeVar("M", bound=models.Model)
CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


class Application:
    """One delivery being applied, inside one transaction; `counts` is (kind, what happened) -> how many."""

    def __init__(self, folder: Folder, homes: Homes, *, deliverer: str, now: datetime) -> None:
        self.folder, self.homes, self.deliverer, self.now = folder, homes, deliverer, now
        self.counts: Counter[tuple[str, str]] = Counter()
        self.releases: list[Release] = []
        self.resources: list[Resource] = []

    def run(self) -> None:
        """Write parties, payees, releases with credits and availability, resources and rights shares."""
        sheets = self.folder.sheets
        self.files = _store_files(self.folder.files)
        for party in sheets.parties.values():
            home = self.homes.home(commune=party.commune, country=party.country)
            fields = _said(party, "kind", "isni", "biography", "website") | ({"home": home} if home else {})
            self._write(Party, {"name": party.name}, fields)
        for payee in sheets.payees.values():
            home = self.homes.home(commune=payee.commune, country=payee.country)
            self._write(
                Payee,
                {"legal_name": payee.legal_name},
                {"kind": payee.kind, "home": home} | _said(payee, "email"),
            )
        self._create_labels()
        names = {name for row in sheets.resources.values() for name, _role in row.credits}
        labels = {row.label for row in sheets.releases.values()}
        self.parties = {party.name: party for party in Party.objects.filter(name__in=names | labels)}
        payees = Payee.objects.filter(legal_name__in={share.payee for share in sheets.shares})
        self.payees = {payee.legal_name: payee for payee in payees}
        rows_of: Mapping[str, list[ResourceRow]] = defaultdict(list)
        for row in sheets.resources.values():
            rows_of[row.release_reference].append(row)
        shares_of: Mapping[str, list[ShareRow]] = defaultdict(list)
        for share in sheets.shares:
            shares_of[share.resource_reference].append(share)
        for release_row in sheets.releases.values():
            self._apply_release(release_row, rows_of[release_row.reference], shares_of)
        self._take_down()

    def _take_down(self) -> None:
        named = Release.objects.filter(deliverer=self.deliverer, reference__in=self.folder.sheets.takedowns)
        for release in named:
            self.counts["release", "withdrawn"] += withdraw_release(release_id=release.pk)
            self.releases.append(release)

    def _create_labels(self) -> None:
        """A label that nobody described is an organisation of that name."""
        labels = {row.label for row in self.folder.sheets.releases.values() if row.label}
        known = set(Party.objects.filter(name__in=labels).values_list("name", flat=True))
        for name in sorted(labels - known):
            self._write(Party, {"name": name}, {"kind": Party.Kind.ORGANISATION})

    def _apply_release(
        self, row: ReleaseRow, rows: list[ResourceRow], shares_of: Mapping[str, list[ShareRow]]
    ) -> None:
        cover = self.folder.covers.get(row.reference)
        fields: dict[str, object] = {
            "title": row.title, "subtitle": row.subtitle, "medium": row.medium, "kind": row.kind,
            "released_on": row.released_on, "ean": row.ean, "label": self.parties.get(row.label),
            "languages": list(row.languages), "subjects": list(row.subjects), "description": row.description,
            "min_age": row.min_age, "pegi": row.pegi, "pegi_descriptors": list(row.pegi_descriptors),
            "is_explicit": row.is_explicit, "is_youth": row.is_youth,
        }  # fmt: skip
        if cover:
            fields["cover"] = self.files[cover.sha256]
        release = self._write(Release, {"deliverer": self.deliverer, "reference": row.reference}, fields)
        windows = [
            Availability(
                release=release,
                countries=list(window.countries),
                starts_on=window.starts_on,
                ends_on=window.ends_on,
            )
            for window in row.windows
        ]
        _replace(Availability.objects.filter(release=release), windows)
        resources = [self._apply_resource(release, place, one) for place, one in enumerate(rows, start=1)]
        for resource, one in zip(resources, rows, strict=True):
            if shares := shares_of[one.reference]:
                self._apply_shares(resource, shares)
        self._apply_credits(release, resources, rows)
        gone = release.resources.filter(withdrawn_at=None).exclude(
            reference__in=[one.reference for one in rows]
        )
        self.counts["resource", "withdrawn"] += gone.update(withdrawn_at=self.now)
        self.releases.append(release)

    def _apply_resource(self, release: Release, place: int, row: ResourceRow) -> Resource:
        probe, original = self.folder.probes[row.reference], self.folder.media[row.reference]
        fields: dict[str, Any] = {
            "position": row.position or probe.position or place,
            "title": row.title or probe.title,
            "medium": release.medium,
            "isrc": row.isrc or probe.isrc,
            "original": self.files[original.sha256],
            "withdrawn_at": None,
        }
        resource = self._write(Resource, {"release": release, "reference": row.reference}, fields)
        film_tracks.apply_tracks(resource, self.folder.tracks.get(row.reference, []), self.files)
        self.resources.append(resource)
        return resource

    def _apply_shares(self, resource: Resource, shares: Iterable[ShareRow]) -> None:
        """A set of shares holds until the day on which the next one begins."""
        shares = list(shares)
        days = sorted({share.valid_from for share in shares})
        until: dict[date, date | None] = dict(zip(days, [*days[1:], None], strict=True))
        rows = [
            RightsShare(
                resource=resource,
                payee=self.payees[share.payee],
                share_bp=share.share_bp,
                valid_from=share.valid_from,
                valid_to=until[share.valid_from],
            )
            for share in shares
        ]
        changed = _replace(RightsShare.objects.filter(resource=resource), rows)
        self.counts["rights", CHANGED if changed else UNCHANGED] += 1

    def _apply_credits(self, release: Release, resources: list[Resource], rows: list[ResourceRow]) -> None:
        """What stands in every row of a release is the release's; the rest is the resource's own."""
        shared = [credit for credit in rows[0].credits if all(credit in row.credits for row in rows)]
        wanted: list[tuple[Resource | None, str, str, int]] = [
            (None, name, role, place) for place, (name, role) in enumerate(shared, start=1)
        ]
        for resource, row in zip(resources, rows, strict=True):
            own = [credit for credit in row.credits if credit not in shared]
            wanted += [(resource, name, role, place) for place, (name, role) in enumerate(own, start=1)]
        _replace(
            Credit.objects.filter(release=release),
            [
                Credit(
                    release=release, resource=resource, party=self.parties[name], role=role, position=place
                )
                for resource, name, role, place in wanted
            ],
        )

    def _write(self, model: type[M], key: dict[str, Any], fields: dict[str, Any]) -> M:
        """Create a row, or change what differs, or leave it."""
        manager = model._default_manager  # noqa: SLF001 - Django's documented name for it
        row, is_new = manager.get_or_create(**key, defaults=fields)
        name = str(model._meta.model_name)  # noqa: SLF001 - same
        different = [field for field, value in fields.items() if getattr(row, field) != value]
        for field in different:
            setattr(row, field, fields[field])
        if different:
            row.save()
        self.counts[name, CREATED if is_new else CHANGED if different else UNCHANGED] += 1
        return row


def _said(row: Any, *names: str) -> dict[str, Any]:
    """Return the fields that the row fills: an empty cell leaves what is known of a party or payee."""
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def _store_files(originals: Iterable[Original]) -> dict[str, MediaFile]:
    rows = {
        one.sha256: MediaFile(
            sha256=one.sha256, size_bytes=one.size_bytes, content_type=one.content_type, filename=one.filename
        )
        for one in originals
    }
    MediaFile.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return {file.sha256: file for file in MediaFile.objects.filter(sha256__in=rows)}


def _replace(present: models.QuerySet[M], wanted: list[M]) -> bool:
    """Make the rows those that are wanted, touching nothing when they are; tells whether anything changed."""
    fields = [field.attname for field in present.model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001

    def content(row: M) -> str:
        return repr([getattr(row, name) for name in fields])

    if sorted(map(content, present)) == sorted(map(content, wanted)):
        return False
    present.delete()
    present.model._default_manager.bulk_create(wanted)  # noqa: SLF001
    return True
