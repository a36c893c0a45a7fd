"""`manage.py compact_plays [--day yyyy-mm-dd]`: bring the play log up to date."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalog.usage import compaction


class Command(BaseCommand):
    help = "Compact acknowledged heartbeats into the play log: every day with news, or the one named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--day", type=date.fromisoformat, help="an accounting day, for example 2026-10-31"
        )

    def handle(self, *_args: Any, day: date | None, **_options: Any) -> None:
        if day is None:
            changed = compaction.compact_open_days(now=timezone.now())
            self.stdout.write(
                f"{len(changed)} days had news{': ' if changed else ''}{', '.join(map(str, changed))}"
            )
            return
        written = compaction.compact_day(day=day)
        self.stdout.write(f"{day}: {written.rows} plays" if written else f"{day}: nothing was played")
