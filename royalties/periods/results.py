"""A finished run as books and statements take it: sums by library and payee, lines with their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from catalog.works import rights
from catalog.works.rights import ResourceName
from royalties.engine.policy import Policy
from royalties.ledger.entries import LibraryResult
from royalties.runs.contract import RunResult
from royalties.runs.evidence import count_evidence
from royalties.statements.explain import Codes, RunTables, explain, place_of
from royalties.statements.lines import Line
from subscriptions.libraries import selectors as libraries

Amounts = Mapping[int, int]  # micros by payee id


@dataclass(frozen=True, slots=True)
class Results:
    """What a run gave.

    `lines` are in the run's order. `library_totals` is LIBRARY_TOTALS by library id, `library_names` their
    names. `paid_by_library` sums each library's own lines by payee, `pooled` those without a
    library by envelope and payee.
    """

    digest: str
    manifest: dict[str, Any]
    lines: tuple[Line, ...]
    library_totals: Mapping[int, Mapping[str, int]]
    library_names: Mapping[int, str]
    paid_by_library: Mapping[int, Amounts]
    pooled: Mapping[str, Amounts]

    def library(self, library_id: int, *, revenue: int, reserve_in: int) -> LibraryResult:
        """Return what a library's money became; `revenue` and `reserve_in` are what the run read."""
        totals = self.library_totals[library_id]
        return LibraryResult(
            library_id=library_id,
            revenue=revenue,
            reserve_in=reserve_in,
            operations=totals["operations"],
            solidarity=totals["solidarity"],
            catalogue=totals["catalogue"],
            reserve_out=totals["reserve_micros"],
            by_payee=self.paid_by_library.get(library_id, {}),
        )


def read_results(*, run: RunResult, input_dir: Path, policy: Policy) -> Results:
    """Read a run's output with the words and numbers that its readers need.

    Raises:
        QueryFailed: of runs.backends, while the evidence is counted.
    """
    tables = _read_tables(run=run, input_dir=input_dir, policy=policy)
    formulas = explain(tables=tables, policy=policy)
    towns = {library.pk: (library.name, library.town) for library in libraries.list_public_libraries()}
    titles = rights.name_resources(resource_ids=tables.lines["resource_id"].dropna().astype("int64").unique())
    paid: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    pooled: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    lines = []
    for row, formula in zip(run.read_lines().to_pylist(), formulas, strict=True):
        line = _line(row, formula, towns=towns, titles=titles)
        lines.append(line)
        sums = pooled[line.envelope] if line.library_id is None else paid[line.library_id]
        sums[line.payee_id] += line.amount_micros
    return Results(
        digest=run.digest,
        manifest=run.manifest,
        lines=tuple(lines),
        library_totals={row["library_id"]: row for row in run.read_libraries().to_pylist()},
        library_names={library_id: name for library_id, (name, _town) in towns.items()},
        paid_by_library=paid,
        pooled=pooled,
    )


def _line(
    row: Mapping[str, Any],
    formula: Mapping[str, Any],
    *,
    towns: Mapping[int, tuple[str, str]],
    titles: Mapping[int, ResourceName],
) -> Line:
    library_id, resource_id = row["library_id"], row["resource_id"]
    library_name, town = towns[library_id] if library_id is not None else ("", "")
    name = titles[resource_id] if resource_id is not None else ResourceName("", "", "")
    return Line(
        payee_id=row["payee_id"],
        envelope=row["envelope"],
        amount_micros=row["amount_micros"],
        formula=formula,
        library_id=library_id,
        library_name=library_name,
        territory_name=town,
        resource_id=resource_id,
        resource_title=name.title,
        release_title=name.release_title,
        medium=name.medium,
    )


def _read_tables(*, run: RunResult, input_dir: Path, policy: Policy) -> RunTables:
    def read(name: str) -> pd.DataFrame:
        return pq.read_table(input_dir / f"{name}.parquet").to_pandas()

    evidence = count_evidence(input_dir=input_dir, policy=policy)
    shares = read("shares")
    return RunTables(
        lines=run.read_lines().to_pandas(),
        libraries=run.read_libraries().to_pandas(),
        shares=shares[shares["share_bp"] > 0],
        resources=read("resources"),
        evidence=evidence.by_resource.to_pandas(),
        audience=evidence.by_payee.to_pandas(),
        heard={row["library_id"]: row["patrons"] for row in evidence.by_library.to_pylist()},
        payee_places={
            row["payee_id"]: place_of(row) for row in pq.read_table(input_dir / "payees.parquet").to_pylist()
        },
        ladders=_ladders(pq.read_table(input_dir / "territories.parquet").to_pylist()),
    )


def _ladders(rows: list[dict[str, Any]]) -> dict[int, tuple[Codes, Codes]]:
    """Return each library's territories and its own ones among them, as (level, code)."""
    known: dict[int, set[tuple[str, str]]] = defaultdict(set)
    own: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        known[row["library_id"]].add((row["level"], row["code"]))
        if row["own"]:
            own[row["library_id"]].add((row["level"], row["code"]))
    return defaultdict(
        lambda: (frozenset(), frozenset()),
        {library_id: (frozenset(codes), frozenset(own[library_id])) for library_id, codes in known.items()},
    )
