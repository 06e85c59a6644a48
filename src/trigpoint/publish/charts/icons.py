"""The icons of the bearings: past (variation, assurance), standard, and the peers' ladder."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape

from trigpoint.analysis.finding import Assurance, Attainment, Variation
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.svg import FONT, circle, path, rect, silent


def variation_icon(variation: Variation) -> str:
    """The name of a variation's icon."""
    return f"variation-{variation.value}"


def assurance_icon(assurance: Assurance) -> str:
    """The name of an assurance's icon."""
    return f"assurance-{assurance.value}"


def attainment_icon(attainment: Attainment) -> str:
    """The name of a standard's icon."""
    return f"standard-{attainment.value}"


def icon(name: str, size: int, label: str = "") -> str:
    """An icon from the page's sprite. Without a label it is silent, because words stand beside it."""
    use = f'<use href="#{name}"/>'
    if not label:
        return silent("tp-icon", size, size, "0 0 32 32", use)
    return (
        f'<svg class="tp-icon" width="{size}" height="{size}" viewBox="0 0 32 32" role="img" '
        f'aria-label="{escape(label)}" focusable="false">{use}</svg>'
    )


def sprite() -> str:
    """Every icon as a symbol, once for a page."""
    symbols = (f'<symbol id="{name}" viewBox="0 0 32 32">{body}</symbol>' for name, body in DRAWINGS.items())
    return silent("tp-sprite", 0, 0, "0 0 0 0", f"<defs>{''.join(symbols)}</defs>")


def defined(names: Iterable[str], key: str) -> str:
    """The drawings of icons, for a picture that has to stand alone. ``key`` is the picture's own."""
    drawn = "".join(f'<g id="{key}-{name}">{DRAWINGS[name]}</g>' for name in dict.fromkeys(names))
    return f"<defs>{drawn}</defs>" if drawn else ""


def used(name: str, key: str, x: float, y: float, size: float) -> str:
    """An icon that the picture has defined, with its upper left corner at (x, y)."""
    return f'<use href="#{key}-{name}" transform="translate({x:.1f} {y:.1f}) scale({size / 32:g})"/>'


def ladder(quarter: int | None, width: int = 84, likely: tuple[int, int] | None = None) -> str:
    """Four blocks, right is best; the unit's own is filled. ``quarter`` counts from 1, the lowest.

    A bracket below reaches from the first to the last block that its rank is ``likely`` to lie in.
    """
    ours, other = f'fill="{c.PEER}" stroke="{c.PEER}"', f'fill="{c.PAPER}" stroke="{c.INK_2}"'
    blocks = (rect(1 + 21 * i, 1, 18, 11, ours if quarter == i + 1 else other) for i in range(4))
    if likely is None:
        return silent("tp-ladder", width, round(width * 13 / 84), "0 0 84 13", "".join(blocks))
    first, last = likely
    reach = f"M{21 * first - 20} 14.5v3.5H{21 * last - 2}v-3.5"
    body = "".join([*blocks, path(reach, c.PEER, 1.8)])
    return silent("tp-ladder", width, round(width * 19.5 / 84), "0 0 84 19.5", body)


def _letter(letter: str, x: float, y: float, size: float, fill: str = c.PAPER) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" {FONT} font-weight="700" '
        f'text-anchor="middle">{letter}</text>'
    )


def _high_or_low(x: float, y: float, size: float, arrow: float, *, high: bool) -> str:
    """H or L, with an arrow that says the same."""
    tip, tail, wing = (11, 21, 14) if high else (21, 11, 18)
    shaft = f"M{arrow} {tail}V{tip}M{arrow - 3} {wing}L{arrow} {tip}L{arrow + 3} {wing}"
    return _letter("H" if high else "L", x, y, size) + path(shaft, c.PAPER, 2)


_JOINED = ' stroke-linejoin="round"'


def _improvement(*, high: bool) -> str:
    edge = f'rx="3.5" fill="{c.IMPROVE}" stroke="{c.IMPROVE_EDGE}" stroke-width="1.8"'
    return rect(2.5, 2.5, 27, 27, edge) + _high_or_low(11.8, 21.4, 15, 22.8, high=high)


def _concern(*, high: bool) -> str:
    diamond = path("M16 1L31 16L16 31L1 16Z", c.CONCERN_EDGE, 1.6, fill=c.CONCERN, more=_JOINED)
    return diamond + _high_or_low(12, 20.6, 13, 21.3, high=high)


