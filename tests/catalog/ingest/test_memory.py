"""The memory of a delivery does not grow with its rows: what Python holds, measured in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from bench.ingest_messages import write_ern, write_onix, write_template
from catalog.models import Party
from mediaplatform.infrastructure import objectstore

MOST_MORE_BYTES = 300_000  # the plan of 120 books more, held at once, was 765,000
# Every step of a delivery, in parts so small that a small delivery has several; what Python holds at most is printed.
STEPS = """
import sys, tempfile, tracemalloc
from pathlib import Path
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from catalog.ingest import outcome, plan, spool
from catalog.ingest.examination import examine_folder
from catalog.models import Delivery
from mediaplatform.infrastructure import bulk_rows
plan.MOST_RELEASES, plan.MOST_PARTS = 12, 30
spool.PAGE = outcome.AT_ONCE = bulk_rows.AT_ONCE = 30
def deliver(act, folder):
    with tempfile.TemporaryDirectory() as place:
        examined = examine_folder(folder=folder, deliverer=folder.name, workplace=Path(place))
        delivery = act(Delivery(deliverer=folder.name), examined)
        assert delivery.changes.exists() or delivery.state == 'unchanged', list(examined.folder.faults.found)
tracemalloc.start()
for act in (outcome.preview, outcome.apply_plan):
    deliver(act, Path(sys.argv[2]))  # whatever is loaded by the first use of it
    tracemalloc.reset_peak()
    deliver(act, Path(sys.argv[3]))
    print(tracemalloc.get_traced_memory()[1])
"""


def peaks_bytes(small: Path, folder: Path) -> list[int]:
    """Return the most that a process held which reads and previews a folder, and then reads and applies it."""
    database = str(connection.settings_dict["NAME"])
    done = subprocess.run(
        [sys.executable, "-c", STEPS, database, str(small), str(folder)],
        env=dict(os.environ),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [int(line) for line in done.stdout.split()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("write", "few"), [(write_ern, 10), (write_onix, 30), (write_template, 10)], ids=["ern", "onix", "csv"]
)
def test_four_times_the_releases_take_no_more_memory(
    write: Callable[[Path, int, str], None], few: int, tmp_path: Path
) -> None:
    objectstore.get_store().prepare()
    Party.objects.get_or_create(name="Ana Roux")
    folders = [tmp_path / f"of {count}" for count in (1, few, 4 * few)]
    for folder, count in zip(folders, (1, few, 4 * few), strict=True):
        folder.mkdir()
        write(folder, count, "Deux rives")
    peaks = [peaks_bytes(folders[0], folder) for folder in folders[1:]]
    assert [more - less for less, more in zip(*peaks, strict=True) if more - less > MOST_MORE_BYTES] == []
