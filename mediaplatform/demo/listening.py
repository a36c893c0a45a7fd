"""The demo's public in the database, and its plays in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa

from catalog.territories import selectors as territories
from catalog.usage import log
from mediaplatform.demo.artists import PARTIES
from mediaplatform.demo.plays import Crowd, Listener, Title, gather_crowd, plays_of_day
from mediaplatform.demo.repertoire.houses import RELEASES
from mediaplatform.demo.towns import Town
from mediaplatform.kernel.periods import Month
from mediaplatform.kernel.territories import Place, proximity
from subscriptions.libraries import selectors as libraries
from subscriptions.patrons import profiles, pseudonyms
from subscriptions.patrons import selectors as patrons
from subscriptions.patrons import services as patron_services

BATCH, HAND_OUT = "Inscriptions de la rentrée", "Codes de démonstration"
CHILD, CHILD_AGE, CHILD_PIN = "Lou", 6, "2468"  # the PIN leaves the child's profile
CODES_LAST = timedelta(days=730)
GROWTH = (0.7, 0.85, 1.0, 1.1)  # how lively the public is, month after month; then as the last
MONTHS_A_YEAR = 12
Resources = Mapping[str, Sequence[tuple[int, int | None]]]  # (id, seconds) by release reference


@dataclass(frozen=True, slots=True)
class Public:
    """A library's listeners, the patrons that they are, by number, and its subscription's first day."""

    crowd: Crowd
    patron_ids: tuple[int, ...]
    since: date


def hand_out_code(*, town: Town, now: datetime) -> str:
    """Return a code that lets a visitor in as a patron with a child; it is redeemed, and stays good."""
    library = libraries.get_library(slug=town.slug)
    code = patron_services.create_codes(
        library=library, batch=HAND_OUT, count=1, expires_on=(now + CODES_LAST).date()
    )[0]
    patron = patron_services.redeem_code(library=library, code=code, now=now)
    profiles.create_youth_profile(
        patron_id=patron.pk,
        by=patrons.get_adult_profile(patron_id=patron.pk).pk,
        name=CHILD,
        max_age=CHILD_AGE,
        pin=CHILD_PIN,
    )
    return code


def enrol_public(*, town: Town, resources: Resources, since: date, now: datetime) -> Public:
    """Let as many patrons in as the library has listeners. Repeated or resumed, it finds those who are in."""
    library = libraries.get_library(slug=town.slug)
    titles = _titles(resources, place=library.place, own=library.own)
    crowd = gather_crowd(library_id=library.pk, name=town.slug, size=town.listeners, titles=titles)
    batch_id = _find_batch(library.pk)
    if batch_id is None:
        expires_on = (now + CODES_LAST).date()
        patron_services.create_codes(
            library=library, batch=BATCH, count=town.listeners, expires_on=expires_on
        )
        batch_id = _find_batch(library.pk) or 0
    for code in patrons.list_readable_codes(library_id=library.pk, on=now.date(), batch_id=batch_id):
        patron_services.redeem_code(library=library, code=code, now=now)
    ids = _patron_ids(library_id=library.pk, batch_id=batch_id, on=now.date())
    _add_children(crowd.listeners, ids)
    return Public(crowd, tuple(ids), since)


def _find_batch(library_id: int) -> int | None:
    found = [batch.pk for batch in patrons.list_batches(library_id=library_id) if batch.name == BATCH]
    return found[0] if found else None


def _patron_ids(*, library_id: int, batch_id: int, on: date) -> list[int]:
    """Return the patrons of a batch's codes in the order in which the codes were made."""
    found: list[int] = []
    number, has_next = 1, True
    while has_next:
        page = patrons.list_codes(library_id=library_id, on=on, batch_id=batch_id, page=number)
        found += [code.patron_id for code in page.object_list if code.patron_id]
        number, has_next = number + 1, page.has_next()
    return found


def _add_children(listeners: Sequence[Listener], patron_ids: Sequence[int]) -> None:
    for listener, patron_id in zip(listeners, patron_ids, strict=True):
        if listener.band and len(patrons.list_profiles(patron_id=patron_id)) == 1:
            patron_services.add_youth_profile(patron_id=patron_id, name=CHILD, max_age=listener.band)


def _titles(resources: Resources, *, place: Place, own: frozenset[tuple[str, str]]) -> list[Title]:
    """Return the releases as a library's public sees them: how near is the main artist?"""
    homes = {party.name: _home(party.commune, party.country) for party in PARTIES}
    return [
        Title(
            key=release.reference,
            medium=release.medium,
            proximity=proximity(homes[release.resources[0].credits[0][0]], library=place, own=own),
            min_age=release.min_age,
            is_explicit=release.is_explicit,
            released_on=date.fromisoformat(release.released_on),
            resources=tuple((number, seconds) for number, seconds in resources[release.reference]),
        )
        for release in RELEASES
    ]


def _home(commune: str, country: str) -> Place:
    found = territories.find_commune(commune) if commune else None
    return found.place if found else Place(country=country)


def has_day(*, day: date) -> bool:
    """Tell whether the play log has the day already: then it is real, and left alone."""
    return log.find_day(day=day) is not None


def write_day(*, day: date, publics: Sequence[Public], first: Month) -> int:
    """Write an accounting day of the play log and return the number of plays."""
    month = Month(day.year, day.month)
    months = (month.year - first.year) * MONTHS_A_YEAR + month.month - first.month
    tables = [
        plays_of_day(
            crowd=public.crowd,
            day=day,
            liveliness=GROWTH[min(months, len(GROWTH) - 1)],
            pseudonym=_Pseudonyms(public.patron_ids, month),
        )
        for public in publics
        if public.since <= day
    ]
    return log.write_day(day=day, table=pa.concat_tables(tables)).rows if tables else 0


@dataclass(frozen=True, slots=True)
class _Pseudonyms:
    """Names a listener, by number, as the play log does in a month."""

    patron_ids: tuple[int, ...]
    month: Month

    def __call__(self, number: int) -> str:
        return pseudonyms.pseudonym_of(patron_id=self.patron_ids[number], month=self.month)
