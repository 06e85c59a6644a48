"""The sparkline of a scorecard's row: the last months, 168 by 52, with band, mean and standard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from trigpoint.publish.chart import Chart, ChartPoint, Shape
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.gaps import HATCHED
from trigpoint.publish.charts.marks import mark
from trigpoint.publish.charts.scale import clipped
from trigpoint.publish.charts.standards import levels
from trigpoint.publish.charts.svg import circle, path, rect, silent
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month

WIDTH, HEIGHT = 168, 52
_LEFT, _RIGHT, _TOP, _BOTTOM = 7.0, 159.0, 6.0, 46.0


def sparkline(chart: Chart) -> str:
    """The last months as one small, silent SVG: the row's words and table say what it shows."""
    return silent("tp-spark", WIDTH, HEIGHT, f"0 0 {WIDTH} {HEIGHT}", "".join(_layers(chart)))


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where months and values fall."""

    first: Month
    months: int
    low: float
    high: float

    def x(self, month: Month) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (month.index - self.first.index) / self.months

    def shows(self, month: Month) -> bool:
        return 0 <= month.index - self.first.index <= self.months

    def y(self, value: float) -> float:
        if self.high == self.low:
            return (_TOP + _BOTTOM) / 2
        share = (value - self.low) / (self.high - self.low)
        return _BOTTOM - min(1.0, max(0.0, share)) * (_BOTTOM - _TOP)


def _plot(chart: Chart) -> _Plot:
    first, last = chart.points[0].month, chart.points[-1].month
    shown = [point.value for point in chart.points if point.value is not None]
    shown += [clipped(v, chart.axis) for p in chart.points for v in (p.lower, p.upper) if v is not None]
    shown += [value for line in chart.standards[:1] for month, value in line.values if first <= month <= last]
    return _Plot(first, max(1, last.index - first.index), min(shown, default=0.0), max(shown, default=1.0))


def _layers(chart: Chart) -> Iterator[str]:
    if not chart.points:
        return
    plot = _plot(chart)
    half = (_RIGHT - _LEFT) / plot.months / 2
    yield from _process(chart, plot, half)
    for point in chart.points:
        if point.state in HATCHED:
            hole = f'fill="none" stroke="{c.HATCH}" stroke-dasharray="2 2"'
            yield rect(plot.x(point.month) - 3, 4, 6, 44, hole)
    for line in chart.standards[:1]:
        held = [(month, value) for month, value in line.values if plot.shows(month)]
        outline = "".join(
            f"M{plot.x(first) - half:.1f} {plot.y(value):.1f}H{plot.x(last) + half:.1f}"
            for first, last, value in levels(held)
        )
        if outline:
            yield path(outline, c.MISSED, 1.5, dashes="5 3")
    yield from _line(chart, plot)


def _process(chart: Chart, plot: _Plot, half: float) -> Iterator[str]:
    """Band and mean of months that share their limits; where limits change each month, slabs side by side."""
    bands = middles = ""
    for (lower, mean, upper), months in groupby(chart.points, lambda p: (p.lower, p.mean, p.upper)):
        run = list(months)
        if mean is None and upper is None:
            continue
        left, right = plot.x(run[0].month) - half, plot.x(run[-1].month) + half
        left, right = max(1.0, left), min(WIDTH - 1.0, right)
        if upper is not None:
            top = plot.y(clipped(upper, chart.axis))
            bottom = _BOTTOM if lower is None else max(top + 2, plot.y(clipped(lower, chart.axis)))
            bands += f"M{left:.1f} {top:.1f}H{right:.1f}V{bottom:.1f}H{left:.1f}Z"
        if mean is not None:
            middles += f"M{left:.1f} {plot.y(clipped(mean, chart.axis)):.1f}H{right:.1f}"
    if bands:
        yield path(bands, "none", fill=c.PROCESS_SMALL)
    if middles:
        yield path(middles, c.HATCH)


def _line(chart: Chart, plot: _Plot) -> Iterator[str]:
    starts = {note.month for note in chart.notes if note.restarts}
    outline, joined, marks = "", False, ""
    for point in chart.points:
        joined = joined and point.month not in starts
        if point.value is None:
            joined = joined and point.state is State.NOT_DUE
            continue
        x, y = plot.x(point.month), plot.y(point.value)
        outline += f"{'L' if joined else 'M'}{x:.1f} {y:.1f}"
        alone = not joined
        joined = True
        marks += _mark(point, x, y, latest=point is chart.points[-1], alone=alone)
    if outline:
        yield path(outline, c.INK, 1.6) + marks


def _mark(point: ChartPoint, x: float, y: float, *, latest: bool, alone: bool) -> str:
    """Signals and the latest point are marked; so is one that starts a line, lest it be alone and unseen."""
    if latest:
        return mark(point.shape, x, y, 0.9)
    if point.shape is not Shape.COMMON:
        return mark(point.shape, x, y, 0.62)
    return circle(x, y, 1.6, c.INK, c.INK) if alone else ""
