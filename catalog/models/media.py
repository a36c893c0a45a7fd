"""Originals as delivered, and the immutable packages made from them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediaplatform.infrastructure.said import say_again


class MediaFile(models.Model):
    """A delivered file, stored once by its SHA-256 at `originals/<first two>/<sha256>`."""

    sha256 = models.CharField(max_length=64, unique=True)
    size_bytes = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    filename = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.filename

    @property
    def object_key(self) -> str:
        return f"originals/{self.sha256[:2]}/{self.sha256}"


class FilmTrack(models.Model):
    """A file delivered beside a film: its words in a language, or another sound to the same picture."""

    class Kind(models.TextChoices):
        CAPTIONS = "captions", _("captions")
        SOUND = "sound", _("another sound track")
        DESCRIPTION = "description", _("audio description")

    resource = models.ForeignKey("catalog.Resource", on_delete=models.CASCADE, related_name="film_tracks")
    file = models.ForeignKey(MediaFile, on_delete=models.PROTECT, related_name="film_tracks")
    kind = models.CharField(max_length=12, choices=Kind)
    language = models.CharField(max_length=8, help_text="ISO 639")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["resource_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "kind", "language"], name="film_track_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"


class Package(models.Model):
    """What is streamed for a resource: made by one version of a recipe from one original, and a film's tracks.

    A ready package never changes; its files lie under `packages/<digest>/`.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("in progress")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    resource = models.ForeignKey("catalog.Resource", on_delete=models.CASCADE, related_name="packages")
    original = models.ForeignKey(MediaFile, on_delete=models.PROTECT, related_name="packages")
    recipe = models.CharField(max_length=20, help_text="for example hls-audio")
    recipe_version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text="per cent")
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(
        null=True, blank=True, help_text="when it was last queued or worked on"
    )
    tracks_digest = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="of the resource's film tracks that went in",
    )
    facts = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="what the recipe found out; see its package's README",
    )
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 over the package's files")
    size_bytes = models.PositiveBigIntegerField(default=0)
    fault_code = models.CharField(max_length=40, blank=True)
    fault_detail = models.TextField(blank=True, help_text="as it was said when it was found")
    fault_msgid = models.TextField(
        blank=True, default="", db_default="", help_text="what to say, in English; empty: the detail is all"
    )
    fault_values = models.JSONField(default=dict, db_default={}, blank=True, help_text="that stand in it")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "original", "recipe", "recipe_version", "tracks_digest"],
                name="package_once_per_recipe",
            ),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="package_progress"),
            models.CheckConstraint(
                condition=~models.Q(state="ready", digest=""), name="package_ready_has_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} [{self.recipe} {self.recipe_version}] {self.state}"

    @property
    def fault_words(self) -> str:
        """Why it failed, in the language of now."""
        return say_again(msgid=self.fault_msgid, values=self.fault_values, otherwise=self.fault_detail)

    @property
    def prefix(self) -> str:
        return f"packages/{self.digest}/"


class LeftPackage(models.Model):
    """Files under `packages/<digest>/` that no row may speak of: being stored, or of a package that was rolled back.

    Written before the files and gone with the transaction in which the package is ready. What is still here after
    the sweep's grace goes, unless a package has that digest by then.
    """

    digest = models.CharField(max_length=64, unique=True)
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest
