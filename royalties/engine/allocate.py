"""The second stage: one library's usage rows to its lines, in integers.

`docs/algorithms/cct.md` numbers the steps. Everything that divides money is `apportion_groups`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mediaplatform.kernel.apportion import apportion
from mediaplatform.kernel.territories import ABROAD, COUNTRY, DEPARTEMENT, EPCI, LEVELS, OWN, REGION
from royalties.engine.apportion import (
    Ints,
    apportion_groups,
    apportion_one,
    blocks,
    starts_of_runs,
    sum_groups,
)
from royalties.engine.catalogue import Catalogue, Library
from royalties.engine.lines import make_lines
from royalties.engine.policy import EQUAL, MEDIA, PLAYS, POOLED, PRO_RATA, ROOT, SHAPLEY, Policy

ROOT_SCALE = 10**6  # isqrt(L * 10^6) is the square root of L with three decimals
PRODUCT_LIMIT = 2**62


@dataclass(frozen=True, slots=True)
class Usage:
    """One library's rows of the waist, sorted by (patron, resource_id), as arrays of equal length."""

    patron: Ints
    resource_id: Ints
    plays: Ints
    seconds: Ints

    def __getitem__(self, rows: slice) -> Usage:
        """Return some of the rows."""
        return Usage(self.patron[rows], self.resource_id[rows], self.plays[rows], self.seconds[rows])


NOTHING = Usage(*(np.zeros(0, np.int64) for _column in range(4)))


@dataclass(frozen=True, slots=True)
class _Heard:
    """A library's rows with everything looked up.

    `resources` are the positions heard, ascending, and `row_resource` indexes them. Patron n has the rows
    `patron_bounds[n]:patron_bounds[n + 1]`. A *pair* is a resource heard with one of its payees: resource r has
    the pairs `bounds[r]:bounds[r + 1]`, ascending by payee position.
    """

    row_resource: Ints
    quantity: Ints
    patron_bounds: Ints
    resources: Ints
    bounds: Ints
    pair_payee: Ints
    pair_bp: Ints


