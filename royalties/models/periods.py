"""Accounting months, the policies that rule them, and the runs that computed them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PolicyVersion(models.Model):
    """The members' rules, in force from a month on. A version that a run has used is never changed."""

    name = models.CharField(max_length=60)
    rules = models.JSONField()
    sha256 = models.CharField(max_length=64)
    from_month = models.CharField(max_length=7, unique=True, help_text="yyyy-mm of the first month it rules")
    decided_on = models.DateField()

    class Meta:
        ordering = ["from_month"]

    def __str__(self) -> str:
        return f"{self.name} ({self.from_month})"


class Period(models.Model):
    """A calendar month of accounts in the platform's time zone."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSING = "closing", _("being closed")
        CLOSED = "closed", _("closed")

    month = models.CharField(max_length=7, unique=True, help_text="yyyy-mm")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-month"]

    def __str__(self) -> str:
        return self.month


class Run(models.Model):
    """One computation of a period: which inputs, which policy, what came out. `manifest` holds the digests."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("preview")
        POSTED = "posted", _("posted")

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="runs")
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=8, choices=State)
    manifest = models.JSONField()
    object_prefix = models.CharField(max_length=200, help_text="inputs and outputs in object storage")
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=models.Q(state="posted"), name="run_posted_once_per_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.state}"
