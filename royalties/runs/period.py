"""One period from files to files: everything of a run that does not depend on the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow.parquet as pq

from royalties.engine.allocate import Outcome
from royalties.engine.catalogue import Catalogue, Library, build_catalogue
from royalties.engine.findings import PlaysSurvey, check_plays, check_tables
from royalties.engine.platform import Closing, Platform
from royalties.engine.policy import ENVELOPES, FLOOR, Policy
from royalties.engine.reduce import distinct_values, survey_plays
from royalties.engine.tables import LINES, PLAYS, Finding
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
        """Return the rows of Parquet files, matched by column name."""

    def collect(self, table: ir.Table) -> pa.Table:
        """Compute a small table."""

    def allocate(
        self, plays: ir.Table, *, libraries: list[Library], catalogue: Catalogue, policy: Policy
    ) -> Iterator[tuple[Library, Outcome]]:
        """Yield each library with what the kernel says of it, in the order of `libraries`."""


class Engine(Protocol):
    """What reduces and maps: DuckDB and threads on one machine, or Spark."""

    @property
    def name(self) -> str:
        """The engine's name in the manifest."""

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of the libraries on which the result may depend."""

    def open(self, scratch: Path) -> AbstractContextManager[Session]:
        """Open the engine; it may fill the folder `scratch`."""


def ignore_progress(stage: str, done: int, total: int) -> None:
    """Show nothing."""


def compute(
    engine: Engine, *, input_dir: Path, output_dir: Path, policy: Policy, fund_micros: int, progress: Progress
) -> RunResult:
    """Compute one period from the files of `input_dir` into the folder `output_dir`, on any engine to the same lines.

    `fund_micros` is the balance of the solidarity fund before the period. An earlier result in `output_dir` is
    replaced; the new one comes into place whole.

    Raises:
        EngineMissing: of runs.backends; the engine is not installed.
        InputRefused: the input has faults; `.findings` names them all and nothing was written.
        OutputRefused: `output_dir` holds other files, or another run is writing to it.
        QueryFailed: of runs.backends; no memory, no disk, or a damaged play file.
    """
    if fund_micros < 0:
        raise ValueError("the solidarity fund can't be negative")
    progress("read", 0, 1)
    inputs = contract.read_inputs(input_dir)
    with contract.result_folder(output_dir) as (result_dir, scratch), engine.open(scratch) as session:
        plays = _open_plays(session, inputs.plays or (), scratch)
        notices = _judge(inputs, plays, policy, session)
        described = contract.describe_inputs(input_dir)
        progress("read", 1, 1)

        catalogue, libraries = build_catalogue(inputs.tables)
        progress("reduce", 0, 1)
        platform = Platform(catalogue, policy=policy, fund_micros=fund_micros)
        writer = contract.LinesWriter(result_dir / contract.LINES_FILE, LINES)
        outcomes = session.allocate(plays, libraries=libraries, catalogue=catalogue, policy=policy)
        for done, (library, outcome) in enumerate(outcomes):
            progress("reduce", 1, 1)
            progress("allocate", done, len(libraries))
            platform.take(library, outcome)
            writer.write(outcome.lines)
        closing = platform.close()
        writer.write(closing.lines)
        writer.close()
        progress("allocate", len(libraries), len(libraries))
        pq.write_table(closing.libraries, result_dir / contract.LIBRARIES_FILE)
        manifest = contract.build_manifest(
            result_dir=result_dir,
            inputs=described,
            policy=policy,
            totals=_total(libraries, closing, fund_micros),
            notices=notices,
            engine={"name": engine.name, **engine.versions},
        )
        contract.write_manifest(result_dir, manifest)
    return RunResult(output_dir, manifest)


def _open_plays(session: Session, files: tuple[Path, ...], scratch: Path) -> ir.Table:
    if not files:
        files = (scratch / "no-plays.parquet",)
        pq.write_table(PLAYS.empty_table(), files[0])
    return session.read(files, name="plays")


def _judge(inputs: Inputs, plays: ir.Table, policy: Policy, session: Session) -> list[Finding]:
    """Return the notices.

    Raises:
        InputRefused: there is a fault; all findings are in it.
    """
    survey = _survey(plays, session)
    findings = [*inputs.findings, *check_plays(survey), *check_tables(inputs.tables, survey, policy=policy)]
    if any(finding.is_fault for finding in findings):
        raise InputRefused(findings)
    return findings


def _survey(plays: ir.Table, session: Session) -> PlaysSurvey:
    row = session.collect(survey_plays(plays)).to_pylist()[0]
    distinct: dict[str, Any] = {
        column: session.collect(distinct_values(plays, column))[column].combine_chunks()
        for column in ("library_id", "resource_id", "status")
    }
    return PlaysSurvey(
        rows=row["rows"],
        nulls={column: row[f"nulls_{column}"] or 0 for column in PLAYS.names},
        min_seconds=row["min_seconds"],
        max_seconds=row["max_seconds"],
        library_ids=distinct["library_id"],
        resource_ids=distinct["resource_id"],
        statuses=frozenset(distinct["status"].to_pylist()),
    )


def _total(libraries: list[Library], closing: Closing, fund_micros: int) -> dict[str, int]:
    """Sum the run up, in micros: `revenue + reserve_in + fund_in = operations + paid + reserve_out + fund_out`."""
    columns = {
        name: sum(closing.libraries[name].to_numpy().tolist()) for name in closing.libraries.column_names[1:]
    }
    return {
        "revenue_micros": sum(library.revenue_micros for library in libraries),
        "reserve_in_micros": sum(library.reserve_micros for library in libraries),
        "fund_in_micros": fund_micros,
        **{f"envelope_{name}_micros": columns[name] for name in ENVELOPES},
        **{f"paid_{name}_micros": closing.paid.get(name, 0) for name in (*ENVELOPES[2:], FLOOR)},
        "reserve_out_micros": columns["reserve_micros"],
        "fund_out_micros": closing.fund_micros,
    }
