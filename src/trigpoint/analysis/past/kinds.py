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

from trigpoint.analysis.arguments import refuse
from trigpoint.analysis.arrays import Bools, Floats, Ints, Segments
from trigpoint.analysis.past.grid import Grid
from trigpoint.definitions.profile import ChartKind, RuleProfile

D2 = {"mean": 1.128, "median": 0.954}
"""The mean, and the median, moving range of normal figures, in sigmas, as published tools round them."""
D4 = {"mean": 3.267, "median": 3.865}
"""Three sigma of a moving range, in mean and in median ranges, as they round it."""
T_POWER = 3.6
"""Times between events raised to 1 / 3.6 are nearly normal (Nelson 1994)."""
SIZED = frozenset(
    {ChartKind.P, ChartKind.P_PRIME, ChartKind.U, ChartKind.U_PRIME, ChartKind.XBAR, ChartKind.S}
)
"""The kinds whose limits depend on what each figure is out of."""
SPREAD = frozenset({ChartKind.XBAR})
"""The kinds that need the spread within each month."""
_LEAST = np.finfo(np.float64).tiny
"""A sum of nothing is divided by this."""


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


def ranges(
    values: Floats, segments: Segments | None, excluded: Bools | None, profile: RuleProfile
) -> tuple[Floats, Floats]:
    """Moving ranges, NaN where there is none, and the larger of the two figures that each lies between.

    A range belongs to the later of its months, and none is taken over a re-base. Where gaps break,
    both are points and neighbours. Where they are bridged, the earlier is the last with a figure,
    excluded or not: as in qicharts2, a month is excluded with its own range alone.
    """
    refuse(np.isinf(values), "values", values, "infinite")
    bridged = profile.gaps == "bridge"
    there = ~np.isnan(values)
    if excluded is not None and not bridged:
        there &= ~excluded
    months = np.arange(values.shape[1])
    begun = np.zeros(values.shape, dtype=np.int64)
    if segments is not None:
        begun[:, 1:] = np.where(segments[:, 1:] != segments[:, :-1], months[1:], 0)
    earliest = np.maximum.accumulate(begun, axis=1) if bridged else np.maximum(begun, months - 1)
    before = np.full(values.shape, -1)
    before[:, 1:] = np.maximum.accumulate(np.where(there, months, -1), axis=1)[:, :-1]
    ranged = there & (before >= np.maximum(earliest, 0))
    other = np.take_along_axis(values, np.maximum(before, 0), axis=1)
    larger = np.maximum(np.abs(values), np.abs(other))
    return np.where(ranged, np.abs(values - other), np.nan), np.where(ranged, larger, 0.0)


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
    line = of.grid.median if of.profile.spread == "median" else of.grid.mean
    centre = line(of.grid.values, of.grid.used)
    return Process(centre, np.zeros(centre.shape), D4[of.profile.spread] / 3 * of.profile.sigmas * centre)


def _counts(of: Plotted) -> Process:
    centre = of.grid.mean(of.grid.values, of.grid.used)
    return Process(centre, centre, of.profile.sigmas * np.sqrt(centre))


def _gaps(of: Plotted) -> Process:
    """Cases between events: geometric. The median is shown, since half of the points lie either side."""
    mean = of.grid.mean(of.grid.values, of.grid.used)
    centre = of.grid.median(of.grid.values, of.grid.used)
    return Process(centre, mean, of.profile.sigmas * np.sqrt(mean) * np.sqrt(mean + 1))


def _shares(of: Plotted) -> Process:
    centre = _weighted(of)
    share = np.where(of.scale - centre <= of.tie, 1.0, centre / of.scale)
    return _sized(of, centre, np.sqrt(share * (1 - share)) * of.scale)


def _rates(of: Plotted) -> Process:
    centre = _weighted(of)
    return _sized(of, centre, np.sqrt(centre / of.scale) * of.scale)


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
    least = np.minimum.reduceat(np.where(grid.used, deviation, np.inf).ravel(), grid.starts)
    tie = np.divide(of.tie, least, out=np.zeros(least.shape), where=least > 0)
    average, ranges, abandoned = mean_range(grid, z, tie, of.profile)
    reach = binomial.reach * average / D2[of.profile.spread]
    return replace(binomial, reach=reach, ranges=ranges, abandoned=abandoned)


def _means(of: Plotted) -> Process:
    """Means of so many figures each. Deviations within rounding of the largest mean are none."""
    sizes, deviations = _sizes(of), of.deviations
    assert deviations is not None  # noqa: S101 - held by `variation.chart`
    within = _within(
        of, np.where(deviations > of.grid.spread(of.tie), deviations, 0.0), ~np.isnan(deviations)
    )
    return Process(
        centre := _weighted(of), centre, of.profile.sigmas * within, 1 / ((1 - short(sizes)) * np.sqrt(sizes))
    )


def _deviations(of: Plotted) -> Process:
    away = short(_sizes(of))
    centre = _within(of, of.grid.values, of.grid.points)
    return Process(centre, centre, of.profile.sigmas * centre, np.sqrt(away * (2 - away)) / (1 - away))


def short(size: Floats) -> Floats:
    """How far short of the true one a standard deviation of ``size`` normal figures falls: 1 - c4.

    c4 is √(2 / f) Γ((f + 1) / 2) / Γ(f / 2) with f = size - 1. Of many figures it is nearly one,
    and the two gammas are too large to tell how nearly; their ratio's series in 2 / f can. One figure
    has no deviation: NaN.
    """
    half = np.where(size > 1, size - 1, np.nan) / 2
    few = 1 - np.exp(special.gammaln(half + 0.5) - special.gammaln(half)) / np.sqrt(half)
    return np.where(half < 50, few, np.polynomial.polynomial.polyval(1 / half, _SHORT))


_SHORT = (0, 1 / 8, -1 / 128, -5 / 1024, 21 / 32768, 399 / 262144, -869 / 4194304)
"""1 - Γ(x + ½) / (Γ(x) √x) by powers of 1 / x (Tricomi and Erdélyi 1951)."""


def _within(of: Plotted, deviations: Floats, known: Bools) -> Floats:
    """The standard deviation within months: their mean, or pooled where the months differ in size."""
    grid, sizes = of.grid, _sizes(of)
    known = known & grid.used & (sizes > 1)
    freedom = np.where(known, sizes - 1, 0.0)
    pooled = np.sqrt(grid.total(freedom * deviations**2) / np.maximum(grid.total(freedom), _LEAST))
    largest, least = (
        edge.reduceat(np.where(grid.used, sizes, other).ravel(), grid.starts)
        for edge, other in ((np.maximum, 0.0), (np.minimum, np.inf))
    )
    return np.where(largest == least, grid.mean(deviations, known), pooled)


def _weighted(of: Plotted) -> Floats:
    """The figure of all used months together: all numerators over all denominators."""
    grid = of.grid
    sizes = np.where(grid.used, _sizes(of), 0.0)
    return np.asarray(grid.total(grid.values * sizes) / np.maximum(grid.total(sizes), _LEAST))


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
