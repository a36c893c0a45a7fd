"""One step of a delivery in a process of its own: prints its seconds and the most memory it held, as JSON.

`python -m bench.ingest_step STEP FOLDER DELIVERER`: the steps are `STEPS`. The environment says which database.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import django
from lxml import etree

KIB_A_MIB = 1024


def start(_folder: Path, _deliverer: str) -> float:
    """Load what every step has loaded, and ask the database something."""
    from catalog.models import Delivery

    Delivery.objects.exists()
    return time.perf_counter()


def parse(folder: Path, _deliverer: str) -> float:
    """Read the messages or the sheet and do nothing with them: the floor."""
    for path in sorted(folder.glob("*.xml")):
        for _event, element in etree.iterparse(str(path)):
            parent = element.getparent()
            if parent is not None and parent.getparent() is None:
                element.clear()
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            sum(1 for _row in csv.reader(file))
    return time.perf_counter()


def receive(folder: Path, _deliverer: str) -> float:
    """Unpack the ZIP beside the folder."""
    from catalog.ingest import receiving

    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        receiving.unpack(Path(f"{folder}.zip"), Path(place))
        return time.perf_counter()


def preview(folder: Path, deliverer: str) -> float:
    """Read, check and keep the differences; returns when it had read."""
    return _go_on(folder, deliverer, "preview")


def apply(folder: Path, deliverer: str) -> float:
    """Read, check, write and queue packages; returns when it had read."""
    return _go_on(folder, deliverer, "apply_plan")


def page(_folder: Path, deliverer: str) -> float:
    """Show the delivery as its page does."""
    from catalog.ingest import selectors
    from catalog.models import Delivery

    latest = Delivery.objects.filter(deliverer=deliverer).latest("pk")
    selectors.get_delivery(delivery_id=latest.pk)
    return time.perf_counter()


def _go_on(folder: Path, deliverer: str, act: str) -> float:
    from catalog.ingest import outcome
    from catalog.ingest.examination import examine_folder
    from catalog.models import Delivery

    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        examined = examine_folder(folder=folder, deliverer=deliverer, workplace=Path(place))
        had_read = time.perf_counter()
        for fault in examined.folder.faults.found:
            sys.exit(f"{fault.file}, line {fault.row}: {fault.words}")
        getattr(outcome, act)(Delivery(deliverer=deliverer), examined)
    return had_read


STEPS: Mapping[str, Callable[[Path, str], float]] = {
    one.__name__: one for one in (start, parse, receive, preview, apply, page)
}


def peak_mib() -> int:
    """Return the most memory that this process has held; `getrusage` counts its parent's from before too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // KIB_A_MIB


def main(step: str, folder: str, deliverer: str) -> None:
    """Take a step and print what it took: until it had read, and in all."""
    django.setup()
    from catalog.ingest import services  # noqa: F401 - so that each step begins with the same weight

    began = time.perf_counter()
    had_read = STEPS[step](Path(folder), deliverer)
    over = time.perf_counter()
    said = {"read_s": had_read - began, "rest_s": over - had_read, "peak_mib": peak_mib()}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
