"""`manage.py compute_cct` and `verify_run` as an outsider runs them: files in, files out, no database."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from bench.month import write_month as write_large_month
from royalties.engine.policy import CCT, HISTORICAL
from royalties.engine.tables import PLAYS
from tests.royalties.runs.test_worked_month import HEARD, plays_of, write_month

PROJECT = Path(__file__).parents[3]
NO_DATABASE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}


def manage(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, words)],
        cwd=PROJECT,
        env=os.environ | NO_DATABASE,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def month(tmp_path: Path) -> Path:
    return write_month(tmp_path / "month", plays=plays_of(HEARD))


@pytest.fixture
def result(month: Path) -> Path:
    done = manage("compute_cct", month, month.with_name("out"))
    assert done.returncode == 0, done.stderr
    return month.with_name("out")


def change(path: Path, edit: Callable[[pa.Table], pa.Table]) -> None:
    """Rewrite a Parquet file."""
    pq.write_table(edit(pq.read_table(path)), path)


def put(column: str, value: object, *, row: int) -> Callable[[pa.Table], pa.Table]:
    """Return an edit that sets one value."""

    def edit(table: pa.Table) -> pa.Table:
        rows = table.to_pylist()
        rows[row][column] = value
        return pa.Table.from_pylist(rows, schema=table.schema)

    return edit


def test_a_month_is_computed_and_verified(month: Path, result: Path) -> None:
    assert sorted(path.name for path in result.iterdir()) == [
        "libraries.parquet",
        "lines.parquet",
        "manifest.json",
    ]
    held = manage("verify_run", result, month)
    assert (held.returncode, held.stdout) == (0, f"{result} holds beside its inputs.\n")
    again = manage("compute_cct", month, result, "--workers", "3", "--memory", "200MB")
    assert again.returncode == 0
    assert f"paid_territory_micros{15_000_000:>31,}" in again.stdout
    assert manage("verify_run", result).stdout == f"{result} holds.\n"


def test_the_options_are_what_is_computed_by(month: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"rules": HISTORICAL.as_json()}))
    out = tmp_path / "out"
    done = manage("compute_cct", month, out, "--policy", rules, "--fund", "600000")
    assert done.returncode == 0, done.stderr
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["policy"] == HISTORICAL.as_json()
    assert manifest["totals"]["fund_in_micros"] == 600_000
    assert manifest["totals"]["paid_territory_micros"] == 0
    assert not manifest["is_simulation"]
    assert set(manifest["inputs"]) == {"plays/month.parquet"} | {
        f"{name}.parquet" for name in ("libraries", "payees", "resources", "shares", "territories")
    }


def test_every_fault_is_named_in_one_report_and_nothing_is_written(month: Path, tmp_path: Path) -> None:
    change(month / "plays" / "month.parquet", put("resource_id", 99, row=0))
    change(month / "plays" / "month.parquet", put("library_id", 7, row=1))
    change(month / "plays" / "month.parquet", put("status", "perhaps", row=2))
    change(month / "plays" / "month.parquet", put("seconds", -5, row=3))
    change(month / "shares.parquet", put("share_bp", 9_999, row=0))
    change(month / "resources.parquet", put("medium", "radio", row=3))
    change(month / "territories.parquet", put("level", "planet", row=4))
    change(month / "libraries.parquet", put("revenue_micros", -1, row=0))
    change(month / "payees.parquet", lambda table: pa.concat_tables([table, table.slice(0, 1)]))
    done = manage("compute_cct", month, tmp_path / "out")
    assert done.returncode == 2
    lines = [line.strip() for line in done.stderr.splitlines() if line.startswith("  ")]
    for wanted in (
        "plays: unknown_resource: 99: not in resources",
        "plays: unknown_library: 7: not in libraries",
        "plays: unknown_status: perhaps: not one of counted, double_click, held",
        "plays: negative_value: seconds: the least is -5",
        "shares: shares_sum: 10: sum to 9999, not to 10000",
        "resources: unknown_medium: radio: not one of music, video, book, game",
        "territories: unknown_level: planet: not one of commune, epci, departement, region, country",
        "libraries: negative_value: 1: revenue_micros is negative: carry it to the next month",
        "payees: duplicate_key: 1: payee_id stand more than once",
    ):
        assert wanted in lines, done.stderr
    assert "nothing was written. 9 faults" in done.stderr
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / ".out.partial").exists()


def test_seconds_that_are_no_int32_are_a_finding(month: Path, tmp_path: Path) -> None:
    def widen(table: pa.Table) -> pa.Table:
        wide = table.schema.set(4, pa.field("seconds", pa.int64()))
        return put("seconds", 2**31, row=0)(table.cast(wide))

    change(month / "plays" / "month.parquet", widen)
    done = manage("compute_cct", month, tmp_path / "out")
    assert done.returncode == 2
    assert "plays: out_of_range: seconds: the most is 2147483648, which does not fit int32" in done.stderr


def test_missing_files_and_odd_columns_are_findings(month: Path, tmp_path: Path) -> None:
    (month / "territories.parquet").unlink()
    (month / "payees.parquet").write_bytes(b"PAR1 no PAR1")
    change(month / "shares.parquet", lambda table: table.drop_columns("share_bp"))
    change(
        month / "libraries.parquet",
        lambda table: table.set_column(1, "revenue_micros", pc.cast(table["revenue_micros"], pa.float64())),
    )
    change(month / "resources.parquet", _without_medium)
    done = manage("compute_cct", month, tmp_path / "out")
    assert done.returncode == 2
    for wanted in (
        "territories: missing_file: territories.parquet: the file is not there",
        "payees: unreadable_file: payees.parquet: ",
        "shares: missing_column: share_bp: a column of int64 is needed",
        "libraries: mistyped_column: revenue_micros: is double, not int64",
        "resources: null_value: medium: 1 rows have no value",
    ):
        assert wanted in done.stderr
    assert not (tmp_path / "out").exists()


def _without_medium(table: pa.Table) -> pa.Table:
    nullable = pa.schema([field.with_nullable(True) for field in table.schema])
    return put("medium", None, row=0)(table.cast(nullable))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--fund", "-1"), "--fund can't be negative"),
        (("--workers", "0"), "--workers is at least 1"),
        (("--memory", "much"), "--memory: 'much' is no size such as 1GB or 512MiB"),
        (("--master", "local[2]"), "--master is of --engine spark"),
        (("--policy", "no.json"), "no.json can't be read as JSON"),
    ],
)
def test_odd_options_are_refused(month: Path, tmp_path: Path, options: tuple[str, str], said: str) -> None:
    done = manage("compute_cct", month, tmp_path / "out", *options)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "out").exists()


def test_a_policy_is_refused_with_every_fault(month: Path, tmp_path: Path) -> None:
    rules: dict[str, Any] = CCT.as_json() | {"daily_cap": 0, "bonus": 1, "usage_mode": "random"}
    rules["envelopes_bp"] = rules["envelopes_bp"] | {"usage": 0}
    del rules["floor"]
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(rules))
    done = manage("compute_cct", month, tmp_path / "out", "--policy", path)
    assert done.returncode == 2
    for wanted in (
        "bonus: unknown field",
        "daily_cap: 0 is not a whole number from 1",
        "usage_mode: 'random' is not one of",
        "floor: missing",
        "envelopes_bp: sums to 6000, not to 10000",
        "envelopes_bp: territory follows usage",
    ):
        assert wanted in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_else_is_left_alone(month: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    done = manage("compute_cct", month, out)
    assert done.returncode == 1
    assert "holds what is no result of a run: thesis.txt" in done.stderr
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_a_simulation_is_marked(month: Path, tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(CCT.as_json() | {"usage_mode": "pooled"}))
    assert manage("compute_cct", month, tmp_path / "out", "--policy", path).returncode == 0
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["is_simulation"]


@pytest.mark.slow
def test_a_killed_run_leaves_the_earlier_result_whole(month: Path, tmp_path: Path, result: Path) -> None:
    before = {path.name: path.read_bytes() for path in result.iterdir()}
    large = write_large_month(tmp_path / "large", plays=300_000)
    command = [sys.executable, "manage.py", "compute_cct", str(large), str(result)]
    run = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL, env=os.environ | NO_DATABASE)
    partial = result.with_name(".out.partial") / "result" / "lines.parquet"
    deadline = time.monotonic() + 300
    while not partial.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    assert partial.exists()
    assert {path.name: path.read_bytes() for path in result.iterdir()} == before

    again = manage("compute_cct", month, result)  # what was left is cleared by the next run
    assert again.returncode == 0, again.stderr
    assert not partial.parents[1].exists()
    assert {path.name: path.read_bytes() for path in result.iterdir()} == before


@pytest.mark.parametrize(
    ("name", "edit", "said"),
    [
        ("out/lines.parquet", put("amount_micros", 10_000_002, row=0), "lines.parquet: is another file"),
        ("out/libraries.parquet", put("operations", 24_999_999, row=0), "libraries.parquet: is another file"),
        ("month/shares.parquet", put("share_bp", 9_999, row=0), "inputs: shares.parquet: is another file"),
        ("month/plays/month.parquet", put("seconds", 599, row=0), "inputs: plays/month.parquet: is another"),
    ],
)
def test_a_changed_file_is_noticed(
    month: Path, result: Path, name: str, edit: Callable[[pa.Table], pa.Table], said: str
) -> None:
    change(month.parent / name, edit)
    done = manage("verify_run", result, month)
    assert (done.returncode, said in done.stderr) == (1, True), done.stderr


def test_further_and_missing_files_are_noticed(month: Path, result: Path) -> None:
    pq.write_table(PLAYS.empty_table(), month / "plays" / "late.parquet")
    assert "plays/late.parquet: was not there when the run read" in manage("verify_run", result, month).stderr
    (result / "lines.parquet").unlink()
    assert "outputs: lines.parquet" in manage("verify_run", result).stderr
    (result / "manifest.json").unlink()
    assert "manifest.json" in manage("verify_run", result).stderr


def test_a_manifest_that_was_written_anew_still_has_to_add_up(month: Path, result: Path) -> None:
    """Whoever seals false numbers again meets the sums."""
    from royalties.runs import contract

    path = result / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"notices": ["nothing to see"]}))
    assert "its seal does not fit what it says" in manage("verify_run", result).stderr

    change(result / "lines.parquet", put("amount_micros", 10_000_002, row=0))
    manifest["outputs"]["lines.parquet"] = contract.describe_file(result / "lines.parquet")
    path.write_text(json.dumps(manifest | {"sha256": contract.seal(manifest)}))
    done = manage("verify_run", result)
    assert "paid_usage_micros: the files sum to 40000001, the manifest says 40000000" in done.stderr

    manifest["totals"]["paid_usage_micros"] += 1
    manifest["totals"]["revenue_micros"] += 1
    path.write_text(json.dumps(manifest | {"sha256": contract.seal(manifest)}))
    assert manage("verify_run", result).returncode == 0
    done = manage("verify_run", result, month)
    assert "library 1: 100000000 micros came in and 100000001 went out" in done.stderr
