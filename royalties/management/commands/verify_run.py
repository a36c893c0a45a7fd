"""`manage.py verify_run DIR [INPUT_DIR]`: recompute the digests and sums of a result of `compute_cct`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from royalties.runs.verify import verify_result


class Command(BaseCommand):
    help = "Verify a result of compute_cct: its digests and sums, and with INPUT_DIR each library's balance."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("output_dir", type=Path, metavar="DIR")
        parser.add_argument("input_dir", type=Path, nargs="?", metavar="INPUT_DIR")

    def handle(self, *_args: Any, **options: Any) -> None:
        faults = verify_result(options["output_dir"], input_dir=options["input_dir"])
        if faults:
            raise CommandError("\n  ".join([f"{options['output_dir']} does not hold:", *faults]))
        beside = " beside its inputs" if options["input_dir"] else ""
        self.stdout.write(f"{options['output_dir']} holds{beside}.")
