"""`apportion` for many groups at once, in NumPy, exact where the products leave 64 bits.

The quotient `total * weight // sum` is estimated in floating point and put right by the remainder, which is
computed modulo 2^64. With a total below 2^50 the estimate is off by one at most, and with a sum of weights
below 2^61 the remainder of such an estimate still fits a signed 64-bit integer. Beyond either limit Python's
integers take over, so that the answer is exact for every input.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mediaplatform.kernel.apportion import apportion

Ints = NDArray[np.int64]

TOTAL_LIMIT = 2**50
WEIGHT_SUM_LIMIT = 2**60  # half of what the method bears: the sum is checked in floating point
BLOCK_ROWS = 2**21  # bounds the temporaries to about 100 MB
SORTED_SIZE = 64  # groups up to this size are ranked together in one sort, larger ones one by one


def apportion_groups(totals: Ints, weights: Ints, bounds: Ints) -> Ints:
    """Divide `totals[g]` by `weights[bounds[g]:bounds[g + 1]]`, for every group g, by largest remainder.

    The rows of a group stand in the order of their keys, so ties go to the earlier row. A group whose
    weights are all zero, or that has no row, gets nothing. Weights may be of dtype object (Python integers).
    Totals 100 and 7 over weights 1, 1, 1 | 2, 5 -> 34, 33, 33 | 2, 5.

    Raises:
        ValueError: a negative total or weight.
    """
    if (len(totals) and totals.min() < 0) or (len(weights) and weights.min() < 0):
        raise ValueError("apportion takes neither a negative total nor a negative weight")
    parts = np.zeros(len(weights), np.int64)
    for first, last in blocks(bounds):
        rows = slice(bounds[first], bounds[last])
        divide = _divide_fast if _is_within_limits(totals[first:last], weights[rows]) else _divide_exactly
        parts[rows] = divide(totals[first:last], weights[rows], bounds[first : last + 1] - bounds[first])
    return parts


def apportion_one(total: int, weights: Ints) -> Ints:
    """Divide one total by weights that stand in the order of their keys: 100 by 1, 1, 1 -> 34, 33, 33."""
    return apportion_groups(np.array([total], np.int64), weights, np.array([0, len(weights)], np.int64))


def sum_groups(values: Ints, bounds: Ints) -> Ints:
    """Return the sum of `values[bounds[g]:bounds[g + 1]]` for every g; an empty group sums to 0."""
    sums = np.zeros(len(bounds) - 1, np.int64)
    is_filled = bounds[1:] > bounds[:-1]
    if is_filled.any():
        sums[is_filled] = np.add.reduceat(values, bounds[:-1][is_filled])
    return sums


def starts_of_runs(values: Ints) -> Ints:
    """Return where runs of equal values begin: 7 7 9 -> 0 2."""
    is_start = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=is_start[1:])
    return np.flatnonzero(is_start)


def blocks(bounds: Ints) -> Iterator[tuple[int, int]]:
    """Yield [first, last) runs of groups of about BLOCK_ROWS rows; a larger group stands alone."""
    first, groups = 0, len(bounds) - 1
    while first < groups:
        last = int(np.searchsorted(bounds, bounds[first] + BLOCK_ROWS, side="right")) - 1
        last = max(last, first + 1)
        yield first, last
        first = last


def _is_within_limits(totals: Ints, weights: Ints) -> bool:
    if weights.dtype == object:
        return False
    return int(totals.max()) < TOTAL_LIMIT and float(weights.sum(dtype=np.float64)) < WEIGHT_SUM_LIMIT


def _divide_exactly(totals: Ints, weights: Ints, bounds: Ints) -> Ints:
    parts: Ints = np.zeros(len(weights), np.int64)
    for group, total in enumerate(totals.tolist()):
        start = int(bounds[group])
        own = weights[start : bounds[group + 1]].tolist()
        for key, part in apportion(total, dict(enumerate(own))).items():
            parts[start + key] = part
    return parts


def _divide_fast(totals: Ints, weights: Ints, bounds: Ints) -> Ints:
    sizes = np.diff(bounds)
    sums = sum_groups(weights, bounds)
    total = np.repeat(totals, sizes)
    whole = np.repeat(np.maximum(sums, 1), sizes)
    parts: Ints = (total * (weights / whole)).astype(np.int64)
    remainders = total * weights - parts * whole  # modulo 2^64 on purpose: the difference is small
    for is_off, step in ((remainders < 0, -1), (remainders >= whole, 1)):
        parts[is_off] += step
        remainders[is_off] -= step * whole[is_off]
    left: Ints = np.where(sums > 0, totals - sum_groups(parts, bounds), 0)
    _give_to_largest(parts, remainders, bounds, left)
    return parts


def _give_to_largest(parts: Ints, remainders: Ints, bounds: Ints, left: Ints) -> None:
    """Add one to the `left[g]` largest remainders of each group, ties to the earlier row."""
    sizes = np.diff(bounds)
    is_small = sizes <= SORTED_SIZE
    for group in np.flatnonzero((left > 0) & ~is_small).tolist():
        start, stop, units = int(bounds[group]), int(bounds[group + 1]), int(left[group])
        own = remainders[start:stop]
        threshold = np.partition(own, len(own) - units)[len(own) - units]
        is_above = own > threshold
        parts[start:stop] += is_above
        ties = np.flatnonzero(own == threshold)[: units - np.count_nonzero(is_above)]
        parts[start + ties] += 1
    is_ranked = (left > 0) & is_small
    rows = np.flatnonzero(np.repeat(is_ranked, sizes))
    if len(rows):
        group_of_row = np.repeat(np.arange(len(sizes)), sizes)[rows]
        order = np.lexsort((-remainders[rows], group_of_row))
        kept = sizes[is_ranked]
        rank = np.arange(len(rows)) - np.repeat(np.cumsum(kept) - kept, kept)
        parts[rows[order[rank < np.repeat(left[is_ranked], kept)]]] += 1
