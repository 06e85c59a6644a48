"""The special-cause rules, over the points of many series at once.

Each rule restarts at a re-base and at a gap, and flags every point of its pattern.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arrays import Bools, Floats
from trigpoint.analysis.finding import Rule
from trigpoint.analysis.past.limits import CHARTED, SCREENING_ABANDONED, Grid, Limits
from trigpoint.definitions.profile import RuleProfile

RULES = tuple(Rule)
"""In order of weight: the first that fires names the point. Bit 0 of a signal is the first."""

Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """The rules that fired at each point, [series, months]: a bit for each of ``RULES``, up and down."""

    high: Bits
    low: Bits


def signals(grid: Grid, limits: Limits, profile: RuleProfile) -> Signals:
    """Apply the rules of ``profile``. Nothing fires in a segment without limits that can be judged by."""
    judged = (limits.status == CHARTED) | (limits.status == SCREENING_ABANDONED)
    mean, tie = grid.spread(limits.mean).ravel(), grid.spread(limits.tie).ravel()
    reach = grid.spread(limits.upper - limits.mean).ravel()
    points = (grid.points & grid.spread(judged)).ravel()
    joined = points.copy()
    joined[1:] &= points[:-1]
    joined &= ~grid.first.ravel()
    away = np.where(points, grid.values.ravel() - mean, 0.0)
    step = np.diff(grid.values.ravel(), prepend=0.0)
    up, down = _trends(step, tie, joined, profile)
    high, low = (
        _pack(
            _outside(ahead, reach, tie),
            trend,
            _two_of_three(ahead, reach, tie, joined, profile),
            _shift(ahead, tie, joined, profile),
        )
        for ahead, trend in ((away, up), (-away, down))
    )
    return Signals(high.reshape(grid.values.shape), low.reshape(grid.values.shape))


def _pack(outside: Bools, trend: Bools, two_of_three: Bools, shift: Bools) -> Bits:
    bits = np.zeros(outside.size, dtype=np.uint8)
    for place, fired in enumerate((outside, trend, two_of_three, shift)):  # the order of RULES
        bits |= fired.view(np.uint8) << np.uint8(place)
    return bits


def _outside(ahead: Floats, reach: Floats, tie: Floats) -> Bools:
    """Strictly beyond the limit."""
    return ahead > reach + tie


def _shift(ahead: Floats, tie: Floats, joined: Bools, profile: RuleProfile) -> Bools:
    """A run on one side of the mean. A point on the mean is on neither side."""
    return _whole(_ends(_linked(ahead > tie, joined), profile.shift), profile.shift)


def _two_of_three(ahead: Floats, reach: Floats, tie: Floats, joined: Bools, profile: RuleProfile) -> Bools:
    """The far ones of three points on one side of the mean, where at least two are far."""
    far = ahead > profile.warning * reach + tie
    if not profile.two_of_three_counts_outside:
        far &= ~_outside(ahead, reach, tie)
    ends = _ends(_linked(ahead > tie, joined), 3)
    # Two of three: the last and one before it, or the two before.
    ends[2:] &= (far[2:] & (far[1:-1] | far[:-2])) | (far[1:-1] & far[:-2])
    return far & _whole(ends, 3)


def _trends(step: Floats, tie: Floats, joined: Bools, profile: RuleProfile) -> tuple[Bools, Bools]:
    """The points of rising and of falling trends. A tie breaks a trend."""
    rises, falls = joined & (step > tie), joined & (step < -tie)
    up, down = (_whole(_ends(steps, profile.trend), profile.trend) for steps in (rises, falls))
    if profile.turning_point == "both":
        return up, down
    trending = up | down
    onward = np.zeros(step.size, dtype=np.bool_)
    onward[:-1] = trending[1:] & joined[1:]
    ahead = np.append(rises[1:], False)
    rising = trending & np.where(onward, ahead, rises)
    return rising, trending & ~rising


def _linked(members: Bools, joined: Bools) -> Bools:
    """Members whose month before is a member too."""
    linked = members & joined
    linked[1:] &= members[:-1]
    return linked


def _ends(links: Bools, length: int | None) -> Bools:
    """Where a chain of ``length`` points ends, each linked to the one before it; None: nowhere."""
    if length is None:
        return np.zeros_like(links)
    ends = links.copy()
    for back in range(1, length - 1):
        ends[back:] &= links[:-back]
    return ends


def _whole(ends: Bools, length: int | None) -> Bools:
    """Every point of the chains of ``length`` points that end at ``ends``."""
    whole = ends.copy()
    for ahead in range(1, length or 1):
        whole[:-ahead] |= ends[ahead:]
    return whole
