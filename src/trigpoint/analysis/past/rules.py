"""The special-cause rules, over the points of many series at once.

Each rule restarts at a re-base and at a gap, and flags every point of its pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arrays import Bools, Floats, Ints
from trigpoint.analysis.finding import Rule
from trigpoint.analysis.past.grid import Grid
from trigpoint.analysis.past.limits import Limits
from trigpoint.analysis.past.runs import Runs, crossing_too_seldom, running_too_long, runs
from trigpoint.definitions.profile import ChartKind, RuleProfile

RULES = tuple(Rule)
"""What a code of ``variation.Charts.rule`` means."""
SIDELESS = frozenset({Rule.ALTERNATING, Rule.HUGGING, Rule.AVOIDING, Rule.FEW_CROSSINGS})
"""The rules whose patterns point neither up nor down. Their bits stand on the side of the point."""

Bits = npt.NDArray[np.uint16]
Sides = tuple[Bools, Bools]
"""Where a rule fires upwards, and where downwards."""


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """The rules that fired at each point, [series, months], up and down.

    Bit 0 stands for the first of ``order``, the rules that the profile asks for by their weight;
    those whose patterns have no side come last, since they yield to any that has one.
    ``runs`` counts the runs of each segment, where the profile judges by them.
    """

    order: tuple[Rule, ...]
    high: Bits
    low: Bits
    runs: Runs | None


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """Points to be judged, flattened; ``joined`` ones follow another without a gap.

    ``away`` is the distance from the centre line, ``out`` that from the middle of the limits, and
    ``reach`` how far a limit lies from there.
    """

    judged: Bools
    joined: Bools
    away: Floats
    out: Floats
    reach: Floats
    step: Floats
    tie: Floats
    profile: RuleProfile
    runs: Runs | None

    def by_side(self, which: Bools) -> Sides:
        """A pattern without a side, by where each point lies; one on the centre stands with those above."""
        below = self.away < -self.tie
        return which & ~below, which & below


def signals(grid: Grid, limits: Limits, profile: RuleProfile) -> Signals:
    """Apply the rules of ``profile``. Nothing fires in a segment without limits that can be judged by.

    Moving ranges overlap, so that runs and trends in them mean nothing: only ``outside`` is asked.
    """
    asked = sorted((Rule(name) for name in profile.in_use), key=SIDELESS.__contains__)
    order = tuple(rule for rule in asked if rule is Rule.OUTSIDE or limits.kind is not ChartKind.MR)
    points = _points(grid, limits, profile)
    high, low = (np.zeros(grid.values.size, dtype=np.uint16) for _ in range(2))
    with np.errstate(invalid="ignore"):  # a run chart has no limits to compare with
        for place, rule in enumerate(order):
            up, down = _OF[rule](points)
            high |= up.astype(np.uint16) << np.uint16(place)
            low |= down.astype(np.uint16) << np.uint16(place)
    return Signals(order, high.reshape(grid.values.shape), low.reshape(grid.values.shape), points.runs)


def _points(grid: Grid, limits: Limits, profile: RuleProfile) -> _Points:
    shape, process = grid.values.shape, limits.process
    judged = grid.points & grid.spread(limits.judged)
    centre, values = grid.spread(process.centre).ravel(), grid.values.ravel()
    flat = judged.ravel()
    away = np.where(flat, values - centre, 0.0)
    out = away
    if process.middle is not process.centre:
        out = np.where(flat, values - grid.spread(process.middle).ravel(), 0.0)
    reach = grid.spread(process.reach)
    if process.factor is not None:
        reach = reach * process.factor
    tie = grid.spread(limits.tie).ravel()
    counted = None
    if profile.long_run or profile.few_crossings:
        counted = runs(grid, away.reshape(shape), tie.reshape(shape), judged)
    step = np.diff(values, prepend=0.0)
    return _Points(flat, grid.joined(judged), away, out, reach.ravel(), step, tie, profile, counted)


def _outside(of: _Points) -> Sides:
    """Strictly beyond the limit."""
    return _beyond(of, 1.0)


def _shift(of: _Points) -> Sides:
    """A run on one side of the centre. A point on the centre is on neither side."""
    length = _length(of.profile.shift)
    above, below = of.judged & (of.away > of.tie), of.judged & (of.away < -of.tie)
    if of.profile.ties == "pass":
        return _passing(above, below, of, length, before=0)
    up, down = (_whole(_ends(_linked(side, of.joined), length), length) for side in (above, below))
    return up, down


def _trend(of: _Points) -> Sides:
    """The points of rising and of falling trends. Two equal points neither rise nor fall."""
    length = _length(of.profile.trend)
    rises, falls = of.joined & (of.step > of.tie), of.joined & (of.step < -of.tie)
    passing = of.profile.ties == "pass"
    if passing:
        up, down = _passing(rises, falls, of, length - 1, before=1)
    else:
        up, down = (_whole(_ends(steps, length), length) for steps in (rises, falls))
    if of.profile.turning_point == "both":
        return up, down
    trending = up | down
    onward = np.zeros(of.step.size, dtype=np.bool_)
    onward[:-1] = trending[1:] & of.joined[1:]
    ahead = _next(rises, rises | falls) if passing else np.append(rises[1:], False)
    rising = trending & np.where(onward, ahead, rises)
    return rising, trending & ~rising


def _next(rises: Bools, steps: Bools) -> Bools:
    """Whether the next of ``steps`` after each point is a rise."""
    places = np.flatnonzero(steps)
    after = np.searchsorted(places, np.arange(rises.size), side="right")
    return np.append(rises[places], False)[after]


def _passing(up: Bools, down: Bools, of: _Points, need: int, before: int) -> Sides:
    """Runs of at least ``need`` of one way, where what goes neither way is passed over.

    Each is marked from its first, and from so many points ``before`` it, to its last.
    """
    useful = np.flatnonzero(up | down)
    way, stretch = up[useful], np.cumsum(~of.joined)[useful]
    opens = np.ones(useful.size, dtype=np.bool_)
    opens[1:] = (way[1:] != way[:-1]) | (stretch[1:] != stretch[:-1])
    first = np.flatnonzero(opens)
    last = np.append(first[1:], useful.size) - 1
    long = last - first + 1 >= need
    up_side, down_side = (
        _between(useful[first[which]] - before, useful[last[which]], up.size)
        for which in (long & way[first], long & ~way[first])
    )
    return up_side, down_side


def _between(first: Ints, last: Ints, size: int) -> Bools:
    """The places from each first to its last, both included."""
    steps = np.zeros(size + 1, dtype=np.int64)
    np.add.at(steps, first, 1)
    np.add.at(steps, last + 1, -1)
    return np.asarray(np.cumsum(steps)[:-1] > 0)


def _two_of_three(of: _Points) -> Sides:
    """Three points in a row, two of them near a limit or beyond it."""
    share = of.profile.warning
    high, low = _beyond(of, share)
    if not of.profile.two_of_three_counts_outside:
        over, under = _beyond(of, 1.0)
        high, low = high & ~over, low & ~under
    return _most(high, low, of, 3, share)


def _four_of_five(of: _Points) -> Sides:
    """Five points in a row, four of them beyond one sigma."""
    high, low = _beyond(of, of.profile.inner)
    return _most(high, low, of, 5, of.profile.inner)


def _beyond(of: _Points, share: float) -> Sides:
    """Points further out than ``share`` of the way to a limit."""
    reach = share * of.reach + of.tie
    return of.out > reach, of.out < -reach


def _most(high: Bools, low: Bools, of: _Points, length: int, share: float) -> Sides:
    """Windows of so many points in a row, all but one of them (at least) far on one side."""

    def fired(far: Bools, side: Bools, flagged: Bools) -> Bools:
        same = of.profile.two_of_three_third == "same_side"
        ends = _ends(_linked(side, of.joined) if same else of.joined, length)
        return flagged & _whole(ends & (_among(far, length) >= length - 1), length)

    above, below = of.away > of.tie, of.away < -of.tie
    if of.profile.two_of_three_flags == "far":
        return fired(high, above, high), fired(low, below, low)
    reach = share * of.reach + of.tie  # the whole pattern, but for a point as far out on the other side
    return fired(high, above, ~(of.out < -reach)), fired(low, below, ~(of.out > reach))


def _alternating(of: _Points) -> Sides:
    """Up and down by turns."""
    length = _length(of.profile.alternating)
    way = np.where(of.joined, np.where(of.step > of.tie, 1, np.where(of.step < -of.tie, -1, 0)), 0)
    turns = np.zeros(way.size, dtype=np.bool_)
    turns[1:] = way[1:] * way[:-1] < 0
    return of.by_side(_whole(_ends(turns, length - 1), length))


def _hugging(of: _Points) -> Sides:
    """All within one sigma."""
    length = _length(of.profile.hugging)
    near = of.judged & (np.abs(of.out) <= of.profile.inner * of.reach + of.tie)
    return of.by_side(_whole(_ends(_linked(near, of.joined), length), length))


def _avoiding(of: _Points) -> Sides:
    """None within one sigma, and not all on one side."""
    length = _length(of.profile.avoiding)
    far = np.abs(of.out) > of.profile.inner * of.reach + of.tie
    ends = _ends(_linked(far, of.joined), length)
    for side in (of.out > 0, of.out < 0):
        ends &= ~_ends(_linked(far & side, of.joined), length)
    return of.by_side(_whole(ends, length))


def _long_run(of: _Points) -> Sides:
    assert of.runs is not None  # noqa: S101 - counted where the profile asks for it
    long = running_too_long(of.runs)
    return long & (of.away > 0), long & (of.away < 0)


def _few_crossings(of: _Points) -> Sides:
    assert of.runs is not None  # noqa: S101 - counted where the profile asks for it
    return of.by_side(crossing_too_seldom(of.runs))


_OF: Mapping[Rule, Callable[[_Points], Sides]] = {
    Rule.OUTSIDE: _outside,
    Rule.TREND: _trend,
    Rule.TWO_OF_THREE: _two_of_three,
    Rule.SHIFT: _shift,
    Rule.FOUR_OF_FIVE: _four_of_five,
    Rule.ALTERNATING: _alternating,
    Rule.HUGGING: _hugging,
    Rule.AVOIDING: _avoiding,
    Rule.LONG_RUN: _long_run,
    Rule.FEW_CROSSINGS: _few_crossings,
}


def _length(points: int | None) -> int:
    assert points is not None  # noqa: S101 - a rule is asked for by its length
    return points


def _linked(members: Bools, joined: Bools) -> Bools:
    """Members whose month before is a member too."""
    linked = members & joined
    linked[1:] &= members[:-1]
    return linked


def _among(which: Bools, length: int) -> Bits:
    """How many of the last ``length`` points ``which`` holds of."""
    many = which.astype(np.uint16)
    for back in range(1, length):
        many[back:] += which[:-back]
    return many


def _ends(links: Bools, length: int) -> Bools:
    """Where a chain of ``length`` points ends: each linked to the one before it."""
    ends = links.copy()
    for back in range(1, length - 1):
        ends[back:] &= links[:-back]
    return ends


def _whole(ends: Bools, length: int) -> Bools:
    """Every point of the chains of ``length`` points that end at ``ends``."""
    whole = ends.copy()
    for ahead in range(1, length):
        whole[:-ahead] |= ends[ahead:]
    return whole
