"""Spark, an optional extra (`requirements-spark.txt`) that needs Java 17."""

from __future__ import annotations

import os
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis

from royalties.runs.backends.errors import EngineMissing, QueryFailed
from royalties.runs.memory import read_memory

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend
    from pyspark.sql import DataFrame, SparkSession

PROJECT = Path(__file__).parents[3]
LOG_SETTINGS = Path(__file__).with_name("log4j2.properties")
JAVA = 17


def require_spark() -> None:
    """Look whether Spark can start here.

    Raises:
        EngineMissing: the extra `spark` or Java is missing.
    """
    try:
        import pyspark  # noqa: F401 - only whether it is there
    except ImportError:
        raise EngineMissing("Spark is not installed: python3 infra/bootstrap.py --spark") from None
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=str(Path(home) / "bin") if home else None):
        where = f"JAVA_HOME ({home}) has none" if home else "there is none on the PATH"
        raise EngineMissing(
            f"Spark needs Java {JAVA}, and {where}: install it (Debian: openjdk-{JAVA}-jre-headless)"
        )


def read_versions() -> dict[str, str]:
    """Return the versions of the libraries on which a result may depend."""
    return {"pyspark": version("pyspark"), "ibis": ibis.__version__}


@dataclass(frozen=True, slots=True)
class Spark:
    """A running Spark, and what compiles Ibis expressions for it."""

    session: SparkSession
    compiler: BaseBackend

    def read_parquet(self, files: Sequence[Path], *, schema: pa.Schema, name: str) -> ir.Table:
        """Return the rows of several Parquet files as one table of these columns and types."""
        from pyspark.sql.pandas.types import from_arrow_schema

        rows = self.session.read.schema(from_arrow_schema(schema)).parquet(*map(str, files))
        rows.createOrReplaceTempView(name)
        return self.compiler.table(name)

    def register(self, table: pa.Table, *, name: str) -> ir.Table:
        """Return a table of this process's memory as one of Spark's."""
        self.session.createDataFrame(table).createOrReplaceTempView(name)
        return self.compiler.table(name)

    def run(self, table: ir.Table) -> DataFrame:
        """Return an expression as Spark's own table, not computed yet."""
        return self.session.sql(self.compiler.compile(table))

    def map_groups(
        self, rows: DataFrame, *, by: str, function: Callable[..., pa.Table], schema: pa.Schema
    ) -> DataFrame:
        """Return what `function(key, rows)` makes of each group, of this schema; not computed yet."""
        from pyspark.sql.pandas.types import from_arrow_schema

        return rows.groupBy(by).applyInArrow(function, from_arrow_schema(schema))


@contextmanager
def open_spark(*, master: str, memory: str, scratch: Path) -> Iterator[Spark]:
    """Open Spark at `master` (`local[2]`, or a cluster's address) with so much memory for the driver.

    Spark's own settings files count as usual; what the result depends on is set here. Executors need this
    project installed, or its folder at the same path.

    Raises:
        EngineMissing: the extra or Java is missing.
        QueryFailed: whatever Spark refuses while it is open, as one line.
    """
    require_spark()
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings = {
        "spark.driver.memory": f"{read_memory(memory) // 2**20}m",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={LOG_SETTINGS.as_uri()}",
        "spark.executorEnv.PYTHONPATH": str(PROJECT),
        "spark.local.dir": str(scratch),
        "spark.sql.ansi.enabled": "true",  # a sum that leaves 64 bits is an error, never another number
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder: Any = SparkSession.builder.appName("mediaplatform compute_cct").master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        try:
            spark: SparkSession = builder.getOrCreate()
            try:
                yield Spark(spark, ibis.pyspark.connect(spark))
            finally:
                spark.stop()
        except (Py4JError, PySparkException) as error:
            if "JAVA_GATEWAY_EXITED" in str(error):
                raise EngineMissing(f"Java did not start Spark, which needs Java {JAVA}") from error
            raise QueryFailed(_innermost_cause(str(error))) from error


def _innermost_cause(text: str) -> str:
    causes = re.findall(r"^Caused by: (.+)$", text, re.MULTILINE)
    return str(causes[-1] if causes else text.strip().splitlines()[0])
