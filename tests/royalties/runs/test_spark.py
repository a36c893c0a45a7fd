"""Spark pays what DuckDB pays, to the byte; and says in one line what it misses."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from royalties.engine.policy import CCT, POOLED, PRO_RATA, SHAPLEY, USER_CENTRIC, parse_policy
from royalties.runs.backends.errors import QueryFailed
from royalties.runs.contract import InputRefused, RunResult
from royalties.runs.local import LocalEngine
from royalties.runs.period import Engine, compute, ignore_progress
from royalties.runs.spark import SparkEngine
from royalties.runs.verify import verify_result
from tests.royalties.files import Tables, write_tables
from tests.royalties.generated import LEVELS, START
from tests.royalties.runs.test_worked_month import HEARD, PLACES, amounts, plays_of, write_month

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # PySpark leaves sockets to its own end
]


@pytest.fixture(autouse=True)
def spark_is_here(request: pytest.FixtureRequest) -> None:
    """Without Java and the extra these tests are skipped, but not where CI must run them."""
    if "without_spark" in request.keywords or (find_spec("pyspark") and shutil.which("java")):
        return
    reason = "Spark is not here: it needs Java 17 and `make test`"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def run(month: Path, mode: str = USER_CENTRIC) -> RunResult:
    return _run(SparkEngine(memory="1GB", master="local[2]"), month, mode)


def run_here(month: Path, mode: str = USER_CENTRIC) -> RunResult:
    return _run(LocalEngine(memory="1GB", workers=2), month, mode)


def _run(engine: Engine, month: Path, mode: str) -> RunResult:
    return compute(
        engine,
        input_dir=month,
        output_dir=month.with_name(engine.name),
        policy=parse_policy(CCT.as_json() | {"usage_mode": mode}),
        fund_micros=600_000,
        progress=ignore_progress,
    )


def test_the_worked_month_comes_out_to_the_micro(tmp_path: Path) -> None:
    month = write_month(tmp_path / "month", plays=plays_of(HEARD))
    result = run(month)
    assert amounts(result, "territory") == {(10, 1): 9_836_066, (20, 2): 1_229_508, (30, 3): 3_934_426}
    assert amounts(result, "catalogue") == {(None, payee): 1_000_000 for payee in PLACES}
    assert result.read_lines().equals(run_here(month).read_lines())
    assert verify_result(result.output_dir, input_dir=month) == []
    assert result.manifest["engine"] == "spark"
    assert {"pyspark", "ibis"} <= set(result.manifest["versions"])


@pytest.fixture(scope="module")
def busy_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five libraries: one with 95 % of the plays, one without any; plays in files of other widths and units."""
    month = write_tables(tmp_path_factory.mktemp("busy") / "month", busy_tables(random.Random(7)))
    whole = pq.read_table(month / "plays" / "all.parquet")
    (month / "plays" / "all.parquet").unlink()
    third = whole.num_rows // 3
    wide = whole.schema.set(4, pa.field("seconds", pa.int64()))
    naive = whole.schema.set(3, pa.field("started_at", pa.timestamp("ms")))
    for name, part, schema in (
        ("a", whole.slice(0, third), whole.schema),
        ("b", whole.slice(third, third), wide),
        ("c", whole.slice(2 * third), naive),
    ):
        pq.write_table(part.cast(schema), month / "plays" / f"{name}.parquet")
    return month


def busy_tables(source: random.Random) -> Tables:
    shares = []
    for resource in range(300):
        cut = source.randint(1, 9_999)
        first, second = source.sample(range(40), 2)
        shares += [
            {"resource_id": resource, "payee_id": first, "share_bp": cut},
            {"resource_id": resource, "payee_id": second, "share_bp": 10_000 - cut},
        ]
    return {
        "plays": [
            {
                "library_id": 2 if source.random() < 0.95 else source.choice([0, 1, 3]),
                "patron": source.randrange(80),
                "resource_id": min(source.randrange(300), source.randrange(300)),
                "started_at": START + timedelta(seconds=source.randrange(31 * 86_400)),
                "seconds": source.choice([20, 30, 60, 200, 3_000]),
                "status": source.choice(["counted", "counted", "held"]),
            }
            for _play in range(6_000)
        ],
        "resources": [
            {
                "resource_id": number,
                "release_id": number // 4,
                "medium": source.choice(["music", "video", "book", "game"]),
                "duration_s": source.choice([None, 180]),
            }
            for number in range(300)
        ],
        "shares": shares,
        "payees": [
            {level: source.choice([None, "1", "2", "3"]) for level in LEVELS} | {"payee_id": number}
            for number in range(40)
        ],
        "libraries": [
            {"library_id": number, "revenue_micros": source.randrange(10**12), "reserve_micros": number}
            for number in range(5)
        ],
        "territories": [
            {"library_id": number, "level": level, "code": source.choice("123"), "own": level == "commune"}
            for number in range(5)
            for level in LEVELS
        ],
    }


@pytest.mark.parametrize("mode", [USER_CENTRIC, PRO_RATA, POOLED, SHAPLEY])
def test_both_engines_write_the_same_bytes(busy_month: Path, mode: str) -> None:
    there, here = run(busy_month, mode), run_here(busy_month, mode)
    assert there.manifest["outputs"] == here.manifest["outputs"]
    assert there.manifest["inputs"] == here.manifest["inputs"]
    assert there.totals == here.totals
    assert here.read_lines().num_rows > 300


def test_a_month_without_a_play_and_a_faulty_one(tmp_path: Path) -> None:
    silent = write_month(tmp_path / "silent", plays=[], reserve=7_000_000)
    assert run(silent).read_libraries()["reserve_micros"].to_pylist() == [72_000_000]

    faulty = write_month(tmp_path / "faulty", plays=plays_of([(1, 99, 600)]))
    with pytest.raises(InputRefused) as refused:
        run(faulty)
    assert [str(finding) for finding in refused.value.findings if finding.is_fault] == [
        "plays: unknown_resource: 99: not in resources"
    ]


def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    month = write_month(tmp_path / "month", plays=plays_of(HEARD))
    path = month / "plays" / "month.parquet"
    data = bytearray(path.read_bytes())
    data[4:60] = b"\xff" * 56
    path.write_bytes(data)
    with pytest.raises(QueryFailed) as failed:
        run(month)
    assert "\n" not in str(failed.value)
    assert not month.with_name("spark").exists()


@pytest.mark.without_spark
def test_what_is_missing_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    month = write_month(tmp_path / "month", plays=[])
    command = ("compute_cct", str(month), str(tmp_path / "out"), "--engine", "spark")
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "pyspark", None)
        with pytest.raises(
            CommandError, match=r"^Spark is not installed: python3 infra/bootstrap\.py --spark$"
        ):
            call_command(*command)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "pyspark", sys)
        patch.setenv("JAVA_HOME", str(tmp_path))
        with pytest.raises(
            CommandError, match=r"^Spark needs Java 17, and JAVA_HOME \(.*\) has none: install it"
        ):
            call_command(*command)
    assert not (tmp_path / "out").exists()


def test_a_java_that_does_not_start_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\nexit 1\n")
    java.chmod(0o755)
    done = subprocess.run(
        [
            sys.executable,
            "manage.py",
            "compute_cct",
            write_month(tmp_path / "month", plays=[]),
            tmp_path / "out",
            "--engine",
            "spark",
        ],
        env=os.environ | {"JAVA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "CommandError: Java did not start Spark, which needs Java 17" in done.stderr
    assert not (tmp_path / "out").exists()
