"""Process limits of many series at once, and whether a series can carry any.

What a month without a figure does is the profile's to say. Where gaps ``break``:

- It is not a point: it counts towards nothing and is never flagged.
- It breaks every pattern. No moving range is taken across it, and a run, a trend or a
  two-of-three has to be of months that follow one another. A range across a gap measures the
  change of two or more months, which widens the limits and so hides the change (Hart and Hart,
  on interrupted individuals charts); and "seven months running" has to mean what it says.
- A point that a decision excludes is drawn, but to the limits and the rules it is a gap.

Where they are ``bridge``-d, the months on either side are taken for neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trigpoint.analysis.arrays import TIE, Bools, Codes, Floats, Ints
from trigpoint.analysis.finding import SeriesStatus
from trigpoint.analysis.past.grid import Grid
from trigpoint.analysis.past.kinds import T_POWER, Plotted, Process, process
from trigpoint.definitions.profile import ChartKind, RuleProfile

STATUSES = tuple(SeriesStatus)
"""What a code in ``Limits.status`` means."""
CHARTED, CONSTANT, SCREENING_ABANDONED, ZERO_WIDTH, TOO_FEW, ROLLING, NO_FIGURES = (
    STATUSES.index(status)
    for status in (
        SeriesStatus.CHARTED,
        SeriesStatus.CONSTANT,
        SeriesStatus.SCREENING_ABANDONED,
        SeriesStatus.ZERO_WIDTH,
        SeriesStatus.TOO_FEW,
        SeriesStatus.ROLLING,
        SeriesStatus.NO_FIGURES,
    )
)
FROM_ZERO = frozenset(
    {
        ChartKind.MR,
        ChartKind.P,
        ChartKind.P_PRIME,
        ChartKind.U,
        ChartKind.U_PRIME,
        ChartKind.C,
        ChartKind.G,
        ChartKind.S,
    }
)
"""The kinds whose points cannot be below zero, so that no limit is."""
SHARES = frozenset({ChartKind.P, ChartKind.P_PRIME})
"""The kinds whose points, and limits, cannot pass all of a whole."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The centre line and the limits. NaN where there are none."""

    centre: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """The limits of each segment of a grid, [segments], in what its kind of chart is drawn of.

    ``points`` and ``used`` count its points and those that set the limits; ``least`` and ``most``
    are the extremes of its points, and ``tie`` is the distance under which two of them are equal.
    ``process`` is NaN where the status allows no limits.
    """

    kind: ChartKind
    scale: float
    status: Codes
    points: Ints
    used: Ints
    process: Process
    least: Floats
    most: Floats
    tie: Floats

    @property
    def judged(self) -> Bools:
        """The segments whose points can be judged by rules."""
        return np.asarray((self.status == CHARTED) | (self.status == SCREENING_ABANDONED))

    @property
    def extremes(self) -> tuple[Floats, Floats]:
        """The least and the most of each segment's points, in the figures' own units."""
        if self.kind is not ChartKind.T:
            return self.least, self.most
        return np.power(self.least, T_POWER), np.power(self.most, T_POWER)

    def lines(self, grid: Grid, share: float = 1.0) -> Lines:
        """The lines of every month, [series, months], as they are drawn: in the figures' own units.

        ``share`` of the way to the limits gives the lines of two sigma, or of one. They never pass
        what this kind of figure can reach: zero, or all of a whole. They are not clipped to what
        one measure can reach.
        """
        return self._lines(grid.spread, self.process.factor, share)

    def ends(self, column: Ints) -> Lines:
        """The lines at one month of each series, [series], of a grid whose series have one segment each."""
        factor = self.process.factor
        return self._lines(lambda of: of, None if factor is None else factor[np.arange(len(column)), column])

    def _lines(self, laid: Callable[[Floats], Floats], factor: Floats | None, share: float = 1.0) -> Lines:
        reach = laid(share * self.process.reach)
        if factor is not None:
            reach = reach * factor
        middle = laid(self.process.middle)
        lower, upper = middle - reach, middle + reach
        if self.kind in FROM_ZERO or self.kind is ChartKind.T:
            lower = np.maximum(lower, 0.0)
        if self.kind in SHARES:
            upper = np.minimum(upper, self.scale)
        centre = laid(self.process.centre)
        if self.kind is ChartKind.T:
            centre, lower, upper = (np.power(line, T_POWER) for line in (centre, lower, upper))
        return Lines(centre, lower, upper)


def limits(
    grid: Grid,
    profile: RuleProfile,
    kind: ChartKind = ChartKind.I,
    *,
    scale: float = 1.0,
    deviations: Floats | None = None,
) -> Limits:
    """Set the limits of each segment from its used points. ``grid`` holds what the kind is drawn of.

    Degenerate segments get a status. ``CONSTANT``: every point is the same, and the limits lie
    on it. ``ZERO_WIDTH``: points differ, yet those that set the limits do not, or no two
    neighbours among them do, so how far the process strays cannot be estimated.
    ``SCREENING_ABANDONED``: screening would have left no range above zero, so all were kept.
    """
    counts = grid.count(grid.points)
    least = np.minimum.reduceat(np.where(grid.points, grid.values, np.inf).ravel(), grid.starts)
    most = np.maximum.reduceat(np.where(grid.points, grid.values, -np.inf).ravel(), grid.starts)
    tie = grid.tie
    if tie is None:
        tie = np.where(counts > 0, TIE * np.maximum(np.abs(least), np.abs(most)), 0.0)
    found = process(kind, Plotted(grid, tie, profile, scale, deviations))

    still = (found.reach == 0) | np.isnan(found.reach)
    with np.errstate(invalid="ignore"):
        rules: list[tuple[Bools, int]] = [
            (counts == 0, NO_FIGURES),
            (counts < profile.minimum_points, TOO_FEW),
            ((most - least <= tie) & still, CONSTANT),
            *([] if found.ranges is None else [(found.ranges < profile.minimum_ranges, TOO_FEW)]),
            (found.reach == 0, ZERO_WIDTH),
            *([] if found.abandoned is None else [(found.abandoned, SCREENING_ABANDONED)]),
        ]
    status = np.select([rule for rule, _ in rules], [code for _, code in rules], CHARTED).astype(np.int8)
    known = (status != NO_FIGURES) & (status != TOO_FEW)
    centre = np.where(known, found.centre, np.nan)
    middle = centre if found.middle is found.centre else np.where(known, found.middle, np.nan)
    reach = np.where(known, np.where(status == CONSTANT, 0.0, found.reach), np.nan)
    used = counts if grid.used is grid.points else grid.count(grid.used)
    return Limits(
        kind, scale, status, counts, used, Process(centre, middle, reach, found.factor), least, most, tie
    )
