"""Split sheets: another division of a work's rights, proposed by one payee and agreed by all whom it concerns."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SplitSheet(models.Model):
    """New shares for some resources of a release from the first day of a month; in force once all have agreed."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waiting for answers")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    release = models.ForeignKey("catalog.Release", on_delete=models.CASCADE, related_name="split_sheets")
    resources = models.ManyToManyField("catalog.Resource", related_name="split_sheets")
    valid_from = models.DateField(help_text="first day of a month that had not begun when all agreed")
    proposed_by = models.ForeignKey("catalog.Payee", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    note = models.TextField(blank=True, help_text="what the proposer says to the others")
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["release"], condition=Q(state="proposed"), name="split_sheet_one_open"
            ),
            models.CheckConstraint(condition=Q(valid_from__day=1), name="split_sheet_first_of_month"),
            models.CheckConstraint(
                condition=Q(state="proposed") ^ Q(settled_at__isnull=False), name="split_sheet_settled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.valid_from}: {self.state}"


class SplitLine(models.Model):
    """A payee's part on a sheet, 0 for one who leaves, with their answer."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    sheet = models.ForeignKey(SplitSheet, on_delete=models.CASCADE, related_name="lines")
    payee = models.ForeignKey("catalog.Payee", on_delete=models.PROTECT, related_name="+")
    share_bp = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="why it was declined")

    class Meta:
        ordering = ["-share_bp", "payee__legal_name"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "payee"], name="split_line_once"),
            models.CheckConstraint(condition=Q(share_bp__lte=10_000), name="split_line_bp"),
            models.CheckConstraint(
                condition=Q(answer="") ^ Q(answered_at__isnull=False), name="split_line_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payee} {self.share_bp} bp"
