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
        room.take(about(x, at, RADIUS + 1))
        way = 1 if at > y else -1
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
    best, least = None, BLOCKED
    away = _NEAREST
    while away < on.bottom - on.top:
        for at in (y - away, y + away):
            box = about(x, at, RADIUS + 1)
            cost = room.cost(
                Box(max(box.left, room.within.left), box.top, min(box.right, room.within.right), box.bottom)
            )
            cost += (away - _NEAREST) / 100  # nearer is better
            if cost < least:
                best, least = at, cost
        if least <= (away - _NEAREST) / 100:
            break
        away += _STEP
    return best
