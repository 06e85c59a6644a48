"""A seasonal series beside its own year before: the last year by month, and how far it has moved since.

The difference from the same month a year before has no seasons left. It has limits of its own, which
are sound where those of the figures are not: neighbouring differences share no figure, so that their
moving ranges say how far chance moves them. The limits stand about **zero**, not about the mean
difference, because the question is whether this year is like the last: a shift eight months ago is
then found twice as often (58% for 30%, of two standard deviations), and chance alone flags 2% of
latest months (``tests/oracle/test_difficult.py``). Seasons removed from the figures would tell more,
and need their size to be known; two or three years do not give it.

A shift shows for a year and then is gone, and one odd month comes back with the other sign a year later.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trigpoint.analysis.arrays import TIE
from trigpoint.analysis.finding import Series, SeriesPoint, Variation
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import RuleProfile
from trigpoint.terms.period import Month


@dataclass(frozen=True, slots=True)
class YearOnYearPoint:
    """One month, its figure, that of a year ``before``, and their ``difference``; None where there is none.

    There is no difference where limits start again in between, or a point is left out of them.
    """

    month: Month
    value: float | None
    before: float | None
    difference: float | None
    variation: Variation


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """The last year, oldest first. Limits are ``reach`` either side of zero, from ``differences`` of them.

    ``reach`` is None where there are too few. A point beyond it, or in a run on one side of zero as long
    as the profile's shift, is a change; without limits nothing is judged.
    """

    points: tuple[YearOnYearPoint, ...]
    differences: int
    reach: float | None


def year_on_year(series: Series, every: int, profile: RuleProfile, direction: Direction) -> YearOnYear | None:
    """``every`` is how many months lie between two figures. None without a year to compare with."""
    year = 12 // every
    if 12 % every or len(series.points) <= year:
        return None
    starts = {start.month for start in series.breaks}
    differences: list[float | None] = [None] * year
    for at, point in enumerate(series.points[year:], start=year):
        differences.append(_difference(series.points[at - year], point, starts))
    reach = _reach(differences, profile)
    largest = max((abs(point.value) for point in series.points if point.value is not None), default=0.0)
    said = _variations(differences, reach, TIE * largest, profile.run, direction)
    points = (
        YearOnYearPoint(point.month, point.value, before.value, difference, variation)
        for before, point, difference, variation in zip(
            series.points, series.points[year:], differences[year:], said[year:], strict=False
        )
    )
    count = sum(difference is not None for difference in differences)
    return YearOnYear(tuple(points)[-year:], count, reach)


def _difference(before: SeriesPoint, point: SeriesPoint, starts: Collection[Month]) -> float | None:
    if before.value is None or point.value is None or before.excluded or point.excluded:
        return None
    if any(before.month < start <= point.month for start in starts):
        return None
    return point.value - before.value


def _reach(differences: Sequence[float | None], profile: RuleProfile) -> float | None:
    """How far the limits lie from zero, from the mean moving range (as of an XmR chart)."""
    ranges = [abs(b - a) for a, b in pairwise(differences) if a is not None and b is not None]
    points = sum(difference is not None for difference in differences)
    if points < profile.minimum_points or len(ranges) < max(1, profile.minimum_ranges):
        return None
    return profile.limit * sum(ranges) / len(ranges)


def _variations(
    differences: Sequence[float | None], reach: float | None, tie: float, shift: int, direction: Direction
) -> list[Variation]:
    if reach is None:
        return [Variation.NOT_ASSESSED] * len(differences)
    sides = [0 if it is None or abs(it) <= tie else 1 if it > 0 else -1 for it in differences]
    said = []
    for at, difference in enumerate(differences):
        if difference is None:
            said.append(Variation.NOT_ASSESSED)
        elif abs(difference) > reach + tie or (sides[at] and _run(sides, at) >= shift):
            said.append(_change(sides[at] > 0, direction))
        else:
            said.append(Variation.COMMON)
    return said


def _run(sides: Sequence[int], at: int) -> int:
    """How many months in a row, this one among them, lie on its side."""
    first = last = at
    while first > 0 and sides[first - 1] == sides[at]:
        first -= 1
    while last + 1 < len(sides) and sides[last + 1] == sides[at]:
        last += 1
    return last - first + 1


def _change(higher: bool, direction: Direction) -> Variation:
    if direction == "neutral":
        return Variation.NEUTRAL_HIGH if higher else Variation.NEUTRAL_LOW
    good = higher == (direction == "up")
    if higher:
        return Variation.IMPROVEMENT_HIGH if good else Variation.CONCERN_HIGH
    return Variation.IMPROVEMENT_LOW if good else Variation.CONCERN_LOW
