"""One period from files to files: everything of a run that does not depend on the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyarrow.parquet as pq

from royalties.engine.allocate import split_revenue
from royalties.engine.catalogue import Catalogue, Library, build_catalogue
from royalties.engine.findings import PlaysSurvey, check_plays, check_tables
from royalties.engine.platform import Platform
from royalties.engine.policy import ENVELOPES, Policy
from royalties.engine.reduce import distinct_values, reduce_plays, survey_plays
from royalties.engine.tables import LIBRARY_TOTALS, LINES, PLAYS
from royalties.runs import contract
from royalties.runs.contract import InputRefused, Inputs, RunResult

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

# Called with a stage (`read`, `reduce` or `allocate`), how much of it is done, and of how much.
Progress = Callable[[str, int, int], None]


class Session(Protocol):
    """An open engine."""

    def read(self, files: tuple[Path, ...], *, name: str) -> ir.Table:
        """Return the rows of Parquet files."""

    def allocate(
        self, usage: ir.Table, *, libraries: list[Library], catalogue: Catalogue, policy: Policy
    ) -> Iterator[tuple[Library, pa.Table]]:
        """Yield each library with its OUTCOME rows, in the order of `libraries`."""


class Engine(Protocol):
    """What reduces and maps: DuckDB and processes on one machine, or Spark."""

    name: str
    versions: Mapping[str, str]

    def open(self, scratch: Path) -> AbstractContextManager[Session]:
        """Open the engine; it may fill the folder `scratch`."""


def compute(
    engine: Engine, *, input_dir: Path, output_dir: Path, policy: Policy, fund_micros: int, progress: Progress
) -> RunResult:
    """Compute a period; see `royalties.runs.local.run`."""
    if fund_micros < 0:
        raise ValueError("the solidarity fund can't be negative")
    progress("read", 0, 1)
    inputs = contract.read_inputs(input_dir)
    with contract.result_folder(output_dir) as (result_dir, scratch), engine.open(scratch) as session:
        plays = _read_plays(session, inputs)
        notices = _judge(inputs, plays, policy)
        described = contract.describe_inputs(input_dir)
        progress("read", 1, 1)
        catalogue, libraries = build_catalogue(inputs.tables)
        progress("reduce", 0, 1)
        resources = session.read((input_dir / "resources.parquet",), name="resources")
        usage = reduce_plays(plays, resources, policy=policy)
        outcomes = session.allocate(usage, libraries=libraries, catalogue=catalogue, policy=policy)
    return RunResult(output_dir, {})
