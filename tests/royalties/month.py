"""The worked month of docs/algorithms/cct.md as rows of the platform, for whoever closes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from catalog.models import Payee, Resource, RightsShare
from catalog.usage import log, schema
from catalog.usage.schema import Session
from mediaplatform.kernel.periods import Month
from royalties.engine.policy import CCT
from royalties.models import Statement
from royalties.periods import services as periods
from subscriptions.billing import services as billing
from subscriptions.libraries import services as libraries
from subscriptions.models import Library
from tests.factories.catalog import make_geography, make_payee, make_release

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
AFTER = datetime(2026, 11, 10, 9, tzinfo=UTC)
HOMES = {"Ana": "42218", "Bo": "69123", "Cleo": "42095", "Dov": "75056", "Els": "BE"}  # payees 1 to 5
# (patron, work, seconds), as the page counts them
HEARD = (
    (1, "River", 1800),
    (1, "Hill", 600),
    (2, "Hill", 6000),
    (2, "Tower", 6000),
    (3, "Bridge", 300),
)


@dataclass(frozen=True)
class World:
    """A library of Saint-Etienne, four works and five payees."""

    library: Library
    works: dict[str, Resource]
    payees: dict[str, Payee]

    def total(self, name: str, month: Month = OCTOBER) -> int:
        """Return what the payee's statement of a month says, in micros."""
        return Statement.objects.get(period__month=str(month), payee=self.payees[name]).total_micros

    def statement(self, name: str, month: Month = OCTOBER) -> Statement:
        """Return the payee's statement of a month."""
        return Statement.objects.get(period__month=str(month), payee=self.payees[name])


def make_world(*, revenue_micros: int = 100_000_000, until: date = date(2026, 10, 31)) -> World:
    """Return the world of the page: revenue from 1 October to `until`, the `cct` policy since January."""
    territories = make_geography()
    payees = {name: make_payee(name, home=territories[code]) for name, code in HOMES.items()}
    river, hill, bridge, tower = (
        make_release(title, payee=payees[owner] if owner else None, medium=medium).resources.get()
        for title, owner, medium in (
            ("River", "Ana", "music"),
            ("Hill", "Bo", "music"),
            ("Bridge", "", "book"),
            ("Tower", "Dov", "music"),
        )
    )
    for name, share_bp in (("Cleo", 6_000), ("Els", 4_000)):
        RightsShare.objects.create(
            resource=bridge, payee=payees[name], share_bp=share_bp, valid_from=date(2026, 1, 15)
        )
    library = make_library(revenue_micros=revenue_micros, until=until)
    periods.decide_policy(
        name="CCT",
        rules=CCT.as_json(),
        from_month=Month(2026, 1),
        decided_on=datetime(2025, 12, 1, tzinfo=UTC),
    )
    return World(
        library=library,
        works={"River": river, "Hill": hill, "Bridge": bridge, "Tower": tower},
        payees=payees,
    )


def make_library(*, revenue_micros: int, until: date, commune: str = "42218") -> Library:
    """Return a library whose subscription runs from 1 October 2026 for so much in all."""
    library = libraries.create_library(name=f"Library of {commune}", commune_code=commune)
    offer = billing.create_offer(
        name=f"Offer of {commune}", per_inhabitant_micros=1, minimum_micros=revenue_micros, media=("music",)
    )
    billing.subscribe(library=library, offer=offer, starts_on=date(2026, 10, 1), ends_on=until)
    return library


def listen(
    world: World,
    heard: Iterable[tuple[int, str, int]] = HEARD,
    *,
    month: Month = OCTOBER,
    pseudonyms: Mapping[int, str] | None = None,
) -> None:
    """Write plays of at most 600 s, one a day from the 5th on, so that no cap bites.

    `pseudonyms` of the patrons, by their number in `heard`; the number itself otherwise.
    """
    by_day: dict[date, list[tuple[Session, int]]] = {}
    for patron, title, seconds in heard:
        work = world.works[title]
        for number in range(-(-seconds // 600)):
            opened_at = datetime(month.year, month.month, 5, 12, tzinfo=UTC) + timedelta(days=number)
            session = Session(
                session_id=uuid4(),
                library_id=world.library.pk,
                patron=pseudonyms[patron] if pseudonyms else f"{patron:032x}",
                resource_id=work.pk,
                medium=work.medium,
                source="web",
                max_age=None,
                duration_s=work.duration_s,
                opened_at=opened_at,
            )
            by_day.setdefault(opened_at.date(), []).append((session, min(600, seconds - 600 * number)))
    for day, sessions in by_day.items():
        log.write_day(day=day, table=schema.table_of(sessions))
