"""What a delivery would change of some releases, and of the parts, credits, windows and shares of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from catalog.ingest import film_tracks
from catalog.ingest.changes import Act, Kind, Plan, label_of
from catalog.ingest.folder import Folder, Part
from catalog.ingest.rows import ReleaseRow, ResourceRow, ShareRow, UpdateRow
from catalog.models import (
    Availability,
    Credit,
    FilmTrack,
    MediaFile,
    Party,
    Payee,
    Release,
    Resource,
    RightsShare,
)
from mediaplatform.infrastructure.db import Among, AmongIds


class Batch:
    """Some releases with all that the delivery says of them, in memory. What only a preview adds is not stored yet."""

    def __init__(self, folder: Folder, releases: Sequence[ReleaseRow]) -> None:
        sheets = folder.sheets
        self.releases = releases
        self.rows = {one.reference: sheets.resources.of(one.reference) for one in releases}
        rows = [row for of_one in self.rows.values() for row in of_one]
        self.parts: dict[str, Part] = {row.reference: folder.parts[row.reference] for row in rows}
        self.shares: dict[str, list[ShareRow]] = {
            row.reference: sheets.shares.of(row.reference) for row in (rows if sheets.shares else ())
        }
        self.covers = {
            one.reference: found for one in releases if (found := folder.covers.get(one.reference))
        }
        beside = (one.original for part in self.parts.values() for one in part.tracks)
        digests = {part.sha256: part.filename for part in self.parts.values()}
        digests |= {one.sha256: one.filename for one in (*self.covers.values(), *beside)}
        self.files = {one: MediaFile(sha256=one, filename=name) for one, name in digests.items()} | {
            file.sha256: file for file in MediaFile.objects.filter(sha256__in=Among(digests))
        }
        names = {name for row in rows for name, _role in row.credits}
        names |= {one.label for one in releases if one.label}
        self.parties = {one: Party(name=one) for one in names} | {
            party.name: party for party in Party.objects.filter(name__in=Among(names))
        }
        paid = {share.payee for shares in self.shares.values() for share in shares}
        self.payees = {one: Payee(legal_name=one) for one in paid} | {
            payee.legal_name: payee for payee in Payee.objects.filter(legal_name__in=Among(paid))
        }


class ReleasesPlanner:
    """Some releases of a delivery being compared with what is there."""

    def __init__(self, *, deliverer: str, now: datetime) -> None:
        self.deliverer, self.now = deliverer, now
        self.plan = Plan()

    def run(self, batch: Batch) -> Plan:
        """Return what the releases change."""
        self.batch = batch
        there = There(self.deliverer, [one.reference for one in batch.releases])
        for row in batch.releases:
            self._plan_release(row, batch.rows[row.reference], there)
        return self.plan

    def update(self, rows: Sequence[UpdateRow]) -> Plan:
        """Return what updates change."""
        there = There(self.deliverer, [row.reference for row in rows])
        for row in rows:
            self._plan_update(row, there)
        return self.plan

    def take_down(self, references: Sequence[str]) -> Plan:
        """Return what goes with releases that are taken down."""
        there = There(self.deliverer, references)
        for reference in references:
            self._take_down(there.releases[reference], there)
        return self.plan

    def _plan_release(
        self,
        row: ReleaseRow,
        rows: list[ResourceRow],
        there: There,
    ) -> None:
        fields = release_fields(row) | {"label": self.batch.parties.get(row.label)}
        if cover := self.batch.covers.get(row.reference):
            fields["cover"] = self.batch.files[cover.sha256]
        found = there.releases.get(row.reference)
        if found is not None and found.status == Release.Status.WITHDRAWN:  # delivered again: it comes back
            fields |= {"status": Release.Status.DRAFT, "withdrawn_at": None}
        key = {"deliverer": self.deliverer, "reference": row.reference}
        release = self.plan.want(Kind.RELEASE, Release, found, key, fields, release=row.reference)
        self.plan.releases.append(release)
        self._plan_windows(release, row, there.windows[release.pk])
        resources = self._plan_resources(release, rows, there)
        self._plan_credits(release, resources, rows, there.credits[release.pk])
        for resource, one in zip(resources, rows, strict=True):
            if shares := self.batch.shares.get(one.reference):
                self._plan_shares(resource, shares, there.shares[resource.pk], row.reference)

    def _plan_resources(self, release: Release, rows: list[ResourceRow], there: There) -> list[Resource]:
        """Resources by reference; one that the delivery names no more is hidden, its rights and plays stay."""
        known = there.resources[release.pk]
        by_reference = {one.reference: one for one in known}
        resources = []
        for place, row in enumerate(rows, start=1):
            part = self.batch.parts[row.reference]
            fields: dict[str, Any] = {
                "position": row.position or part.probe.position or place,
                "title": row.title or part.probe.title,
                "medium": release.medium,
                "isrc": row.isrc or part.probe.isrc,
                "original": self.batch.files[part.sha256],
                "tracks_digest": film_tracks.digest_of(part.tracks),
                "withdrawn_at": None,
            }
            key = {"release": release, "reference": row.reference}
            found = by_reference.get(row.reference)
            resource = self.plan.want(Kind.RESOURCE, Resource, found, key, fields, release=release.reference)
            self._plan_tracks(resource, part, there.tracks[resource.pk], release.reference)
            resources.append(resource)
        named = {row.reference for row in rows}
        for gone in known:
            if gone.reference not in named and gone.withdrawn_at is None:
                gone.withdrawn_at = self.now
                self.plan.gone.append(gone)
                self.plan.note(Act.WITHDRAWN, Kind.RESOURCE, gone, release.reference, gone.title)
        self.plan.resources += resources
        return resources

    def _plan_tracks(self, resource: Resource, part: Part, known: list[FilmTrack], release: str) -> None:
        """A film's tracks by kind and language."""
        there = {(one.kind, one.language): one for one in known}
        for place, track in enumerate(part.tracks, start=1):
            kind = film_tracks.KIND_OF[track.row.column]
            found = there.pop((kind, track.row.language), None)
            key = {"resource": resource, "kind": kind, "language": track.row.language}
            fields = {"file": self.batch.files[track.original.sha256], "position": place}
            self.plan.want(Kind.FILM_TRACK, FilmTrack, found, key, fields, release=release)
        for gone in there.values():
            self.plan.note(Act.REMOVED, Kind.FILM_TRACK, gone, release, str(gone))

    def _plan_windows(self, release: Release, row: ReleaseRow, known: list[Availability]) -> None:
        """Windows have no name of their own: those that are alike stay, the others take each other's place in order."""

        def content(one: Availability) -> tuple[Any, ...]:
            return tuple(one.countries), one.starts_on, one.ends_on

        wanted = [(tuple(one.countries), one.starts_on, one.ends_on) for one in row.windows]
        left = [one for one in known if content(one) not in wanted]
        new = [one for one in wanted if one not in {content(old) for old in known}]
        self.plan.unchanged[Kind.AVAILABILITY] += len(known) - len(left)
        for countries, starts_on, ends_on in new:
            found = left.pop(0) if left else None
            fields = {"countries": list(countries), "starts_on": starts_on, "ends_on": ends_on}
            key = {"release": release}
            self.plan.want(Kind.AVAILABILITY, Availability, found, key, fields, release=row.reference)
        for gone in left:
            self.plan.note(Act.REMOVED, Kind.AVAILABILITY, gone, row.reference, str(gone))

    def _plan_credits(
        self, release: Release, resources: list[Resource], rows: list[ResourceRow], known: list[Credit]
    ) -> None:
        """What stands in every row of a release is the release's; the rest is the resource's own."""
        shared = [credit for credit in rows[0].credits if all(credit in row.credits for row in rows)]
        wanted: list[tuple[Resource | None, str, str, int]] = [
            (None, name, role, place) for place, (name, role) in enumerate(shared, start=1)
        ]
        for resource, row in zip(resources, rows, strict=True):
            own = [credit for credit in row.credits if credit not in shared]
            wanted += [(resource, name, role, place) for place, (name, role) in enumerate(own, start=1)]
        there = {(one.resource_id, one.party.name, one.role): one for one in known}
        for of, name, role, place in wanted:
            is_new = of is not None and of.pk is None
            place_of = None if of is None else of.pk
            found = None if is_new else there.pop((place_of, name, role), None)
            key = {"release": release, "resource": of, "party": self.batch.parties[name], "role": role}
            self.plan.want(Kind.CREDIT, Credit, found, key, {"position": place}, release=release.reference)
        for gone in there.values():
            self.plan.note(Act.REMOVED, Kind.CREDIT, gone, release.reference, label_of(gone))

    def _plan_shares(
        self, resource: Resource, shares: list[ShareRow], known: list[RightsShare], release: str
    ) -> None:
        """A set of shares holds until the day on which the next one begins."""
        days = sorted({share.valid_from for share in shares})
        until: dict[date, date | None] = dict(zip(days, [*days[1:], None], strict=True))
        there = {(one.payee.legal_name, one.valid_from): one for one in known}
        for old in known:
            old.resource = resource  # with its new title
        for share in shares:
            found = there.pop((share.payee, share.valid_from), None)
            key = {
                "resource": resource,
                "payee": self.batch.payees[share.payee],
                "valid_from": share.valid_from,
            }
            fields = {"share_bp": share.share_bp, "valid_to": until[share.valid_from]}
            self.plan.want(Kind.SHARE, RightsShare, found, key, fields, release=release)
        for gone in there.values():
            self.plan.note(Act.REMOVED, Kind.SHARE, gone, release, label_of(gone))

    def _plan_update(self, row: UpdateRow, there: There) -> None:
        """Change a title, and add windows to those that there are."""
        release = there.releases[row.reference]
        fields: dict[str, Any] = {"title": row.title} if row.title else {}
        self.plan.want(Kind.RELEASE, Release, release, {}, fields, release=row.reference)
        known = {(tuple(one.countries), one.starts_on, one.ends_on) for one in there.windows[release.pk]}
        for window in row.windows:
            if (tuple(window.countries), window.starts_on, window.ends_on) not in known:
                fields = {
                    "countries": list(window.countries),
                    "starts_on": window.starts_on,
                    "ends_on": window.ends_on,
                }
                key = {"release": release}
                self.plan.want(Kind.AVAILABILITY, Availability, None, key, fields, release=row.reference)
        self.plan.releases.append(release)

    def _take_down(self, release: Release, there: There) -> None:
        """Hide a release at once on every surface; plays and rights stay for the months in which it was heard."""
        self.plan.releases.append(release)
        if release.status == Release.Status.WITHDRAWN:
            self.plan.unchanged[Kind.RELEASE] += 1
            return
        fields = {"status": (str(release.status), str(Release.Status.WITHDRAWN))}
        release.status, release.withdrawn_at = Release.Status.WITHDRAWN, self.now
        self.plan.gone += there.resources[release.pk]
        self.plan.note(Act.WITHDRAWN, Kind.RELEASE, release, release.reference, release.title, fields)


