"""Process limits of many series at once: the mean of the figures, and their mean moving range.

X charts of individuals (XmR): limits lie 2.66 mean moving ranges either side of the mean
(Wheeler; 2.66 is 3 / 1.128, as the NHS tools write it). What a month without a figure does:

- It is not a point: it counts towards nothing and is never flagged.
- It breaks every pattern. No moving range is taken across it, and a run, a trend or a
  two-of-three has to be of months that follow one another. A range across a gap measures the
  change of two or more months, which widens the limits and so hides the change (Hart and Hart,
  on interrupted individuals charts); and "seven months running" has to mean what it says.
- A point that a decision excludes is drawn, but to the limits and the rules it is a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arrays import TIE, Bools, Codes, Floats, Ints, Segments
from trigpoint.analysis.finding import SeriesStatus
from trigpoint.definitions.profile import RuleProfile

T = TypeVar("T", bound=np.generic)

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


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Many series side by side, [series, months], cut into segments.

    A segment is a stretch of one series between re-bases; ``starts`` holds where each begins,
    counted along the flattened grid. ``values`` is 0 where ``points`` says there is no point,
    so that NaN cannot spread through sums.
    """

    values: Floats
    points: Bools
    first: Bools
    starts: Ints

    @classmethod
    def of(cls, values: Floats, segments: Segments | None = None, excluded: Bools | None = None) -> Grid:
        """Lay out ``values``, with NaN for no figure. A segment starts wherever ``segments`` changes.

        Raises ValueError for a figure that is infinite.
        """
        if np.isinf(values).any():
            raise ValueError("a figure is infinite")
        points = ~np.isnan(values)
        if excluded is not None:
            points &= ~excluded
        first = np.zeros(values.shape, dtype=np.bool_)
        first[:, :1] = True
        if segments is not None:
            first[:, 1:] = segments[:, 1:] != segments[:, :-1]
        return cls(np.where(points, values, 0.0), points, first, np.flatnonzero(first))

    def total(self, amounts: Floats) -> Floats:
        """The sum over each segment."""
        return np.asarray(np.add.reduceat(amounts.ravel(), self.starts))

    def count(self, which: Bools) -> Ints:
        """How many there are in each segment."""
        through = np.concatenate(([0], np.cumsum(which.ravel(), dtype=np.int64)))
        ends = np.append(self.starts[1:], which.size)
        return np.asarray(through[ends] - through[self.starts])

    def spread(self, of_segments: npt.NDArray[T]) -> npt.NDArray[T]:
        """A number of each segment, laid over its months."""
        lengths = np.diff(self.starts, append=self.values.size)
        return np.repeat(of_segments, lengths).reshape(self.values.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """The limits of each segment of a grid, [segments].

    ``lower`` and ``upper`` are NaN where the status allows none, and never clipped to what the
    measure can reach. ``least`` and ``most`` are the extremes of its points; ``tie`` is the
    distance under which two of its figures are equal.
    """

    status: Codes
    points: Ints
    mean: Floats
    lower: Floats
    upper: Floats
    least: Floats
    most: Floats
    tie: Floats


def limits(grid: Grid, profile: RuleProfile, baseline: int | None = None) -> Limits:
    """Set limits from each segment's points, or from its first ``baseline`` ones.

    Degenerate segments get a status. ``CONSTANT``: every point is the same, and the limits lie
    on it. ``ZERO_WIDTH``: points differ, yet no two neighbours in the baseline do, so how far
    the process strays cannot be estimated. ``SCREENING_ABANDONED``: screening would have left
    no range above zero, so all were kept.
    """
    counts = grid.count(grid.points)
    least = np.minimum.reduceat(np.where(grid.points, grid.values, np.inf).ravel(), grid.starts)
    most = np.maximum.reduceat(np.where(grid.points, grid.values, -np.inf).ravel(), grid.starts)
    tie = np.where(counts > 0, TIE * np.maximum(np.abs(least), np.abs(most)), 0.0)
    used = grid.points if baseline is None else grid.points & _among_first(grid, baseline)
    mean = grid.total(np.where(used, grid.values, 0.0)) / np.maximum(grid.count(used), 1)
    average, ranges, abandoned = _mean_range(grid, used, tie, profile)

    rules: list[tuple[Bools, int]] = [
        (counts == 0, NO_FIGURES),
        (counts < profile.minimum_points, TOO_FEW),
        (most - least <= tie, CONSTANT),
        (ranges < profile.minimum_ranges, TOO_FEW),
        (average == 0, ZERO_WIDTH),
        (abandoned, SCREENING_ABANDONED),
    ]
    with np.errstate(invalid="ignore"):
        status = np.select([rule for rule, _ in rules], [code for _, code in rules], CHARTED).astype(np.int8)
    known = (status != NO_FIGURES) & (status != TOO_FEW)
    mean = np.where(known, mean, np.nan)
    reach = np.where(status == CONSTANT, 0.0, profile.limit * average)
    return Limits(status, counts, mean, mean - reach, mean + reach, least, most, tie)


def _among_first(grid: Grid, baseline: int) -> Bools:
    through = np.cumsum(grid.points.ravel(), dtype=np.int64)
    before = through[grid.starts] - grid.points.ravel()[grid.starts]
    return through.reshape(grid.values.shape) - grid.spread(before) <= baseline


def _mean_range(grid: Grid, used: Bools, tie: Floats, profile: RuleProfile) -> tuple[Floats, Ints, Bools]:
    """Each segment's mean moving range, the number of ranges, and whether screening had to be abandoned."""
    flat, first = used.ravel(), grid.first.ravel()
    ranged = np.zeros(flat.size, dtype=np.bool_)
    ranged[1:] = flat[1:] & flat[:-1] & ~first[1:]
    size = np.zeros(flat.size)
    np.abs(np.diff(grid.values.ravel()), out=size[1:])
    size *= ranged & (size > grid.spread(tie).ravel())
    count = grid.count(ranged)
    average = grid.total(size) / np.maximum(count, 1)
    if profile.screening is None:
        return average, count, np.zeros(count.shape, dtype=np.bool_)
    kept = ranged & (size < grid.spread(profile.screening * average - tie).ravel())
    screened = grid.total(size * kept) / np.maximum(grid.count(kept), 1)
    abandoned = (screened == 0) & (average > 0)
    return np.where(abandoned, average, screened), count, abandoned
