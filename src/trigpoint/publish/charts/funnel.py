"""The funnel plot: units by their size against limits that are wider where numbers are smaller.

Everything is in the peers' navy. A hollow circle lies inside the limits, a hollow triangle beyond the
first, a filled one beyond the second, pointing away from the target; the own unit is a filled diamond.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.foot import Entry, foot, line_entry
from trigpoint.publish.charts.frame import Drawing
from trigpoint.publish.charts.funnel_names import named
from trigpoint.publish.charts.funnel_plot import Curve, Plot, funnel_plot, within
from trigpoint.publish.charts.labels import spaced
from trigpoint.publish.charts.lettering import cut, width
from trigpoint.publish.charts.process import DASHES, TRIAL_DASHES
from trigpoint.publish.charts.room import Box, Place, Words
from trigpoint.publish.charts.scale import inside
from trigpoint.publish.charts.svg import circle, path, picture, text
from trigpoint.publish.funnel import FunnelChart, FunnelPoint

_DIAMOND, _TRIANGLE, _CIRCLE, _SMALL = 8.0, 5.5, 3.6, 2.8
_MANY = 120
"""From more units than this, circles are smaller."""
_APART = 17.0


def funnel_chart(chart: FunnelChart, drawing: Drawing) -> str:
    """A funnel as one SVG element with its title and description; nothing where there is no unit."""
    if not chart.points:
        return ""
    it = funnel_plot(chart, drawing)
    margin = list(_margin(it))
    names, unnamed = named(it, [box for _, box in margin])
    below, more = foot(list(_key(it, unnamed)), 14, drawing.width - 14, drawing.height)
    body = "".join([*_drawn(it), *(drawn for drawn, _ in margin), *names, below])
    key, height = f"{chart.key}-{drawing.name}", round(drawing.height + more)
    return picture(key, drawing.name, drawing.width, height, chart.title, chart.description, body)


def _drawn(it: Plot) -> Iterator[str]:
    """All but words within the plot and in its margin."""
    yield from _axes(it)
    yield from _limits(it)
    yield from _marks(it)


def _axes(it: Plot) -> Iterator[str]:
    rules, ticks = "", f"M{it.left:.1f} {it.bottom:.1f}H{it.right:.1f}"
    for tick, words in it.ticks:
        y = it.y(tick)
        rules += f"M{it.left:.1f} {y:.1f}H{it.right:.1f}"
        yield text(words, it.left - 7, y + 4.9, c.INK_2, anchor="end")
    yield path(rules, c.RULE)
    widest = max(width(words, 13) for _, words in it.size_ticks)
    every = math.ceil((widest + 10) / (it.x(it.size_ticks[1][0]) - it.x(it.size_ticks[0][0])))
    for tick, words in it.size_ticks[::every]:
        x = it.x(tick)
        ticks += f"M{x:.1f} {it.bottom:.1f}v5"
        yield text(words, x, it.bottom + 20, c.INK_2, size=13, anchor="middle")
    yield path(ticks, c.INK_2)
    said = cut(it.chart.size_words, it.drawing.width - 28)
    middle = max((it.left + it.right) / 2, 14 + width(said) / 2)
    middle = min(middle, it.drawing.width - 14 - width(said) / 2)
    yield text(said, middle, it.bottom + 42, c.INK_2, anchor="middle")


def _limits(it: Plot) -> Iterator[str]:
    """The band between the outer limits, the limits, and the target."""
    if it.curves:
        lower, upper = it.curves[-1]
        yield from _band(lower, upper, it)
    for level, pair in enumerate(it.curves):
        outer = level == len(it.curves) - 1
        parts = [part for curve in pair for part in within(curve, it.top, it.bottom)]
        outline = "".join(["M" + "L".join([f"{x:.1f} {y:.1f}" for x, y in part]) for part in parts])
        if outline:
            yield path(outline, c.COMMON, 1.5, dashes=DASHES if outer else TRIAL_DASHES)
    yield path(f"M{it.left:.1f} {it.target:.1f}H{it.right:.1f}", c.COMMON, 1.5)


def _band(lower: Curve, upper: Curve, it: Plot) -> Iterator[str]:
    edge = [*upper, *reversed(lower)]
    if edge:
        held = [f"{x:.1f} {min(max(y, it.top), it.bottom):.1f}" for x, y in edge]
        yield path(f"M{'L'.join(held)}Z", "none", fill=c.PROCESS)


def _marks(it: Plot) -> Iterator[str]:
    """Those of a kind as one path: inside, beyond the first limits, beyond the second. Our own is on top."""
    r = _CIRCLE if len(it.places) <= _MANY else _SMALL
    ring = f"a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 -{2 * r} 0"
    kinds: dict[int, list[str]] = {0: [], 1: [], 2: []}
    ours = []
    for point, (x, y) in zip(it.chart.points, it.places, strict=True):
        if point.ours:
            ours.append(_own(point, x, y))
        elif point.beyond:
            kinds[min(2, abs(point.beyond))].append(_triangle(x, y, up=point.beyond > 0))
        else:
            kinds[0].append(f"M{x - r:.1f} {y:.1f}{ring}")
    for kind, outlines in kinds.items():
        if outlines:
            fill, more = (c.PEER, "") if kind == 2 else (c.PAPER, ' fill-opacity=".8"')
            yield path("".join(outlines), c.PEER, 1.5 if kind else 1.3, fill=fill, more=more)
    yield from ours


def _triangle(x: float, y: float, *, up: bool) -> str:
    """A triangle that points away from the target, as a path."""
    half = _TRIANGLE
    rise = half if up else -half
    return f"M{x - half:.1f} {y + 0.8 * rise:.1f}h{2 * half:.1f}l{-half:.1f} {-1.8 * rise:.1f}Z"


def _own(point: FunnelPoint, x: float, y: float) -> str:
    """A diamond; beyond the limits it wears a ring, as every unit there has a mark of its own."""
    r = _DIAMOND
    outline = f"M{x:.1f} {y - r:.1f}l{r} {r}l-{r} {r}l-{r} -{r}Z"
    ring = circle(x, y, r + 4, "none", c.PEER, 1.6) if point.beyond else ""
    return ring + path(outline, c.PAPER, 1.2, fill=c.PEER)


def _margin(it: Plot) -> Iterator[tuple[str, Box]]:
    """The names of limits and target at the right edge, where they end in the plot, and what they take."""
    found = [(it.target, it.right, it.chart.target_words)] if it.drawing.margin else []
    for limit, (lower, upper) in zip(it.chart.limits, it.curves, strict=True):
        said = limit.words if it.drawing.margin else limit.short
        for curve, value in ((upper, limit.upper[-1]), (lower, limit.lower[-1])):
            reached = inside(value, it.chart.axis)  # one at its edge or beyond is no limit
            if reached and it.top <= curve[-1][1] <= it.bottom:
                found.append((curve[-1][1], curve[-1][0], said))
    found.sort()
    room = it.drawing.width - it.right - 14
    places = spaced([y for y, _, _ in found], it.top, it.bottom, _APART)
    for (end, x, said), y in zip(found, places, strict=True):
        size = 14 if it.drawing.margin else 13
        words = Words(cut(said, room, size), c.COMMON, size)
        leader = path(f"M{x:.1f} {end:.1f}L{it.right + 9:.1f} {y:.1f}", c.COMMON)
        ((place, box),) = words.boxes([Place(it.right + 13, y + 5)])
        yield leader + words.svg(place), box


def _key(it: Plot, unnamed: int) -> Iterator[Entry]:
    """What each mark that is there means; without a margin, the target too."""
    if not it.drawing.margin:
        yield line_entry(it.chart.target_words, c.COMMON, 1.5)
    points, limits = it.chart.points, it.chart.limits
    if any(point.ours for point in points):
        ours = next(point for point in points if point.ours)
        words = "This unit, beyond the limits" if ours.beyond else "This unit"
        yield Entry(words, f'<g transform="scale(.75)">{_own(ours, 0, 0)}</g>', 18)
    others = {abs(point.beyond) for point in points if not point.ours}
    if 0 in others:
        yield Entry("Inside the limits", circle(0, 0, _CIRCLE, c.PAPER, c.PEER, 1.3), 10)
    for level in (1, 2):
        if level in others:
            words = f"Beyond the {limits[level - 1].short} limits" if level <= len(limits) else "Beyond"
            fill = c.PEER if level == 2 else c.PAPER
            yield Entry(words, path(_triangle(0, 0, up=True), c.PEER, 1.5, fill=fill), 12)
    if unnamed:
        yield Entry(f"{unnamed} more beyond the limits: the table names them.")
