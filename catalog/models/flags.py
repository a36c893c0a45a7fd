"""Playbacks that fetched more than listening takes, for a person to look at."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StreamFlag(models.Model):
    """One rule that one playback session broke; no address and no browser is kept."""

    class Rule(models.TextChoices):
        PACE = "pace", _("fetched faster than it can be heard")
        PATRON_PACE = "patron_pace", _("one patron fetched faster than a family plays")
        EGRESS = "egress", _("fetched many times over")
        CLIENTS = "clients", _("one playback, many devices")

    session_id = models.UUIDField()
    rule = models.CharField(max_length=12, choices=Rule)
    library_id = models.BigIntegerField()
    patron = models.CharField(max_length=32, help_text="pseudonym of the month")
    resource_id = models.BigIntegerField()
    evidence = models.JSONField(default=dict, help_text="the last numbers that broke the rule")
    times = models.PositiveIntegerField(default=1, help_text="how often it was held back")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("unusual playback")
        verbose_name_plural = _("unusual playbacks")
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["session_id", "rule"], name="one_flag_a_session_and_rule")
        ]
        indexes = [models.Index(fields=["reviewed_at", "-last_at"])]

    def __str__(self) -> str:
        return f"{self.rule} {self.session_id}"
