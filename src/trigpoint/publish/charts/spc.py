"""The control chart: a series with its limits, its standards and all that has to be said about its months.

From the back to the front: axes, band with mean and limits, gaps, standards, restarts, the line,
its marks, remarks and labels. Words find their place last, where they cover nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.publish.chart import Chart, Shape
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.covering import room_of
from trigpoint.publish.charts.foot import Entry, foot
from trigpoint.publish.charts.frame import Drawing, axes
from trigpoint.publish.charts.gaps import gap_words, gaps, take_gaps
from trigpoint.publish.charts.labels import inside, label_width, margin, step_words, without_margin
from trigpoint.publish.charts.layout import Layout, laid_out
from trigpoint.publish.charts.marks import dots, mark
from trigpoint.publish.charts.notes import discs
from trigpoint.publish.charts.process import process
from trigpoint.publish.charts.restarts import restarts
from trigpoint.publish.charts.room import Place, Words
from trigpoint.publish.charts.standards import standard_line
from trigpoint.publish.charts.svg import circle, path, picture
from trigpoint.terms.panel import State


def spc_chart(chart: Chart, drawing: Drawing) -> str:
    """A chart as one SVG element, self-contained, with its title and description."""
    it = laid_out(chart, drawing, label_width(chart) if drawing.margin else 0.0)
    key = f"{chart.key}-{drawing.name}"
    written, entries = _written(it)
    below, more = foot(entries, 14, drawing.width - 14, drawing.height)
    body = "".join([*_drawn(it), *written, below])
    height = round(drawing.height + more)
    told = chart.description
    if drawing.months is not None and len(chart.points) > drawing.months:
        told += f" This drawing shows the last {drawing.months} months."
    return picture(key, drawing.name, drawing.width, height, chart.title, told, body)


def _drawn(it: Layout) -> Iterator[str]:
    """All but the words within the plot."""
    yield from axes(it.on)
    yield from process(it.usual, it.on, trial=it.chart.trial)
    yield from gaps(it.on, it.gaps)
    for line, parts in zip(it.chart.standards, it.required, strict=True):
        yield from standard_line(line, parts)
    yield from restarts(it.on, it.restarts)
    yield from data_line(it)
    yield from _marks(it)
    if it.on.drawing.margin:
        yield from margin(it)


def _written(it: Layout) -> tuple[list[str], list[Entry]]:
    """The words within the plot, each where it meets nothing, and those that found no place."""
    room = room_of(it)
    take_gaps(it.on, it.gaps, room)
    latest, lines = ([], []) if it.on.drawing.margin else without_margin(it)
    placed, entries = inside(latest, it, room)
    numbers = list(discs(it, room))
    beside, below = inside(lines, it, room)
    placed += beside
    entries += below
    said, unsaid = gap_words(it.on, it.gaps, room)
    placed += said + step_words(it, room)
    entries += unsaid
    if it.chart.remark:
        remark = room.place(Words(it.chart.remark, c.INK_2), _corners(it))
        placed.append(remark)
        entries += [Entry(it.chart.remark)] if not remark else []
    return [*numbers, *placed], entries


def data_line(it: Layout) -> Iterator[str]:
    """The figures joined, except over a gap or a restart. Months that were not due are passed over."""
    outline, joined, starts, points = [], False, it.starts, it.on.points
    for at, spot in enumerate(it.spots):
        if spot:
            outline.append(f"L{spot}" if joined and at not in starts else f"M{spot}")
            joined = True
        elif joined:
            joined = points[at].state is State.NOT_DUE and at not in starts
    if outline:
        yield path("".join(outline), c.COMMON, 2, more=' stroke-linejoin="round"')


def _marks(it: Layout) -> Iterator[str]:
    """Signals and the latest point have a mark of their own; all others are drawn at once."""
    size, latest, plain = it.on.mark_size, len(it.xs) - 1, Shape.COMMON
    common, others = [], []
    for at, (point, spot) in enumerate(zip(it.on.points, it.spots, strict=True)):
        if not spot:
            continue
        x, y = it.xs[at], it.ys[at] or 0.0
        if at != latest and point.shape is plain and not point.excluded:
            common.append(spot)
        else:
            scaled = size * 1.18 if at == latest else size
            others.append(mark(point.shape, x, y, scaled, hollow=point.excluded))
        if point.provisional and (at == latest or it.on.step > 14):
            radius = 12.5 if at == latest or point.shape is not plain else 8.5
            others.append(circle(x, y, radius, "none", c.INK, 1.2, "3 2.5"))
    yield dots(common, size)
    yield from others


def _corners(it: Layout) -> Iterator[Place]:
    """Near the corners of the plot; where there is nothing to cover, half way up."""
    on = it.on
    left, right = on.left + 14, on.right - 8
    if all(y is None for y in it.ys):
        yield Place(left, (on.top + on.bottom) / 2)
    for y in (on.bottom - 14, on.top + 20):
        yield Place(left, y)
        yield Place(right, y, "end")
        yield Place((left + right) / 2, y, "middle")
    for level in range(int(on.top) + 40, int(on.bottom) - 30, 20):
        yield Place(left, level)
