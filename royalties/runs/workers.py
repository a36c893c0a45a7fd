"""The kernel over many libraries at once. NumPy lets go of the interpreter's lock where the time is spent."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pyarrow as pa

from royalties.engine.allocate import allocate
from royalties.engine.catalogue import Catalogue, Library
from royalties.engine.policy import Policy
from royalties.runs.usage_files import UsageFiles

IN_FLIGHT = 2  # libraries a worker may be ahead of the writer


def allocate_each(
    usage: UsageFiles, *, libraries: list[Library], catalogue: Catalogue, policy: Policy, workers: int
) -> Iterator[tuple[Library, pa.Table]]:
    """Yield each library with its OUTCOME rows, in the order of `libraries`.

    Threads and not processes: nothing is copied between them, and none has to start (docs/adr/0013).
    """

    def work(library: Library) -> pa.Table:
        return allocate(usage.read(library.library_id), library=library, catalogue=catalogue, policy=policy)

    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[tuple[Library, Future[pa.Table]]] = deque()
        for library in libraries:
            waiting.append((library, pool.submit(work, library)))
            if len(waiting) > workers * IN_FLIGHT:
                done, outcome = waiting.popleft()
                yield done, outcome.result()
        for done, outcome in waiting:
            yield done, outcome.result()
