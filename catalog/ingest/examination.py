"""Reads and checks a folder, from which follows what it would change; writes nothing anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from catalog.ingest import known, virus_scan
from catalog.ingest.changes import Plan
from catalog.ingest.faults import Faults
from catalog.ingest.folder import Folder, read_folder
from catalog.ingest.plan import plan_delivery
from catalog.ingest.receiving import SourceRefused
from catalog.ingest.rows import Sheets

Report = Callable[[float], None]


@dataclass(slots=True)
class Examined:
    """A folder as read and checked, under a deliverer's name. With faults it changes nothing."""

    folder: Folder
    deliverer: str
    is_refused: bool

    def plan(self) -> Iterator[Plan]:
        """Yield what a folder without faults would change now, a part at a time (see `plan_delivery`).

        Raises: ValueError when it has faults.
        """
        if self.is_refused:
            raise ValueError("this folder has faults")
        return plan_delivery(self.folder, deliverer=self.deliverer, now=timezone.now())


def examine_folder(
    *, folder: Path, deliverer: str, workplace: Path, report: Report = lambda _part: None
) -> Examined:
    """Read and check a folder under a deliverer's name.

    Raises:
        FolderMissing: there is no such folder.
    """
    if infected := virus_scan.scan_folder(folder):
        return Examined(Folder(Sheets(), infected), deliverer, is_refused=True)
    received = read_folder(folder, workplace=workplace, report=report)
    known.check_folder(received, deliverer=deliverer)
    return Examined(received, deliverer, is_refused=bool(received.faults))


def refuse_source(refused: SourceRefused, *, name: str) -> Examined:
    """Return what is known of a source that could not even be unpacked."""
    faults = Faults()
    faults.add(name, None, "", code=refused.code, message=refused.words)
    return Examined(Folder(Sheets(), faults), "", is_refused=True)
