"""The last stage: what all libraries share. The catalogue pool, the solidarity fund and the floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from royalties.engine.allocate import split_revenue
from royalties.engine.apportion import Ints, apportion_groups, apportion_one
from royalties.engine.catalogue import Catalogue, Library
from royalties.engine.policy import POOLED, Policy
from royalties.engine.tables import AUDIENCE, LIBRARY_TOTALS, LINES, QUANTITY, RESERVE

NO_LINES = (RESERVE, AUDIENCE, QUANTITY)  # the kinds of OUTCOME that pay nobody
LINE = -1


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a period: LINES without a library, LIBRARY_TOTALS by library, and what stays in the fund."""

    lines: pa.Table
    libraries: pa.Table
    fund_micros: int


class Platform:
    """Takes every library's outcome, in the order of their ids, and then closes the period."""

    def __init__(self, catalogue: Catalogue, *, policy: Policy, fund_micros: int) -> None:
        self._catalogue = catalogue
        self._policy = policy
        self._fund_micros = fund_micros
        self._gross = np.zeros(len(catalogue.payee_ids), np.int64)  # micros, by payee position
        self._heard = np.zeros(len(catalogue.payee_ids), np.int64)  # patrons, by payee position
        self._quantities = np.zeros(len(catalogue.resource_ids), np.int64)
        self._libraries: list[dict[str, int]] = []

    def take(self, library: Library, outcome: pa.Table) -> pa.Table:
        """Note one library's OUTCOME rows; return its LINES."""
        codes: Any = pc.index_in(outcome["kind"], value_set=pa.array(NO_LINES))
        kinds = codes.fill_null(LINE).to_numpy()
        reserve, audience, quantity = (
            outcome.take(np.flatnonzero(kinds == code)) for code in range(len(NO_LINES))
        )
        _add(self._heard, self._catalogue.payee_ids, audience["payee_id"], audience["value"])
        _add(self._quantities, self._catalogue.resource_ids, quantity["resource_id"], quantity["value"])
        envelopes = split_revenue(library.revenue_micros, policy=self._policy)
        kept = sum(reserve["value"].to_numpy().tolist())
        self._libraries.append({"library_id": library.library_id, **envelopes, "reserve_micros": kept})

        lines = outcome.filter(pa.array(kinds == LINE))
        _add(self._gross, self._catalogue.payee_ids, lines["payee_id"], lines["value"])
        return pa.table(lines.columns, schema=LINES)

    def close(self) -> Closing:
        """Divide what is pooled (step 7), then top up to the floor (step 10).

        What a pool can't give to anyone returns to the reserves of the libraries that it came from.
        """
        tables = []
        if self._policy.usage_mode == POOLED:
            tables.append(self._divide_usage_pool())
        catalogue = self._divide_catalogue_pool()
        self._gross += catalogue
        fund = self._fund_micros + sum(row["solidarity"] for row in self._libraries)
        tops = top_up(self._gross, self._heard, fund_micros=fund, policy=self._policy)
        tables += [self._by_payee("catalogue", catalogue), self._by_payee("floor", tops)]
        return Closing(
            lines=pa.concat_tables(tables),
            libraries=pa.Table.from_pylist(self._libraries, schema=LIBRARY_TOTALS),
            fund_micros=fund - int(tops.sum()),
        )

    def _divide_catalogue_pool(self) -> Ints:
        pool = sum(row["catalogue"] for row in self._libraries)
        parts = apportion_one(pool, np.minimum(self._catalogue.releases_held, self._policy.catalogue_cap))
        if not parts.any():
            for row in self._libraries:
                row["reserve_micros"] += row["catalogue"]
                row["catalogue"] = 0
        return parts

    def _divide_usage_pool(self) -> pa.Table:
        """Divide all usage envelopes together over all quantities: for comparison only."""
        pool = sum(row["usage"] for row in self._libraries)
        by_resource = apportion_one(pool, self._quantities)
        bounds = self._catalogue.share_bounds
        parts = apportion_groups(by_resource, self._catalogue.share_bp, bounds)
        if not parts.any():
            for row in self._libraries:
                row["reserve_micros"] += row["usage"]
                row["usage"] = 0
        np.add.at(self._gross, self._catalogue.share_payee, parts)
        resource = np.repeat(self._catalogue.resource_ids, np.diff(bounds))
        return _lines("usage", parts, self._catalogue.payee_ids[self._catalogue.share_payee], resource)

    def _by_payee(self, envelope: str, amounts: Ints) -> pa.Table:
        return _lines(envelope, amounts, self._catalogue.payee_ids, None)


def top_up(gross: Ints, heard: Ints, *, fund_micros: int, policy: Policy) -> Ints:
    """Return what the solidarity fund adds to each payee's gross (step 10), in micros.

    With a floor of 1,000,000 and 600,000 in the fund, 900,000 and 200,000 get 66,667 and 533,333.
    """
    is_needy = (gross > 0) & (gross < policy.floor) & (heard >= policy.floor_min_patrons)
    needs = np.where(is_needy, policy.floor - gross, 0)
    return needs if int(needs.sum()) <= fund_micros else apportion_one(fund_micros, needs)


def _add(sums: Ints, keys: Ints, ids: pa.ChunkedArray[Any], values: pa.ChunkedArray[Any]) -> None:
    np.add.at(sums, np.searchsorted(keys, ids.to_numpy()), values.to_numpy())


def _lines(envelope: str, amounts: Ints, payee_id: Ints, resource_id: Ints | None) -> pa.Table:
    """Return LINES without a library for the amounts above 0."""
    kept = np.flatnonzero(amounts)
    none = pa.nulls(len(kept), pa.int64())
    resource = none if resource_id is None else pa.array(resource_id[kept])
    columns = [
        none,
        pa.repeat(envelope, len(kept)),
        resource,
        pa.array(payee_id[kept]),
        pa.array(amounts[kept]),
    ]
    return pa.table(columns, schema=LINES)
