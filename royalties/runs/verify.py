"""Does a result still say what it said? Digests, sums and, beside its inputs, every library's balance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from royalties.engine.policy import ENVELOPES, POOLED, PolicyRefused, parse_policy
from royalties.runs import contract

OUTSIDE = ("catalogue", "floor")  # envelopes whose lines bear no library


def verify_result(output_dir: Path, *, input_dir: Path | None = None) -> list[str]:
    """Return all that is wrong with a result; an empty list means that it holds.

    Without the inputs: the manifest's seal and policy, the files' digests and the sums. With them also every
    input's digest and, by library, `lines + operations + solidarity + catalogue + reserve out = revenue +
    reserve in`.
    """
    try:
        manifest = json.loads((output_dir / contract.MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return [f"{contract.MANIFEST_FILE}: {error}"]
    faults = _check_manifest(manifest)
    if not faults:
        faults = _compare_files("outputs", manifest["outputs"], output_dir)
    if not faults:
        faults = _check_sums(manifest, output_dir)
    if not faults and input_dir is not None:
        faults = _compare_files("inputs", manifest["inputs"], input_dir)
        faults += [
            f"inputs: {name}: was not there when the run read this folder"
            for name in sorted(_names(input_dir) - set(manifest["inputs"]))
        ]
        if not faults and manifest["policy"]["usage_mode"] != POOLED:
            faults = _check_libraries(output_dir, input_dir)
    return faults


def _check_manifest(manifest: dict[str, Any]) -> list[str]:
    if not isinstance(manifest, dict) or manifest.get(contract.SEAL) != contract.seal(manifest):
        return [f"{contract.MANIFEST_FILE}: its seal does not fit what it says"]
    try:
        policy = parse_policy(manifest["policy"])
    except PolicyRefused as refused:
        return [f"policy: {fault}" for fault in refused.faults]
    return (
        [] if policy.digest() == manifest["policy_sha256"] else ["policy: its digest does not fit the rules"]
    )


def _names(input_dir: Path) -> set[str]:
    files = [file for group in contract.list_input_files(input_dir).values() for file in group]
    return {file.relative_to(input_dir).as_posix() for file in files}


def _compare_files(kind: str, described: dict[str, Any], folder: Path) -> list[str]:
    faults = []
    for name, expected in described.items():
        try:
            found = contract.describe_file(folder / name)
        except (OSError, ValueError) as error:  # pyarrow's ArrowInvalid is a ValueError
            faults.append(f"{kind}: {name}: {error}")
            continue
        if found != expected:
            faults.append(f"{kind}: {name}: is another file than the run's: {found} and not {expected}")
    return faults


def _check_sums(manifest: dict[str, Any], output_dir: Path) -> list[str]:
    """Compare the files' sums with the manifest's totals, and the totals among themselves."""
    lines = pq.read_table(output_dir / contract.LINES_FILE)
    libraries = pq.read_table(output_dir / contract.LIBRARIES_FILE)
    totals = manifest["totals"]
    paid = {
        row["envelope"]: row["amount_micros_sum"]
        for row in lines.group_by("envelope").aggregate([("amount_micros", "sum")]).to_pylist()
    }
    found = {f"paid_{name}_micros": paid.get(name, 0) for name in (*ENVELOPES[2:], "floor")}
    found |= {f"envelope_{name}_micros": sum(libraries[name].to_numpy().tolist()) for name in ENVELOPES}
    found["reserve_out_micros"] = sum(libraries["reserve_micros"].to_numpy().tolist())
    faults = [
        f"{name}: the files sum to {micros}, the manifest says {totals.get(name)}"
        for name, micros in found.items()
        if micros != totals.get(name)
    ]
    came_in = sum(totals[name] for name in ("revenue_micros", "reserve_in_micros", "fund_in_micros"))
    went_out = sum(paid.values()) + sum(
        totals[name] for name in ("envelope_operations_micros", "reserve_out_micros", "fund_out_micros")
    )
    if came_in != went_out:
        faults.append(f"totals: {came_in} micros came in and {went_out} went out")
    if lines.num_rows and pc.min(lines["amount_micros"]).as_py() <= 0:
        faults.append(f"{contract.LINES_FILE}: a line is not positive")
    return faults


def _check_libraries(output_dir: Path, input_dir: Path) -> list[str]:
    """Compare what each library paid in with where it went."""
    lines = pq.read_table(output_dir / contract.LINES_FILE)
    own = lines.filter(~pc.field("envelope").isin(OUTSIDE))
    paid = {
        row["library_id"]: row["amount_micros_sum"]
        for row in own.group_by("library_id").aggregate([("amount_micros", "sum")]).to_pylist()
    }
    went_out = {
        row["library_id"]: paid.get(row["library_id"], 0)
        + sum(row[name] for name in ("operations", "solidarity", "catalogue", "reserve_micros"))
        for row in pq.read_table(output_dir / contract.LIBRARIES_FILE).to_pylist()
    }
    came_in = {
        row["library_id"]: row["revenue_micros"] + row["reserve_micros"]
        for row in pq.read_table(input_dir / "libraries.parquet").to_pylist()
    }
    return [
        f"library {library_id}: {came_in.get(library_id)} micros came in and {went_out.get(library_id)} went out"
        for library_id in sorted(came_in.keys() | went_out.keys())
        if came_in.get(library_id) != went_out.get(library_id)
    ]
