"""Labels of a chart's lines: tied to them from the right margin, or on them where the drawing is narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trigpoint.publish.chart import Chart
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import LETTER, Frame
from trigpoint.publish.charts.scale import clipped
from trigpoint.publish.charts.svg import HALO, path, text

APART = 19.0
"""The least distance between two labels, in px."""
FAR = 60.0
"""How far from its mark the latest value may be written, in px, before nobody would tie the two."""
MOST = 6
"""How many labels a margin bears; beyond that the least important go, and stay in the caption."""
MEAN, TRAJECTORY, LIMIT, STANDARD, LATEST = range(5)
"""What a label is about, the least important first."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words to tie to a height."""

    words: str
    y: float
    colour: str
    bold: bool
    rank: int


def label_width(chart: Chart) -> float:
    """The px that the margin needs."""
    limits = (chart.labels.latest, chart.labels.mean, chart.labels.lower, chart.labels.upper)
    words = [*limits, *(line.words for line in chart.standards)]
    return min(260.0, max(110.0, 24 + LETTER * max(map(len, words))))


def labels(chart: Chart, on: Frame) -> list[Label]:
    """What there is to label, from the last month shown."""
    found = []
    for line in chart.standards:
        holding = [value for month, value in line.values if on.shows(month)]
        if holding:
            rank = TRAJECTORY if line.trajectory else STANDARD
            found.append(Label(line.words, on.y(holding[-1]), c.MISSED, True, rank))
    last = on.points[-1] if on.points else None
    if last is not None and last.value is not None:
        found.append(Label(chart.labels.latest, on.y(last.value), c.INK, True, LATEST))
    if last is not None and last.upper != last.lower:
        words = chart.labels
        for name, value, rank in (
            (words.upper, last.upper, LIMIT),
            (words.lower, last.lower, LIMIT),
            (words.mean, last.mean, MEAN),
        ):
            if value is not None:
                found.append(Label(name, on.y(clipped(value, chart.axis)), c.COMMON, False, rank))
    return sorted(found, key=lambda label: -label.rank)[:MOST]


def spaced(heights: Sequence[float], low: float, high: float, apart: float = APART) -> list[float]:
    """Ascending heights, moved so that all lie ``apart`` and between low and high: one sweep down, one up."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + apart) if placed else max(height, low))
    ceiling = high
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - apart
    return placed


def margin(chart: Chart, on: Frame) -> Iterator[str]:
    """Labels at the right edge, each tied to its line by a leader."""
    ordered = sorted(labels(chart, on), key=lambda label: label.y)
    places = spaced([label.y for label in ordered], on.top, on.bottom)
    for label, y in zip(ordered, places, strict=True):
        yield path(f"M{on.right - 2:.1f} {label.y:.1f}L{on.right + 9:.1f} {y:.1f}", label.colour)
        yield text(label.words, on.right + 13, y + 5, label.colour, bold=label.bold)


def inside(chart: Chart, on: Frame) -> Iterator[str]:
    """Labels on their lines, for a drawing with no margin. Mean and trajectory are left to the caption."""
    found = labels(chart, on)
    lines = [label for label in found if LIMIT <= label.rank < LATEST]
    wanted = sorted(
        ((_beside(it.y, [other.y for other in lines]), it) for it in lines), key=lambda pair: pair[0]
    )
    places = spaced([height for height, _ in wanted], on.top + 9, on.bottom - 5, 16)
    for (_, label), y in zip(wanted, places, strict=True):
        yield text(label.words, on.left + 14, y, label.colour, bold=label.bold, more=HALO)
    for label in found:
        if label.rank == LATEST:
            y = _clear_of_marks(label, on)
            yield text(label.words, on.right - 2, y, label.colour, anchor="end", bold=True, more=HALO)


def _beside(line: float, lines: Sequence[float]) -> float:
    """Where a line's words stand: above it, unless another line runs through there."""
    return line + 16 if any(line - 22 < other < line for other in lines) else line - 5


def _clear_of_marks(label: Label, on: Frame) -> float:
    """Where the latest value's words stand: above or below all marks that they span, whichever is nearer.

    Where that is out of the plot or far away, above or below the latest mark alone.
    """
    reach = on.right - LETTER * len(label.words)
    marks = [on.y(it.value) for it in on.points if it.value is not None and on.x(it.month) >= reach]
    marks = marks or [label.y]
    free = [y for y in (min(marks) - 14, max(marks) + 24) if on.top + 10 <= y <= on.bottom - 4]
    free = [y for y in free if abs(y - label.y) <= FAR]
    falls = len(marks) > 1 and marks[-2] < marks[-1]
    y = min(free, key=lambda y: abs(y - label.y)) if free else label.y + (26 if falls else -17)
    return min(max(y, on.top + 10), on.bottom - 4)
