"""Write what the catalogue is found by: `manage.py index_catalogue [--missing]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalog.works.search import indexing


class Command(BaseCommand):
    help = "Write the search documents of all published works, or of those that have none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--missing", action="store_true", help="only works without a document")

    def handle(self, *_args: Any, **options: Any) -> None:
        done = 0
        for done in indexing.index_everything(only_missing=options["missing"]):
            if options["verbosity"]:
                self.stdout.write(f"{done} works indexed")
        if not done and options["verbosity"]:
            self.stdout.write("nothing to index")
