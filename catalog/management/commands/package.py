"""`manage.py package`: queue what the present recipes have not packaged yet, or delete what was replaced."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.models import Medium
from catalog.packaging import queue, sweep


class Command(BaseCommand):
    help = "Queue packages for resources that have none by the present recipe, or sweep replaced ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", help="queue what is missing")
        parser.add_argument("--medium", choices=Medium.values, help="of this medium only")
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would be queued, change nothing"
        )
        parser.add_argument(
            "--sweep", action="store_true", help="delete packages replaced or rolled back more than a day ago"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's way
        if not (options["missing"] or options["sweep"]):
            raise CommandError("Say what to do: --missing, --sweep or both.")
        if options["missing"]:
            is_trial = options["dry_run"]
            count = queue.queue_missing(medium=options["medium"], is_trial=is_trial)
            self.stdout.write(f"{count} packages would be queued." if is_trial else f"{count} packages wait.")
        if options["sweep"] and not options["dry_run"]:
            now = timezone.now()
            count = sweep.sweep_packages(now=now) + sweep.sweep_left(now=now)
            self.stdout.write(f"{count} packages were deleted.")
