"""Reads and checks a folder and works out what it would change; writes nothing anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from catalog.ingest import known, virus_scan
from catalog.ingest.faults import Faults
from catalog.ingest.folder import Folder, read_folder
from catalog.ingest.plan import Plan, plan_delivery
from catalog.ingest.receiving import SourceRefused
from catalog.ingest.rows import Sheets

Report = Callable[[float], None]


@dataclass(slots=True)
class Examined:
    """A folder as read and checked; without faults also what it would change."""

    folder: Folder
    plan: Plan | None

    def accepted(self) -> Plan:
        """Return the plan of a folder without faults. Raises: ValueError when it has some."""
        if self.plan is None:
            raise ValueError("this folder has faults")
        return self.plan


def examine_folder(
    *, folder: Path, deliverer: str, workplace: Path, report: Report = lambda _part: None
) -> Examined:
    """Read and check a folder and work out what it would change under a deliverer's name.

    Raises:
        FolderMissing: there is no such folder.
    """
    if infected := virus_scan.scan_folder(folder):
        return Examined(Folder(Sheets(), infected), None)
    received = read_folder(folder, workplace=workplace, report=report)
    homes = known.check_folder(received, deliverer=deliverer)
    if received.faults:
        return Examined(received, None)
    return Examined(received, plan_delivery(received, homes, deliverer=deliverer, now=timezone.now()))


def refuse_source(refused: SourceRefused, *, name: str) -> Examined:
    """Return what is known of a source that could not even be unpacked."""
    faults = Faults()
    faults.add(name, None, "", code=refused.code, message=refused.words)
    return Examined(Folder(Sheets(), faults), None)