def split_revenue(revenue_micros: int, *, policy: Policy) -> dict[str, int]:
    """Divide a library's revenue into the six envelopes (step 2); an envelope of no share gets 0."""
    parts = apportion(revenue_micros, dict(policy.envelopes_bp))
    return {name: parts.get(name, 0) for name in policy.envelopes_bp}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the kernel says of one library.

    `lines` are its LINES of usage, territory and diversity, no line of 0 micros, and `paid` their micros by
    envelope. `payees` are the positions of those who were heard; of each `gross` is what its lines sum to, and
    `audience` the patrons who heard something. `quantities` are by resource position, under the mode `pooled` alone,
    else empty.
    """

    lines: pa.Table
    paid: dict[str, int]
    payees: Ints
    gross: Ints
    audience: Ints
    quantities: Ints
    reserve_micros: int


def allocate(usage: Usage, *, library: Library, catalogue: Catalogue, policy: Policy) -> Outcome:
    """Compute steps 2 to 6, 8 and 9 for one library.

    Usage and territory lines by (resource, payee), diversity lines by payee. Under `pooled` there are quantities by
    resource in the place of usage lines, for the platform to divide that envelope.
    """
    envelopes = split_revenue(library.revenue_micros, policy=policy)
    heard = _look_up(usage, catalogue, policy)
    used, excess = _divide_usage(envelopes["usage"], heard, policy)
    local_total = envelopes["territory"] + library.reserve_micros
    proximity = _weigh_proximity(heard.pair_payee, library, catalogue, policy)
    local = _divide_territory(
        local_total, sum_groups(used, heard.bounds), heard.pair_bp * proximity, heard.bounds
    )
    audience = _count_audiences(heard, payees=len(catalogue.payee_ids))
    payees = np.flatnonzero(audience)
    diversity_total = envelopes["diversity"] + excess
    diverse = apportion_one(diversity_total, _weigh_audiences(audience[payees], policy.diversity_exponent))

    reserve = local_total - int(local.sum()) + diversity_total - int(diverse.sum())
    quantities = np.zeros(0, np.int64)
    if policy.usage_mode == POOLED:
        quantities = np.zeros(len(catalogue.resource_ids), np.int64)
        quantities[heard.resources] = _total_quantities(heard)
        used = np.zeros_like(used)
    else:
        reserve += envelopes["usage"] - excess - int(used.sum())
    pair_resource = np.repeat(heard.resources, np.diff(heard.bounds))
    gross = np.zeros(len(catalogue.payee_ids), np.int64)
    np.add.at(gross, heard.pair_payee, used + local)
    np.add.at(gross, payees, diverse)
    return Outcome(
        lines=pa.concat_tables(
            [
                make_lines("usage", used, heard.pair_payee, pair_resource, catalogue, library.library_id),
                make_lines(
                    "territory", local, heard.pair_payee, pair_resource, catalogue, library.library_id
                ),
                make_lines("diversity", diverse, payees, None, catalogue, library.library_id),
            ]
        ),
        paid={"usage": int(used.sum()), "territory": int(local.sum()), "diversity": int(diverse.sum())},
        payees=payees,
        gross=gross[payees],
        audience=audience[payees],
        quantities=quantities,
        reserve_micros=reserve,
    )


def _look_up(usage: Usage, catalogue: Catalogue, policy: Policy) -> _Heard:
    position = catalogue.find_resources(usage.resource_id)
    is_heard = np.zeros(len(catalogue.resource_ids), bool)
    is_heard[position] = True
    resources = np.flatnonzero(is_heard)
    place = np.empty(len(is_heard), np.int64)  # of the positions heard alone: a pass over all would cost more
    place[resources] = np.arange(len(resources))
    weight = np.array([policy.medium_weight[name] for name in MEDIA], np.int64)
    measure = usage.plays if policy.measure == PLAYS else usage.seconds

    starts, stops = catalogue.share_bounds[resources], catalogue.share_bounds[resources + 1]
    pairs = _ranges(starts, stops - starts)
    return _Heard(
        row_resource=place[position],
        quantity=measure * weight[catalogue.medium[position]],
        patron_bounds=np.append(starts_of_runs(usage.patron), len(usage.patron)),
        resources=resources,
        bounds=_bounds_of_sizes(stops - starts),
        pair_payee=catalogue.share_payee[pairs],
        pair_bp=catalogue.share_bp[pairs],
    )


def _bounds_of_sizes(sizes: Ints) -> Ints:
    """Return the bounds of consecutive groups: 2 0 1 -> 0 2 2 3."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])


def _ranges(starts: Ints, sizes: Ints) -> Ints:
    """Return the concatenation of the ranges: starts 5 9, sizes 2 1 -> 5 6 9."""
    bounds = _bounds_of_sizes(sizes)
    return np.arange(bounds[-1]) + np.repeat(starts - bounds[:-1], sizes)


def _total_quantities(heard: _Heard) -> Ints:
    totals = np.zeros(len(heard.resources), np.int64)
    np.add.at(totals, heard.row_resource, heard.quantity)
    return totals


def _divide_usage(envelope: int, heard: _Heard, policy: Policy) -> tuple[Ints, int]:
    """Divide the usage envelope (steps 4 and 8); return micros by pair, and what the patrons' cap kept back.

    Under `pooled` these are no amounts to pay, but what the territory envelope follows.
    """
    if policy.usage_mode in {PRO_RATA, POOLED}:
        by_resource = apportion_one(envelope, _total_quantities(heard))
        return apportion_groups(by_resource, heard.pair_bp, heard.bounds), 0
    is_active = (sum_groups(heard.quantity, heard.patron_bounds) > 0).astype(np.int64)
    full = apportion_one(envelope, is_active)
    budgets = full if policy.patron_budget_max is None else np.minimum(full, policy.patron_budget_max)
    excess = int(full.sum() - budgets.sum())
    if policy.usage_mode == SHAPLEY:
        return _divide_by_payee(budgets, heard), excess
    by_row = apportion_groups(budgets, heard.quantity, heard.patron_bounds)
    by_resource = np.zeros(len(heard.resources), np.int64)
    np.add.at(by_resource, heard.row_resource, by_row)
    return apportion_groups(by_resource, heard.pair_bp, heard.bounds), excess


