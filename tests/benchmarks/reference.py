"""The reference workload: the yardstick that every figure of a run is printed beside."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from tests.benchmarks.harness import Clock, Figures, benchmark

SORTED = 20_000_000
GROUPED = 10_000_000


@benchmark(aim="")
def reference(clock: Clock) -> Figures:
    """NumPy sorts and DuckDB groups a fixed seeded table, on one thread; about half a second, three times."""
    random = np.random.default_rng(20261101)
    values = random.standard_normal(SORTED)
    table = pa.table(
        {"key": random.integers(0, 50_000, GROUPED), "value": random.standard_normal(GROUPED)},
    )
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("figures", table)
        for _ in range(3):
            with clock:
                np.sort(values)
                connection.execute(
                    "select key, sum(value), stddev(value), count(*) from figures group by key order by key"
                ).fetchall()
    return None
