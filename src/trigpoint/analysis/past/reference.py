"""The slow second opinion: one series, one point at a time, written from the rules alone.

Tests hold the fast way (``variation.chart``) against it. It shares no arithmetic with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from trigpoint.analysis.finding import Rule, SeriesStatus, Variation
from trigpoint.analysis.past.reference_kinds import ROUNDING, Limits, Month, Stretch, limits
from trigpoint.analysis.past.reference_rules import Way, fired
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import ChartKind, RuleProfile

__all__ = ["ROUNDING", "Judged", "Subgroups", "judge"]

NEARLY_NORMAL = 3.6
"""Times between events are drawn to the power of one over this (Nelson 1994)."""
SIDELESS = (Rule.ALTERNATING, Rule.HUGGING, Rule.AVOIDING, Rule.FEW_CROSSINGS)
"""Patterns that point neither up nor down."""
CAN_BE_NEGATIVE = (ChartKind.RUN, ChartKind.I, ChartKind.XBAR)
PARTS_OF_A_WHOLE = (ChartKind.P, ChartKind.P_PRIME)


@dataclass(frozen=True, slots=True)
class Judged:
    """One month of a series, with the limits of its segment. None where there is nothing to state.

    ``points`` and ``used`` count the segment's points and those that set its limits; ``fired``
    holds every rule that fired here, and which way.
    """

    status: SeriesStatus
    points: int
    used: int
    mean: float | None
    lower: float | None
    upper: float | None
    variation: Variation
    rule: Rule | None
    fired: frozenset[tuple[Rule, Way]]


@dataclass(frozen=True, slots=True)
class Subgroups:
    """What each figure is out of; what shares or rates are multiplied by; the spread within each month."""

    sizes: Sequence[float | None]
    scale: float = 1.0
    deviations: Sequence[float | None] | None = None


def judge(
    figures: Sequence[float | None],
    segments: Sequence[int],
    excluded: Sequence[bool],
    profile: RuleProfile,
    direction: Direction,
    baseline: int | Sequence[bool] | None = None,
    *,
    kind: ChartKind = ChartKind.I,
    sizes: Subgroups | None = None,
) -> list[Judged]:
    """Judge every month of one series (None: no figure). A new segment starts where its number changes."""
    series = _Series(figures, excluded, profile, baseline, kind, sizes)
    judged: list[Judged] = []
    while len(judged) < len(figures):
        start = end = len(judged)
        while end < len(figures) and segments[end] == segments[start]:
            end += 1
        judged.extend(_judged(series.stretch(range(start, end)), direction))
    return judged


@dataclass(frozen=True, slots=True)
class _Series:
    figures: Sequence[float | None]
    excluded: Sequence[bool]
    profile: RuleProfile
    baseline: int | Sequence[bool] | None
    kind: ChartKind
    sizes: Subgroups | None

    def stretch(self, places: range) -> Stretch:
        drawn, largest = self._drawn(places)
        values = [None if self.excluded[i] or self._size(i) == 0 else drawn.get(i) for i in places]
        tie = ROUNDING * max(
            (largest[i] for i, v in zip(places, values, strict=True) if v is not None), default=0.0
        )
        if self.kind is ChartKind.MR:
            values = [0.0 if value is not None and value <= tie else value for value in values]
        used = self._used(places, values)
        months = [
            Month(value, self._size(i) or None, self._deviation(i), i in used)
            for i, value in zip(places, values, strict=True)
        ]
        scale = self.sizes.scale if self.sizes else 1.0
        return Stretch(self.kind, self.profile, scale, months, self._chains(values), tie)

    def _size(self, place: int) -> float | None:
        """What a figure is out of; 0 where that is nothing, or not known; None where it is not asked."""
        if self.sizes is None:
            return None
        size = self.sizes.sizes[place] or 0.0
        return 0.0 if self.kind is ChartKind.S and size <= 1 else size  # one figure has no spread

    def _deviation(self, place: int) -> float | None:
        return self.sizes.deviations[place] if self.sizes and self.sizes.deviations else None

    def _drawn(self, places: range) -> tuple[Mapping[int, float], Mapping[int, float]]:
        """What is drawn in each month that has something, and the largest number behind it."""
        known = {i: figure for i in places if (figure := self.figures[i]) is not None}
        if self.kind is ChartKind.T:
            known = {i: figure ** (1 / NEARLY_NORMAL) for i, figure in known.items()}
        if self.kind is not ChartKind.MR:
            return known, {i: abs(figure) for i, figure in known.items()}
        pairs = list(self._pairs(known))
        ranges = {now: abs(known[now] - known[before]) for before, now in pairs}
        return ranges, {now: max(abs(known[now]), abs(known[before])) for before, now in pairs}

    def _pairs(self, known: Mapping[int, float]) -> Iterator[tuple[int, int]]:
        """The months that a moving range is taken between; it is drawn in the later.

        Where gaps break, both are points and neighbours. Where they are bridged, the earlier is the
        last with a figure, excluded or not: as in qicharts2, a month is excluded with its own range.
        """
        before: int | None = None
        for now in known:
            if self.profile.gaps == "break" and self.excluded[now]:
                continue
            if before is not None and (self.profile.gaps == "bridge" or before == now - 1):
                yield before, now
            before = now

    def _used(self, places: range, values: Sequence[float | None]) -> set[int]:
        """The points that limits are set from: the first so many, those that are named, or all of them."""
        points = [i for i, value in zip(places, values, strict=True) if value is not None]
        if self.baseline is None:
            return set(points)
        if isinstance(self.baseline, int):
            return set(points[: self.baseline])
        named = {i for i in points if self.baseline[i]}
        return named or set(points)

    def _chains(self, values: Sequence[float | None]) -> list[list[int]]:
        """Neighbouring points: those without a gap between, or where gaps are bridged all of them."""
        chains: list[list[int]] = [[]]
        for place, value in enumerate(values):
            if value is not None:
                chains[-1].append(place)
            elif self.profile.gaps == "break":
                chains.append([])
        return [chain for chain in chains if chain]


def _judged(of: Stretch, direction: Direction) -> Iterator[Judged]:
    """Each month of a stretch in turn."""
    found = limits(of)
    judged = found.status in (SeriesStatus.CHARTED, SeriesStatus.SCREENING_ABANDONED)
    flags: list[set[tuple[Rule, Way]]] = [set() for _ in of.months]
    for rule, where in (fired(of, found) if judged else {}).items():
        for place, way in where:
            flags[place].add((rule, way))
    points, used = len(list(of.points)), len(of.used)
    for place, month in enumerate(of.months):
        variation, names_it = _said(flags[place], of.profile, direction)
        if month.value is None or not (judged or found.status is SeriesStatus.CONSTANT):
            variation = Variation.NOT_ASSESSED
        lines = _lines(of, found, place)
        yield Judged(found.status, points, used, *lines, variation, names_it, frozenset(flags[place]))


def _lines(of: Stretch, found: Limits, place: int) -> tuple[float | None, float | None, float | None]:
    """The centre and the limits in the figures' own units, where a figure of this kind can be."""
    centre, lower, upper, reach = found.centre, None, None, found.reach[place]
    if found.middle is not None and reach is not None:
        lower, upper = found.middle - reach, found.middle + reach
        if of.kind not in CAN_BE_NEGATIVE:
            lower = max(lower, 0.0)
        if of.kind in PARTS_OF_A_WHOLE:
            upper = min(upper, of.scale)
    if of.kind is ChartKind.T:
        centre, lower, upper = (
            None if it is None else math.pow(it, NEARLY_NORMAL) for it in (centre, lower, upper)
        )
    return centre, lower, upper


def _said(
    here: AbstractSet[tuple[Rule, Way]], profile: RuleProfile, direction: Direction
) -> tuple[Variation, Rule | None]:
    """What a point says, and the rule that names it.

    A pattern that points neither way yields to one that does, and is neither good nor bad. Of those
    that point both ways the improvement wins, if the profile says so. Of what is left, the weightiest
    rule names the point, and of one that points both ways, the rise.
    """
    if not here:
        return Variation.COMMON, None
    pointing = {(rule, way) for rule, way in here if rule not in SIDELESS}
    if pointing and direction != "neutral" and profile.improvement_wins:
        pointing = {(rule, way) for rule, way in pointing if way == direction} or pointing
    rule, way = min(pointing or here, key=lambda one: (profile.order.index(one[0].value), one[1] == "down"))
    side = "high" if way == "up" else "low"
    if direction == "neutral" or rule in SIDELESS:
        return Variation(f"neutral_{side}"), rule
    return Variation(f"{'improvement' if way == direction else 'concern'}_{side}"), rule
