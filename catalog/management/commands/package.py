"""`manage.py package --missing`: queue what the present recipes have not packaged yet."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.packaging import services


class Command(BaseCommand):
    help = "Queue packages for resources that have none by the present recipe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", help="queue what is missing")

    def handle(self, *args: Any, missing: bool, **options: Any) -> None:  # noqa: ARG002 - Django's way
        if not missing:
            raise CommandError("Say what to package: --missing.")
        self.stdout.write(f"{services.queue_missing()} packages wait.")
