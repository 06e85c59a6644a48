"""Numbered remarks on a chart: a disc tied to its month. Their words stand below the chart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from trigpoint.publish.chart import ChartNote
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import Frame
from trigpoint.publish.charts.layout import Layout
from trigpoint.publish.charts.room import BLOCKED, Box, Room, about
from trigpoint.publish.charts.svg import circle, path, text

RADIUS = 10.0
_NEAREST, _STEP = 38.0, 11.0
_ACROSS = 20.0
"""The cost of a line that runs through words: any other place is better."""


def discs(it: Layout, room: Room) -> Iterator[str]:
    """A disc for each remark that is not a restart, where it covers least."""
    for note in it.chart.notes:
        found = _place(note, it)
        if note.restarts or found is None:
            continue
        x, y = found
        at = _height(x, y, it.on, room)
        if at is None:
            continue
        way = 1 if at > y else -1
        room.take(about(x, at, RADIUS + 1))
        room.take(_leader(x, y + 8 * way, at))
        yield path(f"M{x:.1f} {y + 8 * way:.1f}V{at - RADIUS * way:.1f}", c.INK)
        yield circle(x, at, RADIUS, c.PAPER, c.INK, 1.5)
        yield text(str(note.number), x, at + 4.6, c.INK, size=13, anchor="middle", bold=True)


def _place(note: ChartNote, it: Layout) -> tuple[float, float] | None:
    """Where the note's month falls; None where it is not shown, or has no figure."""
    x = it.on.x(note.month)
    place = bisect_left(it.xs, x - 0.01)
    y = it.ys[place] if place < len(it.xs) and it.xs[place] < x + 0.01 else None
    return None if y is None else (x, y)


def _height(x: float, y: float, on: Frame, room: Room) -> float | None:
    """Where the disc's middle is: above its mark if that is free, else below, or farther and farther away."""
    best, least, away = None, BLOCKED, _NEAREST
    while away < on.bottom - on.top:
        far = (away - _NEAREST) / 100  # nearer is better
        for at in (y - away, y + away):
            way = 1 if at > y else -1
            if room.meets(_leader(x, y + 8 * way, at)):
                continue
            cost = (
                room.cost(about(min(max(x, room.within.left + RADIUS + 1), on.right), at, RADIUS + 1)) + far
            )
            if cost < least:
                best, least = at, cost
            if least <= far:
                return best
        away += _STEP
    return best


def _leader(x: float, start: float, end: float) -> Box:
    return Box(x - 1, min(start, end), x + 1, max(start, end))
