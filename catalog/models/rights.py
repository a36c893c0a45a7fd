"""Who is paid for a resource, in basis points, from when to when."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _


class RightsShareQuerySet(models.QuerySet["RightsShare"]):
    """Shares by date."""

    def in_force(self, on: date) -> Self:
        """Keep the shares that are valid on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)


class RightsShare(models.Model):
    """A payee's share of a resource over [valid_from, valid_to); on any day the shares sum to 10,000."""

    resource = models.ForeignKey("catalog.Resource", on_delete=models.CASCADE, related_name="rights_shares")
    payee = models.ForeignKey("catalog.Payee", on_delete=models.PROTECT, related_name="rights_shares")
    share_bp = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[RightsShareQuerySet] = RightsShareQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("rights share")
        verbose_name_plural = _("rights shares")
        constraints = [
            models.UniqueConstraint(fields=["resource", "payee", "valid_from"], name="rights_share_once"),
            models.CheckConstraint(condition=Q(share_bp__range=(1, 10_000)), name="rights_share_bp"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="rights_share_forward",
            ),
            ExclusionConstraint(
                name="rights_share_no_overlap",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("payee", RangeOperators.EQUAL),
                    (
                        Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource}: {self.payee} {self.share_bp} bp"
