"""What is sold, and what a library bought. Amounts are micros excluding VAT."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _


class Offer(models.Model):
    """A price list entry: so much per inhabitant and year, at least a minimum."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    per_inhabitant_micros = models.PositiveBigIntegerField(_("price per inhabitant and year"))
    minimum_micros = models.PositiveBigIntegerField(_("minimum price a year"), default=0)
    media = ArrayField(models.CharField(max_length=8), verbose_name=_("media included"))
    vat_bp = models.PositiveSmallIntegerField(_("VAT rate"), default=2_000)
    seats = models.PositiveIntegerField(
        _("simultaneous uses"), null=True, blank=True, help_text=_("Leave empty for no limit.")
    )
    is_open = models.BooleanField(_("on sale"), default=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DateRange(Func):
    """The SQL range of two date columns, both ends in."""

    function = "daterange"
    output_field = DateRangeField()


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def running_on(self, day: date) -> Self:
        """Keep those whose first and last day enclose `day`."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def overlapping(self, *, starts_on: date, ends_on: date) -> Self:
        """Keep those that share at least a day with the given ones, both ends in."""
        return self.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)


class Subscription(models.Model):
    """A library's right to an offer from the first to the last day, both included."""

    library = models.ForeignKey(
        "subscriptions.Library", on_delete=models.PROTECT, related_name="subscriptions"
    )
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="subscriptions")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reference = models.CharField(_("order reference"), max_length=50, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="subscription_forward"),
            ExclusionConstraint(
                name="subscription_one_at_a_time",
                expressions=[
                    ("library", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library}: {self.offer} {self.starts_on} - {self.ends_on}"


class SubscriptionLine(models.Model):
    """An amount over days, both ends included; a credit note is a negative line. Never edited once written."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="lines")
    label = models.CharField(max_length=200)
    amount_micros = models.BigIntegerField(help_text="excluding VAT")
    vat_bp = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="subscription_line_forward")
        ]

    def __str__(self) -> str:
        return self.label
