"""The slow second opinion on rules: which of them fire at each point of one stretch, and which way.

Neighbours are the points of one chain. A rule flags every point of its pattern; a point on the
centre is on neither side of it, and stands with those above where a pattern has no side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import Literal, TypeAlias

from trigpoint.analysis.finding import Rule
from trigpoint.analysis.past.reference_kinds import Limits, Stretch
from trigpoint.definitions.profile import ChartKind

Way: TypeAlias = Literal["up", "down"]
WAYS: tuple[Way, ...] = ("up", "down")
Fired: TypeAlias = set[tuple[int, Way]]
"""Where a rule fires, and which way."""


@dataclass(frozen=True, slots=True)
class _Points:
    """Points to be judged: how far each lies from the centre and from the middle of its limits."""

    of: Stretch
    values: Mapping[int, float]
    away: Mapping[int, float]
    out: Mapping[int, float]
    reach: Sequence[float | None]

    def side(self, place: int) -> Way | None:
        """On which side of the centre a point lies; None for on it."""
        return self.way(self.away[place])

    def way(self, distance: float) -> Way | None:
        """Which way a distance goes; None where it is no more than rounding."""
        if abs(distance) <= self.of.tie:
            return None
        return "up" if distance > 0 else "down"

    def beyond(self, place: int, share: float) -> Way | None:
        """Which way a point lies beyond ``share`` of the way to its limit; None where it does not."""
        reach, out = self.reach[place], self.out[place]
        if reach is None or not self.of.above(abs(out), share * reach):
            return None
        return "up" if out > 0 else "down"

    def steps(self, chain: Sequence[int]) -> list[Way | None]:
        """Which way each point of a chain lies from the one before it."""
        return [None, *(self.way(self.values[now] - self.values[before]) for before, now in pairwise(chain))]

    def by_side(self, places: Sequence[int]) -> Fired:
        return {(place, self.side(place) or "up") for place in places}


def fired(of: Stretch, limits: Limits) -> Mapping[Rule, Fired]:
    """The rules that the profile asks for, each with where it fires. Of moving ranges, one is asked for."""
    assert limits.centre is not None  # noqa: S101 - only asked of stretches with limits
    assert limits.middle is not None  # noqa: S101 - the same
    values = dict(of.points)
    away = {place: value - limits.centre for place, value in values.items()}
    out = {place: value - limits.middle for place, value in values.items()}
    points = _Points(of, values, away, out, limits.reach)
    overlapping = of.kind is ChartKind.MR  # moving ranges share figures: runs of them mean nothing
    asked = [rule for rule in map(Rule, of.profile.in_use) if rule is Rule.OUTSIDE or not overlapping]
    return {rule: _OF[rule](points) for rule in asked}


def _outside(points: _Points) -> Fired:
    beyond = {place: points.beyond(place, 1.0) for place in points.out}
    return {(place, way) for place, way in beyond.items() if way}


def _windows(points: _Points, length: int) -> Iterator[Sequence[int]]:
    """So many neighbours, wherever there are."""
    for chain in points.of.chains:
        for start in range(len(chain) - length + 1):
            yield chain[start : start + length]


def _runs(ways: Sequence[Way | None], least: int, ties: str) -> Iterator[tuple[Way, int, int]]:
    """Runs of at least so many of one way: which, and their first and last places.

    What goes neither way ends a run, or where ``ties`` pass neither ends it nor counts.
    """
    told = [(way, at) for at, way in enumerate(ways) if way is not None or ties == "break"]
    for way, group in groupby(told, key=lambda one: one[0]):
        places = [at for _, at in group]
        if way is not None and len(places) >= least:
            yield way, places[0], places[-1]


def _shift(points: _Points) -> Fired:
    profile = points.of.profile
    found: Fired = set()
    for chain in points.of.chains:
        sides = [points.side(place) for place in chain]
        for way, first, last in _runs(sides, _length(profile.shift), profile.ties):
            found |= {(place, way) for place in chain[first : last + 1]}
    return found


def _trend(points: _Points) -> Fired:
    profile = points.of.profile
    found: Fired = set()
    for chain in points.of.chains:
        steps = points.steps(chain)
        trends: set[tuple[int, Way]] = set()
        for way, first, last in _runs(steps, _length(profile.trend) - 1, profile.ties):
            trends |= {(at, way) for at in range(first - 1, last + 1)}
        if profile.turning_point == "next":
            trends = set(_one_way(trends, steps, profile.ties))
        found |= {(chain[at], way) for at, way in trends}
    return found


def _one_way(
    trends: set[tuple[int, Way]], steps: Sequence[Way | None], ties: str
) -> Iterator[tuple[int, Way]]:
    """Each point of a trend once: by the step to the next point, where that is in a trend too.

    Otherwise by the step that leads to it. As in NHSRplotthedots, a step that does not rise counts
    as a fall; where ties pass, the next step that goes either way is the one that counts.
    """
    within = {at for at, _ in trends}
    for at in within:
        onward = steps[at + 1 :] if at + 1 in within else steps[at:]
        step = next(way for way in onward if way) if ties == "pass" else onward[0]
        yield at, "up" if step == "up" else "down"


def _most(points: _Points, length: int, share: float, counts_outside: bool) -> Fired:
    """Of so many neighbours, all but one (at least) further out than ``share`` on one side."""
    profile = points.of.profile
    beyond = {place: points.beyond(place, share) for place in points.out}
    outside = {place: points.beyond(place, 1.0) for place in points.out}
    sides = {place: points.side(place) for place in points.out}
    found: Fired = set()
    for window in _windows(points, length):
        for way in WAYS:
            far = [p for p in window if beyond[p] == way and (counts_outside or outside[p] is None)]
            if len(far) < length - 1:
                continue
            if profile.two_of_three_third == "same_side" and any(sides[p] != way for p in window):
                continue
            whole = [p for p in window if beyond[p] in (way, None)]
            found |= {(p, way) for p in (far if profile.two_of_three_flags == "far" else whole)}
    return found


def _two_of_three(points: _Points) -> Fired:
    profile = points.of.profile
    return _most(points, 3, profile.warning, profile.two_of_three_counts_outside)


def _four_of_five(points: _Points) -> Fired:
    return _most(points, 5, points.of.profile.inner, counts_outside=True)


def _alternating(points: _Points) -> Fired:
    length = _length(points.of.profile.alternating)
    found: Fired = set()
    for chain in points.of.chains:
        steps = points.steps(chain)
        for start in range(len(chain) - length + 1):
            inner = steps[start + 1 : start + length]
            if None not in inner and all(before != after for before, after in pairwise(inner)):
                found |= points.by_side(chain[start : start + length])
    return found


def _hugging(points: _Points) -> Fired:
    inner, reach = points.of.profile.inner, points.reach
    near = {p for p in points.out if reach[p] is not None and points.beyond(p, inner) is None}
    found: Fired = set()
    for window in _windows(points, _length(points.of.profile.hugging)):
        if near.issuperset(window):
            found |= points.by_side(window)
    return found


def _avoiding(points: _Points) -> Fired:
    beyond = {place: points.beyond(place, points.of.profile.inner) for place in points.out}
    found: Fired = set()
    for window in _windows(points, _length(points.of.profile.avoiding)):
        if {beyond[place] for place in window} == {"up", "down"}:
            found |= points.by_side(window)
    return found


def _useful(points: _Points) -> list[list[tuple[int, Way]]]:
    """The runs of points off the centre, whatever lies between them."""
    useful = [(place, side) for place in points.away if (side := points.side(place))]
    return [list(run) for _, run in groupby(useful, key=lambda one: one[1])]


def _long_run(points: _Points) -> Fired:
    runs = _useful(points)
    longest = longest_allowed(sum(map(len, runs)))
    return {one for run in runs if len(run) > longest for one in run}


def _few_crossings(points: _Points) -> Fired:
    runs = _useful(points)
    fewest = fewest_allowed(sum(map(len, runs)))
    return {one for run in runs for one in run} if len(runs) - 1 < fewest else set()


@cache
def longest_allowed(useful: int) -> int:
    """log2 of the useful points, rounded, and three: 2 to the k - ½ <= n < 2 to the k + ½."""
    if not useful:
        return 0
    k = 0
    while useful**2 >= 2 ** (2 * k + 1):
        k += 1
    return k + 3


@cache
def fewest_allowed(useful: int) -> int:
    """The 5% quantile of crossings, if each of the useful points is as likely on one side as on the other."""
    ways = [1]  # of so many crossings, among one point and the next
    for _ in range(useful - 1):
        ways = [a + b for a, b in zip([*ways, 0], [0, *ways], strict=True)]
    return next(k for k in range(len(ways)) if 20 * sum(ways[: k + 1]) >= sum(ways))


def _length(points: int | None) -> int:
    assert points is not None  # noqa: S101 - a rule is asked for by its length
    return points


_OF: Mapping[Rule, Callable[[_Points], Fired]] = {
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
