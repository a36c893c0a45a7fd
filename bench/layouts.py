"""In which order and in how many files the calculation of a month likes to read its plays."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from bench.cct import measure
from bench.month import write_month

LAYOUTS = {
    "a file a day, by library": ("day", "library_id, patron, resource_id, started_at"),
    "a file a day, row groups by hour": ("day", "hour(started_at), library_id, patron, resource_id"),
    "a file an hour, by library": ("hour", "library_id, patron, resource_id, started_at"),
}


def measure_layouts(folder: Path, *, millions: int) -> None:
    """Print what the calculation of the same month costs by each layout of its plays."""
    month = write_month(folder / f"{millions}m", plays=millions * 1_000_000)
    print(f"{millions} M plays {'':26} {'s':>6} {'CPU s':>6} {'MiB':>6} {'files':>6}")
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        for name, (unit, order) in LAYOUTS.items():
            copy = Path(scratch) / "month"
            shutil.copytree(month, copy, ignore=shutil.ignore_patterns("plays"))
            _lay_out(month / "plays", copy / "plays", unit=unit, order=order)
            files = list((copy / "plays").glob("*.parquet"))
            size = sum(one.stat().st_size for one in files) / 2**20
            command = [sys.executable, "manage.py", "compute_cct", str(copy), str(Path(scratch) / "result")]
            cost = min((measure(command) for _again in range(2)), key=lambda one: one.cpu_s)
            print(f"{name:36} {cost.seconds:6.1f} {cost.cpu_s:6.1f} {size:6.0f} {len(files):6}", flush=True)
            shutil.rmtree(copy)


def _lay_out(source: Path, target: Path, *, unit: str, order: str) -> None:
    target.mkdir()
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        for file in sorted(source.glob("*.parquet")):
            parts = range(24) if unit == "hour" else [None]
            for hour in parts:
                only = "" if hour is None else f"WHERE hour(started_at) = {hour}"
                name = file.stem if hour is None else f"{file.stem}-{hour:02d}"
                database.execute(
                    f"COPY (SELECT * FROM '{file}' {only} ORDER BY {order})"
                    f" TO '{target / name}.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 131072)"
                )
