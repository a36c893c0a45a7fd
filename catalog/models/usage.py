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
    max_age = models.PositiveSmallIntegerField(
        null=True, help_text="age band of the profile; empty for an adult"
    )
    duration_s = models.PositiveIntegerField(
        null=True, help_text="of the resource; empty for books and games"
    )
    opened_at = models.DateTimeField(help_text="when the session was opened: the play's start")
    intervals = models.JSONField(help_text="[[from, to], ...] in seconds of the resource")
    rate = models.DecimalField(max_digits=4, decimal_places=2, default=1)
    event = models.CharField(max_length=8)
    client_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    credible_until = models.DateTimeField(help_text="receipt or the grant's end, whichever came first")
    delivered_s = models.PositiveIntegerField(
        null=True, help_text="seconds of the resource delivered to the session by then; empty if unknown"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session_id", "sequence"], name="heartbeat_once")]
        indexes = [models.Index(fields=["opened_at"], name="heartbeat_opened_at")]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.sequence}"


class PlayLogDay(models.Model):
    """Which object holds an accounting day's plays: replacing the row switches the day atomically."""

    day = models.DateField(unique=True, help_text="calendar day in the accounting time zone")
    object_key = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    heartbeats = models.PositiveBigIntegerField(default=0, help_text="how many of the buffer it accounts for")
    sha256 = models.CharField(max_length=64)
    schema_version = models.PositiveSmallIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.rows} plays"


class PlayLogObject(models.Model):
    """An object that was written for a day; noted before it is, so that what was superseded or cut off is swept."""

    object_key = models.CharField(max_length=200, unique=True)
    day = models.DateField()
    written_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.object_key


class PlayHold(models.Model):
    """A play that somebody's case holds back, or held back once; the log's status follows from these rows.

    A play is `held` in the log while any case holds or keeps it.
    """

    class State(models.TextChoices):
        HELD = "held", "held: nobody has decided yet"
        KEPT = "kept", "kept held: decided"
        RELEASED = "released", "released: decided"

    play_id = models.UUIDField(help_text="the session that made the play")
    day = models.DateField(help_text="accounting day of the play")
    case_key = models.CharField(max_length=40, help_text="which case, in the words of whoever holds")
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    changed_at = models.DateTimeField()
    is_written = models.BooleanField(default=False, help_text="the day's object says so already")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["play_id", "case_key"], name="play_hold_once")]
        indexes = [
            models.Index(fields=["day"], name="play_hold_day"),
            models.Index(fields=["case_key"], name="play_hold_case"),
        ]

    def __str__(self) -> str:
        return f"{self.play_id} {self.state} by {self.case_key}"
