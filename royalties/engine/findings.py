"""What is wrong with the content of an input, beyond its columns: every fault as a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mediaplatform.kernel.territories import LEVELS
from royalties.engine.policy import BASIS_POINTS, MEDIA, Policy
from royalties.engine.tables import STATUSES, Finding

MAX_DURATION_S = 2**31 - 1
MAX_TOTAL_MICROS = 2**62
EXAMPLES = 50  # subjects named of one kind of finding; the rest is counted


@dataclass(frozen=True, slots=True)
class PlaysSurvey:
    """What a look over the whole log gives: distinct values without null, nulls by column, least and most seconds."""

    rows: int
    nulls: Mapping[str, int]
    min_seconds: int | None
    max_seconds: int | None
    library_ids: pa.Array[Any]
    resource_ids: pa.Array[Any]
    statuses: frozenset[str]


def check_plays(plays: PlaysSurvey) -> list[Finding]:
    """Name what is wrong with the log by itself."""
    findings = [
        Finding("plays", "null_value", column, f"{count} rows have no value")
        for column, count in sorted(plays.nulls.items())
        if count
    ]
    if plays.min_seconds is not None and plays.min_seconds < 0:
        findings.append(Finding("plays", "negative_value", "seconds", f"the least is {plays.min_seconds}"))
    if plays.max_seconds is not None and plays.max_seconds > MAX_DURATION_S:
        detail = f"the most is {plays.max_seconds}, which does not fit int32"
        findings.append(Finding("plays", "out_of_range", "seconds", detail))
    findings += _each(
        "plays", "unknown_status", plays.statuses - set(STATUSES), f"not one of {', '.join(STATUSES)}"
    )
    return findings


def check_tables(tables: Mapping[str, pa.Table], plays: PlaysSurvey, *, policy: Policy) -> list[Finding]:
    """Name what is wrong in and between the tables; those that could not be read may lack."""
    findings: list[Finding] = []
    for name, check in SINGLE_CHECKS.items():
        if name in tables:
            findings += check(tables[name])
    findings += _check_references(tables, plays)
    if {"resources", "shares"} <= set(tables):
        played = _missing(
            plays.resource_ids, _missing(plays.resource_ids, tables["resources"]["resource_id"])
        )
        findings += _check_shares_sum(tables["shares"], played)
    findings += _notice_missing_territory(tables, policy)
    return findings


def _check_resources(table: pa.Table) -> list[Finding]:
    duration = pc.field("duration_s")
    odd_duration = table.filter((duration < 0) | (duration > MAX_DURATION_S))
    return [
        *_duplicates("resources", table, "resource_id"),
        *_each(
            "resources",
            "unknown_medium",
            _distinct(table, "medium") - set(MEDIA),
            f"not one of {', '.join(MEDIA)}",
        ),
        *_each(
            "resources",
            "out_of_range",
            _distinct(odd_duration, "resource_id"),
            f"duration_s is not in 0 to {MAX_DURATION_S}",
        ),
    ]


def _check_shares(table: pa.Table) -> list[Finding]:
    share = pc.field("share_bp")
    odd = table.filter((share < 0) | (share > BASIS_POINTS))
    return [
        *_duplicates("shares", table, "resource_id", "payee_id"),
        *_each(
            "shares", "out_of_range", _distinct(odd, "resource_id"), f"a share is not in 0 to {BASIS_POINTS}"
        ),
    ]


def _check_payees(table: pa.Table) -> list[Finding]:
    return _duplicates("payees", table, "payee_id")


def _check_libraries(table: pa.Table) -> list[Finding]:
    findings = _duplicates("libraries", table, "library_id")
    for column in ("revenue_micros", "reserve_micros"):
        negative = table.filter(pc.field(column) < 0)
        detail = f"{column} is negative: carry it to the next month"
        findings += _each("libraries", "negative_value", _distinct(negative, "library_id"), detail)
    total = sum(sum(table[name].to_numpy().tolist()) for name in ("revenue_micros", "reserve_micros"))
    if total >= MAX_TOTAL_MICROS:
        findings.append(Finding("libraries", "out_of_range", "total", f"{total} micros is not below 2^62"))
    return findings


def _check_territories(table: pa.Table) -> list[Finding]:
    levels = _distinct(table, "level") - set(LEVELS)
    return [
        *_duplicates("territories", table, "library_id", "level", "code"),
        *_each("territories", "unknown_level", levels, f"not one of {', '.join(LEVELS)}"),
    ]


SINGLE_CHECKS: Mapping[str, Callable[[pa.Table], list[Finding]]] = {
    "resources": _check_resources,
    "shares": _check_shares,
    "payees": _check_payees,
    "libraries": _check_libraries,
    "territories": _check_territories,
}

REFERENCES = (
    ("shares", "resource_id", "resources"),
    ("shares", "payee_id", "payees"),
    ("territories", "library_id", "libraries"),
)


def _check_references(tables: Mapping[str, pa.Table], plays: PlaysSurvey) -> list[Finding]:
    findings: list[Finding] = []
    used = [
        (name, column, _unique(tables[name], column), target)
        for name, column, target in REFERENCES
        if name in tables
    ]
    used.append(("plays", "library_id", plays.library_ids, "libraries"))
    used.append(("plays", "resource_id", plays.resource_ids, "resources"))
    for name, column, ids, target in used:
        if target in tables:
            unknown: list[Any] = _missing(ids, tables[target][column]).to_pylist()
            findings += _each(name, f"unknown_{column.removesuffix('_id')}", unknown, f"not in {target}")
    return findings


def _check_shares_sum(shares: pa.Table, played: pa.Array[Any]) -> list[Finding]:
    """A resource's shares sum to 10,000; one without any share is a fault as soon as it was played."""
    sums = shares.group_by("resource_id").aggregate([("share_bp", "sum")])
    wrong = sums.filter(pc.field("share_bp_sum") != BASIS_POINTS).to_pylist()
    by_id = {row["resource_id"]: row["share_bp_sum"] for row in wrong}
    by_id |= dict.fromkeys(_missing(played, shares["resource_id"]).to_pylist(), 0)
    findings = [
        Finding(
            "shares", "shares_sum", str(resource_id), f"sum to {by_id[resource_id]}, not to {BASIS_POINTS}"
        )
        for resource_id in sorted(by_id)[:EXAMPLES]
    ]
    return findings + _rest("shares", "shares_sum", len(by_id))


