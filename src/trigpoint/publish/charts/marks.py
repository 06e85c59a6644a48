"""The marks of points, shared by every chart of a series."""

from __future__ import annotations

from collections.abc import Iterable

from trigpoint.publish.chart import Shape
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.svg import circle, path, rect

_COLOURS = {
    Shape.IMPROVEMENT: (c.IMPROVE, c.IMPROVE_EDGE),
    Shape.CONCERN: (c.CONCERN, c.CONCERN_EDGE),
    Shape.CHANGED_HIGH: (c.NEUTRAL, c.NEUTRAL_EDGE),
    Shape.CHANGED_LOW: (c.NEUTRAL, c.NEUTRAL_EDGE),
}
RADIUS = 3.6
"""Of a circle of size 1."""


def mark(shape: Shape, x: float, y: float, size: float = 1.0, *, hollow: bool = False) -> str:
    """The mark of one point, centred on (x, y).

    At size 1: circle r 3.6, square 10.4, diamond 14 and triangle 12 px. A hollow circle is a
    point that is left out of the limits, whatever its shape would be.
    """
    if hollow:
        return circle(x, y, RADIUS * size, c.PAPER, c.COMMON, 1.6)
    if shape is Shape.COMMON:
        return circle(x, y, RADIUS * size, c.COMMON, c.PAPER)
    fill, edge = _COLOURS[shape]
    if shape is Shape.IMPROVEMENT:
        half = 5.2 * size
        return rect(
            x - half, y - half, 2 * half, 2 * half, f'fill="{fill}" stroke="{edge}" stroke-width="1.5"'
        )
    if shape is Shape.CONCERN:
        r = 7 * size
        outline = f"M{x:.1f} {y - r:.1f}l{r:.1f} {r:.1f}l{-r:.1f} {r:.1f}l{-r:.1f} {-r:.1f}Z"
    else:
        half = 6 * size
        rise = half if shape is Shape.CHANGED_HIGH else -half
        outline = f"M{x - half:.1f} {y + 0.8 * rise:.1f}h{2 * half:.1f}l{-half:.1f} {-1.8 * rise:.1f}Z"
    return path(outline, edge, 1.5, fill=fill)


def dots(spots: Iterable[str], size: float = 1.0, *, edged: bool = True) -> str:
    """Many marks of common cause as one path of round points, with a white edge beneath if wanted."""
    outline = "".join([f"M{spot}h0" for spot in spots])
    if not outline:
        return ""
    cap, across = ' stroke-linecap="round"', 2 * RADIUS * size
    edge = path(outline, c.PAPER, round(across + 1, 2), more=cap) if edged else ""
    return edge + path(outline, c.COMMON, round(across - 1 if edged else across, 2), more=cap)
