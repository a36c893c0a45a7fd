"""Where a profile stopped, and what its games saved, so that it can go on elsewhere."""

from __future__ import annotations

from django.db import models


class PlaybackPosition(models.Model):
    """The last position of a profile in a resource. Kept only for those who turned history on."""

    profile = models.ForeignKey("subscriptions.Profile", on_delete=models.CASCADE, related_name="positions")
    resource = models.ForeignKey("catalog.Resource", on_delete=models.CASCADE, related_name="+")
    position_s = models.PositiveIntegerField(help_text="in seconds of the resource; of activity for a book")
    locator = models.CharField(
        max_length=300, blank=True, help_text="a place in a book, in the reader's words"
    )
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-updated_at", "id"]
        constraints = [models.UniqueConstraint(fields=["profile", "resource"], name="playback_position_once")]

    def __str__(self) -> str:
        return f"{self.profile_id}: {self.resource_id} at {self.position_s} s"


class GameSave(models.Model):
    """What a game keeps for a profile; only for those who did not turn it off."""

    profile = models.ForeignKey("subscriptions.Profile", on_delete=models.CASCADE, related_name="saves")
    resource = models.ForeignKey("catalog.Resource", on_delete=models.CASCADE, related_name="+")
    items = models.TextField(
        help_text="a JSON object of texts, as ASCII: a game may keep what PostgreSQL's JSON can't"
    )
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-updated_at", "id"]
        constraints = [models.UniqueConstraint(fields=["profile", "resource"], name="game_save_once")]

    def __str__(self) -> str:
        return f"{self.profile_id}: {self.resource_id}"
