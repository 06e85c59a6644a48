"""Observations of every indicator at every unit, from what the sources delivered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.source import Source
from trigpoint.engines.duckdb import Settings, session
from trigpoint.engines.session import Session as Engine
from trigpoint.measures.compile import SQL, Plan, plans
from trigpoint.measures.grid import Floats, Ints
from trigpoint.measures.holdings import Holdings, Records
from trigpoint.measures.observed import INCOMPLETE, NO_DENOMINATOR, STATES, VALUE
from trigpoint.measures.of_formulas import of_formulas
from trigpoint.measures.of_records import of_records
from trigpoint.measures.partials import Cache
from trigpoint.measures.places import Places, offered_places, places_table, strays
from trigpoint.measures.purged import Purged
from trigpoint.measures.rollup import PARTIALS
from trigpoint.measures.rollup import SQL as ROLL_UP
from trigpoint.measures.structure import NOWHERE, structure
from trigpoint.measures.wanted import Rolled, befores, rolled, wanted_table
from trigpoint.terms.panel import ALL, SCHEMA, Panel, Status
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress, silent

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


def observe(  # noqa: PLR0913 - what it is given, and three that say how
    catalogue: Catalogue,
    months: Iterable[Month],
    rows: Mapping[str, Records],
    through: Mapping[str, Month],
    current: Month | None = None,
    *,
    purged: Purged | None = None,
    engine: Engine | None = None,
    cache: Cache | None = None,
    progress: Progress = silent,
) -> Panel:
    """The panel of the months that end in ``months``.

    ``rows`` holds, for each source, what stands: of figures, the columns item, unit, cut, start,
    end, value, state and status, of ``months`` at least; of records, their fields, of all months, in
    memory or in files that ``engine`` reads where they lie. ``through`` is the last month that each
    source has reached. Figures are rolled up by the tree of their own time or, with ``current``, by
    that at the end of that month. Every indicator in force has an observation at every open unit that
    it concerns: where the source has no row, its state says whether it was not submitted or is not
    due. Figures of members of staff are among them. ``purged`` says which records are gone: figures
    that may rest on them are not made of what is left. ``cache`` keeps what is found in each month's
    records from one run to the next.
    """
    with ExitStack() as stack:
        small = stack.enter_context(session(Settings(threads=1)))
        if engine is None:
            files = [it for it in rows.values() if not isinstance(it, pa.Table)]
            engine = stack.enter_context(
                session(reachable=[path for it in files for path in it.paths.values()])
            )
        held = holdings(catalogue, rows, through, current, engine, small, purged or Purged())
        found = [it for it in _observed(sorted(set(months)), rows, held, current, cache, progress) if len(it)]
        found.sort(key=lambda table: table["indicator"][0].as_py())  # in order, a panel moves no row
        return Panel.of(pa.concat_tables([SCHEMA.empty_table(), *found]))


def holdings(
    catalogue: Catalogue,
    rows: Mapping[str, Records],
    through: Mapping[str, Month],
    current: Month | None,
    engine: Engine,
    small: Engine,
    purged: Purged,
) -> Holdings:
    """The records among ``rows``, the structure and the sessions."""
    records = {
        code: rows[code] for code, it in catalogue.sources.items() if it.holds == "records" and code in rows
    }
    since = {
        code: first for code, table in records.items() if (first := since_of(catalogue.sources[code], table))
    }
    tree = structure(catalogue.organisation, current)
    return Holdings(catalogue, records, tree, since, through, engine, small, purged)


def since_of(source: Source, held: Records) -> Month | None:
    """The first month of which a source holds all its records: as it declares, or its first record's."""
    if source.expects.from_ is not None:
        return source.expects.from_
    if not isinstance(held, pa.Table):
        return min(held.paths, default=None)
    return Month.of(pc.min(held[source.dated]).as_py()) if held.num_rows else None


