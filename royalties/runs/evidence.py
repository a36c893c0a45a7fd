"""What a statement retells of a month's use: how many people, plays and seconds stand behind the amounts."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from royalties.engine.policy import Policy
from royalties.engine.reduce import reduce_plays
from royalties.runs.backends.duckdb import open_duckdb, read_parquet


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts of what was counted, after the daily cap; of the same files as the run.

    `by_resource`: one row per (library_id, resource_id) with patrons, plays, seconds.
    `by_payee`: one row per (library_id, payee_id) with patrons: distinct, of any resource of the payee.
    `by_library`: one row per library_id with patrons.
    """

    by_resource: pa.Table
    by_payee: pa.Table
    by_library: pa.Table


def count_evidence(*, input_dir: Path, policy: Policy, memory: str = "1GB") -> Evidence:
    """Count over the input folder of a run that was accepted; each table is sorted by its key.

    Raises:
        QueryFailed: of runs.backends; no memory, no disk, or a damaged play file.
    """
    files = tuple(sorted((input_dir / "plays").glob("*.parquet")))
    if not files:
        return Evidence(*(_empty(*columns) for columns in (BY_RESOURCE, BY_PAYEE, BY_LIBRARY)))
    with (
        tempfile.TemporaryDirectory(prefix="evidence-") as spill,
        open_duckdb(memory=memory, threads=1, spill_dir=Path(spill)) as backend,
    ):
        plays = read_parquet(backend, files, name="plays")
        resources = read_parquet(backend, (input_dir / "resources.parquet",), name="resources")
        shares = read_parquet(backend, (input_dir / "shares.parquet",), name="shares")
        # Kept as a table, so that the log is read once.
        usage = backend.create_table("usage", reduce_plays(plays, resources, policy=policy), temp=True)
        held = shares.filter(shares.share_bp > 0).select("resource_id", "payee_id")
        heard = usage.join(held, "resource_id")
        return Evidence(
            by_resource=_sorted(
                usage.group_by("library_id", "resource_id").aggregate(
                    patrons=usage.patron.nunique(),
                    plays=usage.plays.sum().cast("int64"),
                    seconds=usage["seconds"].sum().cast("int64"),
                ),
                BY_RESOURCE,
            ),
            by_payee=_sorted(
                heard.group_by("library_id", "payee_id").aggregate(patrons=heard.patron.nunique()), BY_PAYEE
            ),
            by_library=_sorted(
                usage.group_by("library_id").aggregate(patrons=usage.patron.nunique()), BY_LIBRARY
            ),
        )


BY_RESOURCE = ("library_id", "resource_id", "patrons", "plays", "seconds")
BY_PAYEE = ("library_id", "payee_id", "patrons")
BY_LIBRARY = ("library_id", "patrons")


def _empty(*columns: str) -> pa.Table:
    return pa.schema([(name, pa.int64()) for name in columns]).empty_table()


def _sorted(table: ir.Table, columns: tuple[str, ...]) -> pa.Table:
    """Run the expression; its keys come before the counts, so that ordering by all columns is total."""
    ordered = table.select(*columns).order_by([ibis.asc(name) for name in columns])
    table_of_counts: pa.Table = ordered.to_pyarrow()
    return table_of_counts
