"""Observations of every indicator at every unit, from what the sources delivered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.measure import RecordMeasure
from trigpoint.engines.duckdb import Settings, session
from trigpoint.measures.compile import PRECEDENCE, SQL, Plan, plans
from trigpoint.measures.grouped import by_groups
from trigpoint.measures.medians import at_places, medians
from trigpoint.measures.places import Places, offered_places, places_table, strays
from trigpoint.measures.presence import presence
from trigpoint.measures.purged import Purged
from trigpoint.measures.records import Holdings, partials, values
from trigpoint.measures.rollup import PARTIALS, as_parts
from trigpoint.measures.rollup import SQL as ROLL_UP
from trigpoint.measures.structure import NOWHERE, structure
from trigpoint.measures.wanted import Rolled, records_since, rolled, wanted_table
from trigpoint.terms.panel import ALL, SCHEMA, Panel, State, Status
from trigpoint.terms.period import Month

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STATES = (*PRECEDENCE, State.INCOMPLETE)
_VALUE, _NO_DENOMINATOR = STATES.index(State.VALUE), STATES.index(State.NO_DENOMINATOR)
_INCOMPLETE = STATES.index(State.INCOMPLETE)

NO_FIGURES = pa.schema(
    [
        ("item", pa.string()),
        ("unit", pa.string()),
        ("cut", pa.string()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("value", pa.float64()),
        ("state", pa.string()),
        ("status", pa.string()),
    ]
).empty_table()


def observe(
    catalogue: Catalogue,
    months: Iterable[Month],
    rows: Mapping[str, pa.Table],
    through: Mapping[str, Month],
    current: Month | None = None,
    purged: Purged | None = None,
) -> Panel:
    """The panel of the months that end in ``months``.

    ``rows`` holds, for each source, what stands: of figures, the columns item, unit, cut, start,
    end, value, state and status, of ``months`` at least; of records, their fields, of all months.
    ``through`` is the last month that each source has reached. Figures are rolled up by the tree of
    their own time or, with ``current``, by that at the end of that month. ``purged`` says which
    records are gone: figures that may rest on them are not made of what is left. Every indicator in force
    has an observation at every open unit that it concerns: where the source has no row, its state
    says whether it was not submitted or is not due.
    """
    records = _records(catalogue, rows)
    # One thread where sums depend on which came first; as many as there are for the scan of records.
    with session(Settings(threads=1)) as ordered, session() as engine:
        tree = structure(catalogue.organisation, current)
        held = Holdings(
            catalogue,
            records,
            tree,
            records_since(catalogue, records),
            through,
            engine,
            ordered,
            purged or Purged(),
        )
        return Panel.concat(map(Panel.of, _observed(sorted(set(months)), rows, held, current)))


def _observed(
    wanted: list[Month], rows: Mapping[str, pa.Table], held: Holdings, current: Month | None
) -> Iterator[pa.Table]:
    """Observations, table by table: those delivered, those rolled up, medians, groups of people."""
    places, parts = Places(held.catalogue), [PARTIALS.empty_table()]
    for plan in plans(held.catalogue, wanted, held.through, places):
        answer = _answer(plan, rows.get(plan.source, NO_FIGURES), held)
        rolls = pc.equal(answer["rolls"], 1)
        yield _direct(answer.filter(pc.invert(rolls)))
        parts.append(_as_partials(answer.filter(rolls), held))
    every = list(rolled(held.catalogue, wanted))
    offered = places_table(offered_places(places, {it.scope for it in every}, wanted, current))
    adding = [it for it in every if it.measure.additive]
    parts += [_of_records(it, held) for it in adding if _has_records(it, held)]
    parts += presence(adding, held, places)
    yield _rolled_up(adding, pa.concat_tables(parts), offered, held)
    for it in every:
        if not it.measure.additive:
            yield _medians(it, held, offered)
        elif it.indicator.cuts and _has_records(it, held):
            yield _grouped(it, held)


def _wanted(of: Iterable[Rolled], held: Holdings) -> pa.Table:
    return wanted_table(of, held.since, held.through, held.purged)


def _records(catalogue: Catalogue, rows: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    return {
        code: rows[code]
        for code, source in catalogue.sources.items()
        if source.holds == "records" and code in rows
    }


def _has_records(it: Rolled, held: Holdings) -> bool:
    return isinstance(it.measure, RecordMeasure) and all(code in held.records for code in it.measure.sources)


def _answer(plan: Plan, figures: pa.Table, held: Holdings) -> pa.Table:
    """What a source says of each figure that is asked for, and of those that it sent unasked."""
    organisation = held.catalogue.organisation
    known = {unit: organisation.level(unit) for unit in organisation.units}
    sent = strays(plan.places, plan.rolled, figures, known, held.structure.at_home) if plan.rolled else ()
    places = places_table([*plan.places, *sent])
    return held.ordered.query(SQL, tables={"asked": plan.asked, "places": places, "figures": figures})


def _rolled_up(of: list[Rolled], parts: pa.Table, offered: pa.Table, held: Holdings) -> pa.Table:
    """Partials added up to every unit that they are part of."""
    tables = {"wanted": _wanted(of, held), "partials": parts, "places": offered}
    return _rolled(held.ordered.query(ROLL_UP, tables=tables | {"ancestors": held.structure.ancestors}))


def _direct(answer: pa.Table) -> pa.Table:
    """Divide, scale, and say the state. Engines only add up: they disagree about division."""
    published = _numbers(answer["value"])
    return _observations(answer, _numbers(answer["state"]).astype(np.int64), published)


def _rolled(answer: pa.Table) -> pa.Table:
    """The same of figures that were added up: incomplete where parts are missing or hidden."""
    parts, present = (_numbers(answer[name]).astype(np.int64) for name in ("parts", "present"))
    coverage, instead = _numbers(answer["coverage"]), ~np.isnan(_numbers(answer["instead"]))
    added = (_numbers(answer["rolled"]) == 1) & (parts > 0)
    states = _numbers(answer["state"]).astype(np.int64)
    enough = (present > 0) & (present >= coverage * parts)  # False where no coverage is declared
    states = np.where(added & ~instead & ((present == parts) | enough), _VALUE, states)
    states = np.where(added & ~instead & (present < parts) & (present > 0) & ~enough, _INCOMPLETE, states)
    table = _observations(answer, states, np.full(len(states), np.nan))
    for name, counts in (("parts", parts), ("present", present)):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, SCHEMA.field(name), pa.array(counts, pa.int32(), mask=~added))
    return table


def _observations(answer: pa.Table, states: Ints, published: Floats) -> pa.Table:
    numerator, denominator, per = (_numbers(answer[name]) for name in ("numerator", "denominator", "per"))
    ratio, known = ~np.isnan(per), states == _VALUE
    empty = known & ratio & (denominator == 0)
    states = np.where(empty, _NO_DENOMINATOR, states)
    with np.errstate(divide="ignore", invalid="ignore"):
        worked_out = np.where(ratio, per * numerator / denominator, numerator)
    value = np.where(np.isnan(published), worked_out, published)
    count = answer.num_rows
    return pa.table(
        {
            "indicator": answer["indicator"],
            "unit": answer["unit"],
            "start": answer["start"],
            "end": answer["end"],
            "cut": answer["cut"] if "cut" in answer.column_names else pa.array([ALL] * count, pa.string()),
            "numerator": pa.array(numerator, mask=~known | np.isnan(numerator)),
            "denominator": pa.array(denominator, mask=~known | ~ratio),
            "value": pa.array(value, mask=~known | empty),
            "status": pc.if_else(
                pc.equal(answer["provisional"], 1), str(Status.PROVISIONAL), str(Status.FINAL)
            ),
            "state": pa.array([str(STATES[state]) for state in states], pa.string()),
            "parts": pa.nulls(count, pa.int32()),
            "present": pa.nulls(count, pa.int32()),
        },
        schema=SCHEMA,
    )


_SEGMENTED = f"""\
SELECT sent.indicator, sent.unit, coalesce(segments.segment, {NOWHERE}) AS segment, sent."end",
       sent.numerator, sent.denominator, sent.state, sent.provisional, 1 AS parts
