"""Where limits start again: an ink line between two months, with a pennant, a number and the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trigpoint.publish.chart import Chart
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import Frame
from trigpoint.publish.charts.lettering import cut, width
from trigpoint.publish.charts.svg import HALO, path, text

ROW = 18.0
"""The px between two rows of words above the plot."""
MOST_ROWS = 4
"""With more rows of reasons than these, further restarts have their number alone, in as many rows again."""
_SIZE = 13


class Pennant(NamedTuple):
    """A restart at ``x``, its words in a row above the plot: right of it, or left where there is more room.

    ``start`` and ``end`` are what it takes of its row.
    """

    x: float
    row: int
    words: str
    left: bool
    start: float
    end: float


def pennants(chart: Chart, on: Frame) -> list[Pennant]:
    """The restarts that are shown, in rows so that no words overlap."""
    found: list[Pennant] = []
    for note in chart.notes:
        if note.restarts and on.points and on.first < note.month <= on.points[-1].month:
            x = max(on.left, on.x(note.month) - on.step / 2)
            full = (
                f"{note.number}  {note.month.short}: {note.words}" if on.drawing.margin else str(note.number)
            )
            made = (_pennant(words, x, on, found) for words in (full, str(note.number), ""))
            most = (MOST_ROWS, 2 * MOST_ROWS, len(found) + 1)
            found.append(next(it for it, rows in zip(made, most, strict=True) if it.row < rows))
    return found


def rows_of(found: Sequence[Pennant]) -> int:
    """How many rows they take."""
    return max((it.row + 1 for it in found), default=0)


def _pennant(words: str, x: float, on: Frame, others: Sequence[Pennant]) -> Pennant:
    """The words as far as there is room, in the first row that is free. In full they stand below."""
    right, left, wide = on.drawing.width - x - 20, x - 12, width(words, _SIZE)
    at_left = wide > right and left > right
    if wide > max(left, right):
        words = cut(words, left if at_left else right, _SIZE)
        wide = width(words, _SIZE)
    start, end = (x - wide - 20, x + 14) if at_left else (x, x + wide + 20)
    taken = {it.row for it in others if start <= it.end and it.start <= end}
    row = next(row for row in range(len(taken) + 1) if row not in taken)
    return Pennant(x, row, words, at_left, start, end)


def restarts(on: Frame, found: Sequence[Pennant]) -> Iterator[str]:
    """The line and pennant of each, then the words, which may interrupt the line of another."""
    words = []
    for it in found:
        y = 14 + ROW * it.row
        yield path(f"M{it.x:.1f} {y:.1f}V{on.bottom:.1f}", c.INK, 1.5)
        yield path(f"M{it.x:.1f} {y - 5:.1f}l9 5l-9 5Z", c.INK, fill=c.INK)
        if it.words:
            at, anchor = (it.x - 6, "end") if it.left else (it.x + 14, "")
            words.append(text(it.words, at, y + 4.5, c.INK, size=_SIZE, anchor=anchor, more=HALO))
    yield from words
