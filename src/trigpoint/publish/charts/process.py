"""What is usual, behind the figures: a band between the limits, their edges, and the mean or the median.

Limits that hold for many months are drawn as one slab. Those that change from month to month, as on
P and U charts, are drawn as one outline that steps half way between two months.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trigpoint.publish.chart import Chart, ChartPoint
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import Frame
from trigpoint.publish.charts.scale import clipped
from trigpoint.publish.charts.svg import path
from trigpoint.terms.panel import State

Levels = tuple[float | None, float | None, float | None]
Held = tuple[int, int, Levels]
"""The places of the first and the last point that share their limits, and what they share."""
DASHES, TRIAL_DASHES = "7 4", "2 4"
_NOTHING: Levels = (None, None, None)


class Stretch(NamedTuple):
    """Following months that share their limits: edges, and the heights of limits and mean, in px."""

    left: float
    right: float
    lower: float | None
    mean: float | None
    upper: float | None


Usual = Sequence[Sequence[Stretch]]
"""Runs of stretches that follow each other without a gap."""


def usual(chart: Chart, on: Frame, xs: Sequence[float], starts: Sequence[int]) -> Usual:
    """The limits and means of a chart laid on its frame.

    ``xs`` says where its points fall, ``starts`` at which of them limits start again.
    """
    return [_laid(run, chart, on, xs) for run in _runs(on.points, starts)]


def _runs(points: Sequence[ChartPoint], starts: Sequence[int]) -> list[list[Held]]:
    """Runs of months with limits, or with a mean alone; a gap, or limits that start again, ends one.

    Months that were not due are passed over.
    """
    found: list[list[Held]] = []
    run: list[Held] = []
    before: Levels = _NOTHING
    for at, point in enumerate(points):
        levels = (point.lower, point.mean, point.upper)
        again = at in starts
        if run and levels == before and not again:
            run[-1] = (run[-1][0], at, levels)
            continue
        if levels == _NOTHING:
            run = [] if again or point.state is not State.NOT_DUE else run
            continue
        if run and not again and _bounded(levels) is _bounded(before):
            run.append((at, at, levels))
        else:
            run = [(at, at, levels)]
            found.append(run)
        before = levels
    return found


def _bounded(levels: Levels) -> bool:
    return levels[0] is not None or levels[2] is not None


def _laid(run: Sequence[Held], chart: Chart, on: Frame, xs: Sequence[float]) -> list[Stretch]:
    """A run's stretches, which meet half way between their months."""
    half, made = on.step / 2, []
    left = max(on.left + 2, xs[run[0][0]] - half)
    for at, (_, last, levels) in enumerate(run):
        ends = at == len(run) - 1
        right = min(on.right - 2, xs[last] + half) if ends else (xs[last] + xs[run[at + 1][0]]) / 2
        lower, mean, upper = [None if it is None else on.y(clipped(it, chart.axis)) for it in levels]
        made.append(Stretch(left, right, lower, mean, upper))
        left = right
    return made


def process(runs: Usual, on: Frame, *, trial: bool) -> Iterator[str]:
    """Band, edges and mean of each run of months. Trial limits, which are the latest, are dotted."""
    for run in runs:
        if run[0].lower is not None or run[0].upper is not None:
            wide = any(it.lower != it.upper for it in run)
            yield path(_outline(run, on, 0.0 if wide else 1.0), "none", fill=c.PROCESS)
            if wide:  # limits of no width are the mean, drawn below
                edges = stepped(run, [it.upper for it in run]) + stepped(run, [it.lower for it in run])
                dashes = TRIAL_DASHES if trial and run is runs[-1] else DASHES
                yield path(edges, c.COMMON, 1.5, dashes=dashes)
        centre = stepped(run, [it.mean for it in run])
        if centre:
            yield path(centre, c.COMMON, 1.5)


def stepped(run: Sequence[Stretch], heights: Sequence[float | None]) -> str:
    """A line at these heights along a run, with a step from each to the next; broken where there is none."""
    drawn, before = "", None
    for it, y in zip(run, heights, strict=True):
        if y is not None:
            start = f"M{it.left:.1f} {y:.1f}" if before is None else "" if y == before else f"V{y:.1f}"
            drawn += f"{start}H{it.right:.1f}"
        before = y
    return drawn


def _outline(run: Sequence[Stretch], on: Frame, slack: float) -> str:
    """Along the upper limits and back along the lower; where one is missing, along the edge of the plot."""
    ups = stepped(run, [on.top if it.upper is None else it.upper - slack for it in run])
    downs = [(it, on.bottom if it.lower is None else it.lower + slack) for it in reversed(run)]
    return f"{ups}{''.join([f'V{y:.1f}H{it.left:.1f}' for it, y in downs])}Z"
