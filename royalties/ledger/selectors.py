"""Reading the books."""

from __future__ import annotations

from django.db.models import Sum

from mediaplatform.kernel.periods import Month
from royalties.ledger.entries import SOLIDARITY, payee_account
from royalties.models import Posting


def credit_balance(*, account: str) -> int:
    """Return what an account holds in micros, credits positive: what is owed, kept or earned."""
    total = Posting.objects.filter(account=account).aggregate(total=Sum("amount_micros"))["total"]
    return -(total or 0)


def credit_balances(*, prefix: str, suffix: str = "") -> dict[str, int]:
    """Return the credit balance in micros of every account between a prefix and a suffix, zeros left out."""
    rows = (
        Posting.objects.filter(account__startswith=prefix, account__endswith=suffix)
        .values("account")
        .annotate(total=Sum("amount_micros"))
        .exclude(total=0)
    )
    return {row["account"]: -row["total"] for row in rows}


def reserve_increases(*, since: Month) -> dict[int, int]:
    """Return by library id what the closes of `since` and later set aside in reserves, in micros.

    What a later close took out again is not taken off.
    """
    rows = (
        Posting.objects.filter(
            entry__key__startswith="close:",
            entry__key__gte=f"close:{since}",
            account__endswith=":reserve",
            amount_micros__lt=0,
        )
        .values("account")
        .annotate(total=Sum("amount_micros"))
    )
    return {int(row["account"].split(":")[1]): -row["total"] for row in rows}


def solidarity_fund() -> int:
    """Return the solidarity fund's balance in micros."""
    return credit_balance(account=SOLIDARITY)


def owed_to_payee(*, payee_id: int) -> int:
    """Return what is owed to a payee in micros: every statement less every payout."""
    return credit_balance(account=payee_account(payee_id))
