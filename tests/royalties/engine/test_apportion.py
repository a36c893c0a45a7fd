"""The grouped NumPy form against Python's integers, near every limit it states."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediaplatform.kernel.apportion import apportion
from royalties.engine.apportion import TOTAL_LIMIT, WEIGHT_SUM_LIMIT, apportion_groups, apportion_one

NEAR = [0, 1, 2, 3, 7, 10_000]
TOTALS = st.integers(0, 2**62) | st.sampled_from([*NEAR, *(TOTAL_LIMIT + step for step in (-2, -1, 0, 1))])
WEIGHTS = st.integers(0, 2**40) | st.sampled_from([*NEAR, WEIGHT_SUM_LIMIT // 3, WEIGHT_SUM_LIMIT - 1])


@given(groups=st.lists(st.tuples(TOTALS, st.lists(WEIGHTS, max_size=90)), min_size=1, max_size=6))
def test_every_group_is_divided_as_by_integers(groups: list[tuple[int, list[int]]]) -> None:
    weights = [weight for _total, own in groups for weight in own]
    bounds = np.cumsum([0, *(len(own) for _total, own in groups)], dtype=np.int64)
    totals = np.array([total for total, _own in groups], np.int64)
    kind = np.int64 if sum(weights) < 2**63 else object
    parts = apportion_groups(totals, np.array(weights, kind), bounds).tolist()
    for number, (total, own) in enumerate(groups):
        wanted = apportion(total, dict(enumerate(own)))
        assert parts[bounds[number] : bounds[number + 1]] == [wanted.get(key, 0) for key in range(len(own))]


@pytest.mark.parametrize("size", [64, 65, 1_000])
def test_ties_go_to_the_earlier_rows(size: int) -> None:
    parts = apportion_one(size + 3, np.ones(size, np.int64))
    assert parts.tolist() == [2] * 3 + [1] * (size - 3)


@pytest.mark.parametrize(("total", "weight"), [(-1, 1), (1, -1)])
def test_what_is_negative_is_refused(total: int, weight: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        apportion_one(total, np.array([weight], np.int64))