def _observed(
    wanted: list[Month],
    rows: Mapping[str, Records],
    held: Holdings,
    current: Month | None,
    cache: Cache | None,
    progress: Progress,
) -> Iterator[pa.Table]:
    """Observations, table by table: those delivered, those rolled up, those of records, and by formulas."""
    months = sorted({month - before for before in befores(held.catalogue) for month in wanted})
    tables = [*_of_figures(months, rows, held, current)]
    tables += of_records(months, held, current, cache, progress)
    tables += of_formulas(months, tables, held, current, cache)
    inside = pa.array([month.end for month in wanted], pa.date32())
    for table in tables:
        yield table if months == wanted else table.filter(pc.is_in(table["end"], inside))


def _of_figures(
    months: list[Month], rows: Mapping[str, Records], held: Holdings, current: Month | None
) -> Iterator[pa.Table]:
    places, parts = Places(held.catalogue), [PARTIALS.empty_table()]
    for plan in plans(held.catalogue, months, held.through, places):
        found = rows.get(plan.source, NO_FIGURES)
        answer = _answer(plan, found if isinstance(found, pa.Table) else NO_FIGURES, held)
        rolls = pc.equal(answer["rolls"], 1)
        yield _direct(answer.filter(pc.invert(rolls)))
        parts.append(_as_partials(answer.filter(rolls), held))
    adding = [it for it in rolled(held.catalogue, months) if it.of_figures]
    offered = places_table(offered_places(places, {it.scope for it in adding}, months, current))
    yield _rolled_up(adding, pa.concat_tables(parts), offered, held)


def _answer(plan: Plan, figures: pa.Table, held: Holdings) -> pa.Table:
    """What a source says of each figure that is asked for, and of those that it sent unasked."""
    organisation = held.catalogue.organisation
    known = {unit: organisation.level(unit) for unit in organisation.units}
    sent = strays(plan.places, plan.rolled, figures, known, held.structure.at_home) if plan.rolled else ()
    places = places_table([*plan.places, *sent])
    return held.small.query(SQL, tables={"asked": plan.asked, "places": places, "figures": figures})


def _rolled_up(of: list[Rolled], parts: pa.Table, offered: pa.Table, held: Holdings) -> pa.Table:
    """Partials added up to every unit that they are part of."""
    tables = {"wanted": wanted_table(of), "partials": parts, "places": offered}
    return _rolled(held.small.query(ROLL_UP, tables=tables | {"ancestors": held.structure.ancestors}))


def _direct(answer: pa.Table) -> pa.Table:
    """Divide, scale, and say the state. Engines only add up: they disagree about division."""
    published = _numbers(answer["value"])
    return _observations(answer, _numbers(answer["state"]).astype(np.int64), published)


def _rolled(answer: pa.Table) -> pa.Table:
    """The same of figures that were added up: incomplete where parts are missing or hidden."""
    parts, present = (_numbers(answer[name]).astype(np.int64) for name in ("parts", "present"))
    coverage = _numbers(answer["coverage"])
    added = (_numbers(answer["rolled"]) == 1) & (parts > 0)
    states = _numbers(answer["state"]).astype(np.int64)
    enough = (present > 0) & (present >= coverage * parts)  # False where no coverage is declared
    states = np.where(added & ((present == parts) | enough), VALUE, states)
    states = np.where(added & (present < parts) & (present > 0) & ~enough, INCOMPLETE, states)
    table = _observations(answer, states, np.full(len(states), np.nan))
    for name, counts in (("parts", parts), ("present", present)):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, SCHEMA.field(name), pa.array(counts, pa.int32(), mask=~added))
    return table


def _observations(answer: pa.Table, states: Ints, published: Floats) -> pa.Table:
    numerator, denominator, per = (_numbers(answer[name]) for name in ("numerator", "denominator", "per"))
    ratio, known = ~np.isnan(per), states == VALUE
    empty = known & ratio & (denominator == 0)
    states = np.where(empty, NO_DENOMINATOR, states)
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
            "cut": pa.array([ALL] * count, pa.string()),
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
    return held.small.query(_SEGMENTED, tables=tables).select(PARTIALS.names).cast(PARTIALS)


def _numbers(column: pa.ChunkedArray) -> Floats:
    """A column as floats, blanks as NaN."""
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
