"""The first stage: the play log to one integer row per (library, patron, resource).

Ibis expressions only, run by whichever engine a runner opens. Filters, joins and sums of integers stand here
and nothing else: a division would go through floating point.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from royalties.engine.policy import MEDIA, Policy
from royalties.engine.tables import COUNTED, PLAYS


def reduce_plays(plays: ir.Table, resources: ir.Table, *, policy: Policy) -> ir.Table:
    """Return the USAGE table of tables.py, in no order.

    A play counts when its status is `counted`, its resource is known and its seconds reach `qualify_s` of the
    medium, or the whole resource where that is shorter. Of one patron, resource and UTC day at most
    `daily_cap` plays count, and at most `daily_cap * duration_s` seconds where the duration is known.
    With a cap of 10, twelve plays of 200 s of a track of 180 s are 10 plays and 1,800 s.
    """
    thresholds = resources.select(
        "resource_id",
        "duration_s",
        threshold_s=ibis.least(_qualify_s(resources.medium, policy), resources.duration_s.fill_null(2**62)),
    )
    counted = plays.filter(plays.status == COUNTED).join(thresholds, "resource_id")
    counted = counted.filter(counted.seconds >= counted.threshold_s)
    daily = counted.group_by("library_id", "patron", "resource_id", day=counted.started_at.date()).aggregate(
        day_plays=counted.count(),
        day_seconds=counted.seconds.sum().cast("int64"),
        duration_s=counted.duration_s.max(),
    )
    seconds_cap = (daily.duration_s * policy.daily_cap).fill_null(2**62)
    return daily.group_by("library_id", "patron", "resource_id").aggregate(
        plays=ibis.least(daily.day_plays, policy.daily_cap).sum().cast("int64"),
        seconds=ibis.least(daily.day_seconds, seconds_cap).sum().cast("int64"),
    )


def survey_plays(plays: ir.Table) -> ir.Table:
    """Return one row: the number of rows, the least and the most seconds, and the nulls of each column."""
    nulls = {f"nulls_{name}": plays[name].isnull().sum() for name in PLAYS.names}
    return plays.aggregate(
        rows=plays.count(), min_seconds=plays.seconds.min(), max_seconds=plays.seconds.max(), **nulls
    )


def distinct_values(plays: ir.Table, column: str) -> ir.Table:
    """Return the distinct values of a column that are not null, in no order."""
    return plays.filter(plays[column].notnull()).select(column).distinct()


def _qualify_s(medium: ir.StringColumn, policy: Policy) -> ir.IntegerColumn:
    branches = [(medium == name, policy.qualify_s[name]) for name in MEDIA]
    thresholds: ir.IntegerColumn = ibis.cases(*branches)
    return thresholds
