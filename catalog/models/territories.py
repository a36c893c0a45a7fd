"""Territories by level: not a tree, each level stands by itself."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from mediaplatform.kernel.territories import COMMUNE, COUNTRY, DEPARTEMENT, EPCI, REGION, Place, place_of


class Territory(models.Model):
    """A commune, EPCI, departement, region (INSEE codes of a vintage) or country (ISO 3166-1 alpha-2)."""

    class Level(models.TextChoices):
        COMMUNE = COMMUNE, _("commune")
        EPCI = EPCI, _("intercommunal community")
        DEPARTEMENT = DEPARTEMENT, _("département")
        REGION = REGION, _("region")
        COUNTRY = COUNTRY, _("country")

    level = models.CharField(max_length=12, choices=Level)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=150)
    search_name = models.CharField(
        max_length=150, editable=False, help_text="the name as typed: no accent, no hyphen"
    )
    postal_codes = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    vintage = models.PositiveSmallIntegerField(help_text="year of the official list")
    population = models.PositiveIntegerField(default=0)
    # What a territory lies in, one code a level, as known; an EPCI may cross departements and then names none.
    epci_code = models.CharField(max_length=12, blank=True)
    departement_code = models.CharField(max_length=12, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    country_code = models.CharField(max_length=2)

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["level", "code"]
        constraints = [models.UniqueConstraint(fields=["level", "code"], name="territory_once")]
        indexes = [
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="territory_search_name"),
            GinIndex(fields=["postal_codes"], name="territory_postal_codes"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def place(self) -> Place:
        """The territory with all that it lies in."""
        return place_of(
            self.level,
            self.code,
            self.epci_code,
            self.departement_code,
            self.region_code,
            self.country_code,
        )
