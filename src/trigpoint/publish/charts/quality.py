"""The data-quality mark as a glyph: a block for each of signed off, timely, audited and robust."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.svg import path, rect, silent

_SIDE, _STEP = 12.0, 16.0
_FRAME = f'fill="{c.PAPER}" stroke="{c.INK_2}" stroke-width="1.4"'


def quality_glyph(blocks: Sequence[str], width: int = 62) -> str:
    """The four blocks: full for good, half for fair, crossed for poor, dotted and empty where unmarked."""
    return _glyph(tuple(blocks), width)


@cache
def _glyph(blocks: tuple[str, ...], width: int) -> str:
    drawn = "".join(_block(mark, 1 + _STEP * at) for at, mark in enumerate(blocks))
    return silent("tp-quality", width, round(width * 14 / 62), "0 0 62 14", drawn)


def _block(mark: str, x: float) -> str:
    if mark == "good":
        return rect(x, 1, _SIDE, _SIDE, f'fill="{c.INK_2}" stroke="{c.INK_2}" stroke-width="1.4"')
    if mark == "fair":
        half = path(f"M{x} 1V{1 + _SIDE}H{x + _SIDE}Z", c.INK_2, fill=c.INK_2)
        return rect(x, 1, _SIDE, _SIDE, _FRAME) + half
    if mark == "poor":
        cross = f"M{x + 3} 4l{_SIDE - 6} {_SIDE - 6}m0 {6 - _SIDE}l{6 - _SIDE} {_SIDE - 6}"
        return rect(x, 1, _SIDE, _SIDE, _FRAME) + path(cross, c.INK, 1.8)
    return rect(x, 1, _SIDE, _SIDE, f'fill="none" stroke="{c.INK_2}" stroke-dasharray="1.5 2"')
