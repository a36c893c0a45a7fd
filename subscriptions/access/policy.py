"""May this profile play this resource now? Pure: the services bring the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from catalog.works.audience import Audience
from mediaplatform.kernel.periods import ACCOUNTING_ZONE

NO_PATRON = "no_patron"
NO_SUBSCRIPTION = "no_subscription"
NOT_INCLUDED = "not_included"
NOT_VISIBLE = "not_visible"
NOT_READY = "not_ready"


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes until an instant at which the answer must change, or no with the rule that says so."""

    allowed: bool
    code: str = ""
    until: datetime | None = None


def decide(
    *, audience: Audience | None, paid_until: date | None, is_visible: bool, medium: str | None
) -> Decision:
    """Decide by the first rule that refuses.

    `paid_until`: last day of the library's running subscription, None without one. `is_visible`: the
    catalogue shows the resource to this audience (age, territory, dates, takedown). `medium`: of what there
    is to stream, None while there is nothing.
    """
    if audience is None:
        return Decision(allowed=False, code=NO_PATRON)
    if paid_until is None:
        return Decision(allowed=False, code=NO_SUBSCRIPTION)
    if not is_visible:
        return Decision(allowed=False, code=NOT_VISIBLE)
    if medium is None:
        return Decision(allowed=False, code=NOT_READY)
    if medium not in audience.media:
        return Decision(allowed=False, code=NOT_INCLUDED)
    day_after = paid_until + timedelta(days=1)
    midnight = datetime(day_after.year, day_after.month, day_after.day, tzinfo=ACCOUNTING_ZONE)
    return Decision(allowed=True, until=midnight.astimezone(UTC))
