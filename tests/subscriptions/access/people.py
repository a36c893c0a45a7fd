"""Bob of Saint-Etienne and charlie of Lyon: patrons of two libraries, each with a running subscription."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from catalog.works.audience import Audience
from subscriptions.billing import services as billing
from subscriptions.libraries import services as libraries
from subscriptions.models import Library, Patron, Profile, Subscription
from subscriptions.patrons import selectors
from tests.factories.catalog import make_geography

NOON = datetime(2026, 10, 14, 10, tzinfo=UTC)
ALL_MEDIA = ("music", "video", "book", "game")


@dataclass(frozen=True)
class Person:
    """A patron with one profile."""

    library: Library
    subscription: Subscription
    patron: Patron
    profile: Profile

    @property
    def audience(self) -> Audience:
        """What the middleware would find of this person on the day."""
        audience = selectors.find_audience(
            patron_id=self.patron.pk, profile_id=self.profile.pk, on=NOON.date()
        )
        assert audience is not None
        return audience


def make_person(*, commune_code: str = "42218", media: tuple[str, ...] = ALL_MEDIA) -> Person:
    """Return a patron of a new library of the commune, subscribed for 2026."""
    make_geography()
    library = libraries.create_library(name=f"Library of {commune_code}", commune_code=commune_code)
    offer = billing.create_offer(
        name="-".join(media), per_inhabitant_micros=1, minimum_micros=1_000_000, media=media
    )
    subscription = billing.subscribe(
        library=library, offer=offer, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )
    patron = Patron.objects.create(library=library)
    profile = Profile.objects.create(patron=patron)
    return Person(library, subscription, patron, profile)
