"""Trying to compute a month in the background: who asked, how far it is, how it ended."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from mediaplatform.infrastructure.db import LockTaken
from mediaplatform.infrastructure.tasks import BrokerAway, send_task
from mediaplatform.kernel.periods import Month
from royalties.models import Attempt, Period, Run
from royalties.periods.findings import as_json
from royalties.periods.services import MonthBlocked, close_month, preview_month
from royalties.runs.period import Progress

TASK = "royalties.periods.tasks.compute_month"
SILENCE = timedelta(minutes=10)  # after so long without a sign of life an attempt counts as dead
TELL_EVERY_S = 1.0


class AttemptUnderWay(Exception):
    """Somebody is computing this month already."""


def ask_preview(*, month: Month, user_id: int, now: datetime) -> Attempt:
    """Have a month computed by a worker, without posting anything.

    Raises:
        AttemptUnderWay: the month is being computed already.
        BrokerAway: no worker could be told.
    """
    return _ask(month=month, purpose=Attempt.Purpose.PREVIEW, user_id=user_id, now=now, expected_digest="")


def ask_close(*, month: Month, user_id: int, now: datetime, expected_digest: str) -> Attempt:
    """Have a month closed by a worker, if it comes out as in the preview of that digest.

    Raises:
        AttemptUnderWay: the month is being computed already.
        BrokerAway: no worker could be told.
    """
    return _ask(
        month=month,
        purpose=Attempt.Purpose.CLOSE,
        user_id=user_id,
        now=now,
        expected_digest=expected_digest,
    )


def _ask(*, month: Month, purpose: str, user_id: int, now: datetime, expected_digest: str) -> Attempt:
    period = Period.objects.get_or_create(month=str(month))[0]
    period.attempts.filter(state__in=Attempt.UNFINISHED, heard_at__lt=now - SILENCE).update(
        state=Attempt.State.FAILED
    )
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(
                period=period,
                purpose=purpose,
                expected_digest=expected_digest,
                asked_by_id=user_id,
                asked_at=now,
                heard_at=now,
            )
    except IntegrityError as taken:
        raise AttemptUnderWay(str(month)) from taken
    try:
        send_task(TASK, arguments={"attempt_id": attempt.pk}, queue="default")
    except BrokerAway:
        _finish(attempt, Attempt.State.FAILED)
        raise
    return attempt


def work_on(*, attempt_id: int, now: datetime) -> None:
    """Do what an attempt asks for; one that is finished or unknown is left alone.

    A task that is delivered again after its worker died does it again: nothing had been posted, or the month
    is closed and stays as it is.
    """
    attempt = Attempt.objects.filter(pk=attempt_id, state__in=Attempt.UNFINISHED).first()
    if attempt is None:
        return
    month = Month.parse(attempt.period.month)
    try:
        if attempt.purpose == Attempt.Purpose.PREVIEW:
            preview_month(month=month, now=now, progress=_teller(attempt))
        else:
            close_month(
                month=month,
                now=now,
                user_id=attempt.asked_by_id,
                expected_digest=attempt.expected_digest,
                progress=_teller(attempt),
            )
    except MonthBlocked as blocked:
        attempt.findings = as_json(blocked.findings)
        attempt.period.runs.filter(state=Run.State.PREVIEW).delete()  # what it shows is no longer so
        _finish(attempt, Attempt.State.REFUSED)
    except LockTaken:
        _finish(attempt, Attempt.State.FAILED)
    except Exception:
        _finish(attempt, Attempt.State.FAILED)
        raise
    else:
        _finish(attempt, Attempt.State.DONE)


def _finish(attempt: Attempt, state: str) -> None:
    attempt.state, attempt.heard_at = state, timezone.now()
    attempt.save(update_fields=["state", "findings", "heard_at"])


def _teller(attempt: Attempt) -> Progress:
    """Return a progress that writes each new stage down, and within a stage once a second at most."""
    told: dict[str, float] = {}

    def tell(stage: str, done: int, total: int) -> None:
        moment = time.monotonic()
        if stage in told and moment - told[stage] < TELL_EVERY_S:
            return
        told[stage] = moment
        Attempt.objects.filter(pk=attempt.pk).update(
            state=Attempt.State.WORKING, stage=stage, done=done, total=total, heard_at=timezone.now()
        )

    return tell
