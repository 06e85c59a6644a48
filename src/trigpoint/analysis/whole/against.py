"""Each unit's figure against the whole that it is part of.

A unit is part of its own whole, so the two are not independent: it is compared with the rest of the
whole, and the answer is shown as its difference from the whole (``compare.against_rest``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from trigpoint.analysis.arrays import Bools, Floats, Ints
from trigpoint.analysis.finding import Difference, WholeReason
from trigpoint.analysis.findings import WHOLE, known, words
from trigpoint.analysis.history import NEVER, History
from trigpoint.analysis.whole.compare import Apart, Method, against_rest, possible, rest, too_few
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.measure import AnyMeasure
from trigpoint.definitions.organisation import Organisation
from trigpoint.terms.period import Month

DIFFERENCES = tuple(Difference)
"""What a code of ``verdicts`` means."""
REASONS = (*WholeReason, "")
"""Why a figure is not compared; the last stands for those that are."""
COMPARED = len(WholeReason)
_SIDES = {
    "up": (Difference.BETTER, Difference.WORSE),
    "down": (Difference.WORSE, Difference.BETTER),
    "neutral": (Difference.HIGHER, Difference.LOWER),
}


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Numerators, denominators and values of many figures; NaN where there is none."""

    numerator: Floats
    denominator: Floats
    value: Floats

    @classmethod
    def of(cls, history: History, row: Ints) -> _Parts:
        """The figures in these rows of a history's table; ``NEVER`` is none."""
        columns = (history.table[name].to_numpy() for name in ("numerator", "denominator", "value"))
        return cls(*(np.append(column, np.nan)[row] for column in columns))

    def only(self, which: Bools) -> _Parts:
        return _Parts(self.numerator[which], self.denominator[which], self.value[which])

    @property
    def alone(self) -> Bools:
        """Values without the parts that they were made of."""
        return ~np.isnan(self.value) & (np.isnan(self.numerator) | np.isnan(self.denominator))

    def less(self, part: _Parts) -> _Parts:
        """What is left of these without a part of each."""
        left = rest(self.numerator, part.numerator), rest(self.denominator, part.denominator)
        return _Parts(*left, np.full_like(self.value, np.nan))


def verdicts(found: Apart, few: Bools, direction: Direction) -> Ints:
    """What to call each difference."""
    high, low = (DIFFERENCES.index(side) for side in _SIDES[direction])
    return np.select(
        [few, ~found.beyond_chance, found.lower > 0],
        [DIFFERENCES.index(Difference.TOO_FEW), DIFFERENCES.index(Difference.NO_DIFFERENT), high],
        low,
    )


def against_whole(history: History, catalogue: Catalogue, unit: Ints, column: Ints) -> pa.StructArray:
    """Each figure against its whole."""
    wholes, of_figure = _wholes(history, catalogue, unit, column)
    ours = _Parts.of(history, history.row[unit, column])
    theirs = _Parts.of(history, _rows(history, wholes, of_figure, column))
    method = history.indicator.chance
    reasons = _reasons(history, method, ours, theirs, of_figure, column)
    given = reasons == COMPARED
    verdict, *numbers = _compared(
        history, method or "rate", ours.only(given), theirs.only(given), column[given]
    )
    codes = np.full(len(unit), DIFFERENCES.index(Difference.NOT_COMPARED))
    codes[given] = verdict
    return pa.StructArray.from_arrays(
        [
            words((*wholes, ""), np.where(of_figure == NEVER, len(wholes), of_figure)),
            words(DIFFERENCES, codes),
            *(known(_spread(one, given)) for one in numbers),
            words(REASONS, reasons),
        ],
        fields=list(WHOLE),
    )


