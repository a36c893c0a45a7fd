"""The demo's public in the database, and its plays in the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import pyarrow as pa

from catalog.territories import selectors as territories
from catalog.usage import log
from mediaplatform.demo.artists import PARTIES
from mediaplatform.demo.plays import Crowd, Listener, Title, gather_crowd, plays_of_day
from mediaplatform.demo.repertoire.works import Release
from mediaplatform.demo.towns import Town
from mediaplatform.kernel.periods import Month
from mediaplatform.kernel.territories import Place, proximity
from subscriptions.libraries.selectors import Library
from subscriptions.patrons import selectors as patrons
from subscriptions.patrons import services as patron_services

BATCH, HAND_OUT = "Inscriptions de la rentrée", "Codes de démonstration"
CHILD, CHILD_AGE = "Lou", 6
CODES_LAST = timedelta(days=730)
GROWTH = (0.7, 0.85, 1.0, 1.1)  # how lively the public is, month after month; then as the last


def hand_out_code(*, library: Library, now: datetime) -> str:
    """Return a code that lets a visitor in as a patron with a child; it is redeemed, and stays good."""
    expires_on = (now + CODES_LAST).date()
    code = patron_services.create_codes(library=library, batch=HAND_OUT, count=1, expires_on=expires_on)[0]
    patron = patron_services.redeem_code(library=library, code=code, now=now)
    patron_services.add_youth_profile(patron_id=patron.pk, name=CHILD, max_age=CHILD_AGE)
    return code


def enrol_public(*, town: Town, library: Library, listeners: Sequence[Listener], now: datetime) -> list[int]:
    """Let as many patrons in as the library has listeners, and return their ids by the listener's number."""
    batches = {batch.name: batch.pk for batch in patrons.list_batches(library_id=library.pk)}
    if BATCH not in batches:
        expires_on = (now + CODES_LAST).date()
        patron_services.create_codes(library=library, batch=BATCH, count=town.listeners, expires_on=expires_on)
        batches = {batch.name: batch.pk for batch in patrons.list_batches(library_id=library.pk)}
    batch_id = batches[BATCH]
    for code in patrons.list_readable_codes(library_id=library.pk, on=now.date(), batch_id=batch_id):
        patron_services.redeem_code(library=library, code=code, now=now)
    ids = _patron_ids(library_id=library.pk, batch_id=batch_id, on=now.date())
    for listener, patron_id in zip(listeners, ids, strict=True):
        if listener.band and len(patrons.list_profiles(patron_id=patron_id)) == 1:
            patron_services.add_youth_profile(patron_id=patron_id, name=CHILD, max_age=listener.band)
    return ids


def _patron_ids(*, library_id: int, batch_id: int, on: date) -> list[int]:
    """Return the patrons of a batch's codes in the order in which the codes were made."""
    found: list[int] = []
    page = patrons.list_codes(library_id=library_id, on=on, batch_id=batch_id)
    while True:
        found += [code.patron_id for code in page.object_list if code.patron_id]
        if not page.has_next():
            return found
        page = patrons.list_codes(library_id=library_id, on=on, batch_id=batch_id, page=page.next_page_number())


def describe_titles(
    releases: Iterable[Release], *, resources: dict[str, list[tuple[int, int | None]]], library: Library
) -> list[Title]:
    """Return the releases as a library's public sees them; `resources` are (id, seconds) by release reference."""
    homes = {party.name: _home(party.commune, party.country) for party in PARTIES}
    place, own = library.place, library.own
    return [
        Title(
            key=release.reference,
            medium=release.medium,
            proximity=proximity(homes[release.resources[0].credits[0][0]], library=place, own=own),
            min_age=release.min_age,
            is_explicit=release.is_explicit,
            resources=tuple(resources[release.reference]),
        )
        for release in releases
    ]


def _home(commune: str, country: str) -> Place:
    found = territories.find_commune(commune) if commune else None
    return found.place if found else Place(country=country)


def make_crowd(*, town: Town, library: Library, titles: Sequence[Title]) -> Crowd:
    """Return a library's public with its habits."""
    return gather_crowd(library_id=library.pk, name=town.slug, size=town.listeners, titles=titles)


def write_day(*, day: date, publics: Sequence[tuple[Crowd, Sequence[int]]], first: Month) -> int:
    """Write a day of the play log unless it has one; return how many plays. Publics are crowds with patron ids."""
    if log.find_day(day=day) is not None:
        return 0
    month = Month(day.year, day.month)
    months = (month.year - first.year) * 12 + month.month - first.month
    liveliness = GROWTH[min(months, len(GROWTH) - 1)]
    tables = [
        plays_of_day(
            crowd=crowd,
            day=day,
            liveliness=liveliness,
            pseudonym=lambda number, ids=ids: patron_services.pseudonym_of(patron_id=ids[number], month=month),
        )
        for crowd, ids in publics
    ]
    return log.write_day(day=day, table=pa.concat_tables(tables)).rows if tables else 0
