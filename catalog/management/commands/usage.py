"""`manage.py usage verify | export MONTH FOLDER`: prove the play log, and hand a month of it out."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.usage import compaction, log
from mediaplatform.kernel.periods import Month


class Command(BaseCommand):
    help = "Prove that every acknowledged heartbeat's session is in the play log once; export a month of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("verify", help="compare the log of the open days with the buffer")
        export = actions.add_parser("export", help="write a month's plays for compute_cct")
        export.add_argument("month", type=Month.parse, help="yyyy-mm, in the accounting time zone")
        export.add_argument("folder", type=Path)

    def handle(self, *_args: Any, action: str, **options: Any) -> None:
        if action == "verify":
            self._verify()
        else:
            files = log.export_month(month=options["month"], folder=options["folder"])
            self.stdout.write(f"{options['month']}: {len(files)} days written")

    def _verify(self) -> None:
        faults = []
        for verdict in compaction.verify_days(now=timezone.now()):
            waiting = f", {verdict.waiting} waiting for the next compaction" if verdict.waiting else ""
            self.stdout.write(f"{verdict.day}: {verdict.sessions} sessions acknowledged{waiting}")
            faults += [f"{verdict.day}: {fault}" for fault in verdict.faults]
        if faults:
            raise CommandError("The play log has faults:\n" + "\n".join(faults))
        self.stdout.write("Every acknowledged session is in the log once.")
