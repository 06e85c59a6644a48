"""The slow second opinion on re-base proposals: one series, one run at a time, from the rules alone.

Tests hold the fast way (``proposals.proposals``) against it. It shares its thresholds, and no arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trigpoint.analysis.past import proposals
from trigpoint.analysis.past.reference import ROUNDING, judge
from trigpoint.analysis.proposal import Weighed
from trigpoint.definitions.profile import RuleProfile

EQUAL = 1e-9
"""Months at which levels are equally far apart, but for rounding: the earlier is taken."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What became of one series. ``month`` and ``run_from`` are places in it."""

    verdict: Weighed
    month: int | None = None
    run_from: int | None = None
    run: int = 0
    rises: bool = False
    points_before: int = 0
    points: int = 0
    before: float | None = None
    after: float | None = None
    distance: float | None = None
    lower: float | None = None
    upper: float | None = None
    outside: int = 0
    waits_for: int = 0


def weigh(
    figures: Sequence[float | None],
    segments: Sequence[int],
    excluded: Sequence[bool],
    profile: RuleProfile,
    baseline: int | None = None,
    *,
    seasonal: bool = False,
) -> Opinion:
    """Weigh the segment that holds the last month of one series (None: no figure)."""
    points = [
        figure if segment == segments[-1] and not out else None
        for figure, segment, out in zip(figures, segments, excluded, strict=True)
    ]
    search = _Search(points, profile, baseline)
    if search.wants:
        return Opinion(Weighed.TOO_FEW, waits_for=search.wants)
    if seasonal:
        return Opinion(Weighed.SEASONAL)
    found = search.opinion()
    if found.verdict is not Weighed.PROPOSED or found.month is None:
        return found
    again = [segment + (i >= found.month) for i, segment in enumerate(segments)]
    judged = judge(figures, again, excluded, profile, "neutral", baseline)[-1]
    lower, upper = judged.lower, judged.upper
    if lower is None or upper is None:
        return replace(found, verdict=Weighed.TOO_RECENT, waits_for=1)
    since = [point for point in points[found.month :] if point is not None]
    slack = ROUNDING * max(map(abs, since))
    outside = sum(point > upper + slack or point < lower - slack for point in since)
    return replace(found, lower=lower, upper=upper, outside=outside)


