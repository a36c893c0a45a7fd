"""A month's files of the calculation, of any size: Zipf works, long-tailed patrons, libraries of all sizes.

Every number comes from a hash of its row, so that a size always gives the same files.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

LIBRARIES, RESOURCES, PATRONS, PAYEES, COMMUNES, DAYS = 500, 1_000_000, 200_000, 120_000, 35_000, 31
REVENUE_MICROS = 400_000_000

# A number in [0, 1) for a row and a purpose.
UNIT = "CREATE MACRO unit(i, purpose) AS (hash(xor(hash(i), hash(purpose))) >> 11) / 9007199254740992.0"
TABLES = {
    "resources": f"""
        SELECT i AS resource_id, i // 8 AS release_id,
            CASE WHEN unit(i, 'medium') < 0.8 THEN 'music' WHEN unit(i, 'medium') < 0.9 THEN 'video'
                WHEN unit(i, 'medium') < 0.97 THEN 'book' ELSE 'game' END AS medium,
            CASE WHEN unit(i, 'medium') < 0.9 THEN 60 + (unit(i, 'length') * 300)::BIGINT END AS duration_s
        FROM range({RESOURCES}) t(i)""",
    "shares": f"""
        SELECT i AS resource_id, p.payee_id, p.share_bp FROM range({RESOURCES}) t(i), LATERAL (
            SELECT unnest(CASE WHEN i % 3 = 0 THEN [(i // 8 * 7) % {PAYEES}]
                ELSE [(i // 8 * 7) % {PAYEES}, (i // 8 * 7 + 1) % {PAYEES}] END) AS payee_id,
            unnest(CASE WHEN i % 3 = 0 THEN [10000] ELSE [6000, 4000] END)::BIGINT AS share_bp) p""",
    "payees": f"""
        SELECT i AS payee_id, c::VARCHAR AS commune, (c // 28)::VARCHAR AS epci, (c // 350)::VARCHAR AS departement,
            (c // 2700)::VARCHAR AS region, 'FR' AS country
        FROM (SELECT i, (unit(i, 'home') * {COMMUNES})::BIGINT AS c FROM range({PAYEES}) t(i))""",
    "libraries": f"""
        SELECT i AS library_id, ({REVENUE_MICROS} * (1 + 20 * unit(i, 'revenue')))::BIGINT AS revenue_micros,
            0::BIGINT AS reserve_micros FROM range({LIBRARIES}) t(i)""",
    "territories": f"""
        SELECT i AS library_id, l.level, l.code, l.own
        FROM (SELECT i, (unit(i, 'town') * {COMMUNES})::BIGINT AS c FROM range({LIBRARIES}) t(i)), LATERAL (
            SELECT unnest(['commune', 'epci', 'departement', 'region', 'country']) AS level,
                unnest([c::VARCHAR, (c // 28)::VARCHAR, (c // 350)::VARCHAR, (c // 2700)::VARCHAR, 'FR']) AS code,
                unnest([true, false, false, false, false]) AS own) l""",
}
PLAYS = f"""
    SELECT (pow(unit(patron, 'library'), 2) * {LIBRARIES})::BIGINT % {LIBRARIES} AS library_id, patron,
        (pow({RESOURCES}, unit(i, 'work')) - 1)::BIGINT AS resource_id,
        TIMESTAMPTZ '2026-10-01 00:00:00+00' + to_seconds(86400 * $day + (unit(i, 'hour') * 86399)::BIGINT)
            AS started_at,
        (20 + unit(i, 'seconds') * 300)::INTEGER AS seconds,
        CASE WHEN unit(i, 'status') < 0.01 THEN 'double_click' ELSE 'counted' END AS status
    FROM (SELECT i, (pow(unit(i, 'patron'), 2.5) * {PATRONS})::BIGINT AS patron FROM range($first, $last) t(i))
    ORDER BY library_id"""


def write_month(folder: Path, *, plays: int) -> Path:
    """Write the input folder of a run with so many plays, unless it is there; a file a day, sorted by library."""
    if (folder / "complete").exists():
        return folder
    (folder / "plays").mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        database.execute(UNIT)
        for name, query in TABLES.items():
            database.execute(f"COPY ({query}) TO '{folder / name}.parquet' (FORMAT parquet)")
        for day in range(DAYS):
            first, last = plays * day // DAYS, plays * (day + 1) // DAYS
            query = PLAYS.replace("$day", str(day)).replace("$first", str(first)).replace("$last", str(last))
            target = folder / "plays" / f"2026-10-{day + 1:02d}.parquet"
            database.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE 500000)")
    (folder / "complete").touch()
    return folder
