"""The runner for one machine: DuckDB reduces, threads allocate, Parquet streams out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from royalties.engine.catalogue import Catalogue, Library
from royalties.engine.policy import Policy
from royalties.engine.tables import USAGE
from royalties.runs.backends import duckdb
from royalties.runs.contract import InputRefused, OutputRefused, RunResult
from royalties.runs.period import Progress, compute, ignore_progress
from royalties.runs.usage_files import UsageFiles, write_usage
from royalties.runs.workers import allocate_each

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

__all__ = ["InputRefused", "LocalEngine", "OutputRefused", "RunResult", "run"]

ORDER = ("library_id", "patron", "resource_id")
BATCH_ROWS = 2**20
RANGE_PLAYS = 6_000_000


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
    past it; the kernel runs in `workers` threads. The result does not depend
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
            yield LocalSession(backend, scratch, self.workers)


@dataclass(frozen=True, slots=True)
class LocalSession:
    """An open DuckDB and a folder for what lies between the stages."""

    backend: BaseBackend
    scratch: Path
    workers: int

    def read(self, files: tuple[Path, ...], *, name: str) -> ir.Table:
        """Return the rows of Parquet files, matched by column name."""
        return duckdb.read_parquet(self.backend, files, name=name)

    def collect(self, table: ir.Table) -> pa.Table:
        """Compute a small table."""
        found: pa.Table = table.to_pyarrow()
        return found

    def allocate(
        self, usage: ir.Table, *, libraries: list[Library], catalogue: Catalogue, policy: Policy
    ) -> Iterator[tuple[Library, pa.Table]]:
        """Reduce a run of libraries after the other, each into the scratch folder, and map the kernel over it."""
        for some in self._split(libraries):
            files = self._reduce(usage, some)
            yield from allocate_each(
                files, libraries=some, catalogue=catalogue, policy=policy, workers=self.workers
            )
            shutil.rmtree(files.folder)

    def _split(self, libraries: list[Library]) -> list[list[Library]]:
        """Cut the libraries into runs of about RANGE_PLAYS plays: what is grouped and sorted at once stays small."""
        plays = self.backend.table("plays")
        counts: Any = self.collect(plays.group_by("library_id").aggregate(plays=plays.count()))
        size = dict(zip(counts["library_id"].to_pylist(), counts["plays"].to_pylist(), strict=True))
        ranges, filled = list[list[Library]](), RANGE_PLAYS
        for library in libraries:
            if filled >= RANGE_PLAYS:
                ranges.append([])
                filled = 0
            ranges[-1].append(library)
            filled += size.get(library.library_id, 0)
        return ranges

    def _reduce(self, usage: ir.Table, libraries: list[Library]) -> UsageFiles:
        """Write the usage of a run of libraries, sorted."""
        first, last = libraries[0].library_id, libraries[-1].library_id
        some = usage.filter(usage.library_id.between(first, last)).select(*USAGE.names)
        batches = duckdb.stream_integers(self.backend, some, order=ORDER, rows=BATCH_ROWS)
        return write_usage(batches, self.scratch / f"usage-{first}")
