"""`manage.py screen_month 2026-10`: hold what a person should look at before the month is paid."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from mediaplatform.kernel.periods import Month
from royalties.screening import services


class Command(BaseCommand):
    help = "Apply the screening rules to a month that is open; running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=Month.parse, help="yyyy-mm, in the accounting time zone")

    def handle(self, *_args: Any, month: Month, **_options: Any) -> None:
        found = services.screen_month(month=month, now=timezone.now())
        self.stdout.write(
            f"{month}: {found.cases} cases, {found.new_cases} of them new; {found.new_plays} plays newly held"
        )
