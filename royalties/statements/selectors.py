"""Reading statements. Every function takes the user: nothing is shown to another payee's people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from mediaplatform.kernel.periods import Month
from royalties.ledger import selectors as ledger
from royalties.models import PayeeMembership, Statement
from royalties.statements.lines import Line

PAYMENT_DAY = 15  # of each month: what is on the accounts then is paid


class StatementNotFound(Exception):
    """There is no such statement, or the user may not read it: the two look the same from outside."""


class PayeeNotFound(Exception):
    """There is no such payee, or the user does not act for it: the two look the same from outside."""


@dataclass(frozen=True, slots=True)
class PayeeName:
    """A payee that the user acts for."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class StatementHead:
    """A statement without its lines."""

    number: str
    month: Month
    payee: PayeeName
    total_micros: int
    issued_at: datetime
    run_digest: str
    policy_name: str

    @property
    def first_day(self) -> date:
        return self.month.first_day


@dataclass(frozen=True, slots=True)
class Account:
    """Where a payee stands: what is owed in micros, when it is paid next, the statements newest first."""

    payee: PayeeName
    balance_micros: int
    next_payment_on: date
    statements: list[StatementHead]
    by_month: Mapping[Month, Mapping[str, int]]


def is_payee_member(*, user_id: int) -> bool:
    """Say whether the user acts for any payee."""
    return PayeeMembership.objects.filter(user_id=user_id).exists()


def list_payees(*, user_id: int) -> list[PayeeName]:
    """Return the payees that the user acts for, by name."""
    rows = PayeeMembership.objects.filter(user_id=user_id).order_by("payee__legal_name")
    return [PayeeName(*row) for row in rows.values_list("payee_id", "payee__legal_name")]


def get_account(*, user_id: int, payee_id: int, today: date) -> Account:
    """Return a payee's balance, statements and months.

    Raises:
        PayeeNotFound: the user does not act for it.
    """
    payee = next((each for each in list_payees(user_id=user_id) if each.id == payee_id), None)
    if payee is None:
        raise PayeeNotFound(str(payee_id))
    statements = Statement.objects.filter(payee_id=payee_id)
    return Account(
        payee=payee,
        balance_micros=ledger.owed_to_payee(payee_id=payee_id),
        next_payment_on=next_payment_after(today),
        statements=[_head(each) for each in _with_heads(statements).order_by("-period__month")],
        by_month=_by_month(statements),
    )


def next_payment_after(today: date) -> date:
    """Return the next day on which payees are paid: 2026-11-15 after 2026-10-15 or 2026-11-14."""
    month = Month(today.year, today.month)
    month = month if today.day < PAYMENT_DAY else month.following
    return month.first_day.replace(day=PAYMENT_DAY)


def _by_month(statements: QuerySet[Statement]) -> dict[Month, dict[str, int]]:
    """Return micros by month and envelope, oldest month first."""
    rows = (
        statements.order_by("period__month")
        .values_list("period__month", "lines__envelope")
        .annotate(total=Sum("lines__amount_micros"))
    )
    totals: dict[Month, dict[str, int]] = {}
    for month, envelope, total in rows:
        totals.setdefault(Month.parse(month), {})[envelope] = total
    return totals


def get_statement(*, user_id: int, number: str) -> tuple[StatementHead, list[Line]]:
    """Return a statement with its lines as they were frozen.

    Raises:
        StatementNotFound: no such number, or it is another payee's.
    """
    payees = PayeeMembership.objects.filter(user_id=user_id).values("payee_id")
    found = Statement.objects.filter(payee_id__in=payees, number=number)
    statement = _with_heads(found).first()
    if statement is None:
        raise StatementNotFound(number)
    lines = [
        Line(
            payee_id=statement.payee_id,
            envelope=line.envelope,
            amount_micros=line.amount_micros,
            formula=line.formula,
            library_id=line.library_id,
            library_name=line.library_name,
            territory_name=line.territory_name,
            resource_id=line.resource_id,
            resource_title=line.resource_title,
            release_title=line.release_title,
            medium=line.medium,
        )
        for line in statement.lines.order_by("id")
    ]
    return _head(statement), lines


def paid_in(*, month: Month) -> dict[int, int]:
    """Return the total in micros of every statement of a month, by payee id. For the cooperative alone."""
    return dict(Statement.objects.filter(period__month=str(month)).values_list("payee_id", "total_micros"))


def _with_heads(statements: QuerySet[Statement]) -> QuerySet[Statement]:
    return statements.select_related("period", "payee", "run__policy")


def _head(statement: Statement) -> StatementHead:
    return StatementHead(
        number=statement.number,
        month=Month.parse(statement.period.month),
        payee=PayeeName(statement.payee_id, statement.payee.legal_name),
        total_micros=statement.total_micros,
        issued_at=statement.issued_at,
        run_digest=statement.run.manifest["sha256"],
        policy_name=statement.run.policy.name,
    )
