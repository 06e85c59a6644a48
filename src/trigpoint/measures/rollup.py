"""Rolling up returned figures: those of small units added up to every unit that they are part of.

Numerators and denominators are added, and never percentages. Each comes with the segment of the
structure that it belongs to.
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
        ("per", pa.float64()),
        ("coverage", pa.float64()),
    ]
)
"""A figure to make of the partials of a month."""

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
       min(partials.state) AS state,
       max(partials.provisional) AS provisional,
       sum(partials.parts) AS parts,
       coalesce(sum(CASE WHEN partials.state >= {_KNOWN} THEN partials.parts END), 0) AS present,
       max(CASE WHEN partials.unit = places.unit THEN 0 ELSE 1 END) AS rolled,
       max(wanted.coverage) AS coverage
FROM wanted
JOIN places ON places.scope = wanted.scope AND places."end" = wanted."end"
JOIN placed AS partials ON partials.indicator = wanted.indicator AND partials.place = places.unit
     AND partials."end" = wanted."end"
GROUP BY wanted.indicator, places.unit, wanted."start", wanted."end"
ORDER BY wanted.indicator, places.unit, wanted."end"
"""  # noqa: S608 - holds no text but our own
