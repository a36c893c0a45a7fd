"""Parties are credited; payees are paid. An artist name is never a payee."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediaplatform.kernel.territories import Place


class Party(models.Model):
    """A person or organisation with credits (DDEX: Party; ONIX: Contributor)."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    isni = models.CharField("ISNI", max_length=16, blank=True)
    home = models.ForeignKey(
        "catalog.Territory", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    biography = models.TextField(blank=True)
    website = models.URLField(blank=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Payee(models.Model):
    """A verified legal person who can be paid, with a home territory."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")

    legal_name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    home = models.ForeignKey(
        "catalog.Territory", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    email = models.EmailField(blank=True)

    class Meta:
        verbose_name = _("payee")
        verbose_name_plural = _("payees")
        ordering = ["legal_name"]

    def __str__(self) -> str:
        return self.legal_name

    @property
    def place(self) -> Place:
        return self.home.place if self.home else Place()
