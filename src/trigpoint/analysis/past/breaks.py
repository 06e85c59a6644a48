"""Where a series starts anew, and which of its points are left out: what definitions and people decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from trigpoint.analysis.arrays import Bools, Ints
from trigpoint.analysis.finding import SeriesBreak
from trigpoint.analysis.history import History
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.decision import Decision
from trigpoint.terms.period import Month

Decided = Mapping[tuple[str, str], tuple[Decision, ...]]
"""The decisions that stand for each indicator and unit."""


def by_series(decisions: Iterable[Decision]) -> Decided:
    """Decisions by the indicator and the unit that they are about."""
    decided: dict[tuple[str, str], tuple[Decision, ...]] = {}
    for decision in decisions:
        about = (decision.indicator, decision.unit)
        decided[about] = (*decided.get(about, ()), decision)
    return decided


def breaks(history: History, unit: str, catalogue: Catalogue, decided: Decided) -> tuple[SeriesBreak, ...]:
    """The breaks of one unit's series, in order: ``definition``, ``organisation`` or ``rebase``."""
    indicator = history.indicator
    found = [
        *(SeriesBreak(v.from_, "definition", v.note, indicator.owner) for v in indicator.breaks()),
        *(
            SeriesBreak(Month.of(spell.from_), "organisation", spell.note, "")
            for spell in catalogue.organisation.breaks(unit)
        ),
        *(
            SeriesBreak(decision.month, "rebase", decision.reason, decision.by)
            for decision in decided.get((history.code, unit), ())
            if decision.kind == "rebase"
        ),
    ]
    return tuple(sorted(found, key=lambda one: one.month))


def segments(history: History, catalogue: Catalogue, decided: Decided) -> Ints:
    """The segment that each month of each series lies in, [units, months]; it counts up at a break."""
    months = history.first.index + np.arange(history.values.shape[1])
    starts = [[b.month.index for b in breaks(history, unit, catalogue, decided)] for unit in history.units]
    return np.array([np.searchsorted(of_unit, months, side="right") for of_unit in starts])


def baseline(history: History, decided: Decided) -> Bools | None:
    """The months, [units, months], that a decision sets limits from; None where no decision does."""
    covered: Bools = np.zeros_like(history.values, dtype=np.bool_)
    months = history.first.index + np.arange(history.values.shape[1])
    for place, unit in enumerate(history.units):
        for decision in decided.get((history.code, unit), ()):
            if decision.until is not None:
                covered[place] |= (decision.month.index <= months) & (months <= decision.until.index)
    return covered if covered.any() else None


def excluded(history: History, decided: Decided) -> Bools:
    """The months, [units, months], whose point a decision leaves out."""
    out: Bools = np.zeros_like(history.values, dtype=np.bool_)
    for place, unit in enumerate(history.units):
        for decision in decided.get((history.code, unit), ()):
            column = decision.month.index - history.first.index
            if decision.kind == "exclude" and 0 <= column < len(history.months):
                out[place, column] = True
    return out
