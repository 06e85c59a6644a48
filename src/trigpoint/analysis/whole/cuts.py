"""A figure by groups of people: each group of a cut beside everyone else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.arrays import Floats, Ints
from trigpoint.analysis.finding import Difference
from trigpoint.analysis.history import month_indices
from trigpoint.analysis.whole.against import DIFFERENCES, verdicts
from trigpoint.analysis.whole.compare import Apart, Method, apart, possible, rest, too_few
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.cut import Cut
from trigpoint.definitions.indicator import Direction, Indicator
from trigpoint.definitions.measure import AnyMeasure
from trigpoint.terms.panel import Panel, State
from trigpoint.terms.period import Month

YEAR = 12
"""Months of a flow that are added up: one month of a small group says little."""
STATES = tuple(State)
VALUE, NO_DENOMINATOR, NOT_SUBMITTED, INCOMPLETE = (
    STATES.index(state)
    for state in (State.VALUE, State.NO_DENOMINATOR, State.NOT_SUBMITTED, State.INCOMPLETE)
)
ABSENT = -1
"""The state of a figure that has no row."""


@dataclass(frozen=True, slots=True)
class CutGroup:
    """One group's figure, and how far it lies from everyone else's, in the indicator's own measure.

    ``gap`` is the group's figure less that of the other groups together, with its 95% interval;
    None where the two cannot be compared.
    """

    name: str
    numerator: float | None
    denominator: float | None
    value: float | None
    state: State
    gap: float | None
    lower: float | None
    upper: float | None
    verdict: Difference


@dataclass(frozen=True, slots=True)
class CutFindings:
    """The groups of one cut, as declared, those not known last; of the months ``first`` to ``last``."""

    cut: str
    title: str
    first: Month
    last: Month
    groups: tuple[CutGroup, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """A cut's figures, [groups, months], or [groups] alone. NaN is none, ``ABSENT`` no row."""

    numerator: Floats
    denominator: Floats
    value: Floats
    state: Ints

    def only(self, columns: Ints) -> _Figures:
        """Some of the months."""
        return _Figures(
            self.numerator[:, columns],
            self.denominator[:, columns],
            self.value[:, columns],
            self.state[:, columns],
        )


def cuts(
    panel: Panel, catalogue: Catalogue, indicator: str, unit: str, month: Month
) -> tuple[CutFindings, ...]:
    """The cuts that an indicator declares, as they stand for a unit in a month.

    Of a flow whose parts can be added up, the year to ``month``: fewer months where the
    indicator, its data or a break in either is younger. Of everything else, the month alone.
    """
    it = catalogue.indicator(indicator)
    measure = it.measure(month, at_home=catalogue.at_home(unit, month))
    if not it.cuts or measure is None:
        return ()
    adds = it.basis == "flow" and measure.additive
    first = _since(it, catalogue, unit, month) if adds else month
    rows = _rows(panel, indicator, unit, first, month)
    return tuple(_cut(rows, catalogue.cuts[code], code, it, measure, first, month) for code in it.cuts)


def _since(it: Indicator, catalogue: Catalogue, unit: str, month: Month) -> Month:
    """The first month of the year that can be added up with ``month``."""
    broken = [version.from_ for version in it.breaks()]
    broken += [Month.of(spell.from_) for spell in catalogue.organisation.breaks(unit)]
    return max([it.first, month - (YEAR - 1), *(start for start in broken if start <= month)])


def _rows(panel: Panel, indicator: str, unit: str, first: Month, last: Month) -> pa.Table:
    """The rows of one indicator at one unit in these months."""
    table = panel.table
    table = table.filter(pc.and_(pc.equal(table["indicator"], indicator), pc.equal(table["unit"], unit)))
    ends = table["end"]
    within = pc.and_(pc.greater_equal(ends, pa.scalar(first.start)), pc.less_equal(ends, pa.scalar(last.end)))
    return table.filter(within)


