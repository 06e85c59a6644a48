"""Units in order on one scale: a dot with its 95% interval, against lines for the whole and the standard."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.lettering import cut, width, wrapped
from trigpoint.publish.charts.scale import Scale, clipped, labelled, scale_of
from trigpoint.publish.charts.svg import HALO, circle, path, picture, rect, text
from trigpoint.publish.document import Ranked, RankedLine, RankedUnit

FEW = "*"
"""Stands beside the counts of a unit that is too small to judge; words below the chart say so."""
MANY = 15
"""From more units than this, rows stand closer."""
_FOOT = 30.0
_LABEL = 18.0
_STUB = 12.0
_NAMES, _NAMES_WRAPPED = 0.32, 0.27
"""How much of the width names take at most: in one line, where rows stand close, or in two."""
_LEAST = 140.0
"""The width that names leave to the plot, in px, where counts and values are long."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """One of the sizes a ranked chart is drawn in: in the narrow one, words stand above their whisker.

    A row is ``row`` px high, or ``close`` where there are many.
    """

    name: str
    width: int
    row: float
    close: float
    stacked: bool


RANKED_WIDE = Ranking("wide", 560, 34.0, 24.0, stacked=False)
RANKED_MIDDLE = Ranking("middle", 860, 34.0, 24.0, stacked=False)
RANKED_NARROW = Ranking("narrow", 320, 44.0, 38.0, stacked=True)


def ranked_chart(ranked: Ranked, drawing: Ranking) -> str:
    """The chart as one SVG element with a voice; nothing where no unit has a figure."""
    if not ranked.units:
        return ""
    key, on = f"{ranked.key}-{drawing.name}", _plot(ranked, drawing)
    body = "".join(_layers(ranked, on))
    kind = f"ranked-{drawing.name}"
    return picture(key, kind, drawing.width, round(on.bottom + _FOOT), ranked.title, ranked.description, body)


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where a value and a row fall; edges in px, and the columns of counts and values at the right."""

    drawing: Ranking
    scale: Scale
    ticks: Sequence[tuple[float, str]]
    row: float
    left: float
    right: float
    top: float
    bottom: float
    counts: float
    values: float
    rows: int

    def x(self, value: float) -> float:
        share = (value - self.scale.low) / (self.scale.high - self.scale.low)
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)

    def y(self, at: int) -> float:
        """The height of a unit's whisker."""
        return self.top + (at + (0.72 if self.drawing.stacked else 0.5)) * self.row

    @property
    def widest_tick(self) -> float:
        return max(width(words, 13) for _, words in self.ticks)


def _plot(ranked: Ranked, drawing: Ranking) -> _Plot:
    lines = [line for line in (ranked.whole, ranked.standard) if line is not None]
    shown = [clipped(end, ranked.axis) for unit in ranked.units for end in _ends(unit)]
    shown += [unit.value for unit in ranked.units] + [line.value for line in lines]
    spread = scale_of(shown, ranked.axis)
    ticks = labelled(spread, ranked.axis)
    rows = len(ranked.units)
    row = drawing.close if rows > MANY else drawing.row
    top = 8 + _LABEL * (len(lines) + bool(ranked.counted))
    values = drawing.width - 4.0
    counts = values - 14 - max(width(unit.words, bold=True) for unit in ranked.units)
    if drawing.stacked:
        left = max(12.0, max(width(words, 13) for _, words in ticks) / 2 + 2)
        right = drawing.width - left
    else:
        right = counts - max(width(_counted(unit, drawing)) for unit in ranked.units) - 22
        names = max(width(unit.name, bold=unit.ours) for unit in ranked.units)
        share = _NAMES if rows > MANY else _NAMES_WRAPPED
        left = max(60.0, min(22 + min(share * drawing.width, names), right - _LEAST))
    return _Plot(drawing, spread, ticks, row, left, right, top, top + row * rows + 4, counts, values, rows)


def _ends(unit: RankedUnit) -> tuple[float, ...]:
    return tuple(end for end in (unit.lower, unit.upper) if end is not None)


def _counted(unit: RankedUnit, drawing: Ranking) -> str:
    """What it was counted from, in half of the width at most."""
    words = f"{unit.counted} {FEW}".strip() if unit.few else unit.counted
    return cut(words, drawing.width / 2 - 20)


def _layers(ranked: Ranked, on: _Plot) -> Iterator[str]:
    for at, unit in enumerate(ranked.units):
        if unit.ours:
            yield rect(0, on.top + at * on.row, on.drawing.width, on.row, f'fill="{c.PEER_TINT}"')
    yield from _axis(on)
    yield from _across(ranked, on)
    if ranked.counted:
        head = cut(ranked.counted, on.counts - 4, 13)
        yield text(head, on.counts, on.top - 6, c.INK_2, size=13, anchor="end", more=HALO)
    for at, unit in enumerate(ranked.units):
        yield from _unit(unit, at, ranked, on)


