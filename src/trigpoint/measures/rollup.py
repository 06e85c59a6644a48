"""Rolling up: partial figures of small units added up to every unit that they are part of.

Numerators and denominators are added, and never percentages. The same SQL serves returned figures
and records: both come as partials, each with the segment of the structure that it belongs to.
``fsum`` adds with compensation, so that 53.3 + 53.3 is 106.6 however many parts there are.
"""

from __future__ import annotations

import pyarrow as pa

from trigpoint.measures.compile import PRECEDENCE
from trigpoint.terms.panel import State

PARTIALS = pa.schema(
    [
        ("indicator", pa.string()),
        ("unit", pa.string()),
        ("segment", pa.int64()),
        ("end", pa.date32()),
        ("numerator", pa.float64()),
        ("denominator", pa.float64()),
        ("state", pa.int64()),
        ("provisional", pa.int64()),
        ("parts", pa.int64()),
    ]
)
"""``state`` is a place in ``PRECEDENCE``. ``parts`` is 1 where a figure of its own was to come, else 0."""

WANTED = pa.schema(
    [
        ("indicator", pa.string()),
        ("scope", pa.string()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("first", pa.date32()),
        ("per", pa.float64()),
        ("coverage", pa.float64()),
        ("silence", pa.int64()),
        ("instead", pa.int64()),
    ]
)
"""A figure to make: of the partials whose month ends from ``first`` to ``end``. ``silence`` is the state
of an expected unit without any; ``instead`` one that holds whatever the partials say: a window that
is not yet full, or records that have not come."""


def as_parts(indicator: str, amounts: pa.Table) -> pa.Table:
    """Amounts of records (columns unit, segment, end, numerator, denominator) as partials."""
    count = amounts.num_rows
    constant = {"indicator": indicator, "state": PRECEDENCE.index(State.VALUE), "provisional": 0, "parts": 0}
    columns = [
        pa.array([constant[it.name]] * count, it.type)
        if it.name in constant
        else amounts[it.name].cast(it.type)
        for it in PARTIALS
    ]
    return pa.table(columns, schema=PARTIALS)


_KNOWN = PRECEDENCE.index(State.NO_DENOMINATOR)
"""From here on a state says that the numbers are known, zero included."""

SQL = f"""\
WITH placed AS (       -- each partial once for every unit that it belongs to
    SELECT partials.*, ancestors.unit AS place
    FROM partials JOIN ancestors ON ancestors.segment = partials.segment
)
SELECT wanted.indicator, places.unit, wanted."start", wanted."end",
       coalesce(fsum(CASE WHEN partials.state >= {_KNOWN} THEN partials.numerator END), 0) AS numerator,
       coalesce(fsum(CASE WHEN partials.state >= {_KNOWN} THEN partials.denominator END), 0) AS denominator,
       max(wanted.per) AS per,
       coalesce(max(wanted.instead), min(partials.state), max(wanted.silence)) AS state,
       max(wanted.instead) AS instead,
       coalesce(max(partials.provisional), 0) AS provisional,
       coalesce(sum(partials.parts), 0) AS parts,
       coalesce(sum(CASE WHEN partials.state >= {_KNOWN} THEN partials.parts END), 0) AS present,
       max(CASE WHEN partials.unit = places.unit THEN 0 ELSE 1 END) AS rolled,
       max(wanted.coverage) AS coverage
FROM wanted
JOIN places ON places.scope = wanted.scope AND places."end" = wanted."end"
LEFT JOIN placed AS partials ON partials.indicator = wanted.indicator AND partials.place = places.unit
     AND partials."end" BETWEEN wanted."first" AND wanted."end"
GROUP BY wanted.indicator, places.unit, wanted."start", wanted."end"
HAVING count(partials.indicator) > 0 OR (max(places.expected) = 1 AND max(wanted.silence) IS NOT NULL)
ORDER BY wanted.indicator, places.unit, wanted."end"
"""  # noqa: S608 - holds no text but our own