def _cut(
    rows: pa.Table, cut: Cut, code: str, it: Indicator, measure: AnyMeasure, first: Month, last: Month
) -> CutFindings:
    names = (*(group.name for group in cut.groups), cut.unknown)
    table = _laid_out(rows, [f"{code}={name}" for name in names], first, last)
    used = np.flatnonzero((table.state == VALUE).any(axis=0))
    if first < last and used.size:
        first, last = measure.months(first + int(used[0]))[0], first + int(used[-1])
    sums = _summed(table.only(used if used.size else np.array([-1])), measure, beside_figures=used.size > 0)
    return CutFindings(code, cut.title, first, last, tuple(_groups(names, sums, it, measure)))


def _laid_out(rows: pa.Table, labels: list[str], first: Month, last: Month) -> _Figures:
    group = pc.index_in(rows["cut"], value_set=pa.array(labels)).fill_null(ABSENT).to_numpy()
    here = group != ABSENT
    place = group[here], month_indices(rows["end"])[here] - first.index
    shape = len(labels), last.index - first.index + 1
    state = np.full(shape, ABSENT)
    state[place] = pc.index_in(rows["state"], value_set=pa.array(STATES, type=pa.string())).to_numpy()[here]
    numbers = {name: np.full(shape, np.nan) for name in ("numerator", "denominator", "value")}
    for name, grid in numbers.items():
        grid[place] = rows[name].to_numpy()[here]
    return _Figures(**numbers, state=state)


def _summed(table: _Figures, measure: AnyMeasure, *, beside_figures: bool) -> _Figures:
    """Each group's figure of all these months, or its state. Beside figures, no row means nobody."""
    seen = np.where(table.state == ABSENT, NO_DENOMINATOR if beside_figures else NOT_SUBMITTED, table.state)
    missing = ~np.isin(seen, (VALUE, NO_DENOMINATOR)).all(axis=1)
    alike = (seen == seen[:, -1:]).all(axis=1)
    state = np.where(missing, np.where(alike, seen[:, -1], INCOMPLETE), VALUE)
    if not measure.additive:
        state = np.where(~missing & np.isnan(table.value[:, -1]), NO_DENOMINATOR, state)
        return _Figures(table.numerator[:, -1], table.denominator[:, -1], table.value[:, -1], state)
    numerator = np.where(missing, np.nan, np.nansum(table.numerator, axis=1))
    if not measure.ratio:
        return _Figures(numerator, np.full_like(numerator, np.nan), numerator, state)
    denominator = np.where(missing, np.nan, np.nansum(table.denominator, axis=1))
    state = np.where(denominator == 0, NO_DENOMINATOR, state)
    return _Figures(
        numerator, denominator, numerator / np.where(denominator == 0, np.nan, denominator), state
    )


def _groups(names: Sequence[str], sums: _Figures, it: Indicator, measure: AnyMeasure) -> Iterator[CutGroup]:
    scale = it.scale(measure) if measure.ratio else 1.0
    gap, codes = _gaps(sums, it.chance if measure.ratio else None, it.direction)
    gap = gap.times(scale)
    for at, name in enumerate(names):
        yield CutGroup(
            name,
            _number(sums.numerator[at]),
            _number(sums.denominator[at]),
            _number(sums.value[at] * scale),
            STATES[sums.state[at]],
            _number(gap.difference[at]),
            _number(gap.lower[at]),
            _number(gap.upper[at]),
            DIFFERENCES[codes[at]],
        )


def _gaps(sums: _Figures, method: Method | None, direction: Direction) -> tuple[Apart, Ints]:
    """How far each group lies from the others together, and what to call it. One missing hides them all."""
    codes = np.full(len(sums.state), DIFFERENCES.index(Difference.NOT_COMPARED))
    gap = np.full((3, len(codes)), np.nan)
    if method is not None:
        part, size = sums.numerator, sums.denominator
        other, other_size = (rest(np.full_like(one, one.sum()), one) for one in (part, size))
        fits = possible(part, size, method) & possible(other, other_size, method)
        part, size, other, other_size = part[fits], size[fits], other[fits], other_size[fits]
        found = apart(part, size, other, other_size, method)
        gap[:, fits] = found.difference, found.lower, found.upper
        codes[fits] = verdicts(found, too_few(part, size, other, other_size, method), direction)
    return Apart(*gap), codes


def _number(number: np.float64) -> float | None:
    return None if np.isnan(number) else float(number)
