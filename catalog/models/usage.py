"""The buffer in front of the play log, and the log's manifest. The log itself is Parquet in object storage."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """An acknowledged heartbeat of a playback session, kept until its day can no longer change (8 days).

    It carries what the grant said, so that nothing has to be looked up later.
    """

    session_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    library_id = models.BigIntegerField()
    patron = models.CharField(max_length=32, help_text="pseudonym of the accounting month")
    resource_id = models.BigIntegerField()
    medium = models.CharField(max_length=8)
    source = models.CharField(max_length=16)
    opened_at = models.DateTimeField(help_text="when the session was opened: the play's start")
    intervals = models.JSONField(help_text="[[from, to], ...] in seconds of the resource")
    rate = models.DecimalField(max_digits=4, decimal_places=2, default=1)
    event = models.CharField(max_length=8)
    client_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session_id", "sequence"], name="heartbeat_once")]
        indexes = [models.Index(fields=["opened_at"])]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.sequence}"


class PlayLogDay(models.Model):
    """Which object holds an accounting day's plays: replacing the row switches the day atomically."""

    day = models.DateField(unique=True, help_text="calendar day in the accounting time zone")
    object_key = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    schema_version = models.PositiveSmallIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.rows} plays"
