"""Reading statements. Every function takes the payee or the user: nothing is shown to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from mediaplatform.kernel.periods import Month
from royalties.models import PayeeMembership, Statement
from royalties.statements.lines import Line


class StatementNotFound(Exception):
    """There is no such statement, or the user may not read it: the two look the same from outside."""


@dataclass(frozen=True, slots=True)
class StatementHead:
    """A statement without its lines."""

    number: str
    month: Month
    payee_id: int
    payee_name: str
    total_micros: int

    @property
    def first_day(self) -> date:
        return self.month.first_day


def is_payee_member(*, user_id: int) -> bool:
    """Say whether the user acts for any payee."""
    return PayeeMembership.objects.filter(user_id=user_id).exists()


def list_payees(*, user_id: int) -> list[tuple[int, str]]:
    """Return (payee_id, legal name) of the payees the user acts for, by name."""
    rows = (
        PayeeMembership.objects.filter(user_id=user_id).select_related("payee").order_by("payee__legal_name")
    )
    return [(row.payee_id, row.payee.legal_name) for row in rows]


def list_statements(*, user_id: int) -> list[StatementHead]:
    """Return the statements that the user may read, newest first."""
    return [_head(statement) for statement in _readable(user_id).order_by("-period__month", "number")]


def get_statement(*, user_id: int, number: str) -> tuple[StatementHead, list[Line]]:
    """Return a statement with its lines as they were frozen.

    Raises:
        StatementNotFound: no such number, or it is another payee's.
    """
    statement = _readable(user_id).filter(number=number).first()
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


def totals_by_envelope(*, user_id: int) -> dict[Month, dict[str, int]]:
    """Return micros by month and envelope over the user's statements, oldest month first."""
    rows = (
        _readable(user_id)
        .order_by("period__month")
        .values_list("period__month", "lines__envelope", "lines__amount_micros")
    )
    totals: dict[Month, dict[str, int]] = {}
    for month, envelope, amount in rows:
        by_envelope = totals.setdefault(Month.parse(month), {})
        by_envelope[envelope] = by_envelope.get(envelope, 0) + amount
    return totals


def _readable(user_id: int) -> QuerySet[Statement]:
    payees = PayeeMembership.objects.filter(user_id=user_id).values("payee_id")
    return Statement.objects.filter(payee_id__in=payees).select_related("period", "payee")


def _head(statement: Statement) -> StatementHead:
    return StatementHead(
        number=statement.number,
        month=Month.parse(statement.period.month),
        payee_id=statement.payee_id,
        payee_name=statement.payee.legal_name,
        total_micros=statement.total_micros,
    )
