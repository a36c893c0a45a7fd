"""A month of the play log and what is known beside it, as the rules want them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from catalog.usage import log, schema
from catalog.works import rights
from mediaplatform.kernel.periods import Month
from royalties.models import PayeeMembership
from royalties.screening import rules
from royalties.screening.rules import Known, Plays, Suspicion
from subscriptions.patrons import pseudonyms
from subscriptions.patrons.pseudonyms import PseudonymsDestroyed

COLUMNS = ("session_id", "library_id", "patron", "resource_id", "started_at", "seconds", "status")
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class MonthOfPlays:
    """The rules' columns, and the words behind their numbers: of patrons, of days, of plays."""

    plays: Plays
    known: Known
    patrons: list[str]
    days: list[date]
    sessions: pa.ChunkedArray[Any]

    def ids_by_day(self, suspicion: Suspicion) -> dict[date, list[UUID]]:
        """Return the plays that a suspicion holds."""
        found: dict[date, list[UUID]] = {}
        texts = self.sessions.take(suspicion.plays).to_pylist()
        for position, text in zip(suspicion.plays.tolist(), texts, strict=True):
            found.setdefault(self.days[self.plays.day[position]], []).append(UUID(str(text)))
        return found

    def payees_of(self, suspicion: Suspicion) -> list[int]:
        """Return whose works were played."""
        resources = np.unique(self.plays.resource[suspicion.plays]).tolist()
        return sorted({payee for one in resources for payee in self.known.payees_of.get(one, ())})


def read_month(*, month: Month) -> MonthOfPlays:
    """Read a month's plays, held ones too and double clicks aside."""
    days = [month.first_day + timedelta(days=n) for n in range(month.last_day.day)]
    tables, counts = [], []
    for day in days:
        table = log.read_day(day=day, columns=COLUMNS)
        table = table.filter(pc.field("status") != schema.DOUBLE_CLICK)
        tables.append(table)
        counts.append(table.num_rows)
    rows = pa.concat_tables(tables)
    coded: Any = rows["patron"].combine_chunks().dictionary_encode()
    patrons = [str(one) for one in coded.dictionary.to_pylist()]
    plays = Plays(
        library=rows["library_id"].to_numpy(),
        patron=coded.indices.to_numpy().astype(np.int64),
        resource=rows["resource_id"].to_numpy(),
        day=np.repeat(np.arange(len(days)), counts),
        started_us=rows["started_at"].cast(pa.int64()).to_numpy(),
        seconds=rows["seconds"].to_numpy().astype(np.int64),
    )
    numbers = {name: number for number, name in enumerate(patrons)}
    return MonthOfPlays(plays, _known(month, numbers), patrons, days, rows["session_id"])


def _known(month: Month, numbers: dict[str, int]) -> Known:
    payees_of: dict[int, tuple[int, ...]] = {}
    for row in rights.export_rights(on=month.last_day).shares.to_pylist():
        if row["share_bp"]:
            payees_of[row["resource_id"]] = (*payees_of.get(row["resource_id"], ()), row["payee_id"])
    members = list(PayeeMembership.objects.values_list("payee_id", "user_id"))
    hours = timedelta(hours=rules.THRESHOLDS[rules.NEW_ACCOUNT]["hours"])
    try:
        new = pseudonyms.list_new_patrons(month=month, before=hours)
        beside = pseudonyms.find_beside(month=month, user_ids={user for _payee, user in members})
    except PseudonymsDestroyed:  # so long after the month nobody can tell accounts and households any more
        new, beside = {}, {}
    households: dict[int, frozenset[int]] = {}
    for payee, user in members:
        near = frozenset(numbers[name] for name in beside.get(user, ()) if name in numbers)
        households[payee] = households.get(payee, frozenset()) | near
    created = {numbers[name]: (at - EPOCH) // MICROSECOND for name, at in new.items() if name in numbers}
    return Known(payees_of=payees_of, created_us=created, households=households)
