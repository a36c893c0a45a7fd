"""The numbers behind each line of a run: what a reader needs to compute the amount again. Pure.

The rules are those of docs/algorithms/cct.md; nothing is decided here, only retold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Any

import numpy as np
import pandas as pd

from mediaplatform.kernel.territories import ABROAD, COUNTRY, DEPARTEMENT, EPCI, LEVELS, OWN, REGION, Place
from royalties.engine.policy import EQUAL, PROPORTIONAL, Policy

ROOT_SCALE = 1_000_000
Codes = frozenset[tuple[str, str]]  # (level, code)


@dataclass(frozen=True, slots=True)
class RunTables:
    """What a run read and wrote, as frames. Columns are those of the file contract.

    `evidence`: one row per (library_id, resource_id): patrons, plays, seconds (counted, of the month).
    `audience`: one row per (library_id, payee_id): patrons (distinct, of any resource of the payee).
    `heard`: library_id -> patrons with counted use. `payee_places`: payee_id -> codes by level.
    `ladders`: library_id -> all its territories as (level, code), and its own ones among them.
    """

    lines: pd.DataFrame
    libraries: pd.DataFrame
    shares: pd.DataFrame
    resources: pd.DataFrame
    evidence: pd.DataFrame
    audience: pd.DataFrame
    heard: Mapping[int, int]
    payee_places: Mapping[int, Place]
    ladders: Mapping[int, tuple[Codes, Codes]]


def diversity_weight(patrons: int, exponent: str) -> int:
    """Return the weight of an audience of `patrons`: isqrt(25 * 10^6) = 5000 for exponent 1/2."""
    if exponent == EQUAL:
        return 1
    return patrons if exponent == PROPORTIONAL else isqrt(patrons * ROOT_SCALE)


def explain(*, tables: RunTables, policy: Policy) -> list[dict[str, Any]]:
    """Return one dict of numbers per line of `tables.lines`, in the same order. All amounts are micros."""
    formulas: dict[int, dict[str, Any]] = {}
    for envelope, rule in (
        ("usage", _explain_usage),
        ("territory", _explain_territory),
        ("diversity", _explain_diversity),
        ("catalogue", _explain_catalogue),
        ("floor", _explain_floor),
    ):
        lines = tables.lines[tables.lines["envelope"] == envelope]
        if not lines.empty:
            formulas.update(zip(lines.index, rule(lines, tables, policy), strict=True))
    return [formulas[index] for index in tables.lines.index]


def _records(frame: pd.DataFrame, columns: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the columns as plain JSON values under their new names."""
    named = frame[list(columns)].rename(columns=dict(columns))
    return [
        {str(key): value.item() if isinstance(value, np.generic) else value for key, value in row.items()}
        for row in named.to_dict("records")
    ]


def _with_resource(lines: pd.DataFrame, tables: RunTables) -> pd.DataFrame:
    """Add each line's evidence and share; the lines keep their order."""
    keys = lines[["library_id", "resource_id", "payee_id", "amount_micros"]].astype("int64")
    return keys.merge(tables.evidence, how="left", on=["library_id", "resource_id"]).merge(
        tables.shares, how="left", on=["resource_id", "payee_id"]
    )


def _usage_by_resource(tables: RunTables) -> pd.Series:
    """Return the usage amount of each (library_id, resource_id) in micros."""
    usage = tables.lines[tables.lines["envelope"] == "usage"]
    keys = usage[["library_id", "resource_id", "amount_micros"]].astype("int64")
    return keys.groupby(["library_id", "resource_id"])["amount_micros"].sum()


def _explain_usage(lines: pd.DataFrame, tables: RunTables, policy: Policy) -> list[dict[str, Any]]:
    rows = _with_resource(lines, tables)
    envelopes = tables.libraries.set_index("library_id")["usage"]
    rows["envelope"] = rows["library_id"].map(envelopes)
    rows["library_patrons"] = rows["library_id"].map(dict(tables.heard))
    rows["budget"] = rows["envelope"] // rows["library_patrons"]
    if policy.patron_budget_max is not None:
        rows["budget"] = rows["budget"].clip(upper=policy.patron_budget_max)
    rows["resource_amount"] = list(
        _usage_by_resource(tables).reindex(pd.MultiIndex.from_frame(rows[["library_id", "resource_id"]]))
    )
    records = _records(
        rows,
        {
            "envelope": "envelope",
            "library_patrons": "library_patrons",
            "budget": "budget",
            "patrons": "patrons",
            "plays": "plays",
            "seconds": "seconds",
            "resource_amount": "resource_amount",
            "share_bp": "share_bp",
        },
    )
    return [{"mode": policy.usage_mode, "measure": policy.measure, **record} for record in records]