def _axis(on: _Plot) -> Iterator[str]:
    """A rule at each tick; words at every one, or every other, as they fit."""
    every = math.ceil((on.widest_tick + 8) / ((on.right - on.left) / (len(on.ticks) - 1)))
    yield path("".join(_upright(on.x(tick), on) for tick, _ in on.ticks), c.RULE)
    for tick, said in on.ticks[::every]:
        yield text(said, on.x(tick), on.bottom + 19, c.INK_2, size=13, anchor="middle")


def _upright(x: float, on: _Plot) -> str:
    """A line from top to bottom; in the narrow drawing it leaves the words between the whiskers free."""
    if not on.drawing.stacked:
        return f"M{x:.1f} {on.top:.1f}V{on.bottom:.1f}"
    return "".join(f"M{x:.1f} {on.y(at) - _STUB:.1f}v{2 * _STUB:.1f}" for at in range(on.rows))


def _across(ranked: Ranked, on: _Plot) -> Iterator[str]:
    """The whole dotted, the standard red with teeth: each with its words in a row of its own above."""
    row = 0
    if ranked.whole is not None:
        yield path(_upright(on.x(ranked.whole.value), on), c.INK, 1.6, dashes="2 3")
        yield from _label(ranked.whole, on, row, c.INK)
        row += 1
    if ranked.standard is not None:
        yield path(_upright(on.x(ranked.standard.value), on), c.MISSED, 2.2)
        yield path(_teeth(ranked.standard, on), c.MISSED, 1.4)
        yield from _label(ranked.standard, on, row, c.MISSED)


def _teeth(line: RankedLine, on: _Plot) -> str:
    x, tooth = on.x(line.value), f"l{5 * line.teeth} -4m{-5 * line.teeth} 16"
    if not on.drawing.stacked:
        return f"M{x:.1f} {on.top + 6:.1f}{tooth * int((on.bottom - on.top) / 12)}"
    return "".join(f"M{x:.1f} {on.y(at) - _STUB + 6:.1f}{tooth * 2}" for at in range(on.rows))


def _label(line: RankedLine, on: _Plot, row: int, colour: str) -> Iterator[str]:
    """The words of a line in their row, and a leader to the plot."""
    x, y, bold = on.x(line.value), 14 + _LABEL * row, colour == c.MISSED
    yield path(f"M{x:.1f} {y + 4:.1f}V{on.top:.1f}", colour)
    words = cut(line.words, on.drawing.width - 8, bold=bold)
    half = width(words, bold=bold) / 2 + 2
    middle = min(max(x, half), on.drawing.width - half)
    yield text(words, middle, y, colour, anchor="middle", bold=bold, more=HALO)


def _unit(unit: RankedUnit, at: int, ranked: Ranked, on: _Plot) -> Iterator[str]:
    y, colour = on.y(at), c.PEER if ranked.peers else c.INK
    ends = [on.x(clipped(end, ranked.axis)) for end in _ends(unit)]
    if len(ends) == 2:
        caps = f"M{ends[0]:.1f} {y - 4:.1f}v8M{ends[1]:.1f} {y - 4:.1f}v8"
        yield path(f"M{ends[0]:.1f} {y:.1f}H{ends[1]:.1f}", colour, 1.5, dashes="2 2.5" if unit.few else "")
        yield path(caps, colour, 1.5)
    if unit.ours:
        yield path(f"M{on.x(unit.value):.1f} {y - 7.5:.1f}l7.5 7.5l-7.5 7.5l-7.5 -7.5Z", c.PAPER, fill=c.PEER)
    else:
        yield circle(on.x(unit.value), y, 5, colour if unit.differs else c.PAPER, colour, 1.7)
    yield from _words(unit, y - 18 if on.drawing.stacked else y + 5, on)


def _words(unit: RankedUnit, y: float, on: _Plot) -> Iterator[str]:
    """The name at the left, cut if long (the table has it whole); counts and value at the right."""
    counted, ours = _counted(unit, on.drawing), unit.ours
    colour = c.PEER if ours else c.INK
    if on.drawing.stacked:
        room = on.counts - width(counted) - 14
        yield text(cut(unit.name, room - 4, bold=ours), 4, y, colour, bold=ours, more="" if ours else HALO)
    else:
        lines = wrapped(unit.name, on.left - 20, bold=ours, lines=2 if on.row > 30 else 1)
        for at, words in enumerate(lines):
            yield text(words, 4, y + 16 * at - 8 * (len(lines) - 1), colour, bold=ours)
    yield text(counted, on.counts, y, c.INK_2, anchor="end", more="" if ours else HALO)
    yield text(unit.words, on.values, y, colour, anchor="end", bold=True, more="" if ours else HALO)