FROM sent LEFT JOIN segments
  ON segments.unit = sent.unit AND sent."end" BETWEEN segments."from" AND segments."to"
ORDER BY sent.indicator, sent.unit, sent."end"
"""  # noqa: S608 - holds no text but our own


def _as_partials(answer: pa.Table, held: Holdings) -> pa.Table:
    """Returned figures of units, each with its segment: that of its last day, since it cannot be split."""
    tables = {"sent": answer, "segments": held.structure.segments}
    return held.ordered.query(_SEGMENTED, tables=tables).select(PARTIALS.names).cast(PARTIALS)


def _of_records(it: Rolled, held: Holdings) -> pa.Table:
    """The partials of a measure over records."""
    assert isinstance(it.measure, RecordMeasure)  # noqa: S101 - held by _has_records
    return as_parts(it.code, partials(it.measure, it.indicator.kinds, held, it.reach))


def _medians(it: Rolled, held: Holdings, offered: pa.Table) -> pa.Table:
    """Observations of a median: worked out anew for each unit, and none where it has no record."""
    wanted, found = _wanted([it], held), None
    if isinstance(it.measure, RecordMeasure) and _has_records(it, held):
        counted = values(it.measure, it.indicator.kinds, held, it.reach)
        found = medians(wanted, counted, held.structure.ancestors, held.ordered)
    return _direct(at_places(wanted, offered, found, held.ordered))


def _grouped(it: Rolled, held: Holdings) -> pa.Table:
    """Observations of the groups of each cut, of everyone in the home trust."""
    assert isinstance(it.measure, RecordMeasure)  # noqa: S101 - held by _has_records
    groups = by_groups(it.measure, it.indicator, it.reach, held, _wanted([it], held))
    return _direct(pa.concat_tables(groups))


def _numbers(column: pa.ChunkedArray) -> Floats:
    """A column as floats, blanks as NaN."""
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
