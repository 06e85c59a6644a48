"""Whether the time of year explains a series: months of the year against what is left, by an F test.

Each figure is a level (one for each segment), a slope, an effect of its month of the year, and what is
left. F compares the effects with the rest, as in an analysis of variance. A month stands at the same
place in every year, so that what hangs together within a year hardly raises F: figures need not be
independent, and a step need not be known (``tests/oracle/test_difficult.py`` measures how often it is
wrong). ``F_LEVEL`` follows from that measurement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc

from trigpoint.analysis.arrays import Bools, Floats, Ints, Segments
from trigpoint.analysis.past.chunks import chunks, joined
from trigpoint.analysis.past.grid import Grid

F_LEVEL = 0.005
"""F has to be so unlikely where there are no seasons."""
STRONG = 0.3
"""The share of the ups and downs from which seasons spoil a chart.

By simulation, smooth seasons of this share treble the false signals of an XmR chart of 36 months (4.4%
for 1.5%); those that jump from month to month widen its limits by a fifth.
"""
LEAST_OF_EACH = 2
"""Figures of each month of the year: two years, if none is missing."""
LEAST_LEFT = 11
"""Degrees of freedom that must be left: those of 24 months."""
FLAT = 1e-10
"""What is left of a straight line, as a share of its ups and downs, is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Seasons:
    """The test of many series, [series]. ``f`` and ``share`` are NaN where there is too little to test.

    ``share`` is the part of the variance about level and slope that the month of the year explains,
    adjusted for its degrees of freedom. ``effect``, [series, months], is how far its time of year
    lifts each month of a ``strong`` series above the others; 0 elsewhere.
    """

    f: Floats
    share: Floats
    strong: Bools
    effect: Floats


def seasons(values: Floats, segments: Segments, excluded: Bools, season: Ints) -> Seasons:
    """Test series, [series, months]. ``season`` is each month's place in its year, counted from 0.

    All segments count: the time of year is not changed by a re-base.
    """
    return joined(
        [_chunk(values[rows], segments[rows], excluded[rows], season) for rows in chunks(len(values))]
    )


def _chunk(values: Floats, segments: Segments, excluded: Bools, season: Ints) -> Seasons:
    grid = Grid.of(values, segments, excluded)
    kinds = int(season.max(initial=0)) + 1
    within = [grid.points & (season == kind) for kind in range(kinds)]
    count = grid.points.sum(axis=1)
    figures = _about_levels(grid, _in_proportion(grid))
    columns = [np.broadcast_to(np.linspace(0, 1, values.shape[1]), values.shape), *within[1:]]
    given = np.stack([_about_levels(grid, np.where(grid.points, one, 0.0)) for one in columns], axis=2)
    slope, slopes = _left(given[:, :, :1], figures)
    left, effects = _left(given, figures)
    held = count - (grid.first & grid.spread(grid.count(grid.points) > 0)).sum(axis=1)
    freed, freed_of_slope = held - effects.rank, held - slopes.rank
    between = freed_of_slope - freed
    total = (figures**2).sum(axis=1)
    before, after = (slope**2).sum(axis=1), (left**2).sum(axis=1)
    tested = (
        (np.min([of_one.sum(axis=1) for of_one in within], axis=0) >= LEAST_OF_EACH)
        & (freed >= LEAST_LEFT)
        & (between == kinds - 1)
        & (kinds > 1)
        & (before > FLAT * total)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        f = np.where(tested, (before - after) / between / (after / freed), np.nan)
        share = np.where(tested, 1 - after / freed / (before / freed_of_slope), np.nan)
        strong = tested & (fdtrc(between, freed, f) < F_LEVEL) & (share >= STRONG)
    lifts = np.concatenate([np.zeros((len(values), 1)), effects.of[:, 1:]], axis=1)
    largest = np.abs(grid.values).max(axis=1, initial=0)
    return Seasons(f, share, strong, np.where(strong[:, None], lifts[:, season] * largest[:, None], 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Effects:
    """What least squares gives each column, [series, columns], and how many of them are free."""

    of: Floats
    rank: Ints


def _in_proportion(grid: Grid) -> Floats:
    """Figures as shares of each series' largest, so that squares can neither overflow nor vanish."""
    largest = np.abs(grid.values).max(axis=1, keepdims=True, initial=0)
    return np.asarray(np.divide(grid.values, largest, out=np.zeros_like(grid.values), where=largest > 0))


def _about_levels(grid: Grid, amounts: Floats) -> Floats:
    """Amounts about the mean of their segment; 0 where there is no point."""
    level = grid.total(amounts) / np.maximum(grid.count(grid.points), 1)
    return np.where(grid.points, amounts - grid.spread(level), 0.0)


def _left(given: Floats, figures: Floats) -> tuple[Floats, _Effects]:
    """What least squares on the columns of ``given``, [series, months, columns], leaves of the figures."""
    scale, along = np.linalg.eigh(np.einsum("stj,stk->sjk", given, given))
    free = scale > FLAT * np.maximum(scale[:, -1:], FLAT)
    turned = np.einsum("sjk,stj,st->sk", along, given, figures, optimize=True)
    turned = np.divide(turned, scale, out=np.zeros_like(turned), where=free)
    effects = np.einsum("sjk,sk->sj", along, turned)
    return figures - np.einsum("stj,sj->st", given, effects), _Effects(effects, free.sum(axis=1))
