"""What a delivery costs, in time and in memory: `make bench ARGS="ingest --releases 500 5000"`.

Generated messages of ERN 4.3 (ten tracks an album) and ONIX 3.0 (one book a product), and the template's sheet (ten
tracks an album), whose releases share one recording and one EPUB. Each is delivered to an empty PostgreSQL, then again
with every title changed. The floor of time is a bare COPY of the same rows of the same tables with their indexes, in
the same run: works, parts, credits, windows, the journal, warnings, packages. `read` is parsing, probing and checks;
`apply` is the comparison, the transaction and the word to the workers.

Each step runs in a process of its own, whose peak of resident memory is printed. The floor of that is `start`, a
process that has loaded the same code; `parse` reads the same files and does nothing else.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.ingest_messages import write_ern, write_onix, write_template
from bench.place import throwaway_place

FORMATS: Mapping[str, Callable[[Path, int, str], None]] = {
    "ERN 4.3": write_ern,
    "ONIX 3.0": write_onix,
    "template": write_template,
}
TIMES = [
    "format",
    "releases",
    "rows",
    "read_s",
    "apply_s",
    "releases/s",
    "update/s",
    "COPY_s",
    "apply/COPY",
    "page_ms",
]
PEAKS = ["format", "releases", "start", "parse", "receive", "preview", "apply", "update", "page"]
MOST_IN_A_ZIP = 20_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What a step took."""

    read_s: float
    rest_s: float
    peak_mib: int

    @property
    def whole_s(self) -> float:
        """All of it."""
        return self.read_s + self.rest_s


def main(options: list[str] | None = None) -> None:
    """Measure each number of releases in each format."""
    parser = argparse.ArgumentParser(prog="bench ingest", description=__doc__)
    parser.add_argument("--releases", type=int, nargs="+", default=[500, 5_000])
    parser.add_argument("--formats", nargs="+", choices=list(FORMATS), default=list(FORMATS))
    chosen = parser.parse_args(options)
    peaks = []
    _say_row([name.replace("_", " ") for name in TIMES])
    say("|" + "---|" * len(TIMES))
    with tempfile.TemporaryDirectory(prefix="bench-ingest-") as folder:
        Path(folder).chmod(0o755)
        with throwaway_place(Path(folder) / "place"):
            for count in chosen.releases:
                peaks += [
                    (name, f"{count:,}", *_measure(name, count, Path(folder))) for name in chosen.formats
                ]
    say("\nPeak of resident memory, MiB:\n")
    _say_row(PEAKS)
    say("|" + "---|" * len(PEAKS))
    for row in peaks:
        _say_row(row)


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _say_row(cells: object) -> None:
    say("| " + " | ".join(map(str, cells)) + " |")  # type: ignore[call-overload]


def _measure(name: str, count: int, place: Path) -> list[object]:
    """Deliver in one format, print the times; returns the peaks."""
    from catalog.ingest import deliverers
    from catalog.models import Party

    Party.objects.get_or_create(name="Ana Roux")
    deliverer = f"{name} {count}"
    deliverers.ensure_deliverer(name=deliverer)
    first, second = (place / f"{deliverer.replace(' ', '-')}-{one}" for one in ("first", "second"))
    for folder, title in ((first, "Deux rives"), (second, "Trois rives")):
        folder.mkdir()
        FORMATS[name](folder, count, title)
    steps = {step: _take(step, first, deliverer) for step in ("start", "parse")}
    if sum(1 for _file in first.iterdir()) <= MOST_IN_A_ZIP:
        shutil.make_archive(str(first), "zip", first)
        steps["receive"] = _take("receive", first, deliverer)
    preview = _take("preview", first, deliverer)
    added, update = (_take("apply", folder, deliverer) for folder in (first, second))
    page = _take("page", first, deliverer)
    floor_s, rows = _copy_again(deliverer)
    _say_row(
        (
            *(name, f"{count:,}", f"{rows:,}", f"{added.read_s:.1f}", f"{added.rest_s:.1f}"),
            *(f"{count / added.whole_s:.0f}", f"{count / update.whole_s:.0f}", f"{floor_s:.2f}"),
            *(f"{added.rest_s / floor_s:.0f}", f"{page.read_s * 1_000:.0f}"),
        )
    )
    shutil.rmtree(first)
    shutil.rmtree(second)
    taken = [steps.get(step) for step in ("start", "parse", "receive")]
    return ["" if one is None else one.peak_mib for one in (*taken, preview, added, update, page)]


def _take(step: str, folder: Path, deliverer: str) -> Spent:
    """Take a step in a process of its own."""
    command = [sys.executable, "-m", "bench.ingest_step", step, str(folder), deliverer]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{step} of {deliverer} failed")
    return Spent(**json.loads(done.stdout))


def _copy_again(deliverer: str) -> tuple[float, int]:
    """Return how long a COPY of the same rows takes into tables with the same indexes, and how many rows."""
    from django.db import connection

    tables = {
        "catalog_release": "deliverer = %s",
        "catalog_availability": "release_id IN (SELECT id FROM catalog_release WHERE deliverer = %s)",
        "catalog_resource": "release_id IN (SELECT id FROM catalog_release WHERE deliverer = %s)",
        "catalog_credit": "release_id IN (SELECT id FROM catalog_release WHERE deliverer = %s)",
        "catalog_deliverychange": f"delivery_id = ({FIRST})",
        "catalog_deliveryfault": f"delivery_id = ({FIRST})",
        "catalog_package": "resource_id IN (SELECT r.id FROM catalog_resource r JOIN catalog_release l "
        "ON l.id = r.release_id WHERE l.deliverer = %s)",
    }
    spent, rows = 0.0, 0
    with connection.cursor() as cursor:
        for table, which in tables.items():
            cursor.execute(f"CREATE TABLE floor (LIKE {table} INCLUDING ALL)")
            with cursor.copy(f"COPY (SELECT * FROM {table} WHERE {which}) TO STDOUT", [deliverer]) as out:
                data = b"".join(bytes(part) for part in out)
            began = time.perf_counter()
            with cursor.copy("COPY floor FROM STDIN") as copy:
                copy.write(data)
            spent += time.perf_counter() - began
            rows += data.count(b"\n")
            cursor.execute("DROP TABLE floor")
    return spent, rows


FIRST = (  # which was applied: the second changes titles alone, and a preview is no journal
    "SELECT min(id) FROM catalog_delivery WHERE deliverer = %s AND applied_at IS NOT NULL"
)
