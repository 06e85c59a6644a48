"""The frame of a chart: its size, where a month and a value fall on it, and its axes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from trigpoint.publish.chart import Chart, ChartPoint
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.lettering import width
from trigpoint.publish.charts.scale import Scale, labelled, scale
from trigpoint.publish.charts.svg import path, text, words_at
from trigpoint.publish.slot import Slot
from trigpoint.terms.period import Month

FOOT = 44.0
"""The px below the plot, for months and years."""
_MONTHS = tuple(Month(2000, number).short[:3] for number in range(1, 13))
_SHORTEST = 34.0
"""The least px from one named quarter, or year, to the next."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One of the sizes a chart is drawn in: how many months it shows, and whether labels have a margin."""

    name: str
    width: int
    height: int
    months: int | None
    margin: bool


WIDE = Drawing("wide", 1160, 430, None, margin=True)
MIDDLE = Drawing("middle", 860, 380, None, margin=True)
NARROW = Drawing("narrow", 320, 300, 18, margin=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """A chart laid on a drawing: the months and values it spans; edges and ``step`` (one month) in px.

    ``ticks`` are those of the value axis, with their words.
    """

    drawing: Drawing
    points: tuple[ChartPoint, ...]
    scale: Scale
    ticks: Sequence[tuple[float, str]]
    first: Month
    last: Month
    left: float
    right: float
    top: float
    bottom: float
    step: float

    @property
    def origin(self) -> float:
        """Where month 0 would fall."""
        alone = self.first == self.last
        start = (self.left + self.right) / 2 if alone else self.left + 10
        return start - self.first.index * self.step

    @property
    def mark_size(self) -> float:
        """Marks shrink a little where months stand closer than marks are wide."""
        return min(1.0, max(0.6, self.step / 13))

    def x(self, month: Month) -> float:
        return self.origin + month.index * self.step

    def y(self, value: float) -> float:
        """The height of a value, held within the plot."""
        low, high = self.scale.low, self.scale.high
        share = (value - low) / (high - low)
        return self.bottom - (0.0 if share < 0 else 1.0 if share > 1 else share) * (self.bottom - self.top)

    def xs(self) -> tuple[float, ...]:
        """Where each point falls."""
        origin, step = self.origin, self.step
        months = [point.month for point in self.points]
        return tuple([origin + (month.year * 12 + month.number - 1) * step for month in months])

    def ys(self) -> tuple[float | None, ...]:
        """The height of each point, all of which the scale holds; None where it has no value."""
        low, bottom = self.scale.low, self.bottom
        up = (bottom - self.top) / (self.scale.high - low)
        values = [point.value for point in self.points]
        return tuple([None if value is None else bottom - (value - low) * up for value in values])

    def shows(self, month: Month) -> bool:
        return self.first.index <= month.index <= self.last.index


def frame(chart: Chart, drawing: Drawing, label_width: float) -> Frame:
    """A chart's frame, with room for labels at its right."""
    points = chart.points[-drawing.months :] if drawing.months else chart.points
    spread = scale(chart, points)
    first = points[0].month if points else Month(2000, 1)
    last = points[-1].month if points else first
    ends = [line.values[-1][0] for line in chart.standards if line.trajectory and line.values]
    if ends:
        horizon = last + (12 if drawing.margin else 3)
        last = max([last, *(min(end, horizon) for end in ends)])
    ticks = labelled(spread, chart.axis)
    left = max(44.0, 14 + max([width(words) for _, words in ticks]))
    right = drawing.width - (label_width if drawing.margin else 14)
    top, bottom = 22.0 if drawing.margin else 18.0, drawing.height - FOOT
    step = (right - left - 20) / max(1, last.index - first.index)
    return Frame(drawing, points, spread, ticks, first, last, left, right, top, bottom, step)


def lowered(on: Frame, above: float) -> Frame:
    """The same frame with so many px more above its plot."""
    return replace(on, top=on.top + above) if above else on


def axes(on: Frame) -> Iterator[str]:
    """Rules and ticks of the value axis, then quarters and years."""
    left, levels = on.left, [(words, on.y(tick)) for tick, words in on.ticks]
    yield path("".join([f"M{left:.1f} {y:.1f}H{on.right:.1f}" for _, y in levels]), c.RULE)
    yield words_at([(words, left - 7, y + 4.9) for words, y in levels], c.INK_2, anchor="end")
    ticks = f"M{left:.1f} {on.bottom:.1f}H{on.right:.1f}"
    if isinstance(on.first, Slot):
        named = _slots(on)
        ticks += "".join([f"M{x:.1f} {on.bottom:.1f}v5" for x, _ in named])
        for x, name in named:
            yield text(name, x, on.bottom + 22, c.INK_2, size=13, anchor="middle")
    elif on.points:
        first, last = on.first.index, on.last.index
        every = 1 if last - first < 3 else 3
        marked = range(-(-first // every) * every, last + 1, every)
        origin = on.origin
        ticks += "".join([f"M{origin + month * on.step:.1f} {on.bottom:.1f}v5" for month in marked])
        yield from _months(on, marked, origin)
    yield path(ticks, c.INK_2)


def _slots(on: Frame) -> list[tuple[float, str]]:
    """The names of periods that are no months: the first, and as many more as there is room for."""
    slots = [point.month for point in on.points]
    every = math.ceil((max(width(slot.short, 13) for slot in slots) + 14) / on.step)
    return [(on.x(slot), slot.short) for slot in slots if (slot.index - on.first.index) % every == 0]


def _months(on: Frame, months: range, origin: float) -> Iterator[str]:
    """The names of these months, where they have room, and of their years."""
    step, y = on.step, on.bottom + 22
    named = len(months) < 2 or months.step * step >= _SHORTEST
    if named:
        names = [(_MONTHS[month % 12], origin + month * step, y) for month in months]
        yield words_at(names, c.INK_2, size=13, anchor="middle")
        y += 16
    januaries = [month for month in months if month % 12 == 0]
    every = max(1, math.ceil(_SHORTEST / (12 * step)))
    years = [(str(month // 12), origin + month * step, y) for month in januaries[::every] or months[:1]]
    yield words_at(years, c.INK, size=13, anchor="middle", bold=True)
