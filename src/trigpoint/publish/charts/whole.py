"""A figure against the whole as a glyph: the whole's tick, the 95% interval and a dot. Right is better."""

from __future__ import annotations

import math
from collections.abc import Iterable

from trigpoint.analysis.finding import BEYOND_CHANCE, Difference, WholeBearing
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.svg import circle, path, silent

WIDTH, HEIGHT = 92, 22
BROAD = 150
"""The width of a glyph in a table, which has more room for it than a row of the scorecard."""
_MIDDLE, _SIDE = 11.0, 8.0
_DOT_BEYOND = 0.75
"""Where a dot that lies beyond the scale is drawn, to leave room for the head of its arrow."""
_SLACK = 1.05
"""How much of the scale lies beyond the widest whisker."""


def reach_of(bearings: Iterable[WholeBearing]) -> float:
    """The half-width of one scale for a table: it holds the whiskers of all that can be judged.

    Those of too few to judge would stretch it beyond use; they may go on beyond it.
    """
    drawn = [it for it in bearings if it.difference is not None]
    judged = [it for it in drawn if it.verdict is not Difference.TOO_FEW] or drawn
    ends = (abs(end) for it in judged for end in (it.difference, it.lower, it.upper) if end is not None)
    return max(ends, default=0.0) * _SLACK or 1.0


def whole_glyph(
    bearing: WholeBearing, direction: str, reach: float, width: int = WIDTH, across: int = WIDTH
) -> str:
    """The glyph of a bearing; nothing where the two are not compared. ``reach`` is half of its scale.

    The better end is at the right whichever way the indicator runs; of a neutral one, the higher end.
    It is drawn ``across`` wide, and shown ``width`` wide.
    """
    if bearing.difference is None:
        return ""
    sign = -1.0 if direction == "down" else 1.0
    lower, upper = (_end(end, bearing.difference) * sign / reach for end in (bearing.lower, bearing.upper))
    share = bearing.difference * sign / reach
    centre = across / 2
    at = _x(share if abs(share) <= 1 else math.copysign(_DOT_BEYOND, share), centre)
    low, high = min(lower, upper), max(lower, upper)
    dashes = "2 2.5" if bearing.verdict is Difference.TOO_FEW else ""
    body = (
        path(f"M{centre:g} 1V21", c.INK_2, 1.5)
        + path(f"M{_x(low, centre):.1f} {_MIDDLE}H{_x(high, centre):.1f}", c.INK, 1.5, dashes=dashes)
        + path(_head(low, centre) + _head(high, centre), c.INK, 1.5)
        + circle(at, _MIDDLE, 4.2, c.INK if bearing.verdict in BEYOND_CHANCE else c.PAPER, c.INK, 1.6)
    )
    return silent("tp-whole", width, round(HEIGHT * width / across), f"0 0 {across} {HEIGHT}", body)


def _end(end: float | None, difference: float) -> float:
    return difference if end is None else end


def _x(share: float, centre: float) -> float:
    """Where a share of the half-width falls: -1 is the worst end, 1 the best."""
    return centre + min(1.0, max(-1.0, share)) * (centre - _SIDE)


def _head(share: float, centre: float) -> str:
    """The end of a whisker: a cap, or the head of an arrow where it goes on beyond the scale."""
    x = _x(share, centre)
    if abs(share) > 1:
        back = -5 if share > 0 else 5
        return f"M{x + back:.1f} {_MIDDLE - 4}L{x:.1f} {_MIDDLE}L{x + back:.1f} {_MIDDLE + 4}"
    return f"M{x:.1f} {_MIDDLE - 4}v8"
