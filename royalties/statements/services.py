"""Writing statements: once, numbered without gaps, never edited afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from royalties.models import PayeeMembership, Period, Run, Statement, StatementLine
from royalties.statements.lines import Line


@transaction.atomic
def issue_statements(
    *, period: Period, run: Run, lines: Iterable[Line], issued_at: datetime
) -> list[Statement]:
    """Freeze one statement per payee, numbered `<month>-0001` on in the order of payee ids.

    The caller holds the period's lock, so the numbers have no gaps.
    """
    by_payee: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_payee[line.payee_id].append(line)
    statements = Statement.objects.bulk_create(
        Statement(
            number=f"{period.month}-{position:04d}",
            period=period,
            run=run,
            payee_id=payee_id,
            total_micros=sum(line.amount_micros for line in by_payee[payee_id]),
            issued_at=issued_at,
        )
        for position, payee_id in enumerate(sorted(by_payee), start=1)
    )
    StatementLine.objects.bulk_create(
        (
            StatementLine(
                statement=statement,
                envelope=line.envelope,
                library_id=line.library_id,
                library_name=line.library_name,
                territory_name=line.territory_name,
                resource_id=line.resource_id,
                resource_title=line.resource_title,
                release_title=line.release_title,
                medium=line.medium,
                amount_micros=line.amount_micros,
                formula=dict(line.formula),
            )
            for statement in statements
            for line in by_payee[statement.payee_id]
        ),
        batch_size=5_000,
    )
    return statements


def add_member(*, payee_id: int, user_id: int) -> PayeeMembership:
    """Let a user read a payee's statements; doing it twice changes nothing."""
    return PayeeMembership.objects.get_or_create(payee_id=payee_id, user_id=user_id)[0]
