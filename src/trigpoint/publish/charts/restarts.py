"""Where limits start again: an ink line between two months, with a pennant, a number and the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trigpoint.publish.chart import Chart, ChartNote
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import LETTER, Drawing, Frame
from trigpoint.publish.charts.svg import path, text

ROW = 18.0
"""The px between two rows of words above the plot."""
_SMALL = LETTER * 0.93


@dataclass(frozen=True, slots=True)
class _Words:
    """The words beside a pennant at ``x``: to its right, or to its left where there is more room."""

    words: str
    left: bool
    start: float
    end: float


def rows_of_restarts(chart: Chart, drawing: Drawing, label_width: float) -> dict[int, int]:
    """The row above the plot for each restart's words, so that none overlap, by the note's number."""
    points = chart.points[-drawing.months :] if drawing.months else chart.points
    if not points:
        return {}
    first, last = points[0].month, points[-1].month
    step = (drawing.width - label_width - 70) / max(1, last.index - first.index)
    rows: dict[int, int] = {}
    taken: list[list[_Words]] = []
    for note in chart.notes:
        if note.restarts and first < note.month <= last:
            words = _beside(note, 54 + (note.month.index - first.index) * step, drawing)
            free = (i for i, row in enumerate(taken) if all(_apart(words, other) for other in row))
            rows[note.number] = row = next(free, len(taken))
            if row == len(taken):
                taken.append([])
            taken[row].append(words)
    return rows


def restarts(chart: Chart, on: Frame, rows: dict[int, int]) -> Iterator[str]:
    """The line and pennant of each restart that has a row."""
    for note in chart.notes:
        if note.number in rows:
            x, y = max(on.left, on.x(note.month) - on.step / 2), 14 + ROW * rows[note.number]
            yield path(f"M{x:.1f} {y:.1f}V{on.bottom:.1f}", c.INK, 1.5)
            yield path(f"M{x:.1f} {y - 5:.1f}l9 5l-9 5Z", c.INK, fill=c.INK)
            beside = _beside(note, x, on.drawing)
            at, anchor = (x - 6, "end") if beside.left else (x + 14, "")
            yield text(beside.words, at, y + 4.5, c.INK, size=13, anchor=anchor)


def _beside(note: ChartNote, x: float, drawing: Drawing) -> _Words:
    """The number and the reason, as far as there is room. In full it stands below the picture."""
    words = f"{note.number}  {note.month.short}: {note.words}" if drawing.margin else str(note.number)
    right, left = (drawing.width - x - 20) / _SMALL, (x - 8) / _SMALL
    at_left = len(words) > right and left > right
    room = int(left if at_left else right)
    if len(words) > room:
        words = f"{words[: room - 1].rstrip()}…"
    width = len(words) * _SMALL + 20
    return _Words(words, at_left, x - width if at_left else x, x + 14 if at_left else x + width)


def _apart(one: _Words, other: _Words) -> bool:
    return one.end < other.start or other.end < one.start
