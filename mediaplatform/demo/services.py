"""Loads the demo through the services that people use; each step goes on from what it finds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from catalog.ingest import deliverers
from catalog.ingest import services as ingest
from catalog.packaging import selectors as packages
from catalog.territories import selectors as territories
from catalog.territories import services as territory_services
from mediaplatform.accounts.models import User
from mediaplatform.demo import listening, logins, splits
from mediaplatform.demo.delivery import write_delivery
from mediaplatform.demo.logins import ARTIST, LABEL, OPERATOR, STAFF, Setup
from mediaplatform.demo.repertoire.houses import DELIVERERS
from mediaplatform.demo.repertoire.works import Deliverer
from mediaplatform.demo.towns import TOWNS
from mediaplatform.kernel.periods import ACCOUNTING_ZONE, Month
from royalties.engine.policy import CCT
from royalties.periods import services as periods
from royalties.periods.selectors import list_months
from royalties.statements import services as statements
from subscriptions.billing import services as billing
from subscriptions.libraries import selectors as libraries
from subscriptions.libraries import services as library_services

GEOGRAPHY = Path("mediaplatform/player/node_modules/@etalab/decoupage-administratif/data")
OFFER = "Catalogue entier"
MEDIA = ("music", "video", "book", "game")
PER_INHABITANT, MINIMUM = 120_000, 900_000_000  # micros a year: 0.12 EUR, at least 900 EUR
CLOSED_MONTHS = 3
PATIENCE_S = 90.0  # without any progress of the packages
Said = Callable[[str], None]


class DemoFailed(Exception):
    """The demo can't be loaded; the message says what to do."""


def load_demo(*, now: datetime, workers: int, say: Said) -> None:
    """Load geography, people, libraries, works, plays and statements. What is there already is left as it is.

    The months before the first set-up are closed; later ones are for the operator.

    Raises:
        DemoFailed: a delivery was refused, or packages failed or wait for a worker that isn't there.
    """
    today = now.astimezone(ACCOUNTING_ZONE).date()
    _load_geography(say)
    setup = _load_people(today)
    first = _first_month(setup.day)
    _load_libraries(setup, first=first, now=now, say=say)
    _deliver(setup, workers=workers, say=say)
    _load_plays(setup, first=first, now=now, today=today, say=say)
    _await_packages(setup, say)
    _close_months(first, before=setup.day, now=now, say=say)
    if title := splits.offer_split(now=now):
        say(f"Split: {title} waits for the artist's answer")


def _first_month(day: date) -> Month:
    month = Month(day.year, day.month)
    for _number in range(CLOSED_MONTHS):
        month = month.previous
    return month


def _load_geography(say: Said) -> None:
    if all(territories.find_commune(town.commune) for town in TOWNS):
        return
    counts = territory_services.load_territories(folder=settings.BASE_DIR / GEOGRAPHY)
    say(f"Geography: {counts['commune']:,} communes")


def _load_people(today: date) -> Setup:
    """Return the set-up of this database; one that speaks of another database is begun anew."""
    setup = logins.find_setup()
    if setup is None or not User.objects.filter(email=OPERATOR).exists():
        setup = logins.begin_setup(today=today)
        logins.keep_setup(setup)
    people = (
        (OPERATOR, "Oscar", True),
        (STAFF, "Alice", False),
        (ARTIST, "Dora Belleronce", False),
        (LABEL, "Léna", False),
    )
    for email, name, is_operator in people:
        if not User.objects.filter(email=email).exists():
            User.objects.create_user(email, setup.password, name=name, is_operator=is_operator)
    deliverers.add_member(name=DELIVERERS[0].name, user=User.objects.get(email=LABEL))
    return setup


def _load_libraries(setup: Setup, *, first: Month, now: datetime, say: Said) -> None:
    known = {library.slug for library in libraries.list_public_libraries()}
    alice = User.objects.get(email=STAFF)
    offer = billing.create_offer(
        name=OFFER, per_inhabitant_micros=PER_INHABITANT, minimum_micros=MINIMUM, media=MEDIA
    )
    for town in TOWNS:
        if town.slug not in known:
            library = library_services.create_library(
                name=town.library, commune_code=town.commune, accent=town.accent
            )
            starts_on = town.subscribes_on(first=first)
            ends_on = starts_on.replace(year=starts_on.year + 1) - timedelta(days=1)
            billing.subscribe(library=library, offer=offer, starts_on=starts_on, ends_on=ends_on)
            library_services.add_staff(library=library, user=alice, role="admin")
            say(f"Library: {library.name}, {library.town}, {library.population:,} inhabitants")
        if town.slug not in setup.codes:
            setup.codes[town.slug] = listening.hand_out_code(town=town, now=now)
            logins.keep_setup(setup)


