"""The runner for one machine: DuckDB scans, NumPy tallies and allocates in threads, Parquet streams out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from royalties.engine.allocate import NOTHING, Outcome, Usage, allocate
from royalties.engine.catalogue import Catalogue, Library
from royalties.engine.policy import Policy
from royalties.engine.tables import USAGE
from royalties.engine.tally import tally_plays
from royalties.runs.backends import duckdb
from royalties.runs.contract import InputRefused, OutputRefused, RunResult
from royalties.runs.packed_log import PackedLog
from royalties.runs.period import Progress, compute, ignore_progress
from royalties.runs.slices import Job, cut_jobs

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

__all__ = ["InputRefused", "LocalEngine", "OutputRefused", "RunResult", "run"]

SLICE_PLAYS = (
    2_500_000  # what is sorted at once; larger arrays cost more a row, for memory that is mapped anew
)
IN_FLIGHT = 1  # jobs a worker may be ahead of the writer


def run(  # noqa: PLR0913 - the engine's front door: what, by which rules, with which means
    *,
    input_dir: Path,
    output_dir: Path,
    policy: Policy,
    fund_micros: int,
    memory: str = "1GB",
    workers: int = 1,
    progress: Progress = ignore_progress,
) -> RunResult:
    """Compute one period on this machine; `period.compute` says what it writes and raises.

    DuckDB keeps to `memory`; `workers` threads tally and allocate. The result does not depend on either.
    """
    return compute(
        LocalEngine(memory=memory, workers=workers),
        input_dir=input_dir,
        output_dir=output_dir,
        policy=policy,
        fund_micros=fund_micros,
        progress=progress,
    )


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """DuckDB within a memory limit, and threads."""

    memory: str
    workers: int
    name: ClassVar[str] = "local"
    versions: ClassVar[dict[str, str]] = duckdb.VERSIONS

    @contextmanager
    def open(self, scratch: Path) -> Iterator[LocalSession]:
        """Open DuckDB; it spills into `scratch`."""
        spill_dir = scratch / "spill"
        with duckdb.open_duckdb(memory=self.memory, threads=self.workers, spill_dir=spill_dir) as backend:
            yield LocalSession(backend, self.workers)


@dataclass(frozen=True, slots=True)
class LocalSession:
    """An open DuckDB, and how many threads work beside it."""

    backend: BaseBackend
    workers: int

    def read(self, files: tuple[Path, ...], *, name: str) -> ir.Table:
        """Return the rows of Parquet files, matched by column name."""
        return duckdb.read_parquet(self.backend, files, name=name)

    def collect(self, table: ir.Table) -> pa.Table:
        """Compute a small table."""
        found: pa.Table = table.to_pyarrow()
        return found

    def allocate(
        self, plays: ir.Table, *, libraries: list[Library], catalogue: Catalogue, policy: Policy
    ) -> Iterator[tuple[Library, Outcome]]:
        """Tally and allocate some libraries in each thread, and yield them in order (docs/adr/0013)."""
        log = PackedLog(self.backend, plays.get_name())
        jobs = cut_jobs(libraries, plays=log.counts, count_by_patron=log.count_by_patron, size=SLICE_PLAYS)

        def work(job: Job) -> list[Outcome]:
            parts = []
            for some in job.slices:
                plays, packing = log.fetch(some)
                parts.append(tally_plays(plays, packing=packing, catalogue=catalogue, policy=policy))
            return [
                allocate(_join(parts, library), library=library, catalogue=catalogue, policy=policy)
                for library in job.libraries
            ]

        with ThreadPoolExecutor(self.workers) as pool:
            waiting: deque[tuple[Job, Future[list[Outcome]]]] = deque()
            for job in jobs:
                waiting.append((job, pool.submit(work, job)))
                if len(waiting) > self.workers + IN_FLIGHT:
                    yield from _outcomes(waiting)
            while waiting:
                yield from _outcomes(waiting)


def _outcomes(
    waiting: deque[tuple[Job, Future[list[Outcome]]]],
) -> Iterator[tuple[Library, Outcome]]:
    job, done = waiting.popleft()
    yield from zip(job.libraries, done.result(), strict=True)


def _join(parts: list[dict[int, Usage]], library: Library) -> Usage:
    """Return the rows of one library from the slices of its patrons, which ascend."""
    own = [part[library.library_id] for part in parts if library.library_id in part]
    if len(own) <= 1:
        return own[0] if own else NOTHING
    return Usage(*(np.concatenate([getattr(part, name) for part in own]) for name in USAGE.names[1:]))
