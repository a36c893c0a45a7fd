"""Close a month: recognise revenue, run the CCT, post the journal, freeze the statements - all or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from catalog.usage import compaction
from mediaplatform.infrastructure.db import advisory_lock
from mediaplatform.infrastructure.objectstore import get_store
from mediaplatform.kernel.periods import Month
from royalties.engine.policy import PolicyRefused, parse_policy
from royalties.engine.tables import Finding
from royalties.ledger import entries
from royalties.ledger import selectors as ledger
from royalties.ledger import services as journal
from royalties.models import Period, PolicyVersion, Run
from royalties.periods.findings import (
    CHANGED,
    CLOSED,
    NOT_OVER,
    as_json,
    held_plays,
    libraries_must_have_territories,
    month_finding,
    put_in_words,
    read_notices,
)
from royalties.periods.inputs import LibraryMonth, list_library_months, write_inputs
from royalties.periods.results import Results, read_results
from royalties.periods.selectors import list_blockers, policy_in_force
from royalties.periods.summary import summarise
from royalties.runs import local
from royalties.runs.period import Progress, ignore_progress
from royalties.screening import selectors as reviews
from royalties.screening import services as screening
from royalties.statements import selectors as statements
from royalties.statements.services import issue_statements
from subscriptions.patrons import pseudonyms

STAGES = ("export", "read", "reduce", "allocate", "explain", "store", "post")


class MonthBlocked(Exception):
    """The month cannot be closed; `findings` say why, and what else should be known."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))

    @property
    def blockers(self) -> list[str]:
        """One sentence each, in the reader's language."""
        return [each.text for each in put_in_words(as_json(self.findings)) if each.blocks]


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed month. `is_new` is False when it had been closed before: nothing was written then."""

    period: Period
    statements: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Computed:
    """A month's run with what it was made of. The files are in `folder`, which goes away with its context."""

    month: Month
    version: PolicyVersion
    months: list[LibraryMonth]
    results: Results
    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        before = statements.paid_in(month=self.month.previous)
        return summarise(results=self.results, months=self.months, before=before)


def close_month(
    *,
    month: Month,
    now: datetime,
    user_id: int | None = None,
    expected_digest: str = "",
    progress: Progress = ignore_progress,
) -> Closed:
    """Close an accounting month; closing it again changes nothing.

    The computation runs outside of any transaction, on files; a run that dies leaves the month open. What it
    read and wrote is kept in object storage under `runs/<month>/<digest>/`. With `expected_digest`, of a
    preview that somebody looked at, the month is posted only if that comes out again.

    Raises:
        MonthBlocked: the month is not over, an earlier one is open, the inputs have faults or have changed.
        LockTaken: another process is at this month.
    """
    with advisory_lock(f"close:{month}"):
        closed = Period.objects.filter(month=str(month), state=Period.State.CLOSED).first()
        if closed is not None:
            return Closed(period=closed, statements=closed.statements.count(), is_new=False)
        _refuse_if(list_blockers(month=month, now=now))
        compaction.compact_open_days(now=now)
        screening.screen_month(month=month, now=now)
        with _computed(month=month, progress=progress) as computed:
            if expected_digest and computed.results.digest != expected_digest:
                _refuse_if([month_finding(CHANGED, month)])
            progress("store", 0, 1)
            prefix = _keep(month=month, folder=computed.folder, digest=computed.results.digest)
            progress("post", 0, 1)
            return _post(computed=computed, prefix=prefix, now=now, user_id=user_id)


def preview_month(*, month: Month, now: datetime, progress: Progress = ignore_progress) -> Run:
    """Compute a month that is open and keep its sums in the place of an earlier preview; nothing is posted.

    Raises:
        MonthBlocked: it is closed, an earlier one is open, no policy is in force, or the inputs have faults.
        LockTaken: another process is at this month.
    """
    with advisory_lock(f"close:{month}"):
        if Period.objects.filter(month=str(month), state=Period.State.CLOSED).exists():
            _refuse_if([month_finding(CLOSED, month)])
        _refuse_if([found for found in list_blockers(month=month, now=now) if found.code != NOT_OVER])
        compaction.compact_open_days(now=now)
        screening.screen_month(month=month, now=now)
        with _computed(month=month, progress=progress) as computed, transaction.atomic():
            period = _locked_period(month)
            period.runs.filter(state=Run.State.PREVIEW).delete()
            return Run.objects.create(
                period=period,
                policy=computed.version,
                state=Run.State.PREVIEW,
                manifest=computed.results.manifest,
                summary=computed.summary,
                computed_at=now,
            )


