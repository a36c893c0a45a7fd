"""Close a month: recognise revenue, run the CCT, post the journal, freeze the statements - all or nothing."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from mediaplatform.infrastructure.db import advisory_lock
from mediaplatform.infrastructure.objectstore import get_store
from mediaplatform.kernel.periods import Month
from royalties.engine.policy import Policy, parse_policy
from royalties.ledger import entries
from royalties.ledger import selectors as ledger
from royalties.ledger import services as journal
from royalties.models import Period, PolicyVersion, Run
from royalties.periods.inputs import LibraryMonth, list_library_months, write_inputs
from royalties.periods.results import Results, read_results
from royalties.periods.selectors import list_blockers, policy_in_force
from royalties.runs import local
from royalties.statements import services as statements


class MonthBlocked(Exception):
    """The month cannot be closed; `blockers` says why, one sentence each."""

    def __init__(self, blockers: list[str]) -> None:
        self.blockers = blockers
        super().__init__("\n".join(blockers))


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed month. `is_new` is False when it had been closed before: nothing was written then."""

    period: Period
    statements: int
    is_new: bool


def close_month(*, month: Month, now: datetime, user_id: int | None = None) -> Closed:
    """Close an accounting month; closing it again changes nothing.

    The computation runs outside of any transaction, on files; a run that dies leaves the month open. What it
    read and wrote is kept in object storage under `runs/<month>/<digest>/`.

    Raises:
        MonthBlocked: the month is not over, an earlier one is open, or the inputs have faults.
    """
    with advisory_lock(f"close:{month}"):
        closed = Period.objects.filter(month=str(month), state=Period.State.CLOSED).first()
        if closed is not None:
            return Closed(period=closed, statements=closed.statements.count(), is_new=False)
        blockers = list_blockers(month=month, now=now)
        if blockers:
            raise MonthBlocked(blockers)
        version = policy_in_force(month=month)
        months = list_library_months(month=month)
        with tempfile.TemporaryDirectory(prefix="close-") as scratch:
            results = _compute(
                month=month, months=months, policy=parse_policy(version.rules), scratch=Path(scratch)
            )
            prefix = _keep(month=month, folder=Path(scratch), digest=results.digest)
        return _post(
            month=month,
            months=months,
            version=version,
            results=results,
            prefix=prefix,
            now=now,
            user_id=user_id,
        )


def _compute(*, month: Month, months: list[LibraryMonth], policy: Policy, scratch: Path) -> Results:
    inputs, outputs = scratch / "inputs", scratch / "outputs"
    inputs.mkdir()
    write_inputs(month=month, folder=inputs, months=months)
    try:
        run = local.run(
            input_dir=inputs, output_dir=outputs, policy=policy, fund_micros=ledger.solidarity_fund()
        )
    except local.InputRefused as refusal:
        raise MonthBlocked([str(finding) for finding in refusal.findings]) from refusal
    return read_results(run=run, input_dir=inputs, policy=policy)


def _keep(*, month: Month, folder: Path, digest: str) -> str:
    """Store the run's files; keys hold the digest, so that storing twice is harmless."""
    store, prefix = get_store(), f"runs/{month}/{digest}/"
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            store.put_file(
                key=prefix + path.relative_to(folder).as_posix(),
                path=path,
                content_type="application/octet-stream",
            )
    return prefix


@transaction.atomic
def _post(
    *,
    month: Month,
    months: list[LibraryMonth],
    version: PolicyVersion,
    results: Results,
    prefix: str,
    now: datetime,
    user_id: int | None,
) -> Closed:
    period, _created = Period.objects.select_for_update().get_or_create(month=str(month))
    run = Run.objects.create(
        period=period,
        policy=version,
        state=Run.State.POSTED,
        manifest=results.manifest,
        object_prefix=prefix,
        computed_at=now,
    )
    for entry in _entries(month=month, months=months, results=results):
        journal.post(entry=entry, occurred_at=now)
    issued = statements.issue_statements(period=period, run=run, lines=results.lines, issued_at=now)
    period.state, period.closed_at, period.closed_by_id = Period.State.CLOSED, now, user_id
    period.save(update_fields=["state", "closed_at", "closed_by"])
    return Closed(period=period, statements=len(issued), is_new=True)


def _entries(*, month: Month, months: list[LibraryMonth], results: Results) -> list[entries.Entry]:
    """Return the month's journal: recognition and division per library, then the platform's part."""
    found = [
        entries.recognition(month=str(month), library_id=row.library_id, recognised_micros=row.recognised)
        for row in months
    ]
    found += [
        entries.library_close(
            month=str(month), result=results.library(row.library_id, row.revenue, row.reserve)
        )
        for row in months
    ]
    found.append(
        entries.platform_close(
            month=str(month),
            catalogue_by_payee=results.by_payee("catalogue"),
            floor_by_payee=results.by_payee("floor"),
        )
    )
    return [entry for entry in found if entry is not None]


def decide_policy(
    *, name: str, rules: dict[str, object], from_month: Month, decided_on: datetime
) -> PolicyVersion:
    """Write down the members' decision: a policy in force from a month that no run has touched yet.

    Raises:
        PolicyRefused: the rules break their own rules; every fault is named.
        MonthBlocked: the month, or a later one, is closed already.
    """
    policy = parse_policy(rules)
    closed = (
        Period.objects.filter(month__gte=str(from_month), state=Period.State.CLOSED).order_by("month").first()
    )
    if closed is not None:
        raise MonthBlocked(
            [_("%(month)s is closed: a policy rules future months only.") % {"month": closed.month}]
        )
    return PolicyVersion.objects.get_or_create(
        from_month=str(from_month),
        defaults={
            "name": name,
            "rules": policy.as_json(),
            "sha256": policy.digest(),
            "decided_on": decided_on.date(),
        },
    )[0]
