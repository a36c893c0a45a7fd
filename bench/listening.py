"""Whom each rule pays, on real listening: `make bench-listening ARGS="--data FOLDER"`.

FOLDER holds `lastfm-hetrec2011-2k/user_artists.dat.gz` (GroupLens, for non-commercial use: never shipped) and
`musicbrainz-artists-areas/hetrec_artist_territory.csv.gz`. A library for every 100 listeners, whose own territory is
France, with 1 EUR a listener; artists are payees and resources. Listening counts are of years: a tenth of them, at
least one play of 200 s, is spread over the days of one month, so that the daily cap bites on the most extreme alone.

Shares are of what the policy paid to payees. The top 10, top 1 % and the rest beyond rank 1,000 are those of the log
by plays, the same artists for every policy; Gini is of the amounts of all artists that were played.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from royalties.engine.policy import CCT, ENVELOPES, HISTORICAL, POOLED, USER_CENTRIC, Policy
from royalties.runs import local

LISTENERS, REVENUE_MICROS, PLAY_S, SCALE, DAYS = 100, 100_000_000, 200, 10, 31
ALL_FOR_PLAYS = {
    name: 7_000 if name == "usage" else 3_000 if name == "operations" else 0 for name in ENVELOPES
}
PLAIN = replace(CCT, envelopes_bp=ALL_FOR_PLAYS, patron_budget_max=None, floor=0)
POLICIES: dict[str, Policy] = {
    "cct": CCT,
    "historical": HISTORICAL,
    "user-centric": replace(PLAIN, usage_mode=USER_CENTRIC),
    "pooled": replace(PLAIN, usage_mode=POOLED),
}
TABLES = {
    "resources": """SELECT artist AS resource_id, artist AS release_id, 'music' AS medium,
        NULL::BIGINT AS duration_s FROM artists""",
    "shares": "SELECT artist AS resource_id, artist AS payee_id, 10000::BIGINT AS share_bp FROM artists",
    "payees": """SELECT artist AS payee_id, NULL::VARCHAR AS commune, NULL::VARCHAR AS epci,
        NULL::VARCHAR AS departement, NULL::VARCHAR AS region, country FROM artists""",
    "libraries": f"""SELECT DISTINCT library AS library_id, {REVENUE_MICROS}::BIGINT AS revenue_micros,
        0::BIGINT AS reserve_micros FROM listening""",
    "territories": """SELECT DISTINCT library AS library_id, 'country' AS level, 'FR' AS code, true AS own
        FROM listening""",
    "plays/month": f"""SELECT library AS library_id, listener AS patron, artist AS resource_id,
        TIMESTAMPTZ '2026-10-01 12:00:00+00' + to_days((n % {DAYS})::INTEGER) AS started_at,
        {PLAY_S}::INTEGER AS seconds, 'counted' AS status
        FROM listening, LATERAL (SELECT unnest(range(plays)) AS n) ORDER BY library_id""",
}


def main(options: list[str] | None = None) -> None:
    """Compute the month by each policy and print who gets which part."""
    parser = argparse.ArgumentParser(prog="bench listening", description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder of both data sets")
    chosen = parser.parse_args(options)
    if chosen.data is None:
        print("listening: left out, as --data names no folder")
        return
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as database:
        folder = Path(scratch)
        write_month(database, chosen.data, folder / "month")
        print(
            f"{'policy':14}{'paid EUR':>10}{'top 10':>9}{'top 1 %':>9}{'> 1,000':>9}{'French':>9}{'Gini':>7}{'paid':>8}"
        )
        for name, policy in POLICIES.items():
            local.run(input_dir=folder / "month", output_dir=folder / name, policy=policy, fund_micros=0)
            report(name, database, folder / name / "lines.parquet")


def write_month(database: duckdb.DuckDBPyConnection, data: Path, month: Path) -> None:
    """Write the input files of the calculation."""
    listening = data / "lastfm-hetrec2011-2k" / "user_artists.dat.gz"
    areas = data / "musicbrainz-artists-areas" / "hetrec_artist_territory.csv.gz"
    database.execute("SET TimeZone = 'UTC'")
    database.execute(
        f"""CREATE TABLE listening AS
        SELECT (dense_rank() OVER (ORDER BY userID) - 1) // {LISTENERS} AS library, userID AS listener,
            artistID AS artist, greatest(1, weight // {SCALE}) AS plays
        FROM read_csv('{listening}', delim = '\t', header = true, names = ['userID', 'artistID', 'weight'])"""
    )
    database.execute(
        f"""CREATE TABLE artists AS
        SELECT artist, any_value(country) AS country, sum(plays) AS plays,
            row_number() OVER (ORDER BY sum(plays) DESC, artist) AS rank
        FROM listening LEFT JOIN (
            SELECT hetrec_artist_id AS artist, country FROM read_csv('{areas}', header = true, nullstr = '')
        ) USING (artist) GROUP BY artist"""
    )
    (month / "plays").mkdir(parents=True)
    for name, query in TABLES.items():
        database.execute(f"COPY ({query}) TO '{month / name}.parquet' (FORMAT parquet)")


def report(name: str, database: duckdb.DuckDBPyConnection, lines: Path) -> None:
    """Print one policy's line."""
    rows = database.execute(
        f"""SELECT rank, coalesce(country = 'FR', false) AS french, coalesce(sum(amount_micros), 0)::BIGINT AS amount
        FROM artists LEFT JOIN '{lines}' ON payee_id = artist GROUP BY ALL"""
    ).fetchnumpy()
    rank, french, amount = rows["rank"], rows["french"].astype(bool), rows["amount"]
    total = int(amount.sum())
    groups = (rank <= 10, rank <= len(rank) // 100, rank > 1_000, french)
    shares = "".join(f"{amount[group].sum() / total:>8.2%} " for group in groups)
    print(f"{name:14}{total / 1e6:>10.2f}{shares}{gini(amount):>7.3f}{(amount > 0).sum():>8}")


def gini(amounts: npt.NDArray[np.int64]) -> float:
    """Return the Gini coefficient of amounts, 0 when all are equal."""
    ordered = np.sort(amounts).astype(np.float64)
    ranks = np.arange(1, len(ordered) + 1)
    return float((2 * ranks - len(ordered) - 1) @ ordered / (len(ordered) * ordered.sum()))