def _divide_by_payee(budgets: Ints, heard: _Heard) -> Ints:
    """Divide each patron's budget equally over the payees heard, then over that payee's resources by quantity."""
    sizes = np.diff(heard.bounds)[heard.row_resource]
    row = np.repeat(np.arange(len(sizes)), sizes)
    pair = _ranges(heard.bounds[heard.row_resource], sizes)
    kept = heard.quantity[row] > 0
    row, pair = row[kept], pair[kept]
    patron = np.searchsorted(heard.patron_bounds, row, side="right") - 1
    payee = heard.pair_payee[pair]
    order = np.lexsort((pair, payee, patron))
    row, pair, patron, payee = row[order], pair[order], patron[order], payee[order]

    is_first = np.ones(len(row), bool)
    is_first[1:] = (patron[1:] != patron[:-1]) | (payee[1:] != payee[:-1])
    first = np.flatnonzero(is_first)
    by_payee = apportion_groups(
        budgets, np.ones(len(first), np.int64), np.searchsorted(patron[first], np.arange(len(budgets) + 1))
    )
    amounts = np.zeros(len(heard.pair_payee), np.int64)
    bounds = np.append(first, len(row))
    np.add.at(amounts, pair, apportion_groups(by_payee, heard.quantity[row], bounds))
    return amounts


def _weigh_proximity(payees: Ints, library: Library, catalogue: Catalogue, policy: Policy) -> Ints:
    """Return the proximity weight of each payee position: each level by itself, the nearest one shared wins."""
    weights = np.full(len(payees), policy.proximity_weight[ABROAD], np.int64)
    for level in (COUNTRY, REGION, DEPARTEMENT, EPCI):  # nearer levels overwrite farther ones
        index = LEVELS.index(level)
        is_shared = np.isin(catalogue.payee_codes[index, payees], library.known[index])
        weights[is_shared] = policy.proximity_weight[level]
    for index, codes in enumerate(library.own):
        weights[np.isin(catalogue.payee_codes[index, payees], codes)] = policy.proximity_weight[OWN]
    return weights


def _divide_territory(total: int, used: Ints, local: Ints, bounds: Ints) -> Ints:
    """Divide the territory envelope and the reserve (step 5); return micros by pair.

    `used` is the usage amount by resource, `local` is share_bp * proximity_weight by pair.
    """
    weight = sum_groups(local, bounds)
    if len(used) and int(used.max()) * int(weight.max()) >= PRODUCT_LIMIT:
        used = used.astype(object)
    return apportion_groups(apportion_one(total, used * weight), local, bounds)


def _count_audiences(heard: _Heard, *, payees: int) -> Ints:
    """Return, by payee position, the distinct patrons with a counted play of any resource of the payee."""
    audience = np.zeros(payees, np.int64)
    patron_bits = len(heard.patron_bounds).bit_length()
    sizes = np.diff(heard.bounds)
    for first, last in blocks(heard.patron_bounds):
        rows = slice(heard.patron_bounds[first], heard.patron_bounds[last])
        resource = heard.row_resource[rows]
        patron = np.repeat(np.arange(first, last), np.diff(heard.patron_bounds[first : last + 1]))
        pair = _ranges(heard.bounds[resource], sizes[resource])
        listener = (heard.pair_payee[pair] << patron_bits) | np.repeat(patron, sizes[resource])
        listener.sort()  # in one word, so quicker than a hash of them: docs/performance.md
        audience += np.bincount(listener[starts_of_runs(listener)] >> patron_bits, minlength=payees)
    return audience


def _weigh_audiences(audience: Ints, exponent: str) -> Ints:
    """Return the diversity weights: 1 for exponent 0, isqrt(L * 10^6) for 1/2, L for 1. 3 listeners -> 1732."""
    if exponent == EQUAL:
        return np.ones(len(audience), np.int64)
    if exponent == ROOT:
        sizes, place = np.unique(audience, return_inverse=True)
        return np.array([math.isqrt(size * ROOT_SCALE) for size in sizes.tolist()], np.int64)[place]
    return audience
