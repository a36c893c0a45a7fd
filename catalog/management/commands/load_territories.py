"""`manage.py load_territories`: the official lists into the database, in seconds, as often as one likes."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalog.errors import CatalogError
from catalog.territories import services

PACKAGE = Path("mediaplatform/player/node_modules/@etalab/decoupage-administratif/data")


class Command(BaseCommand):
    help = "Load communes, EPCI, departements, regions (Etalab, 2026) and countries (ISO 3166)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=settings.BASE_DIR / PACKAGE, help="where the JSON lists are"
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:  # noqa: ARG002
        try:
            counts = services.load_territories(folder=folder)
        except CatalogError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{level} {count:,}" for level, count in counts.items()))
