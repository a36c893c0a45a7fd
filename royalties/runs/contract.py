"""The file contract of a run: reading and judging the input, writing the output and its manifest.

All files are Parquet, and a result is a folder with `lines.parquet`, `libraries.parquet` and `manifest.json`.
A result comes into place whole or not at all.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from royalties.engine.policy import Policy
from royalties.engine.tables import INPUTS, Finding, check_columns, read_as_contracted

LINES_FILE, LIBRARIES_FILE, MANIFEST_FILE = OUTPUT_FILES = (
    "lines.parquet",
    "libraries.parquet",
    "manifest.json",
)
MANIFEST_FORMAT = 1
LINES_PER_GROUP = 2**20
SEAL = "sha256"  # the manifest's key that holds the digest of all the others


class InputRefused(Exception):
    """The input has faults and nothing was written; `findings` are all that was found, notices too."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


class OutputRefused(Exception):
    """The output folder can't be written; the message says why."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run: the folder, its manifest and the manifest's seal (SHA-256, hexadecimal)."""

    output_dir: Path
    manifest: dict[str, Any]

    @property
    def digest(self) -> str:
        """Return the seal: equal for equal inputs, policy, fund, engine and versions."""
        return str(self.manifest[SEAL])

    @property
    def totals(self) -> dict[str, int]:
        """Return the sums of the run in micros; `fund_out_micros` is what stays in the solidarity fund."""
        return dict(self.manifest["totals"])

    def read_lines(self) -> pa.Table:
        """Return the LINES table."""
        return pq.read_table(self.output_dir / LINES_FILE)

    def read_libraries(self) -> pa.Table:
        """Return the LIBRARY_TOTALS table."""
        return pq.read_table(self.output_dir / LIBRARIES_FILE)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was read of an input folder.

    `plays` are the play files whose columns are sound, never loaded; None where there is no such folder. `tables`
    holds the other tables that are sound, `findings` what is wrong with the rest.
    """

    plays: tuple[Path, ...] | None
    tables: Mapping[str, pa.Table]
    findings: list[Finding]


def list_input_files(input_dir: Path) -> dict[str, tuple[Path, ...]]:
    """Return the files that exist, by table name, in the order of their names."""
    files = {name: tuple(input_dir.glob(f"{name}.parquet")) for name in INPUTS if name != "plays"}
    return {"plays": tuple(sorted((input_dir / "plays").glob("*.parquet"))), **files}


def read_inputs(input_dir: Path) -> Inputs:
    """Read all tables but the plays, and compare every file's columns with the contract.

    A `plays` folder without a file is a month without a play; no such folder is a fault.
    """
    files = list_input_files(input_dir)
    tables: dict[str, pa.Table] = {}
    findings: list[Finding] = []
    has_plays = (input_dir / "plays").is_dir()
    if not has_plays:
        findings.append(Finding("plays", "missing_file", "plays/*.parquet", "there is no folder `plays`"))
    plays = []
    for path in files["plays"]:
        try:
            found = check_columns(file="plays", found=pq.read_schema(path))
        except (pa.ArrowInvalid, OSError) as error:
            found = [_unreadable("plays", path, error)]
        findings += found
        plays += [] if found else [path]
    for name in set(INPUTS) - {"plays"}:
        if not files[name]:
            findings.append(Finding(name, "missing_file", f"{name}.parquet", "the file is not there"))
            continue
        try:
            table, found = read_as_contracted(file=name, table=pq.read_table(files[name][0]))
        except (pa.ArrowInvalid, OSError) as error:
            table, found = None, [_unreadable(name, files[name][0], error)]
        findings += found
        if table is not None:
            tables[name] = table
    return Inputs(tuple(plays) if has_plays else None, tables, sorted(findings))


def _unreadable(name: str, path: Path, error: Exception) -> Finding:
    return Finding(name, "unreadable_file", path.name, str(error).splitlines()[0])


def describe_file(path: Path) -> dict[str, Any]:
    """Return a Parquet file's SHA-256 and row count."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"sha256": digest, "rows": pq.read_metadata(path).num_rows}


def describe_inputs(input_dir: Path) -> dict[str, dict[str, Any]]:
    """Return `describe_file` of each input file by its path inside the folder."""
    files = [file for group in list_input_files(input_dir).values() for file in group]
    return {file.relative_to(input_dir).as_posix(): describe_file(file) for file in sorted(files)}


