"""The worked month of docs/algorithms/cct.md, from Parquet files to the micro."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from royalties.engine.policy import CCT, Policy, parse_policy
from royalties.engine.tables import INPUTS
from royalties.runs import local

START = datetime(2026, 10, 5, 12, tzinfo=UTC)
PLACES: dict[int, tuple[str | None, ...]] = {
    1: ("42218", "244200770", "42", "84", "FR"),
    2: ("69123", "200046977", "69", "84", "FR"),
    3: ("42207", "244200770", "42", "84", "FR"),
    4: ("75056", None, "75", "11", "FR"),
    5: (None, None, None, None, "BE"),
}
LEVELS = ("commune", "epci", "departement", "region", "country")
HEARD = [(1, 10, 1800), (1, 20, 600), (2, 20, 6000), (2, 40, 6000), (3, 30, 300)]


def plays_of(heard: list[tuple[int, int, int]]) -> list[dict[str, Any]]:
    """Cut each listening into plays of 600 s at most, one a day, so that no cap bites."""
    return [
        {
            "library_id": 1,
            "patron": patron,
            "resource_id": resource,
            "started_at": START + timedelta(days=number),
            "seconds": min(600, seconds - 600 * number),
            "status": "counted",
        }
        for patron, resource, seconds in heard
        for number in range(-(-seconds // 600))
    ]


def write_month(folder: Path, *, plays: list[dict[str, Any]], reserve: int = 0) -> Path:
    rows = {
        "plays": plays,
        "resources": [
            {"resource_id": i, "release_id": i, "medium": "book" if i == 30 else "music", "duration_s": None}
            for i in (10, 20, 30, 40)
        ],
        "shares": [
            {"resource_id": r, "payee_id": p, "share_bp": bp}
            for r, p, bp in (
                (10, 1, 10_000),
                (20, 2, 10_000),
                (30, 3, 6_000),
                (30, 5, 4_000),
                (40, 4, 10_000),
            )
        ],
        "payees": [{"payee_id": i, **dict(zip(LEVELS, codes, strict=True))} for i, codes in PLACES.items()],
        "libraries": [{"library_id": 1, "revenue_micros": 100_000_000, "reserve_micros": reserve}],
        "territories": [
            {"library_id": 1, "level": level, "code": code, "own": level == "commune"}
            for level, code in zip(LEVELS, PLACES[1], strict=True)
        ],
    }
    (folder / "plays").mkdir(parents=True)
    for name, values in rows.items():
        path = folder / ("plays/month.parquet" if name == "plays" else f"{name}.parquet")
        pq.write_table(pa.Table.from_pylist(values, schema=INPUTS[name]), path)
    return folder


def run(folder: Path, policy: Policy = CCT) -> local.RunResult:
    return local.run(input_dir=folder, output_dir=folder.with_name("result"), policy=policy, fund_micros=0)


def amounts(result: local.RunResult, envelope: str) -> dict[tuple[int | None, int], int]:
    return {
        (row["resource_id"], row["payee_id"]): row["amount_micros"]
        for row in result.read_lines().to_pylist()
        if row["envelope"] == envelope
    }


@pytest.fixture
def worked(tmp_path: Path) -> Path:
    return write_month(tmp_path / "month", plays=plays_of(HEARD))


def test_usage_follows_each_patron(worked: Path) -> None:
    assert amounts(run(worked), "usage") == {
        (10, 1): 10_000_001,
        (20, 2): 10_000_000,
        (30, 3): 8_000_000,
        (30, 5): 5_333_333,
        (40, 4): 6_666_666,
    }


def test_usage_pro_rata_follows_all_seconds(worked: Path) -> None:
    policy = parse_policy({**CCT.as_json(), "usage_mode": "pro_rata"})
    assert amounts(run(worked, policy), "usage") == {
        (10, 1): 4_897_959,
        (20, 2): 17_959_184,
        (30, 3): 489_796,
        (30, 5): 326_530,
        (40, 4): 16_326_531,
    }


def test_territory_goes_to_the_near(worked: Path) -> None:
    assert amounts(run(worked), "territory") == {(10, 1): 9_836_066, (20, 2): 1_229_508, (30, 3): 3_934_426}


def test_diversity_grows_with_the_root_of_the_audience(worked: Path) -> None:
    assert amounts(run(worked), "diversity") == {
        (None, 1): 1_847_063,
        (None, 2): 2_611_748,
        (None, 3): 1_847_063,
        (None, 4): 1_847_063,
        (None, 5): 1_847_063,
    }


def test_catalogue_is_equal_for_one_release_each(worked: Path) -> None:
    assert amounts(run(worked), "catalogue") == {(None, payee): 1_000_000 for payee in PLACES}


def test_library_totals_account_for_every_micro(worked: Path) -> None:
    (totals,) = run(worked).read_libraries().to_pylist()
    assert totals == {
        "library_id": 1,
        "operations": 25_000_000,
        "solidarity": 5_000_000,
        "usage": 40_000_000,
        "territory": 15_000_000,
        "diversity": 10_000_000,
        "catalogue": 5_000_000,
        "reserve_micros": 0,
    }


def test_one_patron_is_capped_and_the_rest_becomes_diversity(tmp_path: Path) -> None:
    result = run(write_month(tmp_path / "month", plays=plays_of([(1, 40, 6000)])))
    assert amounts(result, "usage") == {(40, 4): 20_000_000}
    assert amounts(result, "diversity") == {(None, 4): 30_000_000}
    assert result.read_libraries()["reserve_micros"].to_pylist() == [15_000_000]


def test_without_a_play_the_money_waits_in_the_reserve(tmp_path: Path) -> None:
    result = run(write_month(tmp_path / "month", plays=[], reserve=7_000_000))
    assert result.read_libraries()["reserve_micros"].to_pylist() == [72_000_000]


def test_the_same_files_give_the_same_bytes(worked: Path) -> None:
    first = run(worked)
    before = {path.name: path.read_bytes() for path in first.output_dir.iterdir()}
    again = run(worked)
    assert {path.name: path.read_bytes() for path in again.output_dir.iterdir()} == before
