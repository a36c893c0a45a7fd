"""A month's tables as the files of the contract, and what a run over them says, as plain values."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from royalties.engine.policy import parse_policy
from royalties.engine.tables import INPUTS
from royalties.runs import local

Tables = dict[str, list[dict[str, Any]]]
Line = tuple[int | None, str, int | None, int]  # library, envelope, resource, payee


@dataclass(frozen=True)
class Paid:
    """A result: micros by line, the libraries' totals by id, the run's totals, the digest of the lines' file."""

    lines: dict[Line, int]
    libraries: dict[int, dict[str, int]]
    totals: dict[str, int]
    sha256: str

    def envelope(self, name: str) -> dict[tuple[int | None, int | None, int], int]:
        """Return one envelope's micros by (library, resource, payee)."""
        return {
            (library, resource, payee): micros
            for (library, envelope, resource, payee), micros in self.lines.items()
            if envelope == name
        }


def write_tables(folder: Path, tables: Tables) -> Path:
    """Write an input folder of the file contract; return it."""
    (folder / "plays").mkdir(parents=True)
    for name, rows in tables.items():
        path = folder / ("plays/all.parquet" if name == "plays" else f"{name}.parquet")
        pq.write_table(pa.Table.from_pylist(rows, schema=INPUTS[name]), path)
    return folder


def compute(tables: Tables, rules: dict[str, Any], *, fund: int = 0) -> Paid:
    """Write the tables, run the calculation on this machine and read what it wrote."""
    with tempfile.TemporaryDirectory() as place:
        result = local.run(
            input_dir=write_tables(Path(place) / "in", tables),
            output_dir=Path(place) / "out",
            policy=parse_policy(rules),
            fund_micros=fund,
        )
        rows = result.read_lines().to_pylist()
        return Paid(
            lines={
                (row["library_id"], row["envelope"], row["resource_id"], row["payee_id"]): row[
                    "amount_micros"
                ]
                for row in rows
            },
            libraries={row["library_id"]: row for row in result.read_libraries().to_pylist()},
            totals=result.totals,
            sha256=result.manifest["outputs"]["lines.parquet"]["sha256"],
        )
