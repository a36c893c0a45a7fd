"""What pages show of the catalogue: frozen rows that `catalog.works.selectors` fills and templates read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from mediaplatform.kernel.territories import COUNTRY, DEPARTEMENT, EPCI, OWN, REGION


def describe_place(*, name: str, proximity: str) -> str:
    """Say where somebody is from, as near as it is to the reader: `Firminy, your town`; empty when unknown.

    `proximity` is one of kernel.territories.PROXIMITIES.
    """
    if not name:
        return ""
    sentence = {
        OWN: gettext("%(place)s, where you are"),
        EPCI: gettext("%(place)s, next door"),
        DEPARTEMENT: gettext("%(place)s, in your département"),
        REGION: gettext("%(place)s, in your region"),
        COUNTRY: "%(place)s",
    }.get(proximity, "%(place)s")
    return sentence % {"place": name}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCard:
    """A release on a shelf or in a list of results.

    `artist`: names of the main artists (else authors, directors, developers), joined for display.
    `place_name`: home of the nearest credited creator (a commune's name; abroad, the country's); may be empty.
    `proximity`: one of kernel.territories.PROXIMITIES, of that creator to the audience's library.
    `cover_url`: address of the 320-pixel cover, or empty: then the page draws one.
    `play_url`: page of the reader, film or game for the first playable resource; empty for music, which plays
    in the bar. `is_playable`: at least one resource has a ready package.
    """

    id: int
    slug: str
    title: str
    artist: str
    medium: str
    kind_label: str
    cover_url: str
    place_name: str
    proximity: str
    year: int | None
    url: str
    play_url: str = ""
    is_playable: bool = True

    @property
    def place_label(self) -> str:
        return describe_place(name=self.place_name, proximity=self.proximity)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """One party with all its roles on the release, in credit order. `roles`: labels, in the reader's language."""

    party_id: int
    name: str
    url: str
    roles: tuple[str, ...]
    place_name: str
    proximity: str

    @property
    def place_label(self) -> str:
        return describe_place(name=self.place_name, proximity=self.proximity)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackLine:
    """One resource of a release. `artist` only where it differs from the release's; `play_url` empty for music."""

    resource_id: int
    position: int
    title: str
    medium: str
    artist: str
    duration_s: int | None
    is_playable: bool
    play_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedWork:
    """A work of the catalogue that this one names."""

    title: str
    url: str
    kind_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What ties a work to others, in words, and which they are."""

    label: str
    works: tuple[RelatedWork, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """In the reader's language; an empty text or list: it is not said.

    `p_line` and `c_line` bear their signs. `players`: "1 player", "1 to 4 players". `relations`: only works
    that the audience may see; others are not named.
    """

    p_line: str = ""
    c_line: str = ""
    platforms: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    players: str = ""
    ages: str = ""
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePage:
    """All that a release's page says. `min_age` None: not rated. `languages`: names in the reader's language.

    `cover_large_url`: the 960-pixel cover, or empty. `more`: other releases of the main artist that the
    audience may see. `duration_s`: sum of the known durations, None when none is known. `pegi_descriptors`: in
    words. `accessibility_codes`: of ONIX list 196, as the publisher declared them.
    """

    card: ReleaseCard
    subtitle: str
    description: str
    label: str
    released_on: date | None
    languages: tuple[str, ...]
    subjects: tuple[str, ...]
    min_age: int | None
    pegi_descriptors: tuple[str, ...]
    is_explicit: bool
    is_youth: bool
    cover_large_url: str
    duration_s: int | None
    credits: tuple[CreditLine, ...]
    tracks: tuple[TrackLine, ...]
    more: tuple[ReleaseCard, ...]
    particulars: Particulars = Particulars()
    has_audio_description: bool = False
    accessibility_codes: tuple[str, ...] = ()
    same_town: tuple[ReleaseCard, ...] = ()
    same_subject: tuple[ReleaseCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistPage:
    """A party and what the audience may see of it. `roles`: labels of what the party does, most frequent first."""

    id: int
    slug: str
    name: str
    url: str
    place_name: str
    proximity: str
    biography: str
    website: str
    roles: tuple[str, ...]
    releases: tuple[ReleaseCard, ...]
    same_town: tuple[ReleaseCard, ...] = ()

    @property
    def place_label(self) -> str:
        return describe_place(name=self.place_name, proximity=self.proximity)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayPage:
    """The page that hosts a film, a book or a game. `needs_threads`: a game that shares memory between threads."""

    resource_id: int
    title: str
    medium: str
    release: ReleaseCard
    min_age: int | None
    pegi_descriptors: tuple[str, ...]
    duration_s: int | None
    needs_threads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverSource:
    """What the covers' address needs: the original's SHA-256 (empty: draw one) and the words to draw."""

    release_id: int
    sha256: str
    title: str
    artist: str
    medium: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCount:
    """How many visible releases come from one nearness; `place_name`: the library's territory at that level.

    `is_capped`: there are more than `count`.
    """

    proximity: str
    place_name: str
    count: int
    is_capped: bool = False