def _deliver(setup: Setup, *, workers: int, say: Said) -> None:
    """Make each house's folder and take it in at once, so that the workers package while the next is made."""
    folder = Path(settings.VAR_DIR) / "demo" / "delivery"
    for house in DELIVERERS:
        if not all(release.reference in setup.resources for release in house.releases):
            path = write_delivery(house, folder=folder, workers=workers, say=say)
            _take_in(setup, house, path)
            logins.keep_setup(setup)
            say(f"Delivered: {house.name}, {len(house.releases)} releases")


def _take_in(setup: Setup, house: Deliverer, path: Path) -> None:
    delivery = ingest.deliver_folder(
        folder=path, sent_by=User.objects.get(email=OPERATOR), deliverer=house.name
    )
    faults = [str(fault) for fault in delivery.faults.filter(is_warning=False)]
    if faults:
        raise DemoFailed("\n".join([f"{house.name}: the delivery was refused.", *faults]))
    for release in delivery.releases.all():
        resources = list(release.resources.order_by("position"))
        setup.resources[release.reference] = [(resource.pk, resource.duration_s) for resource in resources]
        for share in (
            share for resource in resources for share in resource.rights_shares.select_related("payee")
        ):
            if share.payee.email == ARTIST:
                statements.add_member(payee_id=share.payee_id, user_id=User.objects.get(email=ARTIST).pk)


def _load_plays(setup: Setup, *, first: Month, now: datetime, today: date, say: Said) -> None:
    """Fill the play log up to yesterday: days that it has, and closed months, are left alone."""
    closed = {row.month for row in list_months(now=now) if row.is_closed}
    days = [
        day
        for day in _days(first.first_day, today)
        if Month(day.year, day.month) not in closed and not listening.has_day(day=day)
    ]
    if not days:
        return
    publics = [
        listening.enrol_public(
            town=town, resources=setup.resources, since=town.subscribes_on(first=first), now=now
        )
        for town in TOWNS
    ]
    plays = sum(listening.write_day(day=day, publics=publics, first=first) for day in days)
    say(f"Plays: {plays:,} on {len(days)} days, by {sum(len(p.patron_ids) for p in publics)} patrons")


def _days(start: date, end: date) -> Iterator[date]:
    """Yield the days of [start, end)."""
    while start < end:
        yield start
        start += timedelta(days=1)


def _await_packages(setup: Setup, say: Said) -> None:
    """Wait until the workers have packaged everything: only what is published counts in a close."""
    ids = [resource for resources in setup.resources.values() for resource, _seconds in resources]
    told, changed_at, before = -1, time.monotonic(), None
    while not (progress := packages.count_progress(resource_ids=ids)).is_over:
        if progress != before:
            before, changed_at = progress, time.monotonic()
        if progress.percent // 10 > told:
            told = progress.percent // 10
            say(f"Packages: {progress.ready} of {progress.total} ready, {progress.percent} %")
        if time.monotonic() - changed_at > PATIENCE_S:
            raise DemoFailed("The packages wait for a worker: start the platform with `make run`.")
        time.sleep(0.5)
    if progress.failed:
        found = packages.list_packages(resource_ids=ids)
        faults = [
            f"{package.resource}: {package.fault_words}" for package in found if package.state == "failed"
        ]
        raise DemoFailed("\n".join([f"{progress.failed} packages failed:", *faults]))


def _close_months(first: Month, *, before: date, now: datetime, say: Said) -> None:
    decided_at = datetime(first.year, first.month, 1, tzinfo=ACCOUNTING_ZONE) - timedelta(days=20)
    closed = {row.month for row in list_months(now=now) if row.is_closed}
    if first not in closed:
        periods.decide_policy(name="CCT", rules=CCT.as_json(), from_month=first, decided_on=decided_at)
    month = first
    while month < Month(before.year, before.month):
        if month not in closed:
            result = periods.close_month(month=month, now=now, user_id=User.objects.get(email=OPERATOR).pk)
            say(f"Closed: {month}, {result.statements} statements")
        month = month.following