def _notice_missing_territory(tables: Mapping[str, pa.Table], policy: Policy) -> list[Finding]:
    """Without a territory all is far away: no fault, but somebody should know."""
    if not policy.envelopes_bp["territory"]:
        return []
    findings: list[Finding] = []
    if {"libraries", "territories"} <= set(tables):
        bare = _distinct(tables["libraries"], "library_id") - _distinct(tables["territories"], "library_id")
        findings += _each(
            "territories", "missing_territory", bare, "the library has no territory", is_fault=False
        )
    if "payees" in tables:
        nowhere = pc.field(LEVELS[0]).is_null()
        for level in LEVELS[1:]:
            nowhere &= pc.field(level).is_null()
        bare = _distinct(tables["payees"].filter(nowhere), "payee_id")
        findings += _each("payees", "missing_territory", bare, "the payee counts as abroad", is_fault=False)
    return findings


def _distinct(table: pa.Table, column: str) -> set[int | str]:
    return {value for value in table[column].unique().to_pylist() if value is not None}


def _unique(table: pa.Table, column: str) -> pa.Array[Any]:
    distinct: Any = table[column].unique()
    known: pa.Array[Any] = pc.drop_null(distinct)
    return known


def _missing(values: pa.Array[Any], among: pa.ChunkedArray[Any] | pa.Array[Any]) -> pa.Array[Any]:
    """Return the values that do not stand among others."""
    if isinstance(among, pa.ChunkedArray):
        among = among.combine_chunks()
    is_known: Any = pc.is_in(values, value_set=among)
    return values.filter(pc.invert(is_known))


def _duplicates(file: str, table: pa.Table, *key: str) -> list[Finding]:
    if len(key) == 1 and pc.count_distinct(table[key[0]]).as_py() == table.num_rows:
        return []
    counts = table.select(key).group_by(list(key)).aggregate([([], "count_all")])
    twice = counts.filter(pc.field("count_all") > 1)
    subjects = {" ".join(str(row[column]) for column in key) for row in twice.to_pylist()}
    return _each(file, "duplicate_key", subjects, f"{' and '.join(key)} stand more than once")


def _each(
    file: str, code: str, subjects: Iterable[int | str], detail: str, *, is_fault: bool = True
) -> list[Finding]:
    """Return one finding a subject, in order, and one more that counts those past EXAMPLES."""
    named = sorted(subjects, key=lambda subject: (str(type(subject)), subject))
    findings = [Finding(file, code, str(subject), detail, is_fault) for subject in named[:EXAMPLES]]
    return findings + _rest(file, code, len(named), is_fault=is_fault)


def _rest(file: str, code: str, found: int, *, is_fault: bool = True) -> list[Finding]:
    if found <= EXAMPLES:
        return []
    return [Finding(file, code, f"{found - EXAMPLES} more", "of the same kind", is_fault)]
