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
    """One computation of a period: its policy, what came out, and in `manifest` the digests."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("preview")
        POSTED = "posted", _("posted")

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="runs")
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=8, choices=State)
    manifest = models.JSONField()
    summary = models.JSONField(default=dict, help_text="sums by envelope and library; see periods.summary")
    object_prefix = models.CharField(
        max_length=200, blank=True, help_text="inputs and outputs in object storage; a preview keeps none"
    )
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


class Attempt(models.Model):
    """One try at computing a month: a preview, or the close. Says how far it is and how it ended."""

    class Purpose(models.TextChoices):
        PREVIEW = "preview", _("preview")
        CLOSE = "close", _("close")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a worker")
        WORKING = "working", _("at work")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed")

    UNFINISHED = (State.WAITING, State.WORKING)

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="attempts")
    purpose = models.CharField(max_length=8, choices=Purpose)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    stage = models.CharField(max_length=10, blank=True, help_text="one of periods.services.STAGES")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=1)
    findings = models.JSONField(default=list, help_text="see periods.findings")
    expected_digest = models.CharField(
        max_length=64,
        blank=True,
        help_text="of the preview that was looked at; other results are refused",
    )
    asked_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    heard_at = models.DateTimeField(help_text="the worker's last sign of life")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"],
                condition=models.Q(state__in=["waiting", "working"]),
                name="attempt_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.purpose} {self.state}"