def seal(manifest: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a manifest as canonical JSON, its own seal left out."""
    unsealed = {key: value for key, value in manifest.items() if key != SEAL}
    return hashlib.sha256(json.dumps(unsealed, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def build_manifest(
    *,
    result_dir: Path,
    inputs: dict[str, dict[str, Any]],
    policy: Policy,
    totals: dict[str, int],
    notices: list[Finding],
    engine: Mapping[str, str],
) -> dict[str, Any]:
    """Describe a run; no clock time, no path and no machine in it. `engine` is its name and its versions."""
    manifest: dict[str, Any] = {
        "format": MANIFEST_FORMAT,
        "policy": policy.as_json(),
        "policy_sha256": policy.digest(),
        "is_simulation": policy.is_simulation,
        "inputs": inputs,
        "outputs": {name: describe_file(result_dir / name) for name in (LINES_FILE, LIBRARIES_FILE)},
        "totals": totals,
        "notices": [str(notice) for notice in notices],
        "engine": engine["name"],
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "pyarrow": pa.__version__,
            **{name: version for name, version in engine.items() if name != "name"},
        },
    }
    return {**manifest, SEAL: seal(manifest)}


def write_manifest(result_dir: Path, manifest: dict[str, Any]) -> None:
    """Write `manifest.json`, sorted and indented, so that equal manifests are equal bytes."""
    text = json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False)
    (result_dir / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


class LinesWriter:
    """Streams LINES into a Parquet file in row groups of a fixed size, whatever the pieces they come in."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(
            path,
            schema,
            store_schema=False,  # the envelope is text for whoever reads the file
            use_dictionary=["library_id", "envelope"],  # type: ignore[arg-type]  # the stubs know only yes and no
            # Sorted ids and small amounts: a third of the size of dictionaries, and quicker.
            column_encoding=dict.fromkeys(
                ("resource_id", "payee_id", "amount_micros"), "DELTA_BINARY_PACKED"
            ),
        )
        self._pending: list[pa.Table] = []
        self._rows = 0

    def write(self, lines: pa.Table) -> None:
        """Append lines."""
        self._pending.append(lines)
        self._rows += lines.num_rows
        while self._rows >= LINES_PER_GROUP:
            whole = pa.concat_tables(self._pending)
            self._write_group(whole.slice(0, LINES_PER_GROUP))
            self._pending = [whole.slice(LINES_PER_GROUP)]

    def close(self) -> None:
        """Write what is left and the footer."""
        if self._pending:
            self._write_group(pa.concat_tables(self._pending))
        self._writer.close()

    def _write_group(self, lines: pa.Table) -> None:
        whole = lines.combine_chunks()  # Parquet's pages follow the pieces in memory
        self._writer.write_table(whole, row_group_size=LINES_PER_GROUP)
        self._rows -= lines.num_rows


@contextmanager
def result_folder(output_dir: Path) -> Iterator[tuple[Path, Path]]:
    """Yield (result, scratch) folders beside `output_dir`; on success the result takes its place at once.

    On an error nothing is left. What a killed run left is cleared by the next one for the same output. Only a
    missing or empty folder or an earlier result is replaced.

    Raises:
        OutputRefused: the folder holds something else, or another run is writing to it.
    """
    output_dir = output_dir.absolute()
    _refuse_foreign_files(output_dir)
    output_dir.parent.mkdir(parents=True, exist_ok=True)
    partial = output_dir.with_name(f".{output_dir.name}.partial")
    partial.mkdir(exist_ok=True)
    lock = os.open(partial, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputRefused(f"another run is writing to {output_dir}") from error
        try:
            result, scratch, replaced = (partial / name for name in ("result", "scratch", "replaced"))
            for folder in (result, scratch, replaced):
                shutil.rmtree(folder, ignore_errors=True)
            result.mkdir()
            scratch.mkdir()
            yield result, scratch
            if output_dir.exists():
                output_dir.rename(replaced)
            result.rename(output_dir)
        finally:
            shutil.rmtree(partial)
    finally:
        os.close(lock)


def _refuse_foreign_files(output_dir: Path) -> None:
    if output_dir.exists() and not output_dir.is_dir():
        raise OutputRefused(f"{output_dir} is a file")
    foreign = sorted({path.name for path in output_dir.glob("*")} - set(OUTPUT_FILES))
    if foreign:
        raise OutputRefused(f"{output_dir} holds what is no result of a run: {foreign[0]}")
