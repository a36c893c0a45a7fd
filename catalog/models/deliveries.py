"""Deliveries as received, with every fault named at its place."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mediaplatform.infrastructure.said import say_again


class Deliverer(models.Model):
    """Who delivers: a label, a publisher, a studio, a single artist. Its name is the namespace of its references.

    `Release.deliverer` and `Delivery.deliverer` hold the name, which never changes.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    members = models.ManyToManyField(
        "accounts.User", blank=True, related_name="+", help_text="who may deliver under this name"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("deliverer")
        verbose_name_plural = _("deliverers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def counted(self) -> Self:
        """Add `fault_count`, warnings left out, and `release_count`: each counted by itself.

        Joined to both at once, each fault would be met as often as there are releases.
        """
        through = Delivery.releases.through.objects
        return self.annotate(
            fault_count=_count(DeliveryFault.objects.filter(is_warning=False)),
            release_count=_count(through.all()),
        )


def _count(rows: models.QuerySet[Any]) -> Coalesce:
    """Return how many rows each delivery has."""
    own = rows.filter(delivery=models.OuterRef("pk")).order_by().values("delivery")
    return Coalesce(models.Subquery(own.annotate(count=models.Count("pk")).values("count")), 0)


class Delivery(models.Model):
    """What somebody handed over at once. Its natural key is the digest of all its files, once they are read."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        CHECKING = "checking", _("being checked")
        REFUSED = "refused", _("refused")
        PREVIEWED = "previewed", _("to be confirmed")
        CONFIRMED = "confirmed", _("being taken over")
        APPLIED = "applied", _("being prepared")
        PUBLISHED = "published", pgettext_lazy("of a delivery", "published")
        UNCHANGED = "unchanged", _("nothing new")
        ROLLED_BACK = "rolled_back", _("rolled back")
        DISCARDED = "discarded", _("thrown away")

    class Source(models.TextChoices):
        FOLDER = "folder", _("folder")
        ZIP = "zip", _("ZIP")
        OBJECTS = "objects", _("uploaded files")

    deliverer = models.CharField(max_length=100)
    digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 over the sheets and the media files"
    )
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    source = models.CharField(max_length=8, choices=Source, default=Source.FOLDER, db_default="folder")
    source_key = models.CharField(
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="the ZIP in object storage, or the prefix of the uploaded files",
    )
    source_name = models.CharField(
        max_length=255, blank=True, default="", db_default="", help_text="what the sender calls it"
    )
    is_held = models.BooleanField(
        default=False, db_default=False, help_text="published by hand, not as soon as it is ready"
    )
    summary = models.JSONField(
        default=dict, help_text="what was created, changed and left as it was, by kind"
    )
    progress = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="per cent of the check")
    sent_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    received_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(null=True, blank=True, help_text="a worker's last sign of life")
    applied_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="published, refused, thrown away or rolled back"
    )
    releases = models.ManyToManyField(
        "catalog.Release", related_name="deliveries", help_text="what it speaks of"
    )

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["deliverer", "digest"])]

    def __str__(self) -> str:
        return f"{self.deliverer} {self.received_at:%Y-%m-%d %H:%M}"


class DeliveryFile(models.Model):
    """A file of a delivery's source that was read: what it was, after it is gone."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=300)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DeliveryFault(models.Model):
    """One thing that is wrong with a delivery: which file, which row, which column, and what to do.

    A warning refuses nothing: a release whose shares are not whole waits for them, or for an operator's word.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="faults")
    file = models.CharField(max_length=255)
    row = models.PositiveIntegerField(
        null=True, blank=True, help_text="line of the sheet, its head being line 1"
    )
    column = models.CharField(max_length=300, blank=True, help_text="of a sheet; the XPath in a message")
    code = models.CharField(max_length=40)
    message = models.TextField(help_text="as it was said when it was found")
    msgid = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="what to say, in English; empty: `message` is all there is",
    )
    values = models.JSONField(default=dict, db_default={}, blank=True, help_text="that stand in it")
    is_warning = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["is_warning", "file", "row", "id"]

    def __str__(self) -> str:
        return f"{self.file}:{self.row or ''} {self.words}"

    @property
    def words(self) -> str:
        """What is wrong, in the language of now."""
        return say_again(msgid=self.msgid, values=self.values, otherwise=self.message)


class DeliveryChange(models.Model):
    """One row of the catalogue that a delivery adds, changes, withdraws or removes: the preview, then the journal.

    `before` is the whole row as it was; with it the delivery is rolled back.
    """

    class Act(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REMOVED = "removed", _("removed")

    class Kind(models.TextChoices):
        FILE = "file", _("file")
        PARTY = "party", _("party")
        PAYEE = "payee", _("payee")
        RELEASE = "release", _("work")
        AVAILABILITY = "availability", _("availability")
        RESOURCE = "resource", _("part")
        FILM_TRACK = "film_track", _("film track")
        CREDIT = "credit", _("credit")
        SHARE = "share", _("rights share")

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="changes", db_index=False
    )  # the index below begins with it
    position = models.PositiveIntegerField()
    act = models.CharField(max_length=9, choices=Act)
    kind = models.CharField(max_length=12, choices=Kind)
    release = models.CharField(
        max_length=100, blank=True, help_text="the release's reference; empty for people"
    )
    label = models.CharField(max_length=400)
    fields = models.JSONField(default=dict, help_text="what changed: {field: [from, to]}")
    row_id = models.BigIntegerField(
        null=True, blank=True, help_text="empty while it is a preview of a new row"
    )
    before = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["delivery_id", "position"]
        indexes = [models.Index(fields=["delivery", "position"], name="deliverychange_in_order")]

    def __str__(self) -> str:
        return f"{self.act} {self.kind} {self.label}"


class RightsWaiver(models.Model):
    """An operator's word that a release may be published although its shares are not whole. The month's close waits."""

    release = models.OneToOneField("catalog.Release", on_delete=models.CASCADE, related_name="rights_waiver")
    reason = models.TextField()
    allowed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    allowed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.release}: {self.reason}"
