"""A payee's months as the overview's chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mediaplatform.kernel.periods import Month
from mediaplatform.ui.charts import Bar, Series
from mediaplatform.ui.figures import format_money, format_month
from royalties.statements.pages import STACK
from royalties.statements.words import ENVELOPE_NAMES

MOST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthsChart:
    """The last year's months: one series an envelope that was ever paid, and the sums."""

    series: list[Series]
    totals: list[Bar]


def chart_months(by_month: Mapping[Month, Mapping[str, int]]) -> MonthsChart:
    """Return the chart's data; months without a statement between others count as nothing."""
    if not by_month:
        return MonthsChart([], [])
    months = _span(min(by_month), max(by_month))[-MOST_MONTHS:]
    series = []
    for envelope in STACK:
        values = tuple(by_month.get(month, {}).get(envelope, 0) for month in months)
        if any(values):
            series.append(
                Series(str(ENVELOPE_NAMES[envelope]), values, tuple(format_money(value) for value in values))
            )
    totals = []
    for month in months:
        total = sum(by_month.get(month, {}).values())
        totals.append(Bar(format_month(month.first_day, has_year=True), total, format_money(total)))
    return MonthsChart(series, totals)


def _span(first: Month, last: Month) -> list[Month]:
    months = [first]
    while months[-1] < last:
        months.append(months[-1].following)
    return months
