"""What is being uploaded: a set of files on its way to a delivery, each in parts."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Upload(models.Model):
    """A set of files that somebody sends for a deliverer; its objects lie under `uploads/<id>/`."""

    class State(models.TextChoices):
        OPEN = "open", _("being uploaded")
        SENT = "sent", _("handed over")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("abandoned")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deliverer = models.CharField(max_length=100)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(
        help_text="when a part was last asked for; abandoned ones are swept by it"
    )
    delivery = models.ForeignKey(
        "catalog.Delivery", null=True, on_delete=models.SET_NULL, related_name="uploads"
    )  # the same files again are the same delivery

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["state", "touched_at"]),
            models.Index(fields=["deliverer", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.deliverer} {self.id}"

    @property
    def is_open(self) -> bool:
        return self.state == Upload.State.OPEN

    @property
    def prefix(self) -> str:
        return f"uploads/{self.pk}"


class UploadFile(models.Model):
    """One file of an upload, known by its path; its parts are all of `part_bytes` but the last."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=800, help_text="relative, with slashes")
    size_bytes = models.PositiveBigIntegerField()
    part_bytes = models.PositiveIntegerField()
    store_id = models.CharField(
        max_length=500, blank=True, help_text="the store's name for it once it has begun"
    )
    is_complete = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "path"], name="upload_path_once"),
            models.CheckConstraint(condition=Q(part_bytes__gt=0), name="upload_parts_have_bytes"),
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def object_key(self) -> str:
        return f"uploads/{self.upload_id}/{self.path}"

    @property
    def part_count(self) -> int:
        return -(-self.size_bytes // self.part_bytes)

    def size_of_part(self, number: int) -> int:
        """Return the bytes of the part of a number, from 1."""
        return min(self.part_bytes, self.size_bytes - (number - 1) * self.part_bytes)


class UploadPart(models.Model):
    """A part as announced: what the store must receive under its number."""

    file = models.ForeignKey(UploadFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="upload_part_once")]

    def __str__(self) -> str:
        return f"{self.file}: {self.number}"
