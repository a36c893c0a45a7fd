"""The typed rows that every delivery becomes; `file` and `line` say where each stands (a sheet's head is line 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from catalog.ingest.spool import Rows, Spool, kept


@kept
@dataclass(frozen=True, slots=True)
class Window:
    """Where and when a release may be shown: ISO codes (none: everywhere), from a day to the day before another."""

    countries: tuple[str, ...]
    starts_on: date
    ends_on: date | None


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """A release, as its first row says it. `min_age` is the PEGI age where a game gives no other."""

    file: str
    line: int
    reference: str
    title: str
    subtitle: str
    medium: str
    kind: str
    released_on: date | None
    ean: str
    label: str
    languages: tuple[str, ...]
    subjects: tuple[str, ...]
    description: str = ""
    min_age: int | None = None
    max_age: int | None = None
    pegi: int | None = None
    pegi_descriptors: tuple[str, ...] = ()
    is_explicit: bool = False
    is_youth: bool = False
    p_line: str = ""
    c_line: str = ""
    accessibility: tuple[str, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    platforms: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    min_players: int | None = None
    max_players: int | None = None
    needs_threads: bool = False
    has_audio_description: bool = False
    cover_file: str
    windows: tuple[Window, ...]


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRow:
    """A file beside a film, as a cell names it."""

    column: str
    language: str
    file: str


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRow:
    """A resource; `credits` are pairs of name and role. An empty title or position waits for the file's tags.

    `file` is the resource's own, `said_in` the sheet or message of the row.
    """

    said_in: str
    line: int
    release_reference: str
    reference: str
    position: int | None
    title: str
    isrc: str
    duration_s: int | None
    file: str
    credits: tuple[tuple[str, str], ...]
    tracks: tuple[TrackRow, ...] = ()


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """A credited party; `commune` is an INSEE code, empty abroad. What is empty is not said."""

    line: int
    name: str
    kind: str = ""
    isni: str = ""
    commune: str = ""
    country: str = ""
    biography: str = ""
    website: str = ""


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeRow:
    """Somebody who can be paid."""

    line: int
    legal_name: str
    kind: str
    commune: str
    country: str
    email: str


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """A payee's share of a resource from a day on, until the resource's next set of shares."""

    line: int
    resource_reference: str
    payee: str
    share_bp: int
    valid_from: date


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class TakedownRow:
    """A release that may not be shown any more."""

    file: str
    line: int
    reference: str


@kept
@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRow:
    """What a partial update says of a release that was delivered before: a title, further windows."""

    file: str
    line: int
    reference: str
    title: str
    windows: tuple[Window, ...]


class Sheets:
    """A whole delivery as read, on disk. Releases and resources stand in the order of the sheet."""

    def __init__(self) -> None:
        self.spool = Spool()
        self.releases: Rows[ReleaseRow] = Rows(self.spool)
        self.resources: Rows[ResourceRow] = Rows(self.spool, owner=attrgetter("release_reference"))
        self.parties: Rows[PartyRow] = Rows(self.spool)
        self.payees: Rows[PayeeRow] = Rows(self.spool)
        self.shares: Rows[ShareRow] = Rows(self.spool, owner=attrgetter("resource_reference"))
        self.takedowns: Rows[TakedownRow] = Rows(self.spool)
        self.updates: Rows[UpdateRow] = Rows(self.spool)
        self.one_file = ""  # that holds what else stands in sheets of their own

    def file_of(self, sheet: str) -> str:
        """Return where the rows of a sheet stand."""
        return self.one_file or sheet
