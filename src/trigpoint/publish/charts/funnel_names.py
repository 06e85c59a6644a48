"""Names on a funnel: the own unit's, and those farthest beyond the limits, where there is room."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.funnel_plot import Curve, Plot
from trigpoint.publish.charts.lettering import cut
from trigpoint.publish.charts.room import BLOCKED, Box, Place, Room, Words, about
from trigpoint.publish.charts.svg import path
from trigpoint.publish.funnel import FunnelPoint

_PX_A_NAME = 80
"""One unit beyond the limits is named for so many px of width, the farthest first; the table has them all."""
_MARK, _CURVE = 5.0, 1.0
_SIZE = 13
_RINGS = (0.0, 12.0, 26.0, 44.0, 66.0)
"""How far beyond its mark a name may stand; from the second on, a line ties the two."""


def named(it: Plot, taken: Sequence[Box]) -> tuple[list[str], int]:
    """The names, each where it covers nothing, and how many units beyond the limits have none.

    ``taken`` is what words in the margin have taken already.
    """
    points = it.chart.points
    room = Room(Box(it.left, it.top - 16, it.drawing.width - 4, it.bottom), _covering(it))
    room.taken.extend(taken)
    ours = [at for at, point in enumerate(points) if point.ours]
    beyond = [at for at, point in enumerate(points) if point.beyond and not point.ours]
    for at in ours:
        room.take(about(*it.places[at], _reach(points[at])))
    wide = it.drawing.width
    drawn = []
    for at in ours:
        name = cut(points[at].name, 0.36 * wide, bold=True)
        words = Words(f"{name} {points[at].words}", c.PEER, bold=True)
        drawn.append(_tied(words, at, it, room, BLOCKED))
    named_others = []
    for at in sorted(beyond, key=lambda at: _rank(at, it))[: wide // _PX_A_NAME]:
        words = Words(cut(points[at].name, max(110, 0.2 * wide), _SIZE), c.PEER, _SIZE)
        named_others.append(_tied(words, at, it, room, 2.5 * _CURVE))
    return [*drawn, *named_others], len(beyond) - sum(bool(words) for words in named_others)


def _reach(point: FunnelPoint) -> float:
    """How far the mark of a named unit reaches."""
    return 6.0 if not point.ours else 13.0 if point.beyond else 9.0


def _rank(at: int, it: Plot) -> tuple[int, float]:
    """The farthest beyond the limits first: by the limits, then by how far beyond the outer one."""
    (x, y), beyond = it.places[at], it.chart.points[at].beyond
    curve = it.curves[-1][beyond > 0] if it.curves else ()
    near = min(bisect_left(curve, x, key=lambda point: point[0]), len(curve) - 1)
    limit = abs(curve[near][1] - it.target) if near >= 0 else 0.0
    return -abs(beyond), -abs(y - it.target) / (limit or 1.0)


def _tied(words: Words, at: int, it: Plot, room: Room, most: float) -> str:
    """A name beside its mark; farther away, tied to it by a line."""
    x, y = it.places[at]
    reach = _reach(it.chart.points[at])
    found = room.find(words, _around(x, y, words.size, reach), most)
    if found is None:
        return ""
    place, box = found
    nearest = min(max(x, box.left), box.right), min(max(y, box.top + 2), box.bottom)
    away = ((nearest[0] - x) ** 2 + (nearest[1] - y) ** 2) ** 0.5
    leader = ""
    if away > reach + _RINGS[1] / 2:
        start = x + (nearest[0] - x) / away * reach, y + (nearest[1] - y) / away * reach
        leader = path(f"M{start[0]:.1f} {start[1]:.1f}L{nearest[0]:.1f} {nearest[1]:.1f}", c.PEER)
    return leader + words.svg(place)


def _around(x: float, y: float, size: float, reach: float) -> Iterator[Place]:
    """Right, left, above and below a mark and at its corners, and then farther and farther away."""
    for ring in _RINGS:
        beside, level = reach + 3 + ring, y + 0.34 * size
        up, down = y - reach - 3 - ring, y + reach + 0.95 * size + ring
        yield Place(x + beside, level)
        yield Place(x - beside, level, "end")
        yield Place(x, up, "middle")
        yield Place(x, down, "middle")
        if ring:
            yield from (Place(x + beside * 0.7, v) for v in (up, down))
            yield from (Place(x - beside * 0.7, v, "end") for v in (up, down))


def _covering(it: Plot) -> Callable[[Box], float]:
    """The cost of a box: marks may not be covered, limits and target had better not be."""
    marks = sorted(it.places)
    xs, ys = [x for x, _ in marks], [y for _, y in marks]
    curves = [_columns(curve) for pair in it.curves for curve in pair if curve]
    target = it.target

    def cost(box: Box) -> float:
        first, last = bisect_left(xs, box.left - _MARK), bisect_right(xs, box.right + _MARK)
        top, bottom = box.top - _MARK, box.bottom + _MARK
        if any(top < y < bottom for y in ys[first:last]):
            return BLOCKED
        found = _CURVE if box.top < target < box.bottom else 0.0
        for along, heights in curves:
            part = heights[max(0, bisect_left(along, box.left) - 1) : bisect_right(along, box.right) + 1]
            if part and min(part) < box.bottom and max(part) > box.top:
                found += _CURVE
        return found

    return cost


def _columns(curve: Curve) -> tuple[list[float], list[float]]:
    return [x for x, _ in curve], [y for _, y in curve]
