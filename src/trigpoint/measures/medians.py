"""Medians of every unit, worked out anew from the records of each: a middle cannot be added up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.engines.duckdb import Session
from trigpoint.measures.compile import PRECEDENCE
from trigpoint.terms.panel import State

_VALUE, _NO_DENOMINATOR = PRECEDENCE.index(State.VALUE), PRECEDENCE.index(State.NO_DENOMINATOR)
Floats = npt.NDArray[np.float64]

_SQL = """\
SELECT wanted."start", wanted."end", ancestors.unit, counted.value,
       CAST(sum(counted.times) AS BIGINT) AS times
FROM wanted
JOIN counted ON counted."end" BETWEEN wanted."first" AND wanted."end"
JOIN ancestors ON ancestors.segment = counted.segment
GROUP BY wanted."start", wanted."end", ancestors.unit, counted.value
ORDER BY wanted."end", ancestors.unit, counted.value
"""
MEDIANS = pa.schema(
    [("unit", pa.string()), ("start", pa.date32()), ("end", pa.date32()), ("value", pa.float64())]
)

_AT_PLACES = f"""\
SELECT wanted.indicator, places.unit, wanted."start", wanted."end",
       CAST(NULL AS DOUBLE) AS numerator, CAST(NULL AS DOUBLE) AS denominator, found.value,
       CAST(NULL AS DOUBLE) AS per,
       coalesce(wanted.instead,
                CASE WHEN found.value IS NULL THEN {_NO_DENOMINATOR} ELSE {_VALUE} END) AS state,
       0 AS provisional
FROM wanted
JOIN places ON places.scope = wanted.scope AND places."end" = wanted."end"
LEFT JOIN found ON found.unit = places.unit AND found."end" = wanted."end"
WHERE places.expected = 1 OR found.value IS NOT NULL
ORDER BY places.unit, wanted."end"
"""  # noqa: S608 - holds no text but our own


def at_places(wanted: pa.Table, places: pa.Table, found: pa.Table | None, engine: Session) -> pa.Table:
    """A row for each unit and period that is offered: its median, or the state that says why not."""
    tables = {"wanted": wanted, "places": places, "found": MEDIANS.empty_table() if found is None else found}
    return engine.query(_AT_PLACES, tables=tables)


def medians(wanted: pa.Table, counted: pa.Table, ancestors: pa.Table, engine: Session) -> pa.Table:
    """The median of each unit and period that has a record, with the columns of ``MEDIANS``.

    ``wanted`` has the columns of ``WANTED``; ``counted`` segment, end, value and times. The median
    of an even number of records is the midpoint of the two in the middle.
    """
    tables = {"wanted": wanted, "counted": counted, "ancestors": ancestors}
    spread = engine.query(_SQL, tables=tables)
    if not spread.num_rows:
        return MEDIANS.empty_table()
    units, ends = spread["unit"].to_numpy(), spread["end"].to_numpy()
    first = np.flatnonzero(np.r_[True, (units[1:] != units[:-1]) | (ends[1:] != ends[:-1])])
    middle = _middles(spread["value"].to_numpy(), spread["times"].to_numpy(), first)
    at = pa.array(first)
    columns = [spread["unit"].take(at), spread["start"].take(at), spread["end"].take(at), pa.array(middle)]
    return pa.table(columns, schema=MEDIANS)


def _middles(value: Floats, times: npt.NDArray[np.int64], first: npt.NDArray[np.intp]) -> Floats:
    """The middle of each run of rising values, each of which comes so many times."""
    through = np.cumsum(times)
    before = np.r_[0, through[first[1:] - 1]]
    total = np.add.reduceat(times, first)
    # The k-th record, counted from 1 over all runs, has the first value whose running count reaches k.
    low = value[np.searchsorted(through, before + (total + 1) // 2)]
    high = value[np.searchsorted(through, before + total // 2 + 1)]
    return np.asarray((low + high) / 2, dtype=np.float64)
