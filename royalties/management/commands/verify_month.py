"""`manage.py verify_month 2026-10`: compare a closed month's kept run, journal and statements."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mediaplatform.kernel.periods import Month
from royalties.periods.selectors import MonthNotFound
from royalties.periods.verify import verify_month


class Command(BaseCommand):
    help = "Verify a closed month: its run's digests and sums, and that journal and statements say the same."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", type=Month.parse, help="yyyy-mm")

    def handle(self, *_args: object, month: Month, **_options: object) -> None:
        try:
            faults = verify_month(month=month)
        except MonthNotFound as missing:
            raise CommandError(f"{month} is not closed.") from missing
        if faults:
            raise CommandError("\n  ".join([f"{month} does not hold:", *faults]))
        self.stdout.write(f"{month} holds: run, journal and statements agree.")
