"""The last stage: what all libraries share. The catalogue pool, the solidarity fund and the floor."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from royalties.engine.allocate import Outcome, split_revenue
from royalties.engine.apportion import Ints, apportion_groups, apportion_one
from royalties.engine.catalogue import Catalogue, Library
from royalties.engine.lines import make_lines
from royalties.engine.policy import FLOOR, POOLED, Policy
from royalties.engine.tables import LIBRARY_TOTALS


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a period: LINES without a library, LIBRARY_TOTALS by library, and what stays in the fund.

    `paid` are the micros of all lines by envelope, the libraries' own too.
    """

    lines: pa.Table
    libraries: pa.Table
    paid: dict[str, int]
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
        self._paid: Counter[str] = Counter()
        self._libraries: list[dict[str, int]] = []

    def take(self, library: Library, outcome: Outcome) -> None:
        """Note what one library divided."""
        self._gross[outcome.payees] += outcome.gross
        self._heard[outcome.payees] += outcome.audience
        if self._policy.usage_mode == POOLED:
            self._quantities += outcome.quantities
        self._paid.update(outcome.paid)
        envelopes = split_revenue(library.revenue_micros, policy=self._policy)
        row = {"library_id": library.library_id, **envelopes, "reserve_micros": outcome.reserve_micros}
        self._libraries.append(row)

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
        tables += [self._by_payee("catalogue", catalogue), self._by_payee(FLOOR, tops)]
        return Closing(
            lines=pa.concat_tables(tables),
            libraries=pa.Table.from_pylist(self._libraries, schema=LIBRARY_TOTALS),
            paid=dict(self._paid),
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
        self._paid["usage"] += int(parts.sum())
        resource = np.repeat(np.arange(len(self._catalogue.resource_ids)), np.diff(bounds))
        return make_lines("usage", parts, self._catalogue.share_payee, resource, self._catalogue)

    def _by_payee(self, envelope: str, micros: Ints) -> pa.Table:
        self._paid[envelope] += int(micros.sum())
        return make_lines(envelope, micros, np.arange(len(micros)), None, self._catalogue)


def top_up(gross: Ints, heard: Ints, *, fund_micros: int, policy: Policy) -> Ints:
    """Return what the solidarity fund adds to each payee's gross (step 10), in micros.

    With a floor of 1,000,000 and 600,000 in the fund, 900,000 and 200,000 get 66,667 and 533,333.
    """
    is_needy = (gross > 0) & (gross < policy.floor) & (heard >= policy.floor_min_patrons)
    needs = np.where(is_needy, policy.floor - gross, 0)
    return needs if int(needs.sum()) <= fund_micros else apportion_one(fund_micros, needs)
