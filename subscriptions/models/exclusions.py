"""What a library keeps out of its own offer, who decided it, and when it was let in again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Exclusion(models.Model):
    """A work, a publisher or all explicit works, kept out from `excluded_at` until `readmitted_at`.

    A row is never edited but to be closed: the table is the history.
    """

    class Kind(models.TextChoices):
        RELEASE = "release", _("work")
        PUBLISHER = "publisher", _("publisher")
        EXPLICIT = "explicit", _("explicit works")

    library = models.ForeignKey("subscriptions.Library", on_delete=models.CASCADE, related_name="exclusions")
    kind = models.CharField(max_length=9, choices=Kind)
    release = models.ForeignKey(
        "catalog.Release", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    publisher = models.ForeignKey(
        "catalog.Party", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    excluded_at = models.DateTimeField()
    excluded_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    readmitted_at = models.DateTimeField(null=True, blank=True)
    readmitted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        ordering = ["-excluded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="release", release__isnull=False, publisher=None)
                | Q(kind="publisher", publisher__isnull=False, release=None)
                | Q(kind="explicit", release=None, publisher=None),
                name="exclusion_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["library", "kind", "release", "publisher"],
                condition=Q(readmitted_at=None),
                name="exclusion_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library}: {self.kind} {self.release_id or self.publisher_id or ''}"
