"""What is rolled up: which figures of which indicators, over which months, and when they are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import AnyMeasure, Measure, RecordMeasure
from trigpoint.measures.compile import PRECEDENCE
from trigpoint.measures.places import Scope
from trigpoint.measures.purged import Purged
from trigpoint.measures.rollup import WANTED
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month, Period

_VALUE, _NOT_DUE = PRECEDENCE.index(State.VALUE), PRECEDENCE.index(State.NOT_DUE)
_NOT_SUBMITTED = PRECEDENCE.index(State.NOT_SUBMITTED)


@dataclass(frozen=True, slots=True, eq=False)
class Rolled:
    """One measure of an indicator that is rolled up, and the months in which it is the one."""

    code: str
    indicator: Indicator
    measure: AnyMeasure
    months: tuple[Month, ...]

    @property
    def scope(self) -> Scope:
        """Where its figures are shown."""
        return Scope(self.indicator.levels, self.indicator.kinds, "home")

    @property
    def reach(self) -> tuple[Month, ...]:
        """The months whose records it needs."""
        back = self.measure.window - 1 if isinstance(self.measure, RecordMeasure) else 0
        return tuple(sorted({month - n for month in self.months for n in range(back + 1)}))


def rolled(catalogue: Catalogue, months: Iterable[Month]) -> Iterator[Rolled]:
    """Every measure over records, and every measure of figures that rolls up."""
    for code, indicator in catalogue.indicators.items():
        by_measure: dict[int, list[Month]] = {}
        for month in months:
            version = indicator.version(month)
            if version is not None and indicator.expected(month) and _rolls(version.measure):
                by_measure.setdefault(indicator.versions.index(version), []).append(month)
        for at, held in by_measure.items():
            yield Rolled(code, indicator, indicator.versions[at].measure, tuple(held))


def _rolls(measure: AnyMeasure) -> bool:
    return isinstance(measure, RecordMeasure) or measure.rolls_up_from is not None


def wanted_table(
    of: Iterable[Rolled], since: Mapping[str, Month], through: Mapping[str, Month], purged: Purged
) -> pa.Table:
    """A row for each figure, with the columns of ``WANTED``.

    ``since`` and ``through`` are the first and last month of which each source holds records. A
    figure that may rest on ``purged`` ones is as if it had not been submitted.
    """
    rows = [
        {
            "indicator": it.code,
            "scope": it.scope.name,
            "start": period.start,
            "end": month.end,
            "first": (month.end if isinstance(it.measure, Measure) else Month.of(period.start).end),
            "per": it.indicator.scale(it.measure) if it.measure.ratio else None,
            "coverage": it.measure.coverage if isinstance(it.measure, Measure) else None,
            **_when_silent(it.measure, period, since, through, purged),
        }
        for it in of
        for month in it.months
        for period in (Period.ending(month, it.measure.window),)
    ]
    return pa.Table.from_pylist(rows, schema=WANTED)


def _when_silent(
    measure: AnyMeasure,
    period: Period,
    since: Mapping[str, Month],
    through: Mapping[str, Month],
    purged: Purged,
) -> dict[str, int | None]:
    if isinstance(measure, Measure):
        return {"silence": None, "instead": None}
    if purged.unmade(measure, period):
        return {"silence": _VALUE, "instead": _NOT_SUBMITTED}
    first, last = Month.of(period.start), Month.of(period.end)
    held = all(
        source in since and source in through and since[source] <= first and last <= through[source]
        for source in measure.sources
    )
    return {"silence": _VALUE, "instead": None if held else _NOT_DUE}


def records_since(catalogue: Catalogue, records: Mapping[str, pa.Table]) -> dict[str, Month]:
    """The first month of which each source holds all its records: as it declares, or its first record's."""
    found = {}
    for code, table in records.items():
        source = catalogue.sources[code]
        if source.expects.from_ is not None:
            found[code] = source.expects.from_
        elif table.num_rows:
            first: dt.date = pc.min(table[source.dated]).as_py()
            found[code] = Month(first.year, first.month)
    return found
