"""The arithmetic over returned figures, over many months and units at once, as SQL for every engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import Measure
from trigpoint.measures.places import Places, Row, Scope, asked_places
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month

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
    SELECT asked.indicator, places.unit, places.expected, asked."start", asked."end",
           asked.side, asked.item, asked.per, asked.absent, asked.rolls
    FROM asked JOIN places ON places.scope = asked.scope AND places."end" = asked."end"
),
found AS (             -- the source's row for each; where it has none, the state that says why
    SELECT cells.indicator, cells.unit, cells.expected, cells."start", cells."end", cells.side, cells.per,
           cells.rolls, figures.value, figures.status, coalesce(figures.state, cells.absent) AS state,
           CASE WHEN figures.state IS NULL THEN 0 ELSE 1 END AS delivered
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
       max(CASE WHEN status = 'provisional' THEN 1 ELSE 0 END) AS provisional,
       max(rolls) AS rolls
FROM found
GROUP BY indicator, unit, "start", "end"
HAVING max(expected) = 1 OR max(delivered) = 1
ORDER BY indicator, unit, "end"
"""  # noqa: S608 - holds no text but our own

ASKED = pa.schema(
    [
        ("indicator", pa.string()),
        ("scope", pa.string()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("side", pa.string()),
        ("item", pa.string()),
        ("per", pa.float64()),
        ("absent", pa.string()),
        ("rolls", pa.int64()),
    ]
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of one source: the measures' items by month, and the units open then.

    ``asked`` has the columns of ``ASKED``, ``places`` are rows of ``PLACES``. ``rolled`` holds the
    scopes whose figures are added up: there a figure counts though nobody expected it.
    """

    source: str
    asked: pa.Table
    places: tuple[Row, ...]
    rolled: tuple[Scope, ...]


@dataclass(slots=True)
class _Draft:
    rows: list[dict[str, object]] = field(default_factory=list)
    scopes: dict[str, Scope] = field(default_factory=dict)


def reached(standing: Mapping[str, Collection[Month]]) -> dict[str, Month]:
    """The last month for which each source has brought figures, from the months that stand for it."""
    return {source: max(months) for source, months in standing.items() if months}


def plans(
    catalogue: Catalogue, months: Iterable[Month], through: Mapping[str, Month], places: Places | None = None
) -> Iterator[Plan]:
    """A plan for each source of figures that an indicator in force in ``months`` draws on.

    ``through`` is the last month that each source has reached: a figure missing up to then was not
    submitted, a later one is not due.
    """
    wanted = sorted(set(months))
    places = places or Places(catalogue)
    drafts: dict[str, _Draft] = {}
    for code, indicator in catalogue.indicators.items():
        for month in wanted:
            for measure, scope, rolls in _measures(indicator, month):
                draft = drafts.setdefault(measure.source, _Draft())
                draft.scopes[scope.name] = scope
                period = measure.period(month)
                due = measure.source in through and month <= through[measure.source]
                draft.rows.extend(
                    {
                        "indicator": code,
                        "scope": scope.name,
                        "start": period.start,
                        "end": period.end,
                        "absent": State.NOT_SUBMITTED if due else State.NOT_DUE,
                        "rolls": int(rolls),
                        **part,
                    }
                    for part in _parts(indicator, measure)
                )
    for source, draft in sorted(drafts.items()):
        asked = pa.Table.from_pylist(draft.rows, schema=ASKED)
        rolled = tuple(scope for scope in draft.scopes.values() if scope.strict)
        yield Plan(source, asked, tuple(asked_places(places, draft.scopes.values(), wanted)), rolled)


def _measures(indicator: Indicator, month: Month) -> Iterator[tuple[Measure, Scope, bool]]:
    """An indicator's measures of figures in a month, each with where it holds and whether it rolls up."""
    version = indicator.version(month)
    if version is None or not indicator.expected(month):
        return
    at_home, away = version.measure, version.elsewhere
    if isinstance(at_home, Measure) and at_home.rolls_up_from is not None:
        yield at_home, Scope((at_home.rolls_up_from,), indicator.kinds, "home", strict=True), True
    elif isinstance(at_home, Measure):
        yield at_home, Scope(indicator.levels, indicator.kinds, "home"), False
        away = away or at_home  # a publication that holds everybody's
    if away is not None:
        yield away, Scope(indicator.levels, (), "away"), False


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