class _Search:
    """The points of one segment; None where a month has none."""

    def __init__(self, points: list[float | None], profile: RuleProfile, baseline: int | None) -> None:
        self.points, self.shift = points, profile.run
        self.at = [i for i, point in enumerate(points) if point is not None]
        self.slack = ROUNDING * max((abs(point) for point in points if point is not None), default=0.0)
        self.least = max(proposals.FEWEST, profile.minimum_points)
        self.first = baseline or self.least
        self.wants = max(0, self.first + self.least - len(self.at))

    def value(self, i: int) -> float:
        point = self.points[i]
        assert point is not None  # noqa: S101 - only asked of points
        return point

    def mean(self, places: Sequence[int]) -> float:
        return math.fsum(self.value(i) for i in places) / len(places)

    def run(self, start: int, level: float, way: int) -> int:
        """How many months in a row, from ``start`` on, lie beyond a level on one side."""
        length = 0
        for point in self.points[start:]:
            if point is None or way * (point - level) <= self.slack:
                break
            length += 1
        return length

    def opinion(self) -> Opinion:
        """One run after the other; where a candidate is taken, on behind it from its own level."""
        found, settled, refused = Opinion(Weighed.NO_SHIFT), 0, -1
        origin, stretch = 0, self.at[: self.first]
        month = stretch[-1] + 1
        while month < len(self.points):
            level = self.mean(stretch)
            up, down = self.run(month, level, 1), self.run(month, level, -1)
            if max(up, down) < self.shift:
                month += 1
                continue
            open_ = found.verdict is not Weighed.PROPOSED
            run = Opinion(Weighed.TOO_RECENT, run_from=month, run=max(up, down), rises=up > 0)
            since = [i for i in self.at if i >= month]
            if len(since) < self.least:
                if open_ and refused != month - 1:  # or else it is the rest of a run already refused
                    found = replace(run, waits_for=self.least - len(since))
                break
            way = 1 if up else -1
            split = self.furthest_apart(origin, month, way)
            verdict = self.verdict(origin, month, split, way)
            if verdict is Weighed.PROPOSED or open_:
                waits_for = int(verdict is Weighed.MAY_GO_BACK)
                found = self.told(replace(run, verdict=verdict, waits_for=waits_for), origin, split)
                settled = origin
            if verdict is Weighed.PROPOSED:
                origin, stretch = split, [i for i in self.at if i >= split][: self.least]
                month = stretch[-1] + 1
            else:
                refused, month = month, month + 1
        if found.verdict is Weighed.PROPOSED and found.month and self.drifts(settled, found.month):
            return replace(found, verdict=Weighed.DRIFTS)
        return found

    def told(self, run: Opinion, origin: int, split: int) -> Opinion:
        """With the evidence of the two levels."""
        few, many = self.sides(origin, split)
        return replace(
            run,
            month=split,
            points_before=len(few),
            points=len(many),
            before=self.mean(few),
            after=self.mean(many),
            distance=self.distance(few, many),
        )

    def sides(self, origin: int, split: int) -> tuple[list[int], list[int]]:
        return [i for i in self.at if origin <= i < split], [i for i in self.at if i >= split]

    def furthest_apart(self, origin: int, start: int, way: int) -> int:
        """The month near ``start`` around which levels are furthest apart, in the run's direction."""
        within = [i for i in self.at if i >= origin]
        apart = {}
        for i in within:
            before, after = [j for j in within if j < i], [j for j in within if j >= i]
            near = abs(i - start) <= proposals.NEARBY
            if near and len(before) >= self.shift and len(after) >= self.least:
                step = self.mean(after) - self.mean(before)
                if way * step > 0:
                    apart[i] = step * step * len(before) * len(after) / len(within)
        best = max(apart.values(), default=0.0)
        return next((i for i, much in apart.items() if much >= (1 - EQUAL) * best), start)

    def verdict(self, origin: int, start: int, split: int, way: int) -> Weighed:
        among = [i for i in self.at if i >= start][: self.least]
        level = self.mean(among)
        back = [self.run(i, level, -way) for i in range(len(self.points))]
        begins = [i for i in among if i > start and back[i] >= self.shift and not back[i - 1]]
        few, many = self.sides(origin, split)
        before, after = self.mean(few), self.mean(many)
        latest = self.mean(self.at[-self.shift :])
        if begins or way * (latest - (before + after) / 2) <= self.slack:
            return Weighed.WENT_BACK
        if back[among[-1]] and among[-1] + back[among[-1]] == len(self.points):
            return Weighed.MAY_GO_BACK
        far = way * (after - before) > 0 and self.distance(few, many) > proposals.FAR
        return Weighed.PROPOSED if far else Weighed.WITHIN_CHANCE

    def distance(self, few: list[int], many: list[int]) -> float:
        """How many standard errors two levels are apart."""
        before, after = self.mean(few), self.mean(many)
        left = {i: self.value(i) - (before if i in few else after) for i in (*few, *many)}
        n, square = len(left), math.fsum(it * it for it in left.values())
        if square <= n * self.slack * self.slack:
            return math.inf
        pairs = [left[i] * left[i + 1] for i in left if i + 1 in left]
        alike = math.fsum(pairs) * (n - 1) / len(pairs) / square + 2 / n if pairs else 0.0
        alike = min(max(alike, 0.0), proposals.MOST_ALIKE)
        error = square / (n - 2) * (1 / len(few) + 1 / len(many)) * (1 + alike) / (1 - alike)
        return abs(after - before) / math.sqrt(error)

    def drifts(self, origin: int, split: int) -> bool:
        """Whether a straight line leaves less than the step."""
        places = [i for i in self.at if i >= origin]
        values = [self.value(i) for i in places]
        middle, level = math.fsum(places) / len(places), math.fsum(values) / len(values)
        slope = math.fsum((i - middle) * (v - level) for i, v in zip(places, values, strict=True))
        slope /= math.fsum((i - middle) ** 2 for i in places)
        line = math.fsum((v - level - slope * (i - middle)) ** 2 for i, v in zip(places, values, strict=True))
        few, many = self.sides(origin, split)
        step = math.fsum((self.value(i) - self.mean(side)) ** 2 for side in (few, many) for i in side)
        return line < (1 - EQUAL) * step
