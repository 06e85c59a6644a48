"""Small multiples: a small control chart for each unit, all on one scale of values and of months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trigpoint.publish.chart import Chart, Shape
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import Drawing, Frame
from trigpoint.publish.charts.gaps import gaps
from trigpoint.publish.charts.layout import Layout, on_frame
from trigpoint.publish.charts.lettering import width
from trigpoint.publish.charts.marks import dots, mark
from trigpoint.publish.charts.process import process
from trigpoint.publish.charts.scale import Scale, common_scale, labelled
from trigpoint.publish.charts.spc import data_line
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
    ticks = _few(labelled(spread, chart.axis))
    left, right = 10 + max(width(words, _SIZE) for _, words in ticks), SMALL.width - 4.0
    step = (right - left - 20) / max(1, last.index - first.index)
    bottom = SMALL.height - 26.0
    return Frame(SMALL, chart.points, spread, ticks, first, last, left, right, 10.0, bottom, step)


def _layers(chart: Chart, on: Frame) -> Iterator[str]:
    it = on_frame(chart, on)
    yield from _axes(on)
    yield from process(it.usual, on, trial=chart.trial)
    yield from gaps(on, it.gaps)
    for line, parts in zip(chart.standards, it.required, strict=True):
        yield from standard_line(line, parts)
    yield from data_line(it)
    yield from _marks(it)


def _few(ticks: Sequence[tuple[float, str]]) -> Sequence[tuple[float, str]]:
    """The ends of the axis and, where there is one, the tick halfway."""
    return ticks[:: len(ticks) // 2] if len(ticks) % 2 else (ticks[0], ticks[-1])


def _axes(on: Frame) -> Iterator[str]:
    rules = ""
    for tick, words in on.ticks:
        y = on.y(tick)
        rules += f"M{on.left:.1f} {y:.1f}H{on.right:.1f}"
        yield text(words, on.left - 6, y + 4.5, c.INK_2, size=_SIZE, anchor="end")
    yield path(rules, c.RULE)
    yield path(f"M{on.left:.1f} {on.bottom:.1f}H{on.right:.1f}", c.INK_2)
    below = on.bottom + 18
    if on.first != on.last:
        yield text(on.first.short, on.left, below, c.INK_2, size=_SIZE)
    yield text(on.last.short, on.right, below, c.INK_2, size=_SIZE, anchor="end")


def _marks(it: Layout) -> Iterator[str]:
    """Signals and the latest month are marked; any other figure is a dot on the line."""
    common, marks, points = [], "", it.on.points
    latest = points[-1] if points[-1].month == it.on.last else None
    for point, x, y, spot in zip(points, it.xs, it.ys, it.spots, strict=True):
        if y is None:
            continue
        if point is latest:
            marks += mark(point.shape, x, y, 1.1, hollow=point.excluded)
        elif point.shape is Shape.COMMON and not point.excluded:
            common.append(spot)
        else:
            marks += mark(point.shape, x, y, 0.7, hollow=point.excluded)
    yield dots(common, 0.64, edged=False)
    yield marks
