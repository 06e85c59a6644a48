"""Where everything of a funnel falls: the two axes, the units and the curves of the limits."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from trigpoint.publish.chart import Axis
from trigpoint.publish.charts.frame import Drawing
from trigpoint.publish.charts.lettering import width
from trigpoint.publish.charts.scale import Scale, clipped, labelled, scale_of
from trigpoint.publish.funnel import FunnelChart, FunnelLimit

Ticks = Sequence[tuple[float, str]]
Curve = Sequence[tuple[float, float]]
"""Points in px."""
FUNNEL_WIDE = Drawing("wide", 1160, 460, None, margin=True)
FUNNEL_MIDDLE = Drawing("middle", 860, 420, None, margin=True)
FUNNEL_NARROW = Drawing("narrow", 320, 330, None, margin=False)
FOOT = 62.0
"""The px below the plot, for sizes and what they are."""
BROADEST = 230.0
_PAD = 12.0
_POINTS = 150
"""About how many points of a curve are drawn; more cannot be seen."""
_SHORTEST = 14.0
_BEYOND = 1.5
"""How far, as a multiple of the farthest unit, the limits are followed to where they are wide."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A funnel laid on a drawing. ``places`` are those of its points, ``curves`` lower and upper by level."""

    chart: FunnelChart
    drawing: Drawing
    scale: Scale
    smallest: float
    largest: float
    ticks: Ticks
    size_ticks: Ticks
    left: float
    right: float
    top: float
    bottom: float
    places: Sequence[tuple[float, float]]
    curves: Sequence[tuple[Curve, Curve]]

    def x(self, size: float) -> float:
        share = (size - self.smallest) / (self.largest - self.smallest)
        return self.left + _PAD + share * (self.right - self.left - 2 * _PAD)

    def y(self, value: float) -> float:
        share = (value - self.scale.low) / (self.scale.high - self.scale.low)
        return self.bottom - share * (self.bottom - self.top)

    @property
    def target(self) -> float:
        """The height of the target."""
        return self.y(self.chart.target)


def funnel_plot(chart: FunnelChart, drawing: Drawing) -> Plot:
    """Lay a funnel on a drawing."""
    scale, denominators = _scale(chart), [point.denominator for point in chart.points]
    sizes = scale_of(denominators, chart.size_axis)
    # The axis ends with the largest unit, and the limits with it, so that their names stand beside them.
    largest = max(denominators) if max(denominators) > sizes.low else sizes.high
    ticks = labelled(scale, chart.axis)
    left = max(44.0, 14 + max([width(words) for _, words in ticks]))
    right, top, bottom = drawing.width - _margin(chart, drawing), 22.0, drawing.height - FOOT
    across = (right - left - 2 * _PAD) / (largest - sizes.low)
    start, up = left + _PAD - sizes.low * across, (bottom - top) / (scale.high - scale.low)
    every = max(1, len(chart.across) // _POINTS)
    xs = [start + size * across for size in _thinned(chart.across, every)]

    def curve(values: Sequence[float]) -> Curve:
        held = _held(_thinned(values, every), chart.axis)
        return _seen([(x, bottom - (v - scale.low) * up) for x, v in zip(xs, held, strict=True)], left, right)

    return Plot(
        chart=chart,
        drawing=drawing,
        scale=scale,
        smallest=sizes.low,
        largest=largest,
        ticks=ticks,
        size_ticks=[tick for tick in labelled(sizes, chart.size_axis) if tick[0] <= largest],
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        places=[
            (start + it.denominator * across, bottom - (it.value - scale.low) * up) for it in chart.points
        ],
        curves=[(curve(limit.lower), curve(limit.upper)) for limit in chart.limits],
    )


def _held(values: Sequence[float], axis: Axis) -> Sequence[float]:
    """Limits within what the measure can reach."""
    least = -math.inf if axis.least is None else axis.least
    most = math.inf if axis.most is None else axis.most
    return [least if value < least else min(most, value) for value in values]


def _seen(curve: Curve, left: float, right: float) -> Curve:
    """A curve; where all units are of one size, a piece of it that can be seen."""
    if not curve or curve[-1][0] - curve[0][0] > _SHORTEST:
        return curve
    (first, start), (last, end) = curve[0], curve[-1]
    return [(max(left, first - _SHORTEST), start), *curve, (min(right, last + _SHORTEST), end)]


def _thinned(values: Sequence[float], every: int) -> Sequence[float]:
    """Every so many values, and always the last."""
    return values if every == 1 else [*values[:-1:every], values[-1]]


def _margin(chart: FunnelChart, drawing: Drawing) -> float:
    if drawing.margin:
        words = [chart.target_words, *(limit.words for limit in chart.limits)]
        return min(BROADEST, 26 + max(map(width, words)))
    return 26 + max((width(limit.short, 13) for limit in chart.limits), default=0.0)


def _scale(chart: FunnelChart) -> Scale:
    """The axis of values: for every unit, and for the limits as far as units are away from the target.

    Where numbers are small, limits widen without end: followed all the way, they would leave the units
    no height.
    """
    values = [point.value for point in chart.points]
    middle = median([point.denominator for point in chart.points])
    usual = [end for limit in chart.limits for end in _at(limit, chart.across, middle)]
    far = max([abs(value - chart.target) for value in (*values, *usual, chart.target)]) * _BEYOND
    ends = [f(limit.lower + limit.upper) for limit in chart.limits for f in (min, max)]
    held = [min(max(end, chart.target - far), chart.target + far) for end in ends]
    shown = [min(values), max(values), chart.target, *held]
    return scale_of([clipped(value, chart.axis) for value in shown], chart.axis)


def _at(limit: FunnelLimit, across: Sequence[float], size: float) -> tuple[float, float]:
    """The limits at the denominator that is not before a size."""
    at = min(bisect_left(across, size), len(across) - 1)
    return limit.lower[at], limit.upper[at]


def within(curve: Curve, top: float, bottom: float) -> list[list[tuple[float, float]]]:
    """The parts of a curve that lie in the plot, cut where it crosses the edge."""
    parts: list[list[tuple[float, float]]] = []
    for (x0, y0), (x1, y1) in pairwise(curve):
        down = y1 - y0
        if down:
            first, last = sorted(((top - y0) / down, (bottom - y0) / down))
        else:
            first, last = (0.0, 1.0) if top <= y0 <= bottom else (1.0, 0.0)
        first, last = max(first, 0.0), min(last, 1.0)
        if first >= last:
            continue
        start = (x0, y0) if first == 0.0 else (x0 + first * (x1 - x0), y0 + first * down)
        end = (x1, y1) if last == 1.0 else (x0 + last * (x1 - x0), y0 + last * down)
        if parts and parts[-1][-1] == start:
            parts[-1].append(end)
        else:
            parts.append([start, end])
    return parts
