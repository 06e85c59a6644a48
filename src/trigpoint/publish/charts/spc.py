"""The control chart: a series with its limits, its standards and all that has to be said about its months.

From the back to the front: axes, band with mean and limits, gaps, standards, restarts, the line,
its marks, remarks and labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from trigpoint.publish.chart import Chart, ChartPoint, Shape
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import Drawing, Frame, axes, frame
from trigpoint.publish.charts.gaps import gaps
from trigpoint.publish.charts.labels import inside, label_width, margin
from trigpoint.publish.charts.marks import mark
from trigpoint.publish.charts.restarts import restarts, rows_of_restarts
from trigpoint.publish.charts.scale import clipped
from trigpoint.publish.charts.standards import standard_line
from trigpoint.publish.charts.svg import HALO, circle, path, picture, rect, text
from trigpoint.terms.panel import State


def spc_chart(chart: Chart, drawing: Drawing) -> str:
    """A chart as one SVG element, self-contained, with its title and description."""
    width = label_width(chart)
    rows = rows_of_restarts(chart, drawing, width)
    on = frame(chart, drawing, max(rows.values(), default=-1) + 1, width)
    key = f"{chart.key}-{drawing.name}"
    body = "".join(_layers(chart, on, rows, key))
    return picture(key, drawing.name, drawing.width, drawing.height, chart.title, chart.description, body)


def _layers(chart: Chart, on: Frame, rows: dict[int, int], key: str) -> Iterator[str]:
    yield from axes(chart, on)
    yield from process(chart, on)
    yield from gaps(on, key)
    for line in chart.standards:
        yield from standard_line(line, on)
    yield from restarts(chart, on, rows)
    yield from data_line(chart, on)
    yield from _marks(on)
    yield from _annotations(chart, on)
    yield from _remark(chart, on)
    yield from margin(chart, on) if on.drawing.margin else inside(chart, on)


def process(chart: Chart, on: Frame) -> Iterator[str]:
    """Band, limits and mean of each run of months that share them."""
    starts = {note.month for note in chart.notes if note.restarts}
    segment = 0

    def limits(point: ChartPoint) -> tuple[int, float | None, float | None, float | None]:
        nonlocal segment
        segment += point.month in starts
        return segment, point.lower, point.mean, point.upper

    half = on.step / 2
    for (_, lower, mean, upper), months in groupby(on.points, limits):
        if lower is None or mean is None or upper is None:
            continue
        run = list(months)
        left = max(on.left + 2, on.x(run[0].month) - half)
        right = min(on.right - 2, on.x(run[-1].month) + half)
        top, bottom = on.y(clipped(upper, chart.axis)), on.y(clipped(lower, chart.axis))
        middle = on.y(clipped(mean, chart.axis))
        if lower == upper:  # limits of no width are still seen
            top, bottom = middle - 1, middle + 1
        yield rect(left, top, right - left, bottom - top, f'fill="{c.PROCESS}"')
        if lower != upper:
            edges = f"M{left:.1f} {top:.1f}H{right:.1f}M{left:.1f} {bottom:.1f}H{right:.1f}"
            yield path(
                edges, c.COMMON, 1.5, dashes="2 4" if chart.trial and run[-1] is on.points[-1] else "7 4"
            )
        yield path(f"M{left:.1f} {middle:.1f}H{right:.1f}", c.COMMON, 1.5)


def data_line(chart: Chart, on: Frame) -> Iterator[str]:
    """The figures joined, except over a gap or a restart. Months that were not due are passed over."""
    starts = {note.month for note in chart.notes if note.restarts}
    outline, joined = "", False
    for point in on.points:
        if point.month in starts:
            joined = False
        if point.value is not None:
            outline += f"{'L' if joined else 'M'}{on.x(point.month):.1f} {on.y(point.value):.1f}"
            joined = True
        else:
            joined = joined and point.state is State.NOT_DUE
    if outline:
        yield path(outline, c.COMMON, 2, more=' stroke-linejoin="round"')


def _marks(on: Frame) -> Iterator[str]:
    size = on.mark_size
    for point in on.points:
        if point.value is None:
            continue
        x, y = on.x(point.month), on.y(point.value)
        latest = point is on.points[-1]
        yield mark(point.shape, x, y, size * 1.18 if latest else size, hollow=point.excluded)
        if point.provisional and (latest or on.step > 14):
            radius = 12.5 if latest or point.shape is not Shape.COMMON else 8.5
            yield circle(x, y, radius, "none", c.INK, 1.2, "3 2.5")


def _annotations(chart: Chart, on: Frame) -> Iterator[str]:
    """A numbered disc above (or, near the top, below) the month of each remark that is not a restart."""
    heights = {point.month: on.y(point.value) for point in on.points if point.value is not None}
    for note in chart.notes:
        if note.restarts or note.month not in heights:
            continue
        x, y = on.x(note.month), heights[note.month]
        way = -1 if y - on.top > 44 else 1
        yield path(f"M{x:.1f} {y + 8 * way:.1f}v{20 * way}", c.INK)
        yield circle(x, y + 38 * way, 10, c.PAPER, c.INK, 1.5)
        yield text(str(note.number), x, y + 38 * way + 4.6, c.INK, size=13, anchor="middle", bold=True)


def _remark(chart: Chart, on: Frame) -> Iterator[str]:
    """Words on the picture, in the half that the figures leave free."""
    if not chart.remark:
        return
    heights = [on.y(point.value) for point in on.points if point.value is not None]
    middle = (on.top + on.bottom) / 2
    upper_half = bool(heights) and sum(heights) / len(heights) < middle
    y = middle if not heights else on.bottom - 14 if upper_half else on.top + 20
    yield text(chart.remark, on.left + 14, y, c.INK_2, more=HALO)
