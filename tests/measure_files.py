"""Records drawn at random in files, as an archive lays them out: more than a small engine returns at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.measure_tables import table
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.source import Source
from trigpoint.store.laid import Files
from trigpoint.terms.period import Month

MONTHS = [Month(2026, number) for number in range(1, 5)]
A_MONTH = 30_000


def filed(of: Catalogue, code: str, folder: Path) -> Files:
    """Records of a source, a file for each month in which they are dated."""
    files = {}
    for number, month in enumerate(MONTHS):
        files[month] = folder / f"{code}-{month}.parquet"
        pq.write_table(
            drawn(of.sources[code], month, np.random.default_rng([number, len(code)])), files[month]
        )
    names = {month: path.name for month, path in files.items()}
    return Files(files, names, dict.fromkeys(files, A_MONTH), {})


def drawn(source: Source, month: Month, numbers: np.random.Generator) -> pa.Table:
    """A month of records; times lie in winter and summer, and in UTC they are an hour less in summer."""
    count = A_MONTH
    started = np.datetime64(month.start, "s") + numbers.integers(0, month.end.day * 86_400, count)
    ended = started + numbers.integers(0, 20 * 86_400, count)
    codes = {
        source.key[0]: [f"{month} {n}" for n in range(count)],
        "patient": [f"patient {n}" for n in numbers.integers(0, 2 * count, count)],
        "method": numbers.choice(["emergency", "elective"], count),
        "status": numbers.choice(["attended", "dna"], count),
        str(source.unit): numbers.choice(["A", "B", "W", "nowhere"], count),
        "cost": pa.array(numbers.integers(-10, 10**6, count), pa.int64()).cast(pa.decimal128(20, 0)),
    }
    times = {"admitted": started, "started": started, "discharged": ended}
    columns = {}
    for field in table([], source).schema:
        name = field.name.removesuffix(" utc")
        if name in times:
            summer = (times[name] >= np.datetime64("2026-03-29T02:00:00")) & field.name.endswith(" utc")
            columns[field.name] = pa.array(times[name] - summer * np.timedelta64(1, "h"), field.type)
        elif field.name in codes:
            columns[field.name] = pa.array(codes[field.name]).cast(field.type)
        else:
            columns[field.name] = pa.nulls(count, field.type)
    return pa.table(columns)
