"""`manage.py close_month 2026-10`: close an accounting month."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mediaplatform.infrastructure.db import LockTaken
from mediaplatform.kernel.periods import Month
from royalties.periods.services import MonthBlocked, close_month


class Command(BaseCommand):
    help = "Recognise revenue, run the CCT, post the journal and freeze the statements of a month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", type=Month.parse, help="yyyy-mm")

    def handle(self, *_args: object, month: Month, **_options: object) -> None:
        try:
            closed = close_month(month=month, now=timezone.now())
        except MonthBlocked as blocked:
            raise CommandError("\n".join([f"{month} cannot be closed:", *blocked.blockers])) from blocked
        except LockTaken as taken:
            raise CommandError(str(taken)) from taken
        if closed.is_new:
            self.stdout.write(f"{month} is closed: {closed.statements} statements.")
        else:
            self.stdout.write(
                f"{month} was closed before: {closed.statements} statements. Nothing was changed."
            )
