"""The dashboard's numbers, made ready to be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.usage import selectors as usage
from catalog.usage.selectors import Use
from mediaplatform.kernel.periods import Month
from mediaplatform.ui.charts import Bar
from mediaplatform.ui.figures import format_duration, format_month, format_number
from subscriptions.billing import selectors as billing
from subscriptions.patrons import selectors as patrons
from subscriptions.patrons.selectors import CodeCounts

if TYPE_CHECKING:
    from subscriptions.models import Library

FEW_CODES = 10
SOON_DAYS = 60
MONTHS_SHOWN = 6
NOTHING = Use(plays=0, seconds=0, patrons=0)
MEDIA = {
    "music": gettext_lazy("Music"),
    "video": gettext_lazy("Films"),
    "book": gettext_lazy("Books"),
    "game": gettext_lazy("Games"),
}


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A month of a library. `months`: patrons a month up to this one; `by_medium`: seconds, the most first."""

    month: Month
    name: str
    previous: Month
    following: Month | None
    now: Use
    before: Use
    before_name: str
    by_medium: tuple[Bar, ...]
    months: tuple[Bar, ...]
    codes: CodeCounts
    alerts: tuple[str, ...]


def make_dashboard(*, library: Library, month: Month, on: date) -> Dashboard:
    """Read a library's month; `on` is today, for the codes that are left and the subscription's end."""
    shown = [month]
    while len(shown) < MONTHS_SHOWN:
        shown.insert(0, shown[0].previous)
    uses = [usage.count_library_use(library_id=library.pk, month=one) for one in shown]
    codes = patrons.count_codes(library_id=library.pk, on=on)
    by_medium = sorted(
        ((medium, use) for medium, use in uses[-1].items() if medium != "all"),
        key=lambda pair: -pair[1].seconds,
    )
    return Dashboard(
        month=month,
        name=_name(month),
        previous=month.previous,
        following=month.following if month.following.first_day <= on else None,
        now=uses[-1].get("all", NOTHING),
        before=uses[-2].get("all", NOTHING),
        before_name=_name(month.previous),
        by_medium=tuple(
            Bar(
                label=str(MEDIA.get(medium, medium)),
                value=use.seconds,
                shown=format_duration(use.seconds),
                note=_("%(plays)s plays, %(patrons)s patrons")
                % {"plays": format_number(use.plays), "patrons": format_number(use.patrons)},
            )
            for medium, use in by_medium
        ),
        months=tuple(
            Bar(
                label=format_month(one.first_day),
                value=use.get("all", NOTHING).patrons,
                shown=format_number(use.get("all", NOTHING).patrons),
            )
            for one, use in zip(shown, uses, strict=True)
        ),
        codes=codes,
        alerts=tuple(_alerts(library, codes, on)),
    )


def _alerts(library: Library, codes: CodeCounts, on: date) -> list[str]:
    alerts = []
    running = billing.find_running(library_id=library.pk, on=on)
    if running is None:
        alerts.append(_("No subscription is running: patrons can look, not play. Write to the cooperative."))
    elif billing.list_ending(on=on, within_days=SOON_DAYS) and (running.ends_on - on).days <= SOON_DAYS:
        alerts.append(_("The subscription ends on %(day)s.") % {"day": date_format(running.ends_on)})
    if codes.free <= FEW_CODES:
        alerts.append(_("Codes to hand out are running low: %(free)s are left.") % {"free": codes.free})
    return alerts


def _name(month: Month) -> str:
    return date_format(month.first_day, "F Y")
