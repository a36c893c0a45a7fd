"""A library's contribution made ready to be read: bars, columns and rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mediaplatform.kernel.money import Money
from mediaplatform.kernel.territories import DEPARTEMENT, EPCI, OWN, REGION
from mediaplatform.ui.charts import Bar
from mediaplatform.ui.figures import format_money, format_month, format_number, format_share
from royalties.periods.contribution import ELSEWHERE, NEAR, Contribution
from royalties.statements.words import ENVELOPE_NAMES, ENVELOPE_RULES

MOST_MONTHS = 12
DISTANCE_NAMES = {
    OWN: gettext_lazy("Your own territory"),
    EPCI: gettext_lazy("Your intercommunality"),
    DEPARTEMENT: gettext_lazy("Your departement"),
    REGION: gettext_lazy("Your region"),
    ELSEWHERE: gettext_lazy("Elsewhere"),
}
OWN_ENVELOPES = ("usage", "territory", "diversity")  # those that a library divides by itself
COLUMNS = (
    "month", "available", *OWN_ENVELOPES, "catalogue", "solidarity", "operations", "reserve", "paid",
    *(f"paid_{distance}" for distance in DISTANCE_NAMES),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """One destination of the library's money, with its rule in a sentence."""

    name: str
    rule: str
    amount_micros: int


@dataclass(frozen=True, slots=True)
class ContributionPage:
    """A month of a library; `uses` add up to `now.available`."""

    now: Contribution
    name: str
    share: str
    local_creators: int
    distances: list[Bar]
    uses: list[Use]
    months: list[Bar]


def lay_out(contributions: Sequence[Contribution], now: Contribution) -> ContributionPage:
    """Lay one month out beside the months up to it; `contributions` are newest first."""
    until = [each for each in reversed(contributions) if each.month <= now.month][-MOST_MONTHS:]
    return ContributionPage(
        now=now,
        name=date_format(now.month.first_day, "F Y"),
        share=format_share(now.local_bp // 10 * 10),
        local_creators=sum(now.creators.get(distance, 0) for distance in NEAR),
        distances=[_distance(now, key) for key in DISTANCE_NAMES if now.by_distance.get(key)],
        uses=[use for use in _uses(now) if use.amount_micros],
        months=[
            Bar(format_month(each.month.first_day), each.local, format_money(each.local, decimals=0))
            for each in until
        ],
    )


def _distance(now: Contribution, key: str) -> Bar:
    amount, creators = now.by_distance[key], now.creators[key]
    note = ngettext("%(count)s creator", "%(count)s creators", creators) % {"count": format_number(creators)}
    return Bar(str(DISTANCE_NAMES[key]), amount, format_money(amount), note)


def _uses(now: Contribution) -> list[Use]:
    paid = [
        Use(str(ENVELOPE_NAMES[key]), str(ENVELOPE_RULES[key]), now.by_envelope.get(key, 0))
        for key in OWN_ENVELOPES
    ]
    return [
        *paid,
        Use(str(ENVELOPE_NAMES["catalogue"]), str(ENVELOPE_RULES["catalogue"]), now.catalogue),
        Use(
            str(ENVELOPE_NAMES["floor"]),
            _("Goes to the fund that lifts creators’ small months up to a floor."),
            now.solidarity,
        ),
        Use(_("Running costs"), _("The cooperative’s work: catalogue, servers, support."), now.operations),
        Use(
            _("Kept for next month"),
            _("What nobody could be paid for is offered again for twelve months."),
            now.reserve,
        ),
    ]


def as_csv(contributions: Iterable[Contribution]) -> str:
    """Return every month as a row, amounts in euros with six decimals; the columns' names are stable English."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for each in contributions:
        amounts = (
            each.available,
            *(each.by_envelope.get(key, 0) for key in OWN_ENVELOPES),
            each.catalogue,
            each.solidarity,
            each.operations,
            each.reserve,
            each.paid,
            *(each.by_distance.get(key, 0) for key in DISTANCE_NAMES),
        )
        writer.writerow([each.month, *(str(Money(amount).units) for amount in amounts)])
    return out.getvalue()
