"""The slow second opinion: one series, one point at a time, written from the rules alone.

Tests hold the fast way (``variation.chart``) against it. It shares no arithmetic with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from trigpoint.analysis.finding import Rule, SeriesStatus, Variation
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import RuleProfile

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Judged:
    """One month of a series, with the limits of its segment. None where there is nothing to state."""

    status: SeriesStatus
    points: int
    mean: float | None
    lower: float | None
    upper: float | None
    variation: Variation
    rule: Rule | None


def judge(
    figures: Sequence[float | None],
    segments: Sequence[int],
    excluded: Sequence[bool],
    profile: RuleProfile,
    direction: Direction,
    baseline: int | None = None,
) -> list[Judged]:
    """Judge every month of one series (None: no figure). A new segment starts where its number changes."""
    judged: list[Judged] = []
    while len(judged) < len(figures):
        start = end = len(judged)
        while end < len(figures) and segments[end] == segments[start]:
            end += 1
        points = [None if excluded[i] else figures[i] for i in range(start, end)]
        judged.extend(_Segment(points, profile, direction, baseline).judged())
    return judged


class _Segment:
    """A stretch of one series between re-bases; None where a month has no point."""

    def __init__(
        self, points: list[float | None], profile: RuleProfile, direction: Direction, baseline: int | None
    ) -> None:
        self.points, self.profile, self.direction = points, profile, direction
        self.known = [point for point in points if point is not None]
        self.largest = max((abs(point) for point in self.known), default=0.0)
        self.ranges = self._ranges(baseline)
        used = self.known[:baseline]
        self.mean = math.fsum(used) / len(used) if used else 0.0
        self.range, self.abandoned = self._mean_range()
        self.status = self._status()
        self.reach = 0.0 if self.status is SeriesStatus.CONSTANT else profile.limit * self.range

    def above(self, a: float, b: float) -> bool:
        """Whether ``a`` is above ``b`` by more than rounding."""
        return a - b > ROUNDING * self.largest

    def _ranges(self, baseline: int | None) -> list[float]:
        ranges, seen = [], 0
        for before, now in zip([None, *self.points], self.points, strict=False):
            if now is not None:
                seen += 1
                if before is not None and (baseline is None or seen <= baseline):
                    apart = abs(now - before)
                    ranges.append(apart if self.above(apart, 0.0) else 0.0)
        return ranges

    def _mean_range(self) -> tuple[float, bool]:
        if not self.ranges:
            return 0.0, False
        average = math.fsum(self.ranges) / len(self.ranges)
        if self.profile.screening is None:
            return average, False
        kept = [r for r in self.ranges if self.above(self.profile.screening * average, r)]
        screened = math.fsum(kept) / len(kept) if kept else 0.0
        if screened == 0 < average:
            return average, True
        return screened, False

    def _status(self) -> SeriesStatus:
        if not self.known:
            return SeriesStatus.NO_FIGURES
        if len(self.known) < self.profile.minimum_points:
            return SeriesStatus.TOO_FEW
        if not self.above(max(self.known), min(self.known)):
            return SeriesStatus.CONSTANT
        if len(self.ranges) < self.profile.minimum_ranges:
            return SeriesStatus.TOO_FEW
        if self.range == 0:
            return SeriesStatus.ZERO_WIDTH
        return SeriesStatus.SCREENING_ABANDONED if self.abandoned else SeriesStatus.CHARTED

    def judged(self) -> Iterator[Judged]:
        """Each month in turn."""
        limited = self.status not in (SeriesStatus.NO_FIGURES, SeriesStatus.TOO_FEW)
        mean = lower = upper = None
        if limited:
            mean, lower, upper = self.mean, self.mean - self.reach, self.mean + self.reach
        for i in range(len(self.points)):
            variation, rule = self._said(i)
            yield Judged(self.status, len(self.known), mean, lower, upper, variation, rule)

    def _said(self, i: int) -> tuple[Variation, Rule | None]:
        if self.points[i] is None:
            return Variation.NOT_ASSESSED, None
        if self.status is SeriesStatus.CONSTANT:
            return Variation.COMMON, None
        if self.status not in (SeriesStatus.CHARTED, SeriesStatus.SCREENING_ABANDONED):
            return Variation.NOT_ASSESSED, None
        ways: tuple[str, str] = ("up", "down")
        fired = [(rule, way) for rule in Rule for way in ways if self._fires(rule, way, i)]
        if not fired:
            return Variation.COMMON, None
        if self.profile.improvement_wins and self.direction != "neutral":
            fired = [(rule, way) for rule, way in fired if way == self.direction] or fired
        rule, way = fired[0]
        meaning = (
            "neutral"
            if self.direction == "neutral"
            else "improvement"
            if way == self.direction
            else "concern"
        )
        return Variation(f"{meaning}_{'high' if way == 'up' else 'low'}"), rule

    def _fires(self, rule: Rule, way: str, i: int) -> bool:
        if rule is Rule.OUTSIDE:
            return self._outside(i, way)
        if rule is Rule.SHIFT:
            return self._in_window(i, self.profile.shift, lambda j: self._side(j, way))
        if rule is Rule.TREND:
            return self._trend(i, way)
        return self._far(i, way) and any(
            all(self._side(j, way) for j in window) and sum(self._far(j, way) for j in window) >= 2
            for window in self._windows(i, 3)
        )

    def _trend(self, i: int, way: str) -> bool:
        own = self._in_trend(i, way)
        other = self._in_trend(i, "down" if way == "up" else "up")
        if self.profile.turning_point == "both" or not (own or other):
            return own
        onward = i + 1 < len(self.points) and (self._in_trend(i + 1, "up") or self._in_trend(i + 1, "down"))
        # From here to the next point, if that is in a trend too; else from the one before to here.
        rises = (
            self._moves(i + 1, "up") if onward and self.points[i + 1] is not None else self._moves(i, "up")
        )
        return rises == (way == "up")

    def _in_trend(self, i: int, way: str) -> bool:
        return any(
            all(self._moves(j, way) for j in window[1:]) for window in self._windows(i, self.profile.trend)
        )

    def _in_window(self, i: int, length: int | None, holds: Callable[[int], bool]) -> bool:
        return any(all(map(holds, window)) for window in self._windows(i, length))

    def _windows(self, i: int, length: int | None) -> Iterator[range]:
        """The stretches of so many months with a point each that hold month ``i``; None: none."""
        if length is None:
            return
        for first in range(i - length + 1, i + 1):
            window = range(first, first + length)
            if (
                first >= 0
                and window.stop <= len(self.points)
                and all(self.points[j] is not None for j in window)
            ):
                yield window

    def _moves(self, i: int, way: str) -> bool:
        before, now = self.points[i - 1] if i else None, self.points[i]
        if before is None or now is None:
            return False
        return self.above(now, before) if way == "up" else self.above(before, now)

    def _ahead(self, i: int, way: str) -> float:
        """How far the point lies beyond the mean in one direction."""
        point = self.points[i]
        assert point is not None  # noqa: S101 - only asked of points
        return point - self.mean if way == "up" else self.mean - point

    def _side(self, i: int, way: str) -> bool:
        return self.above(self._ahead(i, way), 0.0)

    def _outside(self, i: int, way: str) -> bool:
        return self.above(self._ahead(i, way), self.reach)

    def _far(self, i: int, way: str) -> bool:
        far = self.above(self._ahead(i, way), self.profile.warning * self.reach)
        return far and (self.profile.two_of_three_counts_outside or not self._outside(i, way))