class There:
    """What is there of the releases: one query a table, however many they are."""

    def __init__(self, deliverer: str, references: Sequence[str]) -> None:
        found = Release.objects.filter(deliverer=deliverer, reference__in=Among(references))
        self.releases = {one.reference: one for one in found.select_related("label", "cover")}
        ids = AmongIds([one.pk for one in self.releases.values()])
        self.resources: Mapping[int | None, list[Resource]] = defaultdict(list)
        for resource in Resource.objects.filter(release__in=ids).select_related("original"):
            self.resources[resource.release_id].append(resource)
        self.tracks: Mapping[int | None, list[FilmTrack]] = defaultdict(list)
        for track in FilmTrack.objects.filter(resource__release__in=ids).select_related("file"):
            self.tracks[track.resource_id].append(track)
        self.windows: Mapping[int | None, list[Availability]] = defaultdict(list)
        for window in Availability.objects.filter(release__in=ids).order_by("pk"):
            self.windows[window.release_id].append(window)
        self.credits: Mapping[int | None, list[Credit]] = defaultdict(list)
        for credit in Credit.objects.filter(release__in=ids).select_related("party", "resource"):
            self.credits[credit.release_id].append(credit)
        self.shares: Mapping[int | None, list[RightsShare]] = defaultdict(list)
        for share in RightsShare.objects.filter(resource__release__in=ids).select_related(
            "payee", "resource"
        ):
            self.shares[share.resource_id].append(share)


def release_fields(row: ReleaseRow) -> dict[str, Any]:
    """Return a release's own columns as its row says them."""
    return {
        "title": row.title, "subtitle": row.subtitle, "medium": row.medium, "kind": row.kind,
        "released_on": row.released_on, "ean": row.ean, "languages": list(row.languages),
        "subjects": list(row.subjects), "description": row.description, "min_age": row.min_age,
        "pegi": row.pegi, "pegi_descriptors": list(row.pegi_descriptors), "is_explicit": row.is_explicit,
        "is_youth": row.is_youth, "max_age": row.max_age, "p_line": row.p_line, "c_line": row.c_line,
        "accessibility": list(row.accessibility), "related": [list(one) for one in row.related],
        "platforms": list(row.platforms), "controls": list(row.controls), "min_players": row.min_players,
        "max_players": row.max_players, "has_audio_description": row.has_audio_description,
        "needs_threads": row.needs_threads,
    }  # fmt: skip
