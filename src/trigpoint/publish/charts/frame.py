"""The frame of a chart: its size, where a month and a value fall on it, and its axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from trigpoint.publish.chart import Chart, ChartPoint
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.scale import Scale, scale, tick_words
from trigpoint.publish.charts.svg import path, text
from trigpoint.terms.period import Month

LETTER = 7.3
"""The mean width of a letter of 14 px Arial, in px. Generous, so that words never touch."""


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
    """A chart laid on a drawing: the months and values it spans; edges and ``step`` (one month) in px."""

    drawing: Drawing
    points: tuple[ChartPoint, ...]
    scale: Scale
    first: Month
    last: Month
    left: float
    right: float
    top: float
    bottom: float
    step: float
    _origin: float = field(init=False)

    def __post_init__(self) -> None:
        """Find where month 0 would fall: ``x`` is called for every point of every chart."""
        alone = self.first == self.last
        start = (self.left + self.right) / 2 if alone else self.left + 10
        object.__setattr__(self, "_origin", start - self.first.index * self.step)

    @property
    def mark_size(self) -> float:
        """Marks shrink a little where months stand closer than marks are wide."""
        return min(1.0, max(0.6, self.step / 13))

    def x(self, month: Month) -> float:
        return self._origin + (month.year * 12 + month.number - 1) * self.step

    def y(self, value: float) -> float:
        """The height of a value, held within the plot."""
        low, high = self.scale.low, self.scale.high
        share = (value - low) / (high - low)
        return self.bottom - (0.0 if share < 0 else 1.0 if share > 1 else share) * (self.bottom - self.top)

    def shows(self, month: Month) -> bool:
        return self.first.index <= month.index <= self.last.index


def frame(chart: Chart, drawing: Drawing, rows_above: int, label_width: float) -> Frame:
    """A chart's frame, with so many rows of words above the plot and room for labels at its right."""
    points = chart.points[-drawing.months :] if drawing.months else chart.points
    spread = scale(chart, points)
    first = points[0].month if points else Month(2000, 1)
    last = points[-1].month if points else first
    ends = [month for line in chart.standards if line.trajectory for month, _ in line.values]
    horizon = last + (12 if drawing.margin else 3)
    last = max([last, *(min(end, horizon) for end in ends)])
    widest = max(len(tick_words(tick, spread, chart.axis)) for tick in spread.ticks)
    left = max(44.0, 14 + widest * LETTER)
    right = drawing.width - (label_width if drawing.margin else 14)
    top = (22 if drawing.margin else 16) + 18.0 * rows_above
    step = (right - left - 20) / max(1, last.index - first.index)
    return Frame(drawing, points, spread, first, last, left, right, top, drawing.height - 44.0, step)


def axes(chart: Chart, on: Frame) -> Iterator[str]:
    """Rules and ticks of the value axis, then quarters and years."""
    for tick in on.scale.ticks:
        y = on.y(tick)
        yield path(f"M{on.left:.1f} {y:.1f}H{on.right:.1f}", c.RULE)
        yield text(tick_words(tick, on.scale, chart.axis), on.left - 7, y + 4.9, c.INK_2, anchor="end")
    yield path(f"M{on.left:.1f} {on.bottom:.1f}H{on.right:.1f}", c.INK_2)
    if on.points:
        yield from _months(on, list(on.first.through(on.last)))


def _months(on: Frame, months: Sequence[Month]) -> Iterator[str]:
    quarters = [month for month in months if month.number in (1, 4, 7, 10)]
    if len(months) < 4:
        quarters = list(months)
    named = len(quarters) < 2 or 3 * on.step >= 34 or len(months) < 4
    january = any(month.number == 1 for month in quarters)
    for month in quarters:
        x = on.x(month)
        yield path(f"M{x:.1f} {on.bottom:.1f}v5", c.INK_2)
        if named:
            yield text(month.short[:3], x, on.bottom + 19, c.INK_2, size=13, anchor="middle")
        if month.number == 1 or (not january and month == quarters[0]):
            below = 36 if named else 20
            yield text(str(month.year), x, on.bottom + below, c.INK, size=13, anchor="middle", bold=True)
