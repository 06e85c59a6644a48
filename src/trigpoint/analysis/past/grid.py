"""Many series side by side, laid out so that each stretch of each can be added up at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arguments import refuse
from trigpoint.analysis.arrays import TIE, Bools, Floats, Ints, Segments

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Series, [series, months], cut into segments.

    A segment is a stretch of one series between re-bases; ``starts`` holds where each begins,
    counted along the flattened grid, and ``first`` marks those months. ``values`` is 0 where
    ``points`` says there is no point, so that NaN cannot spread through sums. ``used`` marks the
    points that limits are set from. ``sizes`` is what each figure is out of, where its chart asks.
    ``tie``, [segments], is the distance under which two values are equal, where it is not that of
    the largest.
    """

    values: Floats
    points: Bools
    used: Bools
    first: Bools
    starts: Ints
    sizes: Floats | None = None
    tie: Floats | None = None

    @classmethod
    def of(
        cls,
        values: Floats,
        segments: Segments | None = None,
        excluded: Bools | None = None,
        baseline: int | Bools | None = None,
        sizes: Floats | None = None,
    ) -> Grid:
        """Lay out ``values``, with NaN for no figure. A segment starts wherever ``segments`` changes.

        ``baseline`` says what sets the limits: each segment's first so many points, or the points
        where it is true, in the segments where any is; elsewhere, and without it, all of them. A
        figure whose size is 0 or NaN is no point. Raises ValueError for a figure that is infinite.
        """
        refuse(np.isinf(values), "values", values, "infinite")
        points = ~np.isnan(values)
        if excluded is not None:
            points &= ~excluded
        if sizes is not None:
            sizes = np.where(sizes > 0, sizes, np.nan)
            points &= sizes > 0
        first = np.zeros(values.shape, dtype=np.bool_)
        first[:, :1] = True
        if segments is not None:
            first[:, 1:] = segments[:, 1:] != segments[:, :-1]
        grid = cls(np.where(points, values, 0.0), points, points, first, np.flatnonzero(first), sizes)
        return grid if baseline is None else replace(grid, used=grid._baseline(baseline))

    def _baseline(self, baseline: int | Bools) -> Bools:
        if isinstance(baseline, int):
            through = np.cumsum(self.points.ravel(), dtype=np.int64)
            before = through[self.starts] - self.points.ravel()[self.starts]
            number = through.reshape(self.values.shape) - self.spread(before)
            return np.asarray(self.points & (number <= baseline))
        chosen = self.points & baseline
        return np.where(self.spread(self.count(chosen) > 0), chosen, self.points)

    def rounded(self, behind: Floats) -> Grid:
        """Distances between numbers as large as ``behind``: those within their rounding are 0."""
        tie = TIE * np.maximum.reduceat(np.where(self.points, behind, 0.0).ravel(), self.starts)
        return replace(self, values=np.where(self.values > self.spread(tie), self.values, 0.0), tie=tie)

    def total(self, amounts: Floats) -> Floats:
        """The sum over each segment."""
        return np.asarray(np.add.reduceat(amounts.ravel(), self.starts))

    def count(self, which: Bools) -> Ints:
        """How many there are in each segment."""
        through = np.concatenate(([0], np.cumsum(which.ravel(), dtype=np.int64)))
        ends = np.append(self.starts[1:], which.size)
        return np.asarray(through[ends] - through[self.starts])

    def mean(self, amounts: Floats, which: Bools) -> Floats:
        """The mean over each segment of ``amounts`` where ``which`` holds; 0 where it holds nowhere."""
        return self.total(np.where(which, amounts, 0.0)) / np.maximum(self.count(which), 1)

    def median(self, amounts: Floats, which: Bools) -> Floats:
        """The median over each segment of ``amounts`` where ``which`` holds; 0 where it holds nowhere."""
        segment = self.spread(np.arange(len(self.starts)))
        chosen, of = amounts[which], segment[which]
        rising = chosen[np.lexsort((chosen, of))]
        count = np.bincount(of, minlength=len(self.starts))
        start = np.cumsum(count) - count
        low, high = (start + np.maximum(step, 0) for step in ((count - 1) // 2, count // 2))
        padded = np.append(rising, 0.0)  # a segment without any reads this
        places = (np.where(count > 0, place, rising.size) for place in (low, high))
        below, above = (padded[place] for place in places)
        return np.asarray(below + (above - below) / 2)

    def spread(self, of_segments: npt.NDArray[T]) -> npt.NDArray[T]:
        """A number of each segment, laid over its months."""
        lengths = np.diff(self.starts, append=self.values.size)
        return np.repeat(of_segments, lengths).reshape(self.values.shape)

    def joined(self, points: Bools) -> Bools:
        """Points, flattened, that follow another in the same segment with no gap between."""
        flat = points.ravel()
        joined = flat & ~self.first.ravel()
        joined[1:] &= flat[:-1]
        return joined

    def bridged(self) -> tuple[Grid, Ints]:
        """The same with each segment's points moved together, over the months without one.

        The second answer says where each month of the flattened result came from.
        """
        segment = np.repeat(np.arange(len(self.starts)), np.diff(self.starts, append=self.values.size))
        order = np.argsort(2 * segment + ~self.points.ravel(), kind="stable")

        def moved(part: npt.NDArray[T]) -> npt.NDArray[T]:
            return part.ravel()[order].reshape(part.shape)

        sizes = None if self.sizes is None else moved(self.sizes)
        values, points, used = moved(self.values), moved(self.points), moved(self.used)
        return replace(self, values=values, points=points, used=used, sizes=sizes), order
