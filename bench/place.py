"""A throwaway platform to measure on: real servers that write to the disk, and what their processes cost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psutil
from django.core.management import call_command

from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.place import DATABASE, Place
from mediaplatform.infrastructure.embedded.processes import Child
from mediaplatform.infrastructure.objectstore import get_store


@contextmanager
def throwaway_place(folder: Path) -> Iterator[tuple[Place, list[Child]]]:
    """Run an empty PostgreSQL and Valkey with their data in the folder, and make this process Django's."""
    shutil.rmtree(folder, ignore_errors=True)
    place = Place(var=folder, port=processes.free_ports(1)[0], has_demo=False)
    with place.lock():
        children = [place.postgres.start(), place.valkey.start()]
        try:
            place.postgres.create_database(DATABASE)
            os.environ.update(place.environment() | {"LOG_LEVEL": "WARNING"})
            django.setup()
            call_command("migrate", interactive=False, verbosity=0)
            get_store().prepare()
            yield place, children
        finally:
            processes.stop(children)
            shutil.rmtree(folder, ignore_errors=True)


def cpu_s(*roots: int) -> float:
    """Return the CPU seconds of these processes and all that they have started, finished ones included."""
    total = 0.0
    for root in roots:
        for process in (psutil.Process(root), *psutil.Process(root).children(recursive=True)):
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
            total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total
