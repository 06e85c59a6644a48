"""The sections of a figure that was returned: the rows that it was taken from, and the query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.measure import Measure
from trigpoint.explain.numbers import exact
from trigpoint.explain.purges import purges_in_words
from trigpoint.measures.compile import SQL, plans, reached
from trigpoint.store.archive import Archive
from trigpoint.terms.panel import ALL, State
from trigpoint.terms.period import Month, Period


def rows(
    archive: Archive, measure: Measure, unit: str, period: Period, as_at: dt.datetime | None
) -> Iterator[str]:
    """The row of each item that stands, and those that stood before it, newest first."""
    if measure.rolls_up_from is not None:
        yield f"added up from the figures of each {measure.rolls_up_from}"
    stands = {part.file for part in archive.effective(measure.source, as_at).get(Month.of(period.end), ())}
    brought = [
        (load, part)
        for load in reversed(archive.loads(measure.source, as_at))
        for part in load.parts
        if part.month == Month.of(period.end) and not part.moved and not part.purge
    ]
    for item in measure.items:
        latest = True
        for load, part in brought:
            for row in _matching(archive.part(measure.source, part), item, unit, period):
                shown = exact(row["value"]) if row["state"] == State.VALUE else row["state"]
                before = "" if latest and part.file in stands else ", no longer stands"
                origin = f"{load.file}, row {row['row']}; load {load.seq}"
                yield f"{item}: {shown}, {row['status']}{before} ({origin})"
                latest = False
        if latest:
            yield f"{item}: no row"
    yield from purges_in_words(archive, measure.source, as_at, Month.of(period.end))


def _matching(table: pa.Table, item: str, unit: str, period: Period) -> Iterable[Mapping[str, Any]]:
    key = {"item": item, "unit": unit, "cut": ALL, "start": period.start, "end": period.end}
    if not set(key) <= set(table.column_names):
        return []
    for name, value in key.items():
        table = table.filter(pc.equal(table[name], pa.scalar(value, table.schema.field(name).type)))
    rows: list[Mapping[str, Any]] = table.to_pylist()
    return rows


def sql(
    catalogue: Catalogue, archive: Archive, indicator: str, month: Month, as_at: dt.datetime | None
) -> Iterator[str]:
    """The query as it ran for every returned figure, with what this one asked."""
    yield from SQL.splitlines()
    through = reached({source: archive.effective(source, as_at) for source in catalogue.sources})
    for plan in plans(catalogue, [month], through):
        asked = plan.asked.filter(pc.equal(plan.asked["indicator"], indicator))
        for row in asked.drop_columns(["indicator"]).to_pylist():
            yield "asked: " + ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)
