"""How far an attempt is, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from royalties.models import Attempt
from royalties.periods.attempts import SILENCE
from royalties.periods.services import STAGES


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` stages; `is_silent` when the worker has not been heard of for long."""

    label: str
    done: int
    total: int
    note: str
    is_silent: bool


def read_progress(attempt: Attempt, *, now: datetime) -> Progress | None:
    """Return how far an attempt is; None when it is over."""
    if attempt.state not in Attempt.UNFINISHED:
        return None
    done = STAGES.index(attempt.stage) if attempt.stage in STAGES else 0
    note = ""
    if attempt.stage == "allocate" and attempt.total > 1:
        note = _("%(done)s of %(total)s libraries") % {"done": attempt.done, "total": attempt.total}
    return Progress(
        label=_label(attempt.stage),
        done=done,
        total=len(STAGES),
        note=note,
        is_silent=now - attempt.heard_at > SILENCE,
    )


def _label(stage: str) -> str:
    return {
        "export": _("Reading plays, rights and revenue"),
        "read": _("Checking what was read"),
        "reduce": _("Adding up the plays"),
        "allocate": _("Dividing each library’s month"),
        "explain": _("Writing down each line’s numbers"),
        "store": _("Keeping the run"),
        "post": _("Posting the journal and the statements"),
    }.get(stage, _("Waiting for a worker"))
