"""The calculation against the same one in pandas, which is what bench/cct.py measures ours by."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from bench.pandas_month import divide_month
from royalties.engine.policy import CCT
from tests.royalties.files import Line, Tables, compute, write_tables
from tests.royalties.generated import SHAPES, months

# Of large sums a unit given out as a remainder is nothing.
RICH = replace(SHAPES["one large library"], revenues=[500_000_000_000, 3_000_000_000_000])


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables=months(RICH))
def test_pandas_divides_a_month_as_we_do(tmp_path_factory: pytest.TempPathFactory, tables: Tables) -> None:
    ours = compute(tables, CCT.as_json()).lines
    theirs = by_pandas(write_tables(tmp_path_factory.mktemp("month") / "in", tables))
    for line in ours.keys() | theirs.keys():
        # a few units are remainders, and our square roots end after three decimals
        assert ours.get(line, 0) == pytest.approx(theirs.get(line, 0), rel=1e-3, abs=20), line


def by_pandas(month: Path) -> Counter[Line]:
    found: Counter[Line] = Counter()
    columns = ("library_id", "envelope", "resource_id", "payee_id", "amount_micros")
    for library, envelope, resource, payee, micros in (
        divide_month(month)[list(columns)].astype(object).itertuples(index=False)
    ):
        key = (_whole(library), envelope, _whole(resource), int(payee))
        found[key] += micros
    return found


def _whole(number: float) -> int | None:
    return None if number != number else int(number)  # noqa: PLR0124 - NaN alone differs from itself
