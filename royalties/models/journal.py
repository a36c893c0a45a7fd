"""Double entry, append-only, in micros. Triggers (migration) refuse what is unbalanced or rewritten."""

from __future__ import annotations

from django.db import models


class JournalEntry(models.Model):
    """A business act with postings that sum to zero. `key` is its natural name: posting twice is refused."""

    key = models.CharField(max_length=100, unique=True, help_text="for example close:2026-10")
    description = models.CharField(max_length=200)
    occurred_at = models.DateTimeField()
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "journal entries"

    def __str__(self) -> str:
        return self.key


class Posting(models.Model):
    """An amount on an account: positive is a debit, negative a credit. Account names are `kind:id` paths."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    account = models.CharField(
        max_length=100, db_index=True, help_text="for example payee:12 or library:3:reserve"
    )
    amount_micros = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="EUR")

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~models.Q(amount_micros=0), name="posting_not_zero")]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_micros}"
