"""The runner for one machine: DuckDB reduces, worker processes allocate, Parquet streams out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from royalties.engine.catalogue import Catalogue, Library
from royalties.engine.policy import Policy
from royalties.engine.tables import USAGE
from royalties.runs import backends
from royalties.runs.contract import InputRefused, OutputRefused, RunResult
from royalties.runs.period import Progress, compute, ignore_progress
from royalties.runs.usage_files import write_usage
from royalties.runs.workers import allocate_each

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

__all__ = ["InputRefused", "LocalEngine", "OutputRefused", "RunResult", "run"]

ORDER = ("library_id", "patron", "resource_id")
BATCH_ROWS = 2**20


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
        batches = backends.stream_integers(
            self.backend, usage.select(*USAGE.names), order=ORDER, rows=BATCH_ROWS
        )
        yield from allocate_each(
            write_usage(batches, self.scratch / "usage"),
            libraries=libraries,
            catalogue=catalogue,
            policy=policy,
            workers=self.workers,
        )
