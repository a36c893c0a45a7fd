"""Who may read whose statements."""

from __future__ import annotations

from django.db import models


class PayeeMembership(models.Model):
    """A user who acts for a payee."""

    payee = models.ForeignKey("catalog.Payee", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="payee_memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["payee", "user"], name="payee_membership_once")]

    def __str__(self) -> str:
        return f"{self.user} for payee {self.payee_id}"
