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