def _compared(
    history: History, method: Method, ours: _Parts, theirs: _Parts, column: Ints
) -> tuple[Ints, Floats, Floats, Floats, Floats, Floats]:
    """Verdict, the whole's value, difference, lower, upper and share of figures that can be compared."""
    scales = [1.0 if it is None else history.indicator.scale(it) for it in _measures(history)]
    found = against_rest(
        ours.numerator,
        ours.denominator,
        theirs.numerator,
        theirs.denominator,
        method,
        np.array(scales)[column],
    )
    others = theirs.less(ours)
    few = too_few(ours.numerator, ours.denominator, others.numerator, others.denominator, method)
    verdict = verdicts(found, few, history.indicator.direction)
    share = ours.denominator / theirs.denominator
    return verdict, theirs.value, found.difference, found.lower, found.upper, share


def _reasons(
    history: History, method: Method | None, ours: _Parts, theirs: _Parts, of_figure: Ints, column: Ints
) -> Ints:
    """Why each figure is not compared: the first reason that holds."""
    measures = _measures(history)
    count = np.array([not history.indicator.ranked or (it is not None and it.counts) for it in measures])
    alone = np.array([it is not None and not it.ratio for it in measures])
    others = theirs.less(ours)
    fits = np.full(len(column), method is not None)
    if method is not None:
        for parts in (ours, others):
            fits &= possible(parts.numerator, parts.denominator, method)
    holds = [
        (of_figure == NEVER, WholeReason.NO_WHOLE),
        (count[column], WholeReason.COUNT),
        (alone[column] | ours.alone, WholeReason.VALUE_ALONE),
        (np.full(len(column), method is None), WholeReason.NO_CHANCE),
        (np.isnan(ours.value), WholeReason.NO_FIGURE),
        (np.isnan(theirs.value), WholeReason.NO_WHOLE_FIGURE),
        (theirs.alone, WholeReason.VALUE_ALONE),
        (others.denominator == 0, WholeReason.ONLY_UNIT),
        (~fits, WholeReason.NO_CHANCE),
    ]
    where, why = zip(*holds, strict=True)
    return np.select(where, [REASONS.index(reason) for reason in why], COMPARED)


def _measures(history: History) -> list[AnyMeasure | None]:
    """The home trust's arithmetic in each month."""
    return [history.indicator.measure(month, at_home=True) for month in history.months]


def _spread(numbers: Floats, over: Bools) -> Floats:
    """Numbers in the places that ``over`` names, NaN elsewhere."""
    spread = np.full(over.shape, np.nan)
    spread[over] = numbers
    return spread


def _rows(history: History, wholes: Sequence[str], of_figure: Ints, column: Ints) -> Ints:
    """The row of the whole's figure beside each; ``NEVER`` where it has none."""
    place = {unit: at for at, unit in enumerate(history.units)}
    units = np.array([*(place.get(code, NEVER) for code in wholes), NEVER])[of_figure]
    return np.where(units == NEVER, NEVER, history.row[units, column])


def _wholes(history: History, catalogue: Catalogue, unit: Ints, column: Ints) -> tuple[tuple[str, ...], Ints]:
    """The wholes that there are, and which is each figure's; ``NEVER`` for none.

    A unit's whole is asked for once for each stretch of months in which nothing above it changed.
    """
    columns = np.unique(column)
    codes: dict[str | None, int] = {None: NEVER}
    grid = np.full(history.values.shape, NEVER)
    for at in np.unique(unit):
        name = history.units[at]
        turns = _turns(catalogue.organisation, name)
        stretch = np.searchsorted(turns, columns + history.first.index, side="right")
        for part in np.unique(stretch):
            within = columns[stretch == part]
            whole = catalogue.whole_of(name, history.first + int(within[0]))
            grid[at, within] = codes.setdefault(whole, len(codes) - 1)
    return tuple(code for code in codes if code is not None), grid[unit, column]


def _turns(organisation: Organisation, unit: str) -> list[int]:
    """The months, by index, in which a spell of a unit, or of any ever above it, starts or is over."""
    chain, turns = [unit], set()
    for code in chain:
        for spell in organisation.spells(code):
            turns |= {Month.of(spell.from_).index, Month.of(spell.to).index + 1}
            if spell.parent is not None and spell.parent not in chain:
                chain.append(spell.parent)
    return sorted(turns)
