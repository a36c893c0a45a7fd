"""The demo's three libraries: real towns, invented houses, and how many people use them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.text import slugify

from mediaplatform.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Town:
    """A library and its public; it subscribes on a day of the demo's first month, or `months_late`."""

    library: str
    commune: str
    accent: str
    listeners: int
    day: int
    months_late: int = 0

    @property
    def slug(self) -> str:
        return slugify(self.library)

    def subscribes_on(self, *, first: Month) -> date:
        """Return the subscription's first day."""
        month = first
        for _number in range(self.months_late):
            month = month.following
        return month.first_day.replace(day=self.day)


TOWNS = (
    Town("Médiathèque des Passementiers", "42218", "#8e2f2a", listeners=140, day=1),
    Town("Médiathèque de la Digue", "29019", "#1d5a6b", listeners=90, day=15),
    Town("Bibliothèque du Glandasse", "26113", "#4c6b2f", listeners=25, day=1, months_late=1),
)
