"""The shape of the demo's works."""

from __future__ import annotations

from dataclasses import dataclass

Shares = tuple[tuple[str, int], ...]  # (legal name of a payee, basis points), sum 10,000
Credits = tuple[tuple[str, str], ...]  # (name of a party, role), main artist first


@dataclass(frozen=True, slots=True)
class Resource:
    """A track, film, text or game. `maker` names what generates it: `band.piece`, a film, a book, a game."""

    title: str
    maker: str
    credits: Credits
    shares: Shares


@dataclass(frozen=True, slots=True)
class Release:
    """A release with its resources in order. `suffix` is the format of its media files."""

    reference: str
    title: str
    medium: str
    kind: str
    released_on: str
    label: str
    subjects: tuple[str, ...]
    description: str
    suffix: str
    resources: tuple[Resource, ...]
    subtitle: str = ""
    languages: tuple[str, ...] = ("fr",)
    min_age: int | None = None
    pegi: int | None = None
    is_explicit: bool = False
    is_youth: bool = False
    countries: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    players: str = ""

    @property
    def slug(self) -> str:
        """The reference without its house: `HC-004-bulletin-cotier` -> `bulletin-cotier`."""
        return self.reference.split("-", 2)[2]


@dataclass(frozen=True, slots=True)
class Deliverer:
    """A house that hands over a folder."""

    slug: str
    name: str
    releases: tuple[Release, ...]
