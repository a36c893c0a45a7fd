"""What a delivery would change, row by row: worked out from what is there, written by nobody yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar

from django.db import models

from catalog.ingest import film_tracks
from catalog.ingest.folder import Folder
from catalog.ingest.known import Homes
from catalog.ingest.originals import Original
from catalog.ingest.rows import ReleaseRow, ResourceRow, ShareRow, UpdateRow
from catalog.models import (
    Availability,
    Credit,
    DeliveryChange,
    FilmTrack,
    MediaFile,
    Party,
    Payee,
    Release,
    Resource,
    RightsShare,
)
from mediaplatform.infrastructure.db import Among, AmongIds

M = TypeVar("M", bound=models.Model)
Act: TypeAlias = DeliveryChange.Act
Kind: TypeAlias = DeliveryChange.Kind
Shown = Mapping[str, tuple[str, str]]
SUMMARY = {Act.ADDED: "created", Act.CHANGED: "changed", Act.WITHDRAWN: "withdrawn", Act.REMOVED: "removed"}


@dataclass(frozen=True, slots=True)
class Change:
    """A row as it shall be (new rows are unsaved), and for people: of which release, its name, the fields from, to."""

    act: str
    kind: str
    row: models.Model
    release: str
    label: str
    fields: Shown = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """All changes in an order in which they can be written, and what is left as it is, by kind."""

    changes: list[Change] = field(default_factory=list)
    unchanged: Counter[str] = field(default_factory=Counter)
    releases: list[Release] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    gone: list[Resource] = field(default_factory=list)  # hidden by this delivery

    def summary(self) -> dict[str, dict[str, int]]:
        """Return the counts by kind: {"release": {"created": 3}}."""
        counts: dict[str, dict[str, int]] = {}
        found = Counter((change.kind, SUMMARY[Act(change.act)]) for change in self.changes)
        found.update({(kind, "unchanged"): count for kind, count in self.unchanged.items()})
        for (kind, what), count in sorted(found.items()):
            counts.setdefault(str(kind), {})[what] = count
        return counts


def plan_delivery(folder: Folder, homes: Homes, *, deliverer: str, now: datetime) -> Plan:
    """Return what a delivery without faults would change. What is there already keeps its id."""
    return _Planner(folder, homes, deliverer=deliverer, now=now).run()


class _Planner:
    """One delivery being compared with what is there."""

    def __init__(self, folder: Folder, homes: Homes, *, deliverer: str, now: datetime) -> None:
        self.folder, self.homes, self.deliverer, self.now = folder, homes, deliverer, now
        self.sheets = folder.sheets
        self.plan = Plan()

    def run(self) -> Plan:
        self.files = self._plan_files(self.folder.files)
        self._plan_people()
        rows_of: Mapping[str, list[ResourceRow]] = defaultdict(list)
        for row in self.sheets.resources.values():
            rows_of[row.release_reference].append(row)
        shares_of: Mapping[str, list[ShareRow]] = defaultdict(list)
        for share in self.sheets.shares:
            shares_of[share.resource_reference].append(share)
        there = _There(self.deliverer, [*self.sheets.releases, *self.sheets.takedowns, *self.sheets.updates])
        for release_row in self.sheets.releases.values():
            self._plan_release(release_row, rows_of[release_row.reference], shares_of, there)
        for update in self.sheets.updates.values():
            self._plan_update(update, there)
        for reference in self.sheets.takedowns:
            self._take_down(there.releases[reference], there)
        return self.plan

    def _plan_files(self, originals: Iterable[Original]) -> dict[str, MediaFile]:
        wanted = {one.sha256: one for one in originals}
        files = {file.sha256: file for file in MediaFile.objects.filter(sha256__in=Among(wanted))}
        for sha256, one in wanted.items():
            if sha256 not in files:
                files[sha256] = MediaFile(
                    sha256=sha256,
                    size_bytes=one.size_bytes,
                    content_type=one.content_type,
                    filename=one.filename,
                )
                self.plan.changes.append(Change(Act.ADDED, Kind.FILE, files[sha256], "", one.filename))
        return files

    def _plan_people(self) -> None:
        """Parties and payees as the sheets describe them; a label that nobody described is an organisation."""
        sheets = self.sheets
        credited = {name for row in sheets.resources.values() for name, _role in row.credits}
        labels = {row.label for row in sheets.releases.values() if row.label}
        names = credited | labels | set(sheets.parties)
        self.parties = {
            one.name: one for one in Party.objects.filter(name__in=Among(names)).select_related("home")
        }
        for party in sheets.parties.values():
            home = self.homes.home(commune=party.commune, country=party.country)
            fields = _said(party, "kind", "isni", "biography", "website") | ({"home": home} if home else {})
            found = self.parties.get(party.name)
            self.parties[party.name] = self._want(Kind.PARTY, Party, found, {"name": party.name}, fields)
        for name in sorted(labels - set(self.parties)):
            fields = {"kind": Party.Kind.ORGANISATION}
            self.parties[name] = self._want(Kind.PARTY, Party, None, {"name": name}, fields)
        paid = {share.payee for share in sheets.shares} | set(sheets.payees)
        self.payees = {
            one.legal_name: one for one in Payee.objects.filter(legal_name__in=paid).select_related("home")
        }
        for payee in sheets.payees.values():
            home = self.homes.home(commune=payee.commune, country=payee.country)
            fields = {"kind": payee.kind, "home": home} | _said(payee, "email")
            key = {"legal_name": payee.legal_name}
            self.payees[payee.legal_name] = self._want(
                Kind.PAYEE, Payee, self.payees.get(payee.legal_name), key, fields
            )

    def _plan_release(
        self,
        row: ReleaseRow,
        rows: list[ResourceRow],
        shares_of: Mapping[str, list[ShareRow]],
        there: _There,
    ) -> None:
        fields = release_fields(row) | {"label": self.parties.get(row.label)}
        if cover := self.folder.covers.get(row.reference):
            fields["cover"] = self.files[cover.sha256]
        found = there.releases.get(row.reference)
        if found is not None and found.status == Release.Status.WITHDRAWN:  # delivered again: it comes back
            fields |= {"status": Release.Status.DRAFT, "withdrawn_at": None}
        key = {"deliverer": self.deliverer, "reference": row.reference}
        release = self._want(Kind.RELEASE, Release, found, key, fields, release=row.reference)
        self.plan.releases.append(release)
        self._plan_windows(release, row, there.windows[release.pk])
        resources = self._plan_resources(release, rows, there)
        self._plan_credits(release, resources, rows, there.credits[release.pk])
        for resource, one in zip(resources, rows, strict=True):
            if shares := shares_of[one.reference]:
                self._plan_shares(resource, shares, there.shares[resource.pk], row.reference)

    def _plan_resources(self, release: Release, rows: list[ResourceRow], there: _There) -> list[Resource]:
        """Resources by reference; one that the delivery names no more is hidden, its rights and plays stay."""
        known = there.resources[release.pk]
        by_reference = {one.reference: one for one in known}
        resources = []
        for place, row in enumerate(rows, start=1):
            probe, original = self.folder.probes[row.reference], self.folder.media[row.reference]
            fields: dict[str, Any] = {
                "position": row.position or probe.position or place,
                "title": row.title or probe.title,
                "medium": release.medium,
                "isrc": row.isrc or probe.isrc,
                "original": self.files[original.sha256],
                "tracks_digest": film_tracks.digest_of(self.folder.tracks.get(row.reference, [])),
                "withdrawn_at": None,
            }
            key = {"release": release, "reference": row.reference}
            found = by_reference.get(row.reference)
            resource = self._want(Kind.RESOURCE, Resource, found, key, fields, release=release.reference)
            self._plan_tracks(resource, row, there.tracks[resource.pk], release.reference)
            resources.append(resource)
        named = {row.reference for row in rows}
        for gone in known:
            if gone.reference not in named and gone.withdrawn_at is None:
                gone.withdrawn_at = self.now
                self.plan.gone.append(gone)
                self._note(Act.WITHDRAWN, Kind.RESOURCE, gone, release.reference, gone.title)
        self.plan.resources += resources
        return resources

    def _plan_tracks(
        self, resource: Resource, row: ResourceRow, known: list[FilmTrack], release: str
    ) -> None:
        """A film's tracks by kind and language."""
        there = {(one.kind, one.language): one for one in known}
        for place, track in enumerate(self.folder.tracks.get(row.reference, []), start=1):
            kind = film_tracks.KIND_OF[track.row.column]
            found = there.pop((kind, track.row.language), None)
            key = {"resource": resource, "kind": kind, "language": track.row.language}
            fields = {"file": self.files[track.original.sha256], "position": place}
            self._want(Kind.FILM_TRACK, FilmTrack, found, key, fields, release=release)
        for gone in there.values():
            self._note(Act.REMOVED, Kind.FILM_TRACK, gone, release, str(gone))

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
            self._want(Kind.AVAILABILITY, Availability, found, key, fields, release=row.reference)
        for gone in left:
            self._note(Act.REMOVED, Kind.AVAILABILITY, gone, row.reference, str(gone))

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
            key = {"release": release, "resource": of, "party": self.parties[name], "role": role}
            self._want(Kind.CREDIT, Credit, found, key, {"position": place}, release=release.reference)
        for gone in there.values():
            self._note(Act.REMOVED, Kind.CREDIT, gone, release.reference, _label(gone))

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
                "payee": self.payees[share.payee],
                "valid_from": share.valid_from,
            }
            fields = {"share_bp": share.share_bp, "valid_to": until[share.valid_from]}
            self._want(Kind.SHARE, RightsShare, found, key, fields, release=release)
        for gone in there.values():
            self._note(Act.REMOVED, Kind.SHARE, gone, release, _label(gone))

    def _plan_update(self, row: UpdateRow, there: _There) -> None:
        """Change a title, and add windows to those that there are."""
        release = there.releases[row.reference]
        fields: dict[str, Any] = {"title": row.title} if row.title else {}
        self._want(Kind.RELEASE, Release, release, {}, fields, release=row.reference)
        known = {(tuple(one.countries), one.starts_on, one.ends_on) for one in there.windows[release.pk]}
        for window in row.windows:
            if (tuple(window.countries), window.starts_on, window.ends_on) not in known:
                fields = {
                    "countries": list(window.countries),
                    "starts_on": window.starts_on,
                    "ends_on": window.ends_on,
                }
                key = {"release": release}
                self._want(Kind.AVAILABILITY, Availability, None, key, fields, release=row.reference)
        self.plan.releases.append(release)

    def _take_down(self, release: Release, there: _There) -> None:
        """Hide a release at once on every surface; plays and rights stay for the months in which it was heard."""
        self.plan.releases.append(release)
        if release.status == Release.Status.WITHDRAWN:
            self.plan.unchanged[Kind.RELEASE] += 1
            return
        fields = {"status": (str(release.status), str(Release.Status.WITHDRAWN))}
        release.status, release.withdrawn_at = Release.Status.WITHDRAWN, self.now
        self.plan.gone += there.resources[release.pk]
        self._note(Act.WITHDRAWN, Kind.RELEASE, release, release.reference, release.title, fields)

    def _want(
        self,
        kind: Kind,
        model: type[M],
        found: M | None,
        key: Mapping[str, Any],
        fields: Mapping[str, Any],
        *,
        release: str = "",
    ) -> M:
        """Return the row: a new one, or the one that is there with what differs set."""
        if found is None:
            row = model(**key, **fields)
            self._note(Act.ADDED, kind, row, release, _label(row))
            return row
        different = {name: value for name, value in fields.items() if _differs(found, name, value)}
        shown = {name: (_shown(getattr(found, name)), _shown(value)) for name, value in different.items()}
        for name, value in different.items():
            setattr(found, name, value)
        if different:
            self._note(Act.CHANGED, kind, found, release, _label(found), shown)
        else:
            self.plan.unchanged[kind] += 1
        return found

    def _note(
        self, act: Act, kind: Kind, row: models.Model, release: str, label: str, fields: Shown | None = None
    ) -> None:
        self.plan.changes.append(Change(act, kind, row, release, label[:400], fields or {}))


class _There:
    """What is there of the releases that a delivery names: one query a table, however many they are."""

    def __init__(self, deliverer: str, references: list[str]) -> None:
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


def _said(row: Any, *names: str) -> dict[str, Any]:
    """Return the fields that the row fills: an empty cell leaves what is known of a party or payee."""
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def _differs(row: models.Model, name: str, value: Any) -> bool:
    if isinstance(value, models.Model):
        return value.pk is None or getattr(row, f"{name}_id") != value.pk
    if value is None and f"{name}_id" in row.__dict__:
        return getattr(row, f"{name}_id") is not None
    return bool(getattr(row, name) != value)


def _label(row: models.Model) -> str:
    if isinstance(row, RightsShare):
        return f"{row.resource.title}: {row.payee}, {row.share_bp / 100:g} %"
    if isinstance(row, Credit):
        of = f"{row.resource.title}: " if row.resource is not None else ""
        return f"{of}{row.party}:{row.role}"
    return str(row)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)[:300]
