"""What a month of the contribution costs, against merely grouping its log.

`make bench-cct ARGS="--millions 1 10 30 --memory 1GB"`. Each contender runs in processes of its own on the same
files, once the files are in the page cache. The floor is DuckDB's bare GROUP BY of the log; pandas divides every
envelope as we do, in floating point: no remainders, no checks, no digests (bench/pandas_month.py).
"""

from __future__ import annotations

import argparse
import math
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.month import write_month
from royalties.runs.backends.errors import EngineMissing
from royalties.runs.backends.spark import require_spark

MILLION = 1_000_000
MEBI = 2**20


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: wall and CPU seconds, and the peak of its process tree's resident memory in bytes."""

    seconds: float
    cpu_s: float
    peak_bytes: int


def main(options: list[str] | None = None) -> None:
    """Measure each size and print a table, then how the times grow."""
    parser = argparse.ArgumentParser(prog="bench cct", description=__doc__)
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 10], help="plays of the month")
    parser.add_argument("--memory", default="1GB", help="limit of DuckDB in our run")
    parser.add_argument("--workers", type=int, default=psutil.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where the months are kept")
    parser.add_argument(
        "--without", nargs="*", default=[], choices=["pandas", "spark"], help="contenders to leave out"
    )
    parser.add_argument("--contender", choices=sorted(CONTENDERS), help=argparse.SUPPRESS)
    parser.add_argument("--month", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(options)
    if chosen.contender:
        CONTENDERS[chosen.contender](chosen.month)
        return
    costs: dict[tuple[str, int], Cost] = {}
    print(f"{'plays':>8} {'contender':16} {'s':>8} {'CPU s':>8} {'peak MiB':>9} {'x floor':>8}")
    for millions in chosen.millions:
        month = write_month(chosen.folder / f"{millions}m", plays=millions * MILLION)
        for name, command in commands(month, chosen).items():
            cost = costs[name, millions] = measure(command)
            ratio = cost.seconds / costs["floor", millions].seconds
            print(
                f"{millions:>6} M {name:16} {cost.seconds:8.1f} {cost.cpu_s:8.1f}"
                f" {cost.peak_bytes / MEBI:9.0f} {ratio:8.2f}",
                flush=True,
            )
    least, most = min(chosen.millions), max(chosen.millions)
    if least == most:
        return
    for name in dict.fromkeys(name for name, _millions in costs):
        growth = costs[name, most].seconds / costs[name, least].seconds
        exponent = math.log(growth) / math.log(most / least)
        print(f"{name:16} grows with exponent {exponent:.2f} from {least} M to {most} M")


def commands(month: Path, chosen: argparse.Namespace) -> dict[str, list[str]]:
    """Return the command of each contender, the floor first."""
    here = [sys.executable, "-m", "bench", "cct", "--month", str(month), "--contender"]
    ours = [sys.executable, "manage.py", "compute_cct", str(month), str(chosen.folder / "result")]
    found = {
        "floor": [*here, "floor"],
        "ours": [*ours, "--memory", chosen.memory, "--workers", str(chosen.workers)],
        "pandas": [*here, "pandas"],
        "spark": [*ours, "--engine", "spark", "--master", f"local[{chosen.workers}]", "--memory", "4GB"],
    }
    without = set(chosen.without)
    if "spark" not in without:
        try:
            require_spark()
        except EngineMissing as missing:
            print(f"without spark: {missing}")
            without.add("spark")
    return {name: command for name, command in found.items() if name not in without}


def measure(command: list[str]) -> Cost:
    """Run a command to its end and return what it cost. Raises: SystemExit with its output if it fails."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        child = psutil.Popen(command, stdout=said, stderr=said)
        peaks = [0]
        watch = threading.Thread(target=_watch, args=(child, peaks))
        watch.start()
        status = child.wait()
        seconds = time.monotonic() - begun
        watch.join()
        if status:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{said.read()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(seconds, cpu_s, peaks[0])


def _watch(child: psutil.Popen, peaks: list[int]) -> None:
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        try:
            family = [child, *child.children(recursive=True)]
            peaks[0] = max(peaks[0], sum(one.memory_info().rss for one in family))
        except psutil.NoSuchProcess:
            continue
        time.sleep(0.05)


def floor(month: Path) -> None:
    """Group the log and write the result: what no calculation can go below."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as database:
        database.execute(
            f"COPY (SELECT library_id, patron, resource_id, count(*) AS plays, sum(seconds) AS seconds"
            f" FROM '{month}/plays/*.parquet' GROUP BY ALL) TO '{folder}/usage.parquet' (FORMAT parquet)"
        )


def pandas(month: Path) -> None:
    """Divide the month as a user would, and write its lines."""
    from bench.pandas_month import divide_month

    with tempfile.TemporaryDirectory() as folder:
        divide_month(month).to_parquet(f"{folder}/lines.parquet")


CONTENDERS: dict[str, Callable[[Path], None]] = {"floor": floor, "pandas": pandas}
