"""One indicator's series as they are put on charts: which kind, under which rules, from which points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trigpoint.analysis.arrays import Bools, Floats, Ints
from trigpoint.analysis.history import History
from trigpoint.analysis.past.breaks import Decided, baseline, excluded, segments
from trigpoint.analysis.past.grid import Grid
from trigpoint.analysis.past.kinds import SIZED
from trigpoint.analysis.past.latest import Latest, latest, refused
from trigpoint.analysis.past.limits import ROLLING
from trigpoint.analysis.past.variation import Charts, Sizes, chart, shown_by
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.chart_choice import chart_for
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import ChartKind, RuleProfile


@dataclass(frozen=True, slots=True, eq=False)
class Charting:
    """The charts of a history, [units, months in which a figure is due].

    ``values`` is NaN where there is no figure, and where it is one that the kind of chart cannot
    show (a share of more than all): such a month is not assessed. ``baseline`` marks the points
    that set the limits, where a definition or a decision names them; ``named`` the months that a
    decision names.
    """

    profile: RuleProfile
    kind: ChartKind
    direction: Direction
    every: int
    charted: bool
    values: Floats
    segments: Ints
    left_out: Bools
    baseline: Bools | None
    named: Bools | None
    sizes: Sizes | None

    @classmethod
    def of(cls, history: History, catalogue: Catalogue, decided: Decided) -> Charting:
        """How the catalogue and the decisions have a history charted."""
        it, due = history.indicator, slice(None, None, history.every)
        profile = catalogue.profiles[catalogue.profile_of(history.code)]
        kind, _ = chart_for(it, profile)
        sizes = None
        if kind in SIZED:
            sizes = Sizes(history.denominators[:, due], it.scale(it.versions[-1].measure))
        values = history.values[:, due]
        values = np.where(shown_by(values, kind, sizes), values, np.nan)
        starts = segments(history, catalogue, decided)[:, due]
        left_out = excluded(history, decided)[:, due]
        every_month = baseline(history, decided)
        named = None if every_month is None else every_month[:, due]
        used = _baseline(Grid.of(values, starts, left_out, it.spc.baseline), named)
        return cls(
            profile,
            kind,
            it.direction,
            history.every,
            history.charted,
            values,
            starts,
            left_out,
            used,
            named,
            sizes,
        )

    def drawn(self) -> Charts:
        """Every point judged by all others. A series that may not be charted has no points."""
        return chart(
            self.values if self.charted else np.full(self.values.shape, np.nan),
            self.segments,
            self.left_out,
            profile=self.profile,
            direction=self.direction,
            baseline=self.baseline,
            kind=self.kind,
            sizes=self.sizes,
        )

    def latest(self, unit: Ints, column: Ints) -> Latest:
        """The chart of each unit as it stood at a column of the history."""
        if not self.charted:
            return refused(len(unit), ROLLING)
        return latest(
            self.values,
            self.segments,
            self.left_out,
            unit,
            column // self.every,
            profile=self.profile,
            direction=self.direction,
            baseline=self.baseline,
            kind=self.kind,
            sizes=self.sizes,
        )


def _baseline(grid: Grid, named: Bools | None) -> Bools | None:
    """The points that set the limits: those a decision names, in its segments; else the definition's."""
    if named is None:
        return None if grid.used is grid.points else grid.used
    by_decision = grid.points & named
    return np.where(grid.spread(grid.count(by_decision) > 0), by_decision, grid.used)
