"""The engine against the oracle, on months of every shape."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from royalties.engine import catalogue
from royalties.engine.policy import CCT
from royalties.runs import local
from tests.royalties.engine import oracle
from tests.royalties.files import Tables, compute
from tests.royalties.generated import RULES, SHAPES, SOURCE, months

CALM: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_engine_pays_what_the_oracle_pays(shape: str) -> None:
    @settings(max_examples=100 if shape == "any" else 25, **CALM)
    @given(tables=months(SHAPES[shape]), changes=RULES, fund=st.sampled_from([0, 600_000, 10**10]))
    def compare(tables: Tables, changes: dict[str, Any], fund: int) -> None:
        rules = CCT.as_json() | changes
        paid = compute(tables, rules, fund=fund)
        lines, reserves, left = oracle.compute(tables, rules, fund)
        assert paid.lines == lines
        assert {number: row["reserve_micros"] for number, row in paid.libraries.items()} == reserves
        assert paid.totals["fund_out_micros"] == left

    compare()


@settings(max_examples=10, **CALM)
@given(tables=months(), random=SOURCE)
def test_the_order_of_the_rows_changes_nothing(tables: Tables, random: Random) -> None:
    mixed = {name: random.sample(rows, len(rows)) for name, rows in tables.items()}
    rules = CCT.as_json()
    assert compute(tables, rules).sha256 == compute(mixed, rules).sha256


@settings(max_examples=15, **CALM)
@given(tables=months())
def test_however_the_work_is_cut_the_bytes_are_the_same(tables: Tables) -> None:
    rules = CCT.as_json()
    whole = compute(tables, rules).sha256
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "RANGE_PLAYS", 1)  # a run of libraries for each
        patch.setattr(local, "BATCH_ROWS", 2)  # a library comes in several batches
        patch.setattr(catalogue, "SPARSEST", 0)  # no index by id
        assert compute(tables, rules).sha256 == whole
