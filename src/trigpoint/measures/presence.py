"""Who sent records: where a source's silence is no zero, a unit without any in a month did not submit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.measure import RecordMeasure
from trigpoint.definitions.organisation import Organisation
from trigpoint.measures.compile import PRECEDENCE
from trigpoint.measures.places import Places, Scope
from trigpoint.measures.records import Holdings
from trigpoint.measures.rollup import PARTIALS
from trigpoint.measures.wanted import Rolled
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

_VALUE, _NOT_SUBMITTED = PRECEDENCE.index(State.VALUE), PRECEDENCE.index(State.NOT_SUBMITTED)


def presence(of: Iterable[Rolled], held: Holdings, places: Places) -> Iterator[pa.Table]:
    """Partials without an amount: one for each unit of which a source expects records, sent or not."""
    for it in of:
        for code in it.measure.sources if isinstance(it.measure, RecordMeasure) else ():
            source = held.catalogue.source(code)
            if source.covers == "units_present" and source.expects.level is not None and code in held.records:
                scope = Scope((source.expects.level,), it.indicator.kinds, "home", strict=True)
                sent = _sent(held.records[code], source.unit_field, source.dated)
                organisation = held.catalogue.organisation
                teams = frozenset((_team(organisation, unit, month), month) for unit, month in sent)
                yield _presence(it, scope, held, places, sent | teams)


def _team(organisation: Organisation, unit: str | None, month: Month) -> str | None:
    """The unit itself; for a person, their team in the month: what is recorded of a person, the team sent."""
    if unit is None or unit not in organisation.units or organisation.level(unit) is not Level.PERSON:
        return unit
    return next((place for place in organisation.ancestors(unit, month)), unit)


def _sent(records: pa.Table, unit: str | None, dated: str | None) -> frozenset[tuple[str | None, Month]]:
    days = records[dated].cast(pa.date32())
    table = pa.table({"unit": records[unit], "year": pc.year(days), "month": pc.month(days)})
    found = table.group_by(table.column_names).aggregate([]).to_pylist()
    return frozenset((row["unit"], Month(row["year"], row["month"])) for row in found)


def _presence(
    it: Rolled, scope: Scope, held: Holdings, places: Places, sent: frozenset[tuple[str | None, Month]]
) -> pa.Table:
    tree = held.structure.segments.to_pylist()
    segments: dict[str, list[dict[str, object]]] = {}
    for row in tree:
        segments.setdefault(row["unit"], []).append(row)
    rows = [
        {
            "indicator": it.code,
            "unit": unit,
            "segment": next(s["segment"] for s in segments[unit] if s["from"] <= month.end <= s["to"]),  # type: ignore[operator]
            "end": month.end,
            "numerator": 0.0,
            "denominator": 0.0,
            "state": _VALUE if (unit, month) in sent else _NOT_SUBMITTED,
            "provisional": 0,
            "parts": 1,
        }
        for month in it.reach
        for unit in places.of(scope, month)
    ]
    return pa.Table.from_pylist(rows, schema=PARTIALS)
