"""Who sent records: where a source's silence is no zero, a unit without any in a month did not submit."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from trigpoint.definitions.measure import RecordMeasure
from trigpoint.definitions.organisation import Organisation
from trigpoint.definitions.quantity import Quantity
from trigpoint.definitions.source import Source
from trigpoint.engines.dialect import Dialect
from trigpoint.measures.calendar import at_index
from trigpoint.measures.grid import Axes
from trigpoint.measures.holdings import Holdings
from trigpoint.measures.observed import Presence
from trigpoint.measures.places import Places, Scope
from trigpoint.measures.related import table_of
from trigpoint.measures.wanted import Rolled
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

Sent = Collection[tuple[str | None, Month]]


def presence(
    it: Rolled,
    of: RecordMeasure | Quantity,
    held: Holdings,
    places: Places,
    axes: Axes,
    *,
    person: bool = False,
) -> Presence | None:
    """Of the units of which a measure's (or a part's) sources expect records, how many sent any.

    For a ``person``, it is their team that should have. None where the silence of each source is zero.
    """
    quantities = list(of.quantities) if isinstance(of, RecordMeasure) else [of]
    sources = {one.from_: held.catalogue.source(one.from_) for one in quantities}
    asked = {code: one for code, one in sources.items() if _expects(one) and code in held.records}
    if not asked:
        return None
    parts, present = (np.zeros(axes.shape, dtype=np.int64) for _ in range(2))
    others = np.zeros(axes.shape, dtype=np.int64)
    at = {place: row for row, place in enumerate(axes.places.to_pylist())}
    above = _theirs(held, it.reach) if person else _above(held, it.reach)
    for code, source in asked.items():
        sent = _sent(code, source, it.reach, held)
        scope = Scope((source.expects.level,), it.indicator.kinds, "home", strict=True)  # type: ignore[arg-type]
        for column, end in enumerate(axes.months):
            for month in _months(quantities, code, end) if end in it.months else ():
                for unit in places.of(scope, month):
                    came = (unit, month) in sent
                    for place in above.get((unit, month), ()):
                        row = at[place]
                        parts[row, column] += 1
                        present[row, column] += came
                        others[row, column] += not person and place != unit
    return Presence(parts, present, others == 0)


def _months(quantities: Iterable[Quantity], code: str, end: Month) -> set[Month]:
    """The months of a source that a figure rests on: each once, though both its sides do."""
    return {month for it in quantities if it.from_ == code for month in it.window.months(end)}


def _expects(source: Source) -> bool:
    return source.covers == "units_present" and source.expects.level is not None


def _above(held: Holdings, months: Collection[Month]) -> dict[tuple[str, Month], list[str]]:
    """The places that each unit's figures of a month belong to: those of its place on the last day."""
    lie_in: dict[int, list[str]] = {}
    for segment, unit in zip(
        *(held.structure.ancestors[name].to_pylist() for name in ("segment", "unit")), strict=True
    ):
        lie_in.setdefault(segment, []).append(unit)
    columns = ("unit", "segment", "from", "to")
    rows = list(zip(*(held.structure.segments[name].to_pylist() for name in columns), strict=True))
    return {
        (unit, month): lie_in.get(segment, [])
        for month in months
        for unit, segment, first, last in rows
        if first <= month.end <= last
    }


def _theirs(held: Holdings, months: Collection[Month]) -> dict[tuple[str, Month], list[str]]:
    """The members of staff of each team in each month."""
    organisation = held.catalogue.organisation
    found: dict[tuple[str, Month], list[str]] = {}
    for unit in organisation.units:
        if organisation.level(unit) is Level.PERSON:
            for month in months:
                found.setdefault((str(_team(organisation, unit, month)), month), []).append(unit)
    return found


def _sent(code: str, source: Source, months: Collection[Month], held: Holdings) -> Sent:
    """The units that sent a record in each month; for what is recorded of a person, their team sent it."""
    wanted = held.months_of(code)
    read = {code: [month for month in wanted if month in set(months)]}
    answer = held.ask(_sql(code, source, held.dialect), read, held.calendar(months))
    found = {
        (unit, at_index(index))
        for unit, index in zip(answer["unit"].to_pylist(), answer["month"].to_pylist(), strict=True)
    }
    organisation = held.catalogue.organisation
    return found | {(_team(organisation, unit, month), month) for unit, month in found}


def _sql(code: str, source: Source, dialect: Dialect) -> str:
    unit, dated = (dialect.identifier(str(name)) for name in (source.unit_field, source.dated))
    return f"""\
SELECT r.{unit} AS unit, d.month
FROM {dialect.identifier(table_of(code))} r JOIN days d ON d.day = CAST(r.{dated} AS DATE)
GROUP BY r.{unit}, d.month"""  # noqa: S608 - nothing unparsed


def _team(organisation: Organisation, unit: str | None, month: Month) -> str | None:
    if unit is None or unit not in organisation.units or organisation.level(unit) is not Level.PERSON:
        return unit
    return next((place for place in organisation.ancestors(unit, month)), unit)
