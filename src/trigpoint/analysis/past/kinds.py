"""What each kind of control chart makes of its points: the centre, and how far the limits lie from it.

Sources: Montgomery, Introduction to Statistical Quality Control; Wheeler, Understanding Variation (XmR);
Laney 2002, Quality Engineering 14:531-537 (P' and U'); Provost and Murray, The Health Care Data Guide
(G and T, with Nelson's transformation of 1994); the arithmetic is that of the R package qicharts2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from trigpoint.analysis.arrays import Bools, Floats, Ints, Segments
from trigpoint.analysis.past.grid import Grid
from trigpoint.definitions.profile import ChartKind, RuleProfile

D2 = 1.128
"""Mean moving ranges of two in a row, in sigmas, as the published tools round it."""
D4 = 3.267
"""The upper limit of a moving range, in mean moving ranges, as they round it."""
T_POWER = 3.6
"""Times between events raised to 1 / 3.6 are nearly normal (Nelson 1994)."""
SIZED = frozenset(
    {ChartKind.P, ChartKind.P_PRIME, ChartKind.U, ChartKind.U_PRIME, ChartKind.XBAR, ChartKind.S}
)
"""The kinds whose limits depend on what each figure is out of."""
SPREAD = frozenset({ChartKind.XBAR})
"""The kinds that need the spread within each month."""


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """A process as its chart sees it, [segments].

    ``centre`` is the line shown, ``middle`` what the limits lie ``reach`` either side of; where
    ``factor``, [series, months], is given, each month's limits lie so many times that far.
    ``ranges`` counts the moving ranges behind it, where it rests on any; ``abandoned`` says where
    screening would have left none above zero, so that all were kept.
    """

    centre: Floats
    middle: Floats
    reach: Floats
    factor: Floats | None = None
    ranges: Ints | None = None
    abandoned: Bools | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Plotted:
    """What a kind is worked out from. ``scale`` is what a share or rate is multiplied by: 100 for per cent.

    ``tie``, [segments], is the distance under which two figures are equal; ``deviations`` are the
    standard deviations within each month, for the charts of subgroups.
    """

    grid: Grid
    tie: Floats
    profile: RuleProfile
    scale: float = 1.0
    deviations: Floats | None = None


def drawn(values: Floats, segments: Segments | None, kind: ChartKind) -> Floats:
    """What a kind is drawn of: the figures, times made nearly normal, or moving ranges.

    A range belongs to the later of its two months, and none is taken over a re-base or a gap.
    """
    if kind is ChartKind.T:
        return np.asarray(np.power(values, 1 / T_POWER))
    if kind is not ChartKind.MR:
        return values
    ranges = np.full(values.shape, np.nan)
    ranges[:, 1:] = np.abs(np.diff(values, axis=1))
    if segments is not None:
        ranges[:, 1:][segments[:, 1:] != segments[:, :-1]] = np.nan
    return ranges


def process(kind: ChartKind, plotted: Plotted) -> Process:
    """Centre and limits of one kind of chart, of each segment."""
    return _OF[kind](plotted)


def moving_ranges(grid: Grid, values: Floats, which: Bools) -> tuple[Floats, Bools]:
    """How far each figure lies from the one before, flattened, and where there is one before."""
    size = np.zeros(values.size)
    np.abs(np.diff(values.ravel()), out=size[1:])
    return size, grid.joined(which)


def mean_range(
    grid: Grid, values: Floats, tie: Floats, profile: RuleProfile
) -> tuple[Floats, Ints, Bools | None]:
    """Each segment's mean moving range (or median, as the profile says), their number, and where
    screening was abandoned."""
    size, ranged = moving_ranges(grid, values, grid.used)
    size *= ranged & (size > grid.spread(tie).ravel())
    count = grid.count(ranged)
    average = _average(grid, size, ranged, profile)
    if profile.screening is None:
        return average, count, None
    kept = ranged & (size < grid.spread(profile.screening * average - tie).ravel())
    screened = _average(grid, size, kept, profile)
    abandoned = (screened == 0) & (average > 0)
    return np.where(abandoned, average, screened), count, abandoned


def _average(grid: Grid, size: Floats, which: Bools, profile: RuleProfile) -> Floats:
    if profile.spread == "median":
        return grid.median(size.reshape(grid.values.shape), which.reshape(grid.values.shape))
    return np.asarray(grid.total(size * which) / np.maximum(grid.count(which), 1))


def _individuals(of: Plotted) -> Process:
    grid = of.grid
    line = grid.median if of.profile.centre == "median" else grid.mean
    centre = line(grid.values, grid.used)
    average, ranges, abandoned = mean_range(grid, grid.values, of.tie, of.profile)
    return Process(centre, centre, of.profile.limit * average, None, ranges, abandoned)


def _run(of: Plotted) -> Process:
    """A median and no limits."""
    centre = of.grid.median(of.grid.values, of.grid.used)
    return Process(centre, centre, np.full(centre.shape, np.nan))


def _ranges(of: Plotted) -> Process:
    """Moving ranges: as published, measured from zero."""
    centre = of.grid.mean(of.grid.values, of.grid.used)
    return Process(centre, np.zeros(centre.shape), D4 / 3 * of.profile.sigmas * centre)


def _counts(of: Plotted) -> Process:
    centre = of.grid.mean(of.grid.values, of.grid.used)
    return Process(centre, centre, of.profile.sigmas * np.sqrt(centre))


def _gaps(of: Plotted) -> Process:
    """Cases between events: geometric. The median is shown, since half of the points lie either side."""
    mean = of.grid.mean(of.grid.values, of.grid.used)
    centre = of.grid.median(of.grid.values, of.grid.used)
    return Process(centre, mean, of.profile.sigmas * np.sqrt(mean * (mean + 1)))


def _shares(of: Plotted) -> Process:
    centre = _weighted(of)
    share = np.clip(centre / of.scale, 0.0, 1.0)
    return _sized(of, centre, np.sqrt(share * (1 - share)) * of.scale)


def _rates(of: Plotted) -> Process:
    centre = _weighted(of)
    return _sized(of, centre, np.sqrt(np.maximum(centre / of.scale, 0.0)) * of.scale)


def _sized(of: Plotted, centre: Floats, deviation: Floats) -> Process:
    return Process(centre, centre, of.profile.sigmas * deviation, 1 / np.sqrt(_sizes(of)))


def _laney(binomial: Process, of: Plotted) -> Process:
    """P' and U': limits widened by how far the figures stray beyond (or short of) chance alone."""
    grid, factor = of.grid, binomial.factor
    assert factor is not None  # noqa: S101 - both kinds are sized
    away = grid.values - grid.spread(binomial.centre)
    apart = grid.points & (np.abs(away) > grid.spread(of.tie))
    deviation = grid.spread(binomial.reach / of.profile.sigmas) * factor
    z = np.divide(away, deviation, out=np.zeros(away.shape), where=apart & (deviation > 0))
    average, ranges, abandoned = mean_range(grid, z, np.zeros(of.tie.shape), of.profile)
    return replace(binomial, reach=binomial.reach * average / D2, ranges=ranges, abandoned=abandoned)


def _means(of: Plotted) -> Process:
    sizes = _sizes(of)
    return Process(
        centre := _weighted(of), centre, of.profile.sigmas * _within(of), 1 / (c4(sizes) * np.sqrt(sizes))
    )


def _deviations(of: Plotted) -> Process:
    unbiased = c4(_sizes(of))
    centre = _within(replace(of, deviations=of.grid.values))
    return Process(centre, centre, of.profile.sigmas * centre, np.sqrt(1 - unbiased**2) / unbiased)


def c4(size: Floats) -> Floats:
    """What a standard deviation of ``size`` normal figures comes to, on average, in true ones."""
    freedom = size - 1
    return np.asarray(np.sqrt(2 / freedom) * np.exp(special.gammaln(size / 2) - special.gammaln(freedom / 2)))


def _within(of: Plotted) -> Floats:
    """The standard deviation within months: their mean, or pooled where the months differ in size."""
    grid, sizes, deviations = of.grid, _sizes(of), of.deviations
    assert deviations is not None  # noqa: S101 - held by `variation.chart`
    freedom = np.where(grid.used, sizes - 1, 0.0)
    squares = np.where(grid.used, freedom * np.nan_to_num(deviations) ** 2, 0.0)
    pooled = np.sqrt(grid.total(squares) / np.maximum(grid.total(freedom), 1))
    largest, least = (
        edge.reduceat(np.where(grid.used, sizes, other).ravel(), grid.starts)
        for edge, other in ((np.maximum, 0.0), (np.minimum, np.inf))
    )
    return np.where(largest == least, grid.mean(deviations, grid.used), pooled)


def _weighted(of: Plotted) -> Floats:
    """The figure of all used months together: all numerators over all denominators."""
    grid = of.grid
    sizes = np.where(grid.used, _sizes(of), 0.0)
    return np.asarray(grid.total(grid.values * sizes) / np.maximum(grid.total(sizes), np.finfo(float).tiny))


def _sizes(of: Plotted) -> Floats:
    assert of.grid.sizes is not None  # noqa: S101 - held by `variation.chart`
    return of.grid.sizes


_OF: Mapping[ChartKind, Callable[[Plotted], Process]] = {
    ChartKind.RUN: _run,
    ChartKind.I: _individuals,
    ChartKind.MR: _ranges,
    ChartKind.P: _shares,
    ChartKind.P_PRIME: lambda of: _laney(_shares(of), of),
    ChartKind.U: _rates,
    ChartKind.U_PRIME: lambda of: _laney(_rates(of), of),
    ChartKind.C: _counts,
    ChartKind.G: _gaps,
    ChartKind.T: _individuals,
    ChartKind.XBAR: _means,
    ChartKind.S: _deviations,
}
