"""`manage.py compute_cct INPUT_DIR OUTPUT_DIR`: compute one period from Parquet files, without a database."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from royalties.engine.policy import CCT, Policy, PolicyRefused, parse_policy
from royalties.engine.tables import Finding
from royalties.runs.backends.errors import EngineMissing, QueryFailed
from royalties.runs.contract import InputRefused, OutputRefused
from royalties.runs.local import LocalEngine
from royalties.runs.memory import read_memory
from royalties.runs.period import Engine, Progress, compute
from royalties.runs.spark import SparkEngine

REFUSED = 2


class Command(BaseCommand):
    help = (
        "Compute the contribution creative territoriale of one period from Parquet files into Parquet files."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "input_dir", type=Path, help="folder of the file contract (docs/algorithms/cct.md)"
        )
        parser.add_argument("output_dir", type=Path, help="missing, empty, or an earlier result to replace")
        parser.add_argument("--policy", type=Path, help="JSON document; the preset `cct` by default")
        parser.add_argument(
            "--engine",
            choices=["local", "spark"],
            default="local",
            help="spark is an extra, and needs Java 17",
        )
        parser.add_argument(
            "--fund", type=int, default=0, help="solidarity fund before the period, in micros"
        )
        parser.add_argument(
            "--memory",
            default="1GB",
            help="past it DuckDB spills to the disk; of Spark the driver's heap (1GB)",
        )
        parser.add_argument("--workers", type=int, help="threads of the local engine (default: all cores)")
        parser.add_argument("--master", help="of Spark (default: local[*])")

    def handle(self, *_args: Any, **options: Any) -> None:
        engine, policy = self._choose_engine(options), self._read_policy(options["policy"])
        with show_progress() as progress:
            try:
                result = compute(
                    engine,
                    input_dir=options["input_dir"],
                    output_dir=options["output_dir"],
                    policy=policy,
                    fund_micros=options["fund"],
                    progress=progress,
                )
            except InputRefused as refused:
                raise CommandError(report(refused.findings), returncode=REFUSED) from refused
            except (OutputRefused, QueryFailed, EngineMissing, OSError) as error:
                raise CommandError(str(error)) from error
        for notice in result.manifest["notices"]:
            self.stderr.write(f"notice: {notice}")
        for name, micros in result.totals.items():
            self.stdout.write(f"{name:28}{micros:>24,}")
        self.stdout.write(f"{'sha256':28}{result.digest}")

    def _choose_engine(self, options: dict[str, Any]) -> Engine:
        """Check the options; one that only the other engine has is a mistake."""
        engine, memory = options["engine"], options["memory"]
        faults = ["--fund can't be negative"] if options["fund"] < 0 else []
        if options["workers"] is not None and (engine != "local" or options["workers"] < 1):
            faults.append("--workers is at least 1, and of the local engine")
        if options["master"] is not None and engine != "spark":
            faults.append("--master is of --engine spark")
        try:
            read_memory(memory)
        except ValueError as error:
            faults.append(f"--memory: {error}")
        if faults:
            raise CommandError("; ".join(faults), returncode=REFUSED)
        if engine == "spark":
            return SparkEngine(memory=memory, master=options["master"] or "local[*]")
        return LocalEngine(memory=memory, workers=options["workers"] or os.cpu_count() or 1)

    def _read_policy(self, path: Path | None) -> Policy:
        if path is None:
            return CCT
        try:
            return parse_policy(json.loads(path.read_text(encoding="utf-8")))
        except PolicyRefused as refused:
            raise CommandError(
                "\n  ".join([f"{path} is refused:", *refused.faults]), returncode=REFUSED
            ) from refused
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} can't be read as JSON: {error}", returncode=REFUSED) from error


@contextmanager
def show_progress() -> Iterator[Progress]:
    """Give a function that draws a bar for each stage on standard error."""
    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done)

        yield show


def report(findings: list[Finding]) -> str:
    """Return the one report of an input that is refused: a line a finding, faults first."""
    faults = [f"  {finding}" for finding in findings if finding.is_fault]
    notices = [f"  {finding}" for finding in findings if not finding.is_fault]
    lines = [f"The input is refused, nothing was written. {len(faults)} faults:", *faults]
    return "\n".join(lines + (["Notices:", *notices] if notices else []))
