"""`manage.py deliver FOLDER`: the CSV template, DDEX or ONIX messages, applied whole or refused with every fault."""

from __future__ import annotations

import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from catalog.errors import CatalogError
from catalog.ingest import selectors, services
from catalog.ingest.changes import Plan
from catalog.ingest.deliverers import HOUSE
from catalog.ingest.examination import examine_folder
from catalog.ingest.faults import Fault
from catalog.ingest.selectors import DeliveryPage
from catalog.models import DeliveryFault
from mediaplatform.infrastructure.db import LockTaken

ASK_EVERY_S = 0.5
NOBODY_AFTER_S = 20.0  # in which no package was begun or finished


class Command(BaseCommand):
    help = (
        "Deliver a folder: delivery.csv, DDEX ERN (4.3, 4.2, 3.8.2) or ONIX (3.0, 3.1); rights.csv, parties.csv, "
        "payees.csv and media files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--by", metavar="EMAIL", help="who sends it")
        parser.add_argument("--deliverer", metavar="NAME", help="whose references the sheets hold")
        parser.add_argument(
            "--preview", action="store_true", help="print what it would change, and change nothing"
        )
        parser.add_argument("--hold", action="store_true", help="publish it later, on the pages")
        parser.add_argument("--no-wait", action="store_true", help="do not wait for the packages")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:  # noqa: ARG002
        sent_by = selectors.find_sender(email=options["by"]) if options["by"] else None
        if options["by"] and sent_by is None:
            raise CommandError(f"Nobody signs in as {options['by']}.")
        console = Console(file=cast("IO[str]", self.stdout._out))  # noqa: SLF001 - rich needs the stream itself, tests replace it
        try:
            if options["preview"]:
                _preview(console, folder, options["deliverer"] or options["by"] or HOUSE)
                return
            delivery = services.deliver_folder(
                folder=folder, sent_by=sent_by, deliverer=options["deliverer"], is_held=options["hold"]
            )
        except (CatalogError, LockTaken) as error:
            raise CommandError(str(error)) from error
        page = selectors.get_delivery(delivery_id=delivery.pk)
        if not page.is_refused:
            console.print(_summary(page))
        _print_faults(console, _kept(delivery.pk, is_warning=True))
        if page.is_refused:
            _print_faults(console, _kept(delivery.pk, is_warning=False))
            raise CommandError(f"{_refused(page.faults.paginator.count)} Nothing was changed.", returncode=1)
        if not options["no_wait"]:
            self._wait(console, delivery.pk)

    def _wait(self, console: Console, delivery_id: int) -> None:
        """Show how far the packages are, until all are made or nobody makes them."""
        columns = (TextColumn("packages"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        last, since = None, time.monotonic()
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("", total=None)
            while not (now := selectors.get_delivery(delivery_id=delivery_id).progress).is_over:
                bar.update(task, total=now.total, completed=now.ready + now.failed)
                if now != last:
                    last, since = now, time.monotonic()
                if now.running == 0 and time.monotonic() - since > NOBODY_AFTER_S:
                    bar.stop()
                    console.print(
                        f"No worker takes the {now.queued} waiting packages. They are made when one runs."
                    )
                    return
                time.sleep(ASK_EVERY_S)
            bar.update(task, total=now.total, completed=now.ready + now.failed)
        page = selectors.get_delivery(delivery_id=delivery_id)
        for package in selectors.list_failed_packages(delivery_id=delivery_id):
            console.print(
                f"{package.title} ({package.filename}): {package.fault_code}: {package.fault_detail}"
            )
        if page.progress.failed:
            raise CommandError(
                f"{page.progress.failed} of {page.progress.total} packages failed.", returncode=1
            )


def _summary(page: DeliveryPage) -> Table:
    table = Table("", "created", "changed", "unchanged", "withdrawn", title=f"{page.deliverer}: {page.state}")
    for kind, counts in page.summary.items():
        table.add_row(
            kind, *(str(counts.get(what, "")) for what in ("created", "changed", "unchanged", "withdrawn"))
        )
    return table


def _preview(console: Console, folder: Path, deliverer: str) -> None:
    """Print the differences, or the faults; nothing is kept."""
    with tempfile.TemporaryDirectory(prefix="preview-") as place:
        examined = examine_folder(folder=folder, deliverer=deliverer, workplace=Path(place))
        faults = examined.folder.faults
        _print_faults(console, faults.warnings)
        _print_faults(console, faults.found)
        if examined.is_refused:
            raise CommandError(_refused(len(faults.found)), returncode=1)
        has_changes = False
        for plan in examined.plan():
            if plan.changes:
                console.print(_changes(plan, title=f"{deliverer}: what would change"))
                has_changes = True
        if not has_changes:
            console.print("Nothing would change.")


def _changes(plan: Plan, *, title: str) -> Table:
    table = Table("", "", "work", "", title=title)
    for change in plan.changes:
        fields = "\n".join(
            f"{name}: {old or '-'} → {new or '-'}" for name, (old, new) in change.fields.items()
        )
        table.add_row(change.act, change.kind, change.release, f"{change.label}\n{fields}".strip())
    return table


def _refused(count: int) -> str:
    return f"Refused: {count} {'fault' if count == 1 else 'faults'}."


def _kept(delivery_id: int, *, is_warning: bool) -> Iterable[DeliveryFault]:
    return selectors.list_faults(delivery_id=delivery_id, is_warning=is_warning).iterator(chunk_size=1_000)


def _print_faults(console: Console, faults: Iterable[Fault | DeliveryFault]) -> None:
    """Print every fault, in tables of a thousand."""
    left = iter(faults)
    while page := list(islice(left, 1_000)):
        table = Table("file", "row", "column", "fault", "what to do")
        for fault in page:
            table.add_row(fault.file, str(fault.row or ""), fault.column, fault.code, fault.words)
        console.print(table)
