"""The month as somebody who knows pandas would write it: every envelope, in floating point.

It is measured beside ours, and it is one more witness: tests/royalties/runs/test_pandas.py compares the two line by
line. It does without what makes ours exact: no remainder is given out, no fault of the input is looked for.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from royalties.engine.policy import CCT

PLAYED = ["library_id", "patron", "resource_id", "started_at", "seconds"]
LEVELS = [
    "country",
    "region",
    "departement",
    "epci",
    "commune",
]  # the nearest last, since it has the last word
COLUMNS = ["library_id", "envelope", "resource_id", "payee_id", "amount_micros"]
WHOLE = 10_000  # basis points


def divide_month(month: Path) -> pd.DataFrame:
    """Return the lines of `lines.parquet` with amounts in micros, in floating point, for the preset `cct`."""
    usage = read_usage(month)
    libraries = pd.read_parquet(month / "libraries.parquet").set_index("library_id")
    shares = pd.read_parquet(month / "shares.parquet")
    envelopes = pd.DataFrame(
        {name: libraries.revenue_micros * bp / WHOLE for name, bp in CCT.envelopes_bp.items()}
    )
    works, kept_back = divide_budgets(usage, envelopes.usage)
    parts = works.merge(shares, on="resource_id")
    parts["amount_micros"] = parts.amount * parts.share_bp / WHOLE
    diversity = divide_diversity(usage, shares, envelopes.diversity.add(kept_back, fill_value=0))
    lines = [
        parts.assign(envelope="usage"),
        divide_territory(parts, envelopes.territory + libraries.reserve_micros, month),
        diversity,
        divide_catalogue(shares, envelopes.catalogue.sum(), month),
    ]
    found = pd.concat([part.reindex(columns=COLUMNS) for part in lines], ignore_index=True)
    heard = diversity.groupby("payee_id").listeners.sum()
    lifted = lift(found.groupby("payee_id").amount_micros.sum(), heard, fund=envelopes.solidarity.sum())
    return pd.concat([found, lifted.reindex(columns=COLUMNS)], ignore_index=True)


def read_usage(month: Path) -> pd.DataFrame:
    """Return seconds by library, patron and resource, after the threshold of each medium and the cap of each day."""
    resources = pd.read_parquet(month / "resources.parquet", columns=["resource_id", "medium", "duration_s"])
    resources["needed_s"] = resources.medium.map(CCT.qualify_s).clip(upper=resources.duration_s.fillna(2**53))
    resources["most_s"] = (resources.duration_s * CCT.daily_cap).fillna(2**53)
    limits = resources[["resource_id", "needed_s", "most_s"]]
    days = []
    for path in sorted((month / "plays").glob("*.parquet")):  # whole, 30 M plays took 8 GB
        plays = pd.read_parquet(path, columns=PLAYED, filters=[("status", "==", "counted")])
        plays = plays.merge(limits, on="resource_id")
        plays = plays[plays.seconds >= plays.needed_s].assign(day=plays.started_at.dt.floor("D"))
        daily = plays.groupby(["library_id", "patron", "resource_id", "day"], sort=False).agg(
            seconds=("seconds", "sum"), most_s=("most_s", "max")
        )
        daily["seconds"] = daily.seconds.clip(upper=daily.most_s)
        days.append(daily.seconds.groupby(level=[0, 1, 2], sort=False).sum().reset_index())
    return pd.concat(days).groupby(["library_id", "patron", "resource_id"], sort=False).sum().reset_index()


def divide_budgets(usage: pd.DataFrame, envelope: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Return each work's amount in each library, by its patrons' equal budgets, and what the ceiling kept back."""
    patrons = usage.groupby("library_id").patron.nunique()
    budget = (envelope / patrons).clip(upper=CCT.patron_budget_max).dropna()
    heard = usage.groupby(["library_id", "patron"], sort=False).seconds.transform("sum")
    amounts = usage.library_id.map(budget) * usage.seconds / heard
    works = amounts.groupby([usage.library_id, usage.resource_id]).sum().rename("amount").reset_index()
    return works, (envelope - budget * patrons).dropna()


def divide_territory(parts: pd.DataFrame, envelope: pd.Series, month: Path) -> pd.DataFrame:
    """Return lines by what was used of a work and by how near its payees are."""
    territories = pd.read_parquet(month / "territories.parquet")
    payees = pd.read_parquet(month / "payees.parquet")
    near = parts.merge(payees, on="payee_id")
    weight = pd.Series(float(CCT.proximity_weight["abroad"]), index=near.index)
    rungs = [(level, level, territories) for level in LEVELS[:-1]]
    rungs += [("own", level, territories[territories.own]) for level in LEVELS]
    for name, level, codes in rungs:
        keys = codes[codes.level == level][["library_id", "code"]].drop_duplicates()
        keys = keys.rename(columns={"code": level}).assign(here=True)
        here = near[["library_id", level]].merge(keys, on=["library_id", level], how="left").here.notna()
        weight[here.to_numpy()] = CCT.proximity_weight[name]
    local = near.amount * near.share_bp * weight
    whole = local.groupby(near.library_id).transform("sum")
    near["amount_micros"] = near.library_id.map(envelope) * local / whole
    return near[local > 0].assign(envelope="territory")


def divide_diversity(usage: pd.DataFrame, shares: pd.DataFrame, envelope: pd.Series) -> pd.DataFrame:
    """Return a line for each library and payee, by the root of the payee's listeners there."""
    found = []
    for library, rows in usage.groupby("library_id"):  # all at once, 100 M plays need more than 24 GB
        pairs = rows[["patron", "resource_id"]].merge(shares[["resource_id", "payee_id"]], on="resource_id")
        listeners = pairs[["payee_id", "patron"]].drop_duplicates().payee_id.value_counts()
        root = np.sqrt(listeners)
        amounts = (envelope[library] * root / root.sum()).rename("amount_micros").reset_index()
        found.append(amounts.assign(library_id=library, listeners=listeners.to_numpy(), envelope="diversity"))
    return pd.concat(found)


def divide_catalogue(shares: pd.DataFrame, pool: float, month: Path) -> pd.DataFrame:
    """Return a line for each payee, by its releases up to the cap."""
    releases = pd.read_parquet(month / "resources.parquet", columns=["resource_id", "release_id"])
    counts = shares.merge(releases, on="resource_id").groupby("payee_id").release_id.nunique()
    counts = counts.clip(upper=CCT.catalogue_cap)
    return (pool * counts / counts.sum()).rename("amount_micros").reset_index().assign(envelope="catalogue")


def lift(gross: pd.Series, heard: pd.Series, *, fund: float) -> pd.DataFrame:
    """Return what lifts payees to the floor, by need where the fund does not reach."""
    is_needy = (gross > 0) & (gross < CCT.floor) & (heard.reindex(gross.index) >= CCT.floor_min_patrons)
    needs = CCT.floor - gross[is_needy]
    amounts = needs * min(1.0, fund / needs.sum()) if len(needs) else needs
    return amounts.rename("amount_micros").reset_index().assign(envelope="floor")
