"""What is rolled up: which figures of which indicators, over which months, and when they are due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import AnyMeasure, FormulaMeasure, Measure
from trigpoint.measures.places import Scope
from trigpoint.measures.rollup import WANTED
from trigpoint.terms.period import Month


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
    def of_figures(self) -> bool:
        """Whether it adds up returned figures."""
        return isinstance(self.measure, Measure)

    @property
    def reach(self) -> tuple[Month, ...]:
        """The months whose records it needs."""
        if isinstance(self.measure, Measure):
            return self.months
        return tuple(sorted({month for last in self.months for month in self.measure.months(last)}))


def rolled(catalogue: Catalogue, months: Iterable[Month]) -> Iterator[Rolled]:
    """Every measure that is worked out at home: over records, of figures that roll up, by a formula."""
    for code, indicator in catalogue.indicators.items():
        by_measure: dict[int, list[Month]] = {}
        for month in months:
            version = indicator.version(month)
            if version is not None and indicator.expected(month) and _rolls(version.measure):
                by_measure.setdefault(indicator.versions.index(version), []).append(month)
        for at, held in by_measure.items():
            yield Rolled(code, indicator, indicator.versions[at].measure, tuple(held))


def _rolls(measure: AnyMeasure) -> bool:
    return not isinstance(measure, Measure) or measure.rolls_up_from is not None


def befores(catalogue: Catalogue) -> set[int]:
    """How many months before its own a month's figures may rest on: 0, and what formulas look back to."""
    uses: dict[str, set[tuple[str, int]]] = {}
    for code, it in catalogue.indicators.items():
        for version in it.versions:
            for one in version.measure.references if isinstance(version.measure, FormulaMeasure) else ():
                uses.setdefault(code, set()).add((one.code, one.before))
    found = {(code, 0) for code in uses}
    new = found
    while new:
        new = {(code, back + more) for user, back in new for code, more in uses.get(user, ())} - found
        found |= new
    return {0, *(back for _, back in found)}


def wanted_table(of: Iterable[Rolled]) -> pa.Table:
    """A row for each figure that is added up of returned ones, with the columns of ``WANTED``."""
    rows = [
        {
            "indicator": it.code,
            "scope": it.scope.name,
            "start": it.measure.period(month).start,
            "end": month.end,
            "per": it.indicator.scale(it.measure) if it.measure.ratio else None,
            "coverage": it.measure.coverage,
        }
        for it in of
        if isinstance(it.measure, Measure)
        for month in it.months
    ]
    return pa.Table.from_pylist(rows, schema=WANTED)