def _refuse_if(findings: list[Finding]) -> None:
    """Raise MonthBlocked unless there is nothing, or nothing but notices."""
    if any(found.is_fault for found in findings):
        raise MonthBlocked(findings)


@contextmanager
def _computed(*, month: Month, progress: Progress) -> Iterator[Computed]:
    """Export the month and run the CCT on it, in a scratch folder."""
    version = policy_in_force(month=month)
    policy = parse_policy(version.rules)
    months = list_library_months(month=month)
    with tempfile.TemporaryDirectory(prefix="close-") as scratch:
        inputs, outputs = Path(scratch) / "inputs", Path(scratch) / "outputs"
        inputs.mkdir()
        progress("export", 0, 1)
        write_inputs(month=month, folder=inputs, months=months)
        held = held_plays(reviews.count_undecided(month=month))
        fund = ledger.solidarity_fund() + sum(row.expired for row in months)
        try:
            run = local.run(
                input_dir=inputs, output_dir=outputs, policy=policy, fund_micros=fund, progress=progress
            )
        except local.InputRefused as refusal:
            raise MonthBlocked([*held, *refusal.findings]) from refusal
        _refuse_if([*held, *libraries_must_have_territories(read_notices(run.manifest))])
        progress("explain", 0, 1)
        results = read_results(run=run, input_dir=inputs, policy=policy)
        yield Computed(month=month, version=version, months=months, results=results, folder=Path(scratch))


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


def _locked_period(month: Month) -> Period:
    return Period.objects.select_for_update().get_or_create(month=str(month))[0]


@transaction.atomic
def _post(*, computed: Computed, prefix: str, now: datetime, user_id: int | None) -> Closed:
    """Write the run, the journal and the statements, and close the period: together or not at all."""
    summary, period = computed.summary, _locked_period(computed.month)
    period.runs.filter(state=Run.State.PREVIEW).delete()
    run = Run.objects.create(
        period=period,
        policy=computed.version,
        state=Run.State.POSTED,
        manifest=computed.results.manifest,
        summary=summary,
        object_prefix=prefix,
        computed_at=now,
    )
    for entry in _entries(computed):
        journal.post(entry=entry, occurred_at=now)
    issued = issue_statements(period=period, run=run, lines=computed.results.lines, issued_at=now)
    period.state, period.closed_at, period.closed_by_id = Period.State.CLOSED, now, user_id
    period.save(update_fields=["state", "closed_at", "closed_by"])
    pseudonyms.note_close(month=computed.month, at=now)
    return Closed(period=period, statements=len(issued), is_new=True)


def _entries(computed: Computed) -> list[entries.Entry]:
    """Return the month's journal: recognition, expiry and division per library, then the platform's part."""
    month, results = str(computed.month), computed.results
    found = [
        entries.recognition(month=month, library_id=row.library_id, recognised_micros=row.recognised)
        for row in computed.months
    ]
    found += [
        entries.reserve_expiry(month=month, library_id=row.library_id, expired_micros=row.expired)
        for row in computed.months
    ]
    found += [
        entries.library_close(
            month=month,
            result=results.library(row.library_id, revenue=row.revenue, reserve_in=row.reserve),
        )
        for row in computed.months
    ]
    found.append(
        entries.platform_close(
            month=month,
            catalogue_by_payee=results.pooled.get("catalogue", {}),
            floor_by_payee=results.pooled.get("floor", {}),
        )
    )
    return [entry for entry in found if entry is not None]


def decide_policy(
    *, name: str, rules: dict[str, object], from_month: Month, decided_on: datetime
) -> PolicyVersion:
    """Write down the members' decision: a policy in force from a month that no run has touched yet.

    Raises:
        PolicyRefused: the rules break their own rules or serve comparison only; every fault is named.
        MonthBlocked: the month, or a later one, is closed already.
    """
    policy = parse_policy(rules)
    if policy.is_simulation:
        raise PolicyRefused([f"usage_mode: {policy.usage_mode} serves comparison only"])
    closed = (
        Period.objects.filter(month__gte=str(from_month), state=Period.State.CLOSED).order_by("month").first()
    )
    if closed is not None:
        raise MonthBlocked([month_finding(CLOSED, closed.month)])
    return PolicyVersion.objects.get_or_create(
        from_month=str(from_month),
        defaults={
            "name": name,
            "rules": policy.as_json(),
            "sha256": policy.digest(),
            "decided_on": decided_on.date(),
        },
    )[0]