def _changed(*, high: bool) -> str:
    outline, baseline = ("M16 2.4L30.6 29H1.4Z", 25.8) if high else ("M16 29.6L1.4 3H30.6Z", 15.6)
    triangle = path(outline, c.NEUTRAL_EDGE, 1.8, fill=c.NEUTRAL, more=_JOINED)
    return triangle + _letter("H" if high else "L", 16, baseline, 13.5)


def _octagon(radius: float, fill: str, stroke: str, width: float) -> str:
    corners = [math.pi / 8 + i * math.pi / 4 for i in range(8)]
    outline = "L".join(f"{16 + radius * math.cos(a):.1f} {16 + radius * math.sin(a):.1f}" for a in corners)
    return path(f"M{outline}Z", stroke, width, fill=fill)


def _met() -> str:
    return circle(16, 16, 14.4, c.MET, c.MET_EDGE, 1.6) + path("M8.8 16.5l5.1 5.1l9.6-10.6", c.PAPER, 3.8)


def _in_tolerance() -> str:
    triangle = path("M16 2.2L30.7 28.8H1.3Z", c.TOLERANCE_EDGE, 2.2, fill=c.TOLERANCE, more=_JOINED)
    return triangle + path("M16 11.2v8.3", c.INK, 3.8) + circle(16, 24.2, 2.2, c.INK, c.INK, 0)


def _not_met() -> str:
    square = f'rx="3.2" fill="{c.MISSED}" stroke="{c.MISSED_EDGE}" stroke-width="1.6"'
    return rect(2.4, 2.4, 27.2, 27.2, square) + path("M9.6 9.6l12.8 12.8M22.4 9.6l-12.8 12.8", c.PAPER, 4.2)


_NOTHING = circle(16, 16, 13.5, c.PAPER, c.COMMON, 2, "4 3") + path("M11 16h10", c.COMMON, 2.5)
_WAVE = path("M7 16.5c2-5.5 4.5-5.5 6 0s4 5.5 6 0s4-5.5 6 0", c.COMMON, 2.5, more=' stroke-linecap="round"')

DRAWINGS: dict[str, str] = {
    variation_icon(Variation.COMMON): circle(16, 16, 13.5, c.PAPER, c.COMMON, 2.5) + _WAVE,
    variation_icon(Variation.IMPROVEMENT_HIGH): _improvement(high=True),
    variation_icon(Variation.IMPROVEMENT_LOW): _improvement(high=False),
    variation_icon(Variation.CONCERN_HIGH): _concern(high=True),
    variation_icon(Variation.CONCERN_LOW): _concern(high=False),
    variation_icon(Variation.NEUTRAL_HIGH): _changed(high=True),
    variation_icon(Variation.NEUTRAL_LOW): _changed(high=False),
    variation_icon(Variation.NOT_ASSESSED): _NOTHING,
    assurance_icon(Assurance.PASS): circle(16, 16, 14.5, c.IMPROVE, c.IMPROVE_EDGE, 1.5)
    + circle(16, 16, 11.6, "none", c.PAPER, 1.2)
    + _letter("P", 16.4, 21.6, 15.5),
    assurance_icon(Assurance.FAIL): _octagon(15, c.CONCERN, c.CONCERN_EDGE, 1.5)
    + _octagon(12.2, "none", c.PAPER, 1.2)
    + _letter("F", 16.4, 21.6, 15.5),
    assurance_icon(Assurance.HIT_OR_MISS): circle(16, 16, 14.5, c.PAPER, c.COMMON, 2)
    + circle(16, 16, 11.2, "none", c.COMMON, 1.2)
    + _letter("?", 16, 21.6, 15.5, c.COMMON),
    assurance_icon(Assurance.NO_STANDARD): _NOTHING,
    assurance_icon(Assurance.NOT_ASSESSED): _NOTHING,
    attainment_icon(Attainment.MET): _met(),
    attainment_icon(Attainment.IN_TOLERANCE): _in_tolerance(),
    attainment_icon(Attainment.NOT_MET): _not_met(),
    attainment_icon(Attainment.NOT_ASSESSED): circle(16, 16, 13.4, c.PAPER, c.COMMON, 2.6, "4.8 3.8"),
}
"""Every icon, drawn on a field of 32 by 32."""
