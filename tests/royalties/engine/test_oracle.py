"""The engine against the oracle, on months of every shape."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from royalties.engine import apportion, catalogue
from royalties.engine.policy import CCT, parse_policy
from royalties.runs import local
from royalties.runs.evidence import count_evidence
from tests.royalties.engine import oracle
from tests.royalties.files import Tables, compute, write_tables
from tests.royalties.generated import RULES, SHAPES, SOURCE, months

pytestmark = pytest.mark.slow
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
        patch.setattr(local, "SLICE_PLAYS", 1)  # a slice for each patron
        patch.setattr(catalogue, "SPARSEST", 0)  # no index by id
        patch.setattr(apportion, "BLOCK_ROWS", 2)
        assert compute(tables, rules).sha256 == whole


@settings(max_examples=15, **CALM)
@given(tables=months(), rules=RULES.map(lambda changes: CCT.as_json() | changes))
def test_ids_of_any_size_pay_the_same(tables: Tables, rules: dict[str, Any]) -> None:
    """Ids that are too far apart to be packed by their distance."""
    paid = compute(tables, rules).lines

    def spread(name: str, number: int) -> int:
        return {
            "patron": (number - 2_000_000) * 10**9,
            "resource_id": number * 10**15,
            "library_id": number * 10**16,
        }[name]

    for rows in tables.values():
        for row in rows:
            row.update(
                {
                    name: spread(name, row[name])
                    for name in ("patron", "resource_id", "library_id")
                    if name in row
                }
            )
    wanted = {
        (
            library if library is None else spread("library_id", library),
            envelope,
            resource if resource is None else spread("resource_id", resource),
            payee,
        ): micros
        for (library, envelope, resource, payee), micros in paid.items()
    }
    assert compute(tables, rules).lines == wanted


@settings(max_examples=25, **CALM)
@given(tables=months(), cap=st.sampled_from([1, 2, 10]))
def test_the_evidence_of_statements_counts_what_was_paid_for(tables: Tables, cap: int) -> None:
    """`reduce_plays`, which Spark runs too, against the oracle; the tally is tested by what it pays."""
    rules = CCT.as_json() | {"daily_cap": cap}
    with tempfile.TemporaryDirectory() as place:
        evidence = count_evidence(
            input_dir=write_tables(Path(place) / "in", tables), policy=parse_policy(rules)
        )
    found = {
        (row["library_id"], row["resource_id"]): (row["plays"], row["seconds"], row["patrons"])
        for row in evidence.by_resource.to_pylist()
    }
    resources = {row["resource_id"]: row for row in tables["resources"]}
    measured = [
        oracle.quantities(tables["plays"], resources, rules | {"measure": name})
        for name in ("plays", "seconds")
    ]
    wanted: dict[tuple[int, int], tuple[int, int, int]] = {}
    for (library, _patron, resource), plays in measured[0].items():
        before = wanted.get((library, resource), (0, 0, 0))
        seconds = measured[1][library, _patron, resource]
        wanted[library, resource] = (before[0] + plays, before[1] + seconds, before[2] + 1)
    assert found == wanted
