"""Plays that were held, what people decided on them, and what payees said to that."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ScreeningCase(models.Model):
    """Plays of a month that a rule holds. Which ones stands in the log's holds, under `case_key`."""

    class State(models.TextChoices):
        HELD = "held", _("to decide")
        KEPT = "kept", _("kept held")
        RELEASED = "released", _("released")
        LAPSED = "lapsed", _("no longer found")

    month = models.CharField(max_length=7, help_text="yyyy-mm")
    rule = models.CharField(max_length=20, help_text="one of screening.rules.RULES")
    subject = models.CharField(max_length=120, help_text="natural key within month and rule")
    library_id = models.BigIntegerField(null=True)
    patron = models.CharField(max_length=32, blank=True, help_text="pseudonym of the month")
    day = models.DateField(null=True)
    payee_ids = ArrayField(models.BigIntegerField(), default=list, help_text="whose works were played")
    plays = models.PositiveIntegerField()
    numbers = models.JSONField(help_text="the rule's numbers; see screening.rules")
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["month", "rule", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["month", "rule", "subject"], name="screening_case_once")
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.rule} {self.subject}"

    @property
    def case_key(self) -> str:
        """Return what the log's holds call this case."""
        return f"screening:{self.pk}"


class ScreeningDecision(models.Model):
    """What somebody decided on a case, and why. Never changed: another decision follows.

    By nobody and without a reason: the rule no longer found it.
    """

    case = models.ForeignKey(ScreeningCase, on_delete=models.CASCADE, related_name="decisions")
    is_kept = models.BooleanField(help_text="kept held; else released")
    reason = models.TextField()
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at", "id"]

    def __str__(self) -> str:
        return f"{self.case}: {'kept' if self.is_kept else 'released'}"


class ScreeningAppeal(models.Model):
    """What a payee says to plays of theirs being held, and the answer."""

    case = models.ForeignKey(ScreeningCase, on_delete=models.CASCADE, related_name="appeals")
    payee = models.ForeignKey("catalog.Payee", on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "payee"], name="screening_appeal_once")]

    def __str__(self) -> str:
        return f"{self.case}: appeal of payee {self.payee_id}"
