"""DuckDB, inside this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import ibis

from royalties.runs.backends.errors import QueryFailed

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

VERSIONS = {"duckdb": duckdb.__version__, "ibis": ibis.__version__}


@contextmanager
def open_duckdb(*, memory: str, threads: int, spill_dir: Path) -> Iterator[BaseBackend]:
    """Open an embedded DuckDB that spills to `spill_dir` past `memory` (such as `1GB`).

    Raises:
        QueryFailed: whatever DuckDB refuses while it is open, as one line.
    """
    try:
        backend = ibis.duckdb.connect(
            memory_limit=memory,
            threads=threads,
            temp_directory=str(spill_dir),
            preserve_insertion_order=False,
        )
        backend.raw_sql("SET TimeZone = 'UTC'")
        yield backend
        backend.disconnect()
    except duckdb.Error as error:
        raise QueryFailed(str(error).splitlines()[0]) from error


def read_parquet(backend: BaseBackend, files: Sequence[Path], *, name: str) -> ir.Table:
    """Return the rows of several Parquet files as one table; columns are matched by name."""
    return backend.read_parquet([str(file) for file in files], table_name=name, union_by_name=True)


def stream_integers(
    backend: BaseBackend, table: ir.Table, *, order: Sequence[str], rows: int
) -> Iterator[pa.RecordBatch]:
    """Yield a table of integers as int64 in batches of about so many rows, in order, never whole in memory.

    Written as SQL because Ibis takes a sum of int64 for one already, which DuckDB gives 128 bits, and because its
    `to_pyarrow_batches` calls what DuckDB 2 has no more.
    """
    columns = ", ".join(f'CAST("{name}" AS BIGINT) AS "{name}"' for name in table.columns)
    keys = ", ".join(f'"{name}"' for name in order)
    query = f"SELECT {columns} FROM ({backend.compile(table)}) ORDER BY {keys}"  # noqa: S608 - our own names alone
    yield from backend.con.sql(query).to_arrow_reader(rows)
