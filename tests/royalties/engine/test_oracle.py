"""The engine against the oracle, on months of every shape."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from royalties.engine import catalogue
from royalties.engine.policy import CCT, parse_policy
from royalties.engine.tables import INPUTS
from royalties.runs import local
from tests.royalties.engine import oracle

LEVELS = ("commune", "epci", "departement", "region", "country")
SOURCE = st.randoms(use_true_random=False)


@st.composite
def months(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Draw the six tables of a small month; sizes are drawn, what fills them comes from a seed."""
    resources, payees, libraries, patrons, plays = (
        draw(st.integers(low, high)) for low, high in ((1, 12), (1, 9), (1, 4), (1, 6), (0, 60))
    )
    random = draw(SOURCE)
    homes = [
        {level: random.choice([None, "1", "2"]) for level in LEVELS} | {"payee_id": number * 3 + 1}
        for number in range(payees)
    ]
    shares = []
    for resource in range(resources):
        holders = random.sample(range(payees), random.randint(1, min(3, payees)))
        cuts = sorted(random.randint(0, 10_000) for _ in holders[1:])
        for payee, low, high in zip(holders, [0, *cuts], [*cuts, 10_000], strict=True):
            shares.append({"resource_id": resource, "payee_id": payee * 3 + 1, "share_bp": high - low})
    return {
        "plays": [
            {
                "library_id": random.randrange(libraries),
                "patron": random.randrange(patrons) * 1_000_003,
                "resource_id": min(random.randrange(resources), random.randrange(resources)),
                "started_at": datetime(2026, 10, 1, tzinfo=UTC) + timedelta(hours=random.randrange(60)),
                "seconds": random.choice([0, 29, 30, 59, 60, 200, 1_000]),
                "status": random.choice(["counted", "counted", "counted", "held", "double_click"]),
            }
            for _ in range(plays)
        ],
        "resources": [
            {
                "resource_id": number,
                "release_id": number // 2,
                "medium": random.choice(["music", "video", "book", "game"]),
                "duration_s": random.choice([None, 10, 45, 180]),
            }
            for number in range(resources)
        ],
        "shares": shares,
        "payees": homes,
        "libraries": [
            {
                "library_id": number,
                "revenue_micros": random.choice([0, 1, 999_999, 55_890_410, 3_000_000_000_000]),
                "reserve_micros": random.choice([0, 0, 7_000_001]),
            }
            for number in range(libraries)
        ],
        "territories": [
            {
                "library_id": number,
                "level": level,
                "code": random.choice(["1", "2"]),
                "own": level == "commune",
            }
            for number in range(libraries)
            for level in LEVELS
        ],
    }


RULES = st.fixed_dictionaries(
    {
        "usage_mode": st.sampled_from(["user_centric", "pro_rata"]),
        "measure": st.sampled_from(["seconds", "plays"]),
        "daily_cap": st.sampled_from([1, 2, 10]),
        "patron_budget_max": st.sampled_from([None, 1_000, 20_000_000]),
        "diversity_exponent": st.sampled_from(["0", "1/2", "1"]),
        "catalogue_cap": st.sampled_from([1, 20]),
        "floor": st.sampled_from([0, 1_000_000, 10**12]),
        "floor_min_patrons": st.sampled_from([1, 2]),
        "medium_weight": st.sampled_from(
            [
                dict.fromkeys(("music", "video", "book", "game"), 1),
                {"music": 1, "video": 2, "book": 3, "game": 0},
            ]
        ),
    }
)


def write(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> Path:
    (folder / "plays").mkdir(parents=True)
    for name, rows in tables.items():
        path = folder / ("plays/all.parquet" if name == "plays" else f"{name}.parquet")
        pq.write_table(pa.Table.from_pylist(rows, schema=INPUTS[name]), path)
    return folder


def run(
    tables: dict[str, list[dict[str, Any]]], rules: dict[str, Any], *, fund: int
) -> tuple[dict[Any, int], dict[int, int], int, str]:
    with tempfile.TemporaryDirectory() as place:
        result = local.run(
            input_dir=write(Path(place) / "in", tables),
            output_dir=Path(place) / "out",
            policy=parse_policy(rules),
            fund_micros=fund,
        )
        lines = {
            (row["library_id"], row["envelope"], row["resource_id"], row["payee_id"]): row["amount_micros"]
            for row in result.read_lines().to_pylist()
        }
        reserves = {row["library_id"]: row["reserve_micros"] for row in result.read_libraries().to_pylist()}
        return (
            lines,
            reserves,
            result.totals["fund_out_micros"],
            result.manifest["outputs"]["lines.parquet"]["sha256"],
        )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables=months(), changes=RULES, fund=st.sampled_from([0, 600_000, 10**10]))
def test_the_engine_pays_what_the_oracle_pays(
    tables: dict[str, list[dict[str, Any]]], changes: dict[str, Any], fund: int
) -> None:
    rules = CCT.as_json() | changes
    lines, reserves, left, _digest = run(tables, rules, fund=fund)
    wanted_lines, wanted_reserves, wanted_left = oracle.compute(tables, rules, fund)
    assert lines == wanted_lines
    assert reserves == wanted_reserves
    assert left == wanted_left


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables=months(), random=SOURCE)
def test_the_order_of_the_rows_changes_nothing(tables: dict[str, list[dict[str, Any]]], random: Any) -> None:
    mixed = {name: random.sample(rows, len(rows)) for name, rows in tables.items()}
    rules = CCT.as_json()
    assert run(tables, rules, fund=0)[3] == run(mixed, rules, fund=0)[3]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables=months())
def test_however_the_work_is_cut_the_bytes_are_the_same(tables: dict[str, list[dict[str, Any]]]) -> None:
    rules = CCT.as_json()
    whole = run(tables, rules, fund=0)[3]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "RANGE_PLAYS", 1)  # a run of libraries for each
        patch.setattr(local, "BATCH_ROWS", 2)  # a library comes in several batches
        patch.setattr(catalogue, "SPARSEST", 0)  # no index by id
        assert run(tables, rules, fund=0)[3] == whole