def _explain_territory(lines: pd.DataFrame, tables: RunTables, policy: Policy) -> list[dict[str, Any]]:
    rows = _with_resource(lines, tables)
    near = {
        (library_id, payee_id): proximity_of(tables.payee_places[payee_id], *tables.ladders[library_id])
        for library_id, payee_id in set(zip(rows["library_id"], rows["payee_id"], strict=True))
    }
    rows["proximity"] = [near[pair] for pair in zip(rows["library_id"], rows["payee_id"], strict=True)]
    rows["weight"] = rows["proximity"].map(dict(policy.proximity_weight))
    rows["envelope"] = rows["library_id"].map(rows.groupby("library_id")["amount_micros"].sum())
    by_resource = ["library_id", "resource_id"]
    rows["resource_amount"] = rows.groupby(by_resource)["amount_micros"].transform("sum")
    rows["usage_amount"] = list(
        _usage_by_resource(tables).reindex(pd.MultiIndex.from_frame(rows[by_resource]))
    )
    return _records(
        rows,
        {
            "envelope": "envelope",
            "proximity": "proximity",
            "weight": "weight",
            "share_bp": "share_bp",
            "usage_amount": "usage_amount",
            "resource_amount": "resource_amount",
            "patrons": "patrons",
        },
    )


def _explain_diversity(lines: pd.DataFrame, tables: RunTables, policy: Policy) -> list[dict[str, Any]]:
    rows = lines[["library_id", "payee_id", "amount_micros"]].astype("int64")
    rows = rows.merge(tables.audience, how="left", on=["library_id", "payee_id"])
    audience = tables.audience.assign(
        weight=[
            diversity_weight(int(patrons), policy.diversity_exponent)
            for patrons in tables.audience["patrons"]
        ]
    )
    rows["weight"] = [
        diversity_weight(int(patrons), policy.diversity_exponent) for patrons in rows["patrons"]
    ]
    rows["all_weights"] = rows["library_id"].map(audience.groupby("library_id")["weight"].sum())
    rows["envelope"] = rows["library_id"].map(rows.groupby("library_id")["amount_micros"].sum())
    rows["exponent"] = policy.diversity_exponent
    return _records(
        rows,
        {
            "envelope": "envelope",
            "patrons": "patrons",
            "exponent": "exponent",
            "weight": "weight",
            "all_weights": "all_weights",
        },
    )


def _explain_catalogue(lines: pd.DataFrame, tables: RunTables, policy: Policy) -> list[dict[str, Any]]:
    held = tables.shares.merge(tables.resources, on="resource_id")[
        ["payee_id", "release_id"]
    ].drop_duplicates()
    releases = held.groupby("payee_id").size().clip(upper=policy.catalogue_cap)
    rows = lines[["payee_id", "amount_micros"]].astype("int64")
    rows["releases"] = rows["payee_id"].map(releases)
    rows["all_releases"] = int(releases.sum())
    rows["envelope"] = int(rows["amount_micros"].sum())
    rows["cap"] = policy.catalogue_cap
    return _records(
        rows, {"envelope": "envelope", "releases": "releases", "cap": "cap", "all_releases": "all_releases"}
    )


def _explain_floor(lines: pd.DataFrame, tables: RunTables, policy: Policy) -> list[dict[str, Any]]:
    paid = tables.lines[tables.lines["envelope"] != "floor"]
    gross = paid.groupby("payee_id")["amount_micros"].sum()
    rows = lines[["payee_id", "amount_micros"]].astype("int64")
    rows["gross"] = rows["payee_id"].map(gross)
    rows["floor"] = policy.floor
    rows["patrons"] = rows["payee_id"].map(tables.audience.groupby("payee_id")["patrons"].sum())
    return _records(rows, {"gross": "gross", "floor": "floor", "patrons": "patrons"})


def proximity_of(place: Place, known: Codes, own: Codes) -> str:
    """Return how near a payee is to a library, as step 5 compares them: each level by itself."""
    if any((level, place.code(level)) in own for level in LEVELS):
        return OWN
    shared = (level for level in (EPCI, DEPARTEMENT, REGION, COUNTRY) if (level, place.code(level)) in known)
    return next(shared, ABROAD)


def place_of(codes: Mapping[str, Any]) -> Place:
    """Build a Place from a row of payees.parquet; missing codes are None."""
    return Place(**{level: codes[level] if isinstance(codes[level], str) else None for level in LEVELS})
