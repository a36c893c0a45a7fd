"""`manage.py compute_cct INPUT_DIR OUTPUT_DIR`: compute one period from Parquet files, without a database."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from royalties.engine.policy import CCT, Policy, PolicyRefused, parse_policy
from royalties.engine.tables import Finding
from royalties.runs import local
from royalties.runs.backends import QueryFailed

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
        parser.add_argument("--engine", choices=["local"], default="local")
        parser.add_argument(
            "--fund", type=int, default=0, help="solidarity fund before the period, in micros"
        )
        parser.add_argument(
            "--memory", default="1GB", help="past this DuckDB spills to the disk (default 1GB)"
        )
        parser.add_argument(
            "--workers", type=int, default=os.cpu_count() or 1, help="threads (default: all cores)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["fund"] < 0 or options["workers"] < 1:
            raise CommandError("--fund can't be negative, and --workers is at least 1", returncode=REFUSED)
        policy = self._read_policy(options["policy"])
        with Progress(
            TextColumn("{task.description:10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        ) as bars:
            tasks: dict[str, Any] = {}

            def show(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bars.add_task(stage, total=total)
                bars.update(tasks[stage], completed=done)

            try:
                result = local.run(
                    input_dir=options["input_dir"],
                    output_dir=options["output_dir"],
                    policy=policy,
                    fund_micros=options["fund"],
                    memory=options["memory"],
                    workers=options["workers"],
                    progress=show,
                )
            except local.InputRefused as refused:
                raise CommandError(report(refused.findings), returncode=REFUSED) from refused
            except (local.OutputRefused, QueryFailed, OSError) as error:
                raise CommandError(str(error)) from error
        for notice in result.manifest["notices"]:
            self.stderr.write(f"notice: {notice}")
        for name, micros in result.totals.items():
            self.stdout.write(f"{name:28}{micros:>24,}")
        self.stdout.write(f"{'sha256':28}{result.digest}")

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


def report(findings: list[Finding]) -> str:
    """Return the one report of an input that is refused: a line a finding, faults first."""
    faults = [f"  {finding}" for finding in findings if finding.is_fault]
    notices = [f"  {finding}" for finding in findings if not finding.is_fault]
    lines = [f"The input is refused, nothing was written. {len(faults)} faults:", *faults]
    return "\n".join(lines + (["Notices:", *notices] if notices else []))
