"""Small multiples: a small control chart for each unit, all on one scale of values and of months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trigpoint.publish.chart import Chart, Shape
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import LETTER, Drawing, Frame
from trigpoint.publish.charts.gaps import gaps
from trigpoint.publish.charts.marks import mark
from trigpoint.publish.charts.scale import Scale, common_scale, tick_words
from trigpoint.publish.charts.spc import data_line, process
from trigpoint.publish.charts.standards import standard_line
from trigpoint.publish.charts.svg import path, picture, text
from trigpoint.terms.period import Month

MONTHS = 18
"""How many months a multiple shows."""
SMALL = Drawing("small", 250, 150, MONTHS, margin=False)
_SIZE = 13


def multiples(charts: Sequence[Chart | None]) -> tuple[str, ...]:
    """A drawing for each chart, in order; empty where there is no chart."""
    drawn = [chart for chart in charts if chart is not None and chart.points]
    if not drawn:
        return ("",) * len(charts)
    spread = common_scale(drawn)
    first = min(chart.points[0].month for chart in drawn)
    last = max(chart.points[-1].month for chart in drawn)
    return tuple(
        _multiple(chart, spread, first, last) if chart is not None and chart.points else ""
        for chart in charts
    )


def _multiple(chart: Chart, spread: Scale, first: Month, last: Month) -> str:
    on = _frame(chart, spread, first, last)
    body = "".join(_layers(chart, on))
    return picture(chart.key, SMALL.name, SMALL.width, SMALL.height, chart.title, chart.description, body)


def _frame(chart: Chart, spread: Scale, first: Month, last: Month) -> Frame:
    widest = max(len(tick_words(tick, spread, chart.axis)) for tick in _ticks(spread))
    left, right = 10 + widest * LETTER, SMALL.width - 4.0
    step = (right - left - 20) / max(1, last.index - first.index)
    return Frame(SMALL, chart.points, spread, first, last, left, right, 10.0, SMALL.height - 26.0, step)


def _layers(chart: Chart, on: Frame) -> Iterator[str]:
    yield from _axes(chart, on)
    yield from process(chart, on)
    yield from gaps(on, chart.key, worded=False)
    for line in chart.standards:
        yield from standard_line(line, on)
    yield from data_line(chart, on)
    yield from _marks(on)


def _ticks(spread: Scale) -> tuple[float, ...]:
    """The ends of the axis and, where there is one, the tick halfway."""
    ticks = spread.ticks
    return ticks[:: len(ticks) // 2] if len(ticks) % 2 else (ticks[0], ticks[-1])


def _axes(chart: Chart, on: Frame) -> Iterator[str]:
    rules = ""
    for tick in _ticks(on.scale):
        y = on.y(tick)
        rules += f"M{on.left:.1f} {y:.1f}H{on.right:.1f}"
        yield text(
            tick_words(tick, on.scale, chart.axis), on.left - 6, y + 4.5, c.INK_2, size=_SIZE, anchor="end"
        )
    yield path(rules, c.RULE)
    yield path(f"M{on.left:.1f} {on.bottom:.1f}H{on.right:.1f}", c.INK_2)
    below = on.bottom + 18
    if on.first != on.last:
        yield text(on.first.short, on.left, below, c.INK_2, size=_SIZE)
    yield text(on.last.short, on.right, below, c.INK_2, size=_SIZE, anchor="end")


def _marks(on: Frame) -> Iterator[str]:
    """Signals and the latest month are marked; any other figure is a dot on the line."""
    dots, marks = "", ""
    latest = on.points[-1] if on.points[-1].month == on.last else None
    for point in on.points:
        if point.value is None:
            continue
        x, y = on.x(point.month), on.y(point.value)
        if point is latest:
            marks += mark(point.shape, x, y, 1.1, hollow=point.excluded)
        elif point.shape is Shape.COMMON and not point.excluded:
            dots += f"M{x:.1f} {y:.1f}h0"
        else:
            marks += mark(point.shape, x, y, 0.7, hollow=point.excluded)
    if dots:
        yield path(dots, c.COMMON, 4.6, more=' stroke-linecap="round"')
    yield marks
