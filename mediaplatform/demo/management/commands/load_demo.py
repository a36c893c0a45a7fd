"""`manage.py load_demo`: invented artists, three libraries, three months of plays and their statements."""

from __future__ import annotations

import os
import time

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalog.errors import CatalogError
from mediaplatform.demo.services import DemoFailed, load_demo
from royalties.periods.services import MonthBlocked


class Command(BaseCommand):
    help = "Load the demo; what is there already is kept, so that it can be broken off and run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--workers", type=int, default=min(2, os.cpu_count() or 1), help="processes that make media"
        )

    def handle(self, *_args: object, workers: int, **_options: object) -> None:
        begun = time.monotonic()

        def say(line: str) -> None:
            self.stdout.write(f"  {time.monotonic() - begun:5.1f} s  {line}")
            self.stdout.flush()

        try:
            load_demo(now=timezone.now(), workers=workers, say=say)
        except (DemoFailed, CatalogError, MonthBlocked) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"The demo is loaded ({time.monotonic() - begun:.0f} s).")
