"""What a source's next figures may plausibly be, so that a jump is questioned before it is believed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

KEY = ("unit", "item", "cut", "months")
LEAST_FIGURES = 7
WIDTH = 2 * 2.66
"""In mean moving ranges: twice as far from the mean as the limits of an XmR chart."""
LEAST_SHARE = 0.5
LEAST_DISTANCE = 10.0
"""A figure within half the mean, or 10, of the mean is never a jump: small counts move a lot by chance."""

SCHEMA = pa.schema(
    [
        ("unit", pa.string()),
        ("item", pa.string()),
        ("cut", pa.string()),
        ("months", pa.int64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)


def plausible(figures: pa.Table) -> pa.Table:
    """A range for each unit, item, cut and window with at least 7 figures, as columns of ``SCHEMA``.

    ``figures`` has the columns unit, item, cut, start, end and value; ``months`` is a window's
    length. The range is the mean of its figures ± ``WIDTH`` mean moving ranges, and no narrower
    than ``LEAST_SHARE`` of the mean or ``LEAST_DISTANCE`` on either side. It is for asking a
    question, not for a chart.
    """
    known = figures.filter(figures["value"].is_valid())
    known = known.append_column(
        "months", pc.add(_month(known["end"]), pc.subtract(1, _month(known["start"])))
    )
    if known.num_rows < LEAST_FIGURES:
        return SCHEMA.empty_table()
    known = known.select([*KEY, "end", "value"])
    known = known.sort_by([(name, "ascending") for name in (*KEY, "end")]).combine_chunks()
    value = known["value"].to_numpy()
    codes = [known[name].combine_chunks().dictionary_encode().indices.to_numpy() for name in KEY]
    starts = np.flatnonzero(np.r_[True, np.any([np.diff(code) != 0 for code in codes], axis=0)])
    counts = np.diff(np.r_[starts, len(value)])
    ranges = np.abs(np.diff(value, prepend=value[0]))
    ranges[starts] = 0.0  # the first of a series has no figure before it
    mean = np.add.reduceat(value, starts) / counts
    spread = np.add.reduceat(ranges, starts) / np.maximum(counts - 1, 1)
    half = np.maximum.reduce([WIDTH * spread, LEAST_SHARE * np.abs(mean), np.full(len(mean), LEAST_DISTANCE)])
    names = known.select(KEY).take(starts)
    table = pa.table([*names.columns, pa.array(mean - half), pa.array(mean + half)], schema=SCHEMA)
    return table.filter(pa.array(counts >= LEAST_FIGURES))


def _month(days: pa.ChunkedArray) -> pa.ChunkedArray:
    """Months since year 0."""
    return pc.add(pc.multiply(pc.year(days), 12), pc.month(days))
