"""An indicator's arithmetic, over many months and units at once, as SQL that every engine runs alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import Measure
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month, Period

PRECEDENCE = (
    State.SUPPRESSED,
    State.NOT_SUBMITTED,
    State.NOT_DUE,
    State.NOT_APPLICABLE,
    State.NO_DENOMINATOR,
    State.VALUE,
)
"""Of several inputs' states, the first of these is the figure's."""

_RANK = "\n".join(f"                WHEN '{state}' THEN {rank}" for rank, state in enumerate(PRECEDENCE))

# What is asked for comes in tables; only the names of the states are put into the text.
SQL = f"""\
WITH cells AS (        -- every figure that is asked for: a measure's items, at each unit open that month
    SELECT asked.indicator, places.unit, asked."start", asked."end",
           asked.side, asked.item, asked.per, asked.absent
    FROM asked JOIN places ON places.level = asked.level AND places."end" = asked."end"
),
found AS (             -- the source's row for each; where it has none, the state that says why
    SELECT cells.indicator, cells.unit, cells."start", cells."end", cells.side, cells.per,
           figures.value, figures.status, coalesce(figures.state, cells.absent) AS state
    FROM cells LEFT JOIN figures
      ON figures.item = cells.item AND figures.unit = cells.unit AND figures.cut = 'all'
     AND figures."start" = cells."start" AND figures."end" = cells."end"
)
SELECT indicator, unit, "start", "end",
       sum(CASE WHEN side = 'numerator' THEN value END) AS numerator,
       sum(CASE WHEN side = 'denominator' THEN value END) AS denominator,
       max(CASE WHEN side = 'value' THEN value END) AS value,
       max(per) AS per,
       min(CASE state
{_RANK}
           END) AS state,
       max(CASE WHEN status = 'provisional' THEN 1 ELSE 0 END) AS provisional
FROM found
GROUP BY indicator, unit, "start", "end"
ORDER BY indicator, unit, "end"
"""  # noqa: S608 - holds no text but our own

ASKED = pa.schema(
    [
        ("indicator", pa.string()),
        ("level", pa.string()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("side", pa.string()),
        ("item", pa.string()),
        ("per", pa.float64()),
        ("absent", pa.string()),
    ]
)
PLACES = pa.schema([("unit", pa.string()), ("level", pa.string()), ("end", pa.date32())])


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of one source: the measures' items by month, and the units open then.

    The two tables have the columns of ``ASKED`` and ``PLACES``.
    """

    source: str
    asked: pa.Table
    places: pa.Table


def reached(standing: Mapping[str, Collection[Month]]) -> dict[str, Month]:
    """The last month for which each source has brought figures, from the months that stand for it."""
    return {source: max(months) for source, months in standing.items() if months}


def plans(catalogue: Catalogue, months: Iterable[Month], through: Mapping[str, Month]) -> Iterator[Plan]:
    """A plan for each source that an indicator in force in ``months`` draws on.

    ``through`` is the last month that each source has reached: a figure missing up to then was not
    submitted, a later one is not due.
    """
    wanted = sorted(set(months))
    asked: dict[str, list[dict[str, object]]] = {}
    for code, indicator in catalogue.indicators.items():
        for month in wanted:
            version = indicator.version(month) if indicator.expected(month) else None
            if version is None or not isinstance(version.measure, Measure):
                continue
            measure, period = version.measure, Period.ending(month, version.measure.window)
            reached = measure.source in through and month <= through[measure.source]
            absent = State.NOT_SUBMITTED if reached else State.NOT_DUE
            asked.setdefault(measure.source, []).extend(
                {
                    "indicator": code,
                    "level": level,
                    "start": period.start,
                    "end": period.end,
                    "absent": absent,
                    **part,
                }
                for level in indicator.levels
                for part in _parts(indicator, measure)
            )
    places = _places(catalogue, wanted)
    for source, rows in sorted(asked.items()):
        yield Plan(source, pa.Table.from_pylist(rows, schema=ASKED), places)


def _parts(indicator: Indicator, measure: Measure) -> Iterator[dict[str, object]]:
    """The items of a measure, each with its side of the ratio; ``per`` is blank where there is no ratio."""
    if measure.value is not None:
        yield {"side": "value", "item": measure.value, "per": None}
    per = indicator.scale(measure) if measure.denominator else None
    for side, items in (
        ("numerator", measure.count or measure.numerator),
        ("denominator", measure.denominator),
    ):
        for item in items or ():
            yield {"side": side, "item": item, "per": per}


def _places(catalogue: Catalogue, months: Iterable[Month]) -> pa.Table:
    """The units open in each month."""
    organisation = catalogue.organisation
    rows = [
        {"unit": unit, "level": organisation.level(unit), "end": month.end}
        for month in months
        for unit in organisation.units
        if organisation.spell(unit, month) is not None
    ]
    return pa.Table.from_pylist(rows, schema=PLACES)
