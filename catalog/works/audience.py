"""Who is looking: all that decides what of the catalogue is shown, and how near it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from mediaplatform.kernel.territories import Place


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What a library keeps out of its own offer: single works, all works of some publishers, explicit works."""

    release_ids: frozenset[int] = frozenset()
    publisher_ids: frozenset[int] = frozenset()
    is_explicit_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """A patron's profile at a library, for one request.

    `place` and `own` (pairs of level and code) are the library's. `country` is ISO 3166-1 alpha-2.
    `max_age` is the profile's age band, None for an adult. `media` are those of the library's running
    subscription: none running, nothing shown. `exclusions` are the library's.
    `library_contact`: where its patrons ask, an e-mail address or a page's; may be empty.
    """

    library_id: int
    library_name: str
    library_slug: str
    patron_id: int
    profile_id: int
    place: Place
    own: frozenset[tuple[str, str]]
    country: str
    max_age: int | None
    media: frozenset[str]
    is_youth: bool
    exclusions: Exclusions = field(default_factory=Exclusions)
    library_contact: str = ""
