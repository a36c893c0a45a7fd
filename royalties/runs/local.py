"""The runner for one machine: DuckDB reduces, worker processes allocate, Parquet streams out."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyarrow.parquet as pq

from royalties.engine.allocate import Usage, allocate
from royalties.engine.catalogue import Catalogue, Library
from royalties.engine.policy import Policy
from royalties.engine.tables import USAGE
from royalties.runs import backends
from royalties.runs.contract import InputRefused, OutputRefused, RunResult
from royalties.runs.period import Progress, compute, ignore_progress

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

__all__ = ["InputRefused", "LocalEngine", "OutputRefused", "RunResult", "run"]

ORDER = ("library_id", "patron", "resource_id")
IN_FLIGHT = 2  # libraries a worker may be ahead of the writer


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
    """Compute one period from the files of `input_dir` into the folder `output_dir`.

    `fund_micros` is the balance of the solidarity fund before the period. DuckDB keeps to `memory` and spills
    past it; the kernel runs in `workers` processes, in this one when there is one. The result does not depend
    on either. An earlier result in `output_dir` is replaced; the new one comes into place whole.

    Raises:
        InputRefused: the input has faults; `.findings` names them all and nothing was written.
        OutputRefused: `output_dir` holds other files, or another run is writing to it.
        QueryFailed: of runs.backends; no memory, no disk, or a damaged play file.
    """
    engine = LocalEngine(memory=memory, workers=workers)
    return compute(
        engine,
        input_dir=input_dir,
        output_dir=output_dir,
        policy=policy,
        fund_micros=fund_micros,
        progress=progress,
    )


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """DuckDB within a memory limit, and worker processes."""

    memory: str
    workers: int
    name: ClassVar[str] = "local"
    versions: ClassVar[dict[str, str]] = backends.VERSIONS

    @contextmanager
    def open(self, scratch: Path) -> Iterator[LocalSession]:
        """Open DuckDB; it spills into `scratch`."""
        spill_dir = scratch / "spill"
        with backends.open_duckdb(memory=self.memory, threads=self.workers, spill_dir=spill_dir) as backend:
            yield LocalSession(backend, scratch, self.workers)


@dataclass(frozen=True, slots=True)
class LocalSession:
    """An open DuckDB and a folder for what lies between the stages."""

    backend: BaseBackend
    scratch: Path
    workers: int

    def read(self, files: tuple[Path, ...], *, name: str) -> ir.Table:
        """Return the rows of Parquet files, matched by column name."""
        return backends.read_parquet(self.backend, files, name=name)

    def allocate(
        self, usage: ir.Table, *, libraries: list[Library], catalogue: Catalogue, policy: Policy
    ) -> Iterator[tuple[Library, pa.Table]]:
        """Write the sorted usage to the scratch folder, then map the kernel over the libraries, in their order."""
        usage_file = self.scratch / "usage.parquet"
        usage.select(*USAGE.names).order_by(*ORDER).to_parquet(usage_file)
        if self.workers == 1:
            for library in libraries:
                usage_of = read_usage(usage_file, library.library_id)
                yield library, allocate(usage_of, library=library, catalogue=catalogue, policy=policy)
            return
        catalogue_dir = self.scratch / "catalogue"
        save_catalogue(catalogue, catalogue_dir)
        with ProcessPoolExecutor(
            self.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start_worker,
            initargs=(usage_file, catalogue_dir, policy),
        ) as pool:
            waiting: deque[tuple[Library, Future[pa.Table]]] = deque()
            for library in libraries:
                waiting.append((library, pool.submit(_allocate_in_worker, library)))
                if len(waiting) > self.workers * IN_FLIGHT:
                    done, outcome = waiting.popleft()
                    yield done, outcome.result()
            for done, outcome in waiting:
                yield done, outcome.result()


def read_usage(usage_file: Path, library_id: int) -> Usage:
    """Read one library's rows of the sorted usage; only the row groups that hold them are opened."""
    table = pq.read_table(usage_file, filters=[("library_id", "=", library_id)], use_threads=False)
    return Usage(**{name: table[name].to_numpy() for name in USAGE.names[1:]})


def save_catalogue(catalogue: Catalogue, folder: Path) -> None:
    """Write the arrays as `.npy`, so that all workers map the same pages of memory."""
    folder.mkdir()
    for field in fields(Catalogue):
        np.save(folder / f"{field.name}.npy", getattr(catalogue, field.name))


def load_catalogue(folder: Path) -> Catalogue:
    """Map the arrays of `save_catalogue` into memory."""
    return Catalogue(
        **{field.name: np.load(folder / f"{field.name}.npy", mmap_mode="r") for field in fields(Catalogue)}
    )


_worker: tuple[Path, Catalogue, Policy]  # of a worker process: set once, when it starts


def _start_worker(usage_file: Path, catalogue_dir: Path, policy: Policy) -> None:
    global _worker  # noqa: PLW0603 - the one way in which an executor's initializer hands something on
    _worker = (usage_file, load_catalogue(catalogue_dir), policy)


def _allocate_in_worker(library: Library) -> pa.Table:
    usage_file, catalogue, policy = _worker
    usage = read_usage(usage_file, library.library_id)
    return allocate(usage, library=library, catalogue=catalogue, policy=policy)
