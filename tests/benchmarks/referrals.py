"""Made-up referrals: 15 for each hundred contacts, in a file for each month in which they were received."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.contacts import MONTHS, ROWS, TEAMS
from trigpoint.engines.duckdb import session
from trigpoint.store import parquet
from trigpoint.store.laid import Files
from trigpoint.terms.period import Month

EACH = ROWS * 15 // 100 // len(MONTHS)


def laid_in(folder: Path) -> Files:
    """Their files, written as the archive writes them: by team and date."""
    paths = {}
    with session() as engine:
        for number, month in enumerate(MONTHS):
            paths[month] = folder / f"referrals-{month}.parquet"
            table = engine.query(_sql(number, month)).sort_by(
                [("team", "ascending"), ("received", "ascending")]
            )
            paths[month].write_bytes(parquet.to_bytes(table))
    names = {month: path.name for month, path in paths.items()}
    return Files(paths, names, dict.fromkeys(paths, EACH), {})


def _sql(number: int, month: Month) -> str:
    """A month of referrals; nine of ten are treated, after up to 300 days."""
    return f"""\
SELECT 'R' || lpad(CAST(i AS VARCHAR), 10, '0') AS referral,
       't' || lpad(CAST(hash(i, 1) % {TEAMS} AS VARCHAR), 3, '0') AS team,
       DATE '{month.start}' + CAST(hash(i, 2) % 28 AS INTEGER) AS received,
       CASE WHEN hash(i, 3) % 10 > 0 THEN received + CAST(hash(i, 4) % 300 AS INTEGER) END AS treated,
       i AS "row"
FROM range({number * EACH}, {(number + 1) * EACH}) made(i)"""
