"""A seasonal series by calendar month: the last year over the year before, and the differences below.

Above, two lines with their legend; below, a stem from zero for each difference, with the band in which
chance alone would keep it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trigpoint.publish.chart import Shape
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.lettering import width
from trigpoint.publish.charts.marks import mark
from trigpoint.publish.charts.scale import Scale, labelled, scale_of
from trigpoint.publish.charts.svg import circle, path, picture, rect, text
from trigpoint.publish.year import YearMonth, YearOnYearChart

_LEGEND = 22.0
"""The px of a row of the legend."""
_LINES, _STEMS, _BETWEEN, _FOOT = 150.0, 92.0, 34.0, 40.0
"""The heights of the two plots, of the room between them, and of the months below, in px."""
_LABEL = 15.0
"""The px that words need above one another."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the sizes the picture is drawn in; ``rows`` of the legend, and which months have words."""

    name: str
    width: int
    rows: int
    named: int


YEAR_WIDE = Sheet("wide", 640, 1, 1)
YEAR_NARROW = Sheet("narrow", 320, 2, 3)


def year_on_year_chart(chart: YearOnYearChart, sheet: Sheet) -> str:
    """The picture as one SVG element with a voice; nothing where the year has no figure."""
    if all(month.value is None for month in chart.months):
        return ""
    on = _plot(chart, sheet)
    body = "".join(_layers(chart, on))
    height = round(on.stems + _STEMS + _FOOT)
    key = f"{chart.key}-{sheet.name}"
    return picture(key, f"year-{sheet.name}", sheet.width, height, chart.title, chart.description, body)


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where a month and a number fall; edges in px, ``stems`` the top of the lower plot."""

    sheet: Sheet
    scale: Scale
    most: float
    left: float
    right: float
    top: float
    stems: float
    step: float

    def x(self, at: int) -> float:
        return self.left + 10 + at * self.step

    def y(self, value: float) -> float:
        share = (value - self.scale.low) / (self.scale.high - self.scale.low)
        return self.top + _LINES * (1 - share)

    def stem(self, difference: float) -> float:
        return self.stems + _STEMS / 2 * (1 - difference / self.most)


def _plot(chart: YearOnYearChart, sheet: Sheet) -> _Plot:
    figures = [it for month in chart.months for it in (month.value, month.before) if it is not None]
    spread = scale_of(figures, chart.axis)
    words = [said for _, said in labelled(spread, chart.axis)]
    words += [said for _, said in chart.ticks]
    left = max(44.0, 14 + max(map(width, words)))
    right = sheet.width - 12.0
    differences = [abs(month.difference) for month in chart.months if month.difference is not None]
    most = 1.15 * max([*differences, chart.reach or 0.0], default=0.0) or 1.0
    top = 10 + _LEGEND * sheet.rows
    step = (right - left - 20) / max(1, len(chart.months) - 1)
    return _Plot(sheet, spread, most, left, right, top, top + _LINES + _BETWEEN, step)


def _layers(chart: YearOnYearChart, on: _Plot) -> Iterator[str]:
    yield from _legend(chart, on)
    for tick, said in labelled(on.scale, chart.axis):
        yield path(f"M{on.left:.1f} {on.y(tick):.1f}H{on.right:.1f}", c.RULE)
        yield text(said, on.left - 7, on.y(tick) + 4.9, c.INK_2, anchor="end")
    before = [(at, month.before) for at, month in enumerate(chart.months)]
    year = [(at, month.value) for at, month in enumerate(chart.months)]
    yield _line(before, on, c.HATCH, 1.6, "5 4")
    for at, value in before:
        if value is not None:
            yield circle(on.x(at), on.y(value), 3.2, c.PAPER, c.INK_2, 1.4)
    yield _line(year, on, c.COMMON, 2, "")
    for at, month in enumerate(chart.months):
        if month.value is not None:
            yield mark(month.shape, on.x(at), on.y(month.value), 0.9)
    yield from _stems(chart, on)


def _legend(chart: YearOnYearChart, on: _Plot) -> Iterator[str]:
    """What the two lines are, in one row or in two."""
    second = (0.0, _LEGEND) if on.sheet.rows == 2 else (52 + width(chart.year), 0.0)
    for (right, down), words, colour, dashes in (
        ((0.0, 0.0), chart.year, c.COMMON, ""),
        (second, chart.year_before, c.HATCH, "5 4"),
    ):
        x, y = on.left + right, 14 + down
        yield path(f"M{x:.1f} {y:.1f}h28", colour, 2, dashes=dashes)
        if dashes:
            yield circle(x + 14, y, 3.2, c.PAPER, c.INK_2, 1.4)
        else:
            yield mark(Shape.COMMON, x + 14, y, 0.9)
        yield text(words, x + 35, y + 4.9, c.INK)


def _line(
    points: Sequence[tuple[int, float | None]], on: _Plot, colour: str, width: float, dashes: str
) -> str:
    """Figures joined, except over a gap."""
    outline, joined = "", False
    for at, value in points:
        if value is not None:
            outline += f"{'L' if joined else 'M'}{on.x(at):.1f} {on.y(value):.1f}"
        joined = value is not None
    return path(outline, colour, width, dashes=dashes, more=' stroke-linejoin="round"') if outline else ""


def _stems(chart: YearOnYearChart, on: _Plot) -> Iterator[str]:
    """Differences: band and limits, zero, a stem for each month, and the months below."""
    if chart.reach:
        top, bottom = on.stem(chart.reach), on.stem(-chart.reach)
        yield rect(on.left, top, on.right - on.left, bottom - top, f'fill="{c.PROCESS}"')
        edges = f"M{on.left:.1f} {top:.1f}H{on.right:.1f}M{on.left:.1f} {bottom:.1f}H{on.right:.1f}"
        yield path(edges, c.COMMON, 1.5, dashes="7 4")
    for at, words in _apart(chart, on):
        yield text(words, on.left - 7, on.stem(at) + 4.9, c.INK_2, anchor="end")
    yield path(f"M{on.left:.1f} {on.stem(0):.1f}H{on.right:.1f}", c.INK_2, 1.2)
    yield text("Difference from the year before", on.left, on.stems - 8, c.INK, size=13)
    for at, month in enumerate(chart.months):
        yield from _stem(month, at, on)


def _apart(chart: YearOnYearChart, on: _Plot) -> Iterator[tuple[float, str]]:
    """The ticks that have room: the limits before zero, and zero alone where they are too close."""
    room = abs(on.stem(0) - on.stem(chart.ticks[0][0])) / _LABEL
    for at, words in chart.ticks:
        if room >= 1 or (at == 0) == (room < 0.5):
            yield at, words


def _stem(month: YearMonth, at: int, on: _Plot) -> Iterator[str]:
    x, bottom = on.x(at), on.stems + _STEMS
    if month.difference is not None:
        yield path(f"M{x:.1f} {on.stem(0):.1f}V{on.stem(month.difference):.1f}", c.COMMON, 2.4)
        yield mark(month.shape, x, on.stem(month.difference), 0.9)
    yield path(f"M{x:.1f} {bottom:.1f}v5", c.INK_2)
    if (month.month.number - 1) % on.sheet.named == 0:
        yield text(month.month.short[:3], x, bottom + 19, c.INK_2, size=13, anchor="middle")
    if month.month.number == 1:
        yield text(str(month.month.year), x, bottom + 36, c.INK, size=13, anchor="middle", bold=True)
