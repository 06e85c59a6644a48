"""What words would cover on a control chart, so that they are set where they cover least."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from trigpoint.publish.charts.layout import Layout
from trigpoint.publish.charts.restarts import ROW, rows_of
from trigpoint.publish.charts.room import BLOCKED, Box, Room, about
from trigpoint.publish.charts.standards import Level

ABOVE = 22.0
"""The px above the plot that words may use where there is no margin for them."""
_MARK = 6.0
"""How far from its middle a mark reaches, in px."""
_DATA, _LINE = 4.0, 1.0
"""The cost of covering the line of the figures, and any other line."""


def room_of(it: Layout) -> Room:
    """The room within the plot and, without a margin, just above it."""
    on = it.on
    narrow = not on.drawing.margin
    right = on.drawing.width - 4 if narrow else on.right
    room = Room(Box(on.left, max(0.0, on.top - (ABOVE if narrow else 0)), right, on.bottom), _covering(it))
    if it.restarts:
        room.take(Box(0, 0, on.drawing.width, 4 + ROW * rows_of(it.restarts)))
    latest = it.ys[-1] if it.ys and on.points[-1].provisional else None
    if latest is not None:
        room.take(about(it.xs[-1], latest, 13))
    for line, parts in zip(it.chart.standards, it.required, strict=True):
        if line.trajectory:
            for point in parts:
                room.take(about(point.left, point.y, 5))
    return room


def _covering(it: Layout) -> Callable[[Box], float]:
    """The cost of a box: marks may not be covered, lines had better not be."""
    xs, ys = it.xs, it.ys
    lines = [part for parts in it.required for part in parts if part.left < part.right]
    for run in it.usual:
        for left, right, *heights in run:
            lines += [Level(left, right, y) for y in heights if y is not None]
    upright = [pennant.x for pennant in it.restarts]

    def cost(box: Box) -> float:
        first, last = bisect_left(xs, box.left - _MARK), bisect_right(xs, box.right + _MARK)
        top, bottom = box.top - _MARK, box.bottom + _MARK
        if any(y is not None and top < y < bottom for y in ys[first:last]):
            return BLOCKED
        near = [y for y in ys[max(0, first - 1) : last + 1] if y is not None]
        found = _DATA if near and min(near) < box.bottom and max(near) > box.top else 0.0
        for left, right, y in lines:
            if box.top < y < box.bottom and left < box.right and box.left < right:
                found += _LINE
        for x in upright:
            if box.left < x < box.right:
                found += _LINE
        return found

    return cost
