"""The runner for a cluster: Spark reduces, and maps the kernel over the libraries' rows."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq

from royalties.engine.allocate import NOTHING, Outcome, Usage, allocate
from royalties.engine.catalogue import UNKNOWN, Catalogue, Library
from royalties.engine.policy import MEDIA, Policy
from royalties.engine.reduce import reduce_plays
from royalties.engine.tables import INPUTS, USAGE
from royalties.runs.backends.spark import Spark, open_spark, read_versions

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from pyspark import Broadcast

# A pickled Outcome in pieces that Spark can hold; `place` orders them.
COLUMNS: dict[str, Any] = {"library_id": pa.int64(), "place": pa.int64(), "piece": pa.binary()}
SHIPPED = pa.schema(COLUMNS)
PIECE_BYTES = 2**26
Shared = tuple[dict[int, Library], Catalogue, Policy]  # libraries by id


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """A Spark driver in this process, and executors wherever `master` has them.

    On a cluster the folders of a run must be at the same path for the driver and every executor.
    """

    memory: str
    master: str
    name: ClassVar[str] = "spark"

    @property
    def versions(self) -> dict[str, str]:
        """The versions of Spark and Ibis."""
        return read_versions()

    @contextmanager
    def open(self, scratch: Path) -> Iterator[Session]:
        """Start Spark; it spills into `scratch`."""
        with open_spark(master=self.master, memory=self.memory, scratch=scratch) as opened:
            yield Session(opened, scratch)


@dataclass(frozen=True, slots=True)
class Session:
    """A running Spark and a folder that its executors reach."""

    spark: Spark
    scratch: Path

    def read(self, files: tuple[Path, ...], *, name: str) -> ir.Table:
        """Return the rows of Parquet files with the contract's columns, integers widened to 64 bits."""
        return self.spark.read_parquet(files, schema=_widen(INPUTS[name]), name=name)

    def collect(self, table: ir.Table) -> pa.Table:
        """Compute a small table; not by Ibis, whose way leads through pandas."""
        found: pa.Table = self.spark.run(table).toArrow()
        return found

    def allocate(
        self, plays: ir.Table, *, libraries: list[Library], catalogue: Catalogue, policy: Policy
    ) -> Iterator[tuple[Library, Outcome]]:
        """Reduce, group by library, map the kernel over the groups, and read one library back after the other."""
        by_id = {library.library_id: library for library in libraries}
        shared = self.spark.session.sparkContext.broadcast((by_id, catalogue, policy))
        resources = self.spark.register(_resources(catalogue), name="resources")
        rows = self.spark.run(reduce_plays(plays, resources, policy=policy).select(*USAGE.names))
        shipped = self.spark.map_groups(rows, by="library_id", function=_kernel(shared), schema=SHIPPED)
        folder = self.scratch / "outcomes"
        shipped.write.option("compression", "zstd").partitionBy("library_id").parquet(str(folder))
        shared.destroy()
        for library in libraries:
            files = sorted((folder / f"library_id={library.library_id}").glob("*.parquet"))
            if files:
                yield library, _unpack(files)
            else:
                yield library, allocate(NOTHING, library=library, catalogue=catalogue, policy=policy)


def _kernel(shared: Broadcast[Shared]) -> Callable[[tuple[pa.Int64Scalar, ...], pa.Table], pa.Table]:
    """Return `allocate` as Spark's executors call it: from a library's key and its USAGE rows to SHIPPED rows."""

    def allocate_group(key: tuple[pa.Int64Scalar, ...], table: pa.Table) -> pa.Table:
        libraries, catalogue, policy = shared.value
        library = libraries[key[0].as_py()]
        rows = table.sort_by([("patron", "ascending"), ("resource_id", "ascending")])
        usage = Usage(*(rows[name].to_numpy() for name in USAGE.names[1:]))
        data = pickle.dumps(allocate(usage, library=library, catalogue=catalogue, policy=policy))
        pieces = [data[start : start + PIECE_BYTES] for start in range(0, len(data), PIECE_BYTES)]
        return pa.table([[library.library_id] * len(pieces), range(len(pieces)), pieces], schema=SHIPPED)

    return allocate_group


def _unpack(files: list[Path]) -> Outcome:
    """Read what an executor has just written for one library."""
    rows = pa.concat_tables(pq.read_table(file, partitioning=None) for file in files).sort_by("place")
    pieces: Any = rows["piece"].to_pylist()
    outcome: Outcome = pickle.loads(b"".join(pieces))  # noqa: S301 - our own, of this run
    return outcome


def _resources(catalogue: Catalogue) -> pa.Table:
    """Return what `reduce_plays` asks of RESOURCES."""
    media: Any = pa.array(catalogue.medium)
    columns: list[Any] = [
        pa.array(catalogue.resource_ids),
        pa.array(MEDIA).take(media),
        pa.array(catalogue.duration_s, mask=catalogue.duration_s == UNKNOWN),
    ]
    return pa.table(columns, names=["resource_id", "medium", "duration_s"])


def _widen(schema: pa.Schema) -> pa.Schema:
    return pa.schema(
        [field.with_type(pa.int64()) if pa.types.is_integer(field.type) else field for field in schema]
    )
