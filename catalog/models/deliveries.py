"""Deliveries as received, with every fault named at its place."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deliverer(models.Model):
    """Who delivers: a label, a publisher, a studio, a single artist. Its name is the namespace of its references.

    `Release.deliverer` and `Delivery.deliverer` hold the name, which never changes.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    members = models.ManyToManyField(
        "accounts.User", blank=True, related_name="+", help_text="who may deliver under this name"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("deliverer")
        verbose_name_plural = _("deliverers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One folder that somebody handed over. Its natural key is the digest of all its files."""

    class State(models.TextChoices):
        REFUSED = "refused", _("refused")
        APPLIED = "applied", _("applied")

    deliverer = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, help_text="SHA-256 over the sheets and the media files")
    state = models.CharField(max_length=8, choices=State)
    summary = models.JSONField(
        default=dict, help_text="what was created, changed and left as it was, by kind"
    )
    sent_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    received_at = models.DateTimeField(auto_now_add=True)
    releases = models.ManyToManyField(
        "catalog.Release", related_name="deliveries", help_text="what it speaks of"
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["deliverer", "digest"])]

    def __str__(self) -> str:
        return f"{self.deliverer} {self.received_at:%Y-%m-%d %H:%M}"


class DeliveryFault(models.Model):
    """One thing that is wrong with a delivery: which file, which row, which column, and what to do."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="faults")
    file = models.CharField(max_length=255)
    row = models.PositiveIntegerField(
        null=True, blank=True, help_text="line of the sheet, its head being line 1"
    )
    column = models.CharField(max_length=300, blank=True, help_text="of a sheet; the XPath in a message")
    code = models.CharField(max_length=40)
    message = models.TextField()

    class Meta:
        ordering = ["file", "row", "id"]

    def __str__(self) -> str:
        return f"{self.file}:{self.row or ''} {self.message}"
