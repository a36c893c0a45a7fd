"""What a payee is told about a month: frozen and numbered."""

from __future__ import annotations

from django.db import models


class Statement(models.Model):
    """One payee, one period. Numbers have no gaps."""

    number = models.CharField(max_length=20, unique=True)
    period = models.ForeignKey("royalties.Period", on_delete=models.PROTECT, related_name="statements")
    run = models.ForeignKey("royalties.Run", on_delete=models.PROTECT, related_name="statements")
    payee = models.ForeignKey("catalog.Payee", on_delete=models.PROTECT, related_name="+")
    total_micros = models.BigIntegerField()
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["-period__month", "number"]
        constraints = [models.UniqueConstraint(fields=["period", "payee"], name="statement_once")]

    def __str__(self) -> str:
        return self.number


class StatementLine(models.Model):
    """One line of the engine with what the reader needs to check it. Names are copied, as it is frozen."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    envelope = models.CharField(max_length=12)
    library_id = models.BigIntegerField(null=True, help_text="empty: pooled over all libraries")
    library_name = models.CharField(max_length=150, blank=True)
    territory_name = models.CharField(max_length=150, blank=True)
    resource_id = models.BigIntegerField(null=True)
    resource_title = models.CharField(max_length=300, blank=True)
    release_title = models.CharField(max_length=300, blank=True)
    medium = models.CharField(max_length=8, blank=True)
    amount_micros = models.BigIntegerField()
    formula = models.JSONField(help_text="the numbers of the rule that gave this amount")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.envelope} {self.amount_micros}"
