"""Units in order on one scale: a dot with its 95% interval, against lines for the whole and the standard."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import LETTER
from trigpoint.publish.charts.scale import Scale, clipped, scale_of, tick_words
from trigpoint.publish.charts.svg import HALO, circle, path, picture, text
from trigpoint.publish.document import Ranked, RankedLine, RankedUnit

FEW = "*"
"""Stands beside the counts of a unit that is too small to judge; words below the chart say so."""
_FOOT = 30.0
_LABEL = 18.0
_STUB = 12.0
_LEAST = 140.0
"""The width that names leave to the plot, in px, where counts and values are long."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """One of the sizes a ranked chart is drawn in: in the narrow one, words stand above their whisker."""

    name: str
    width: int
    row: float
    stacked: bool


RANKED_WIDE = Ranking("wide", 560, 34.0, stacked=False)
RANKED_NARROW = Ranking("narrow", 320, 44.0, stacked=True)


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
        return self.top + (at + (0.72 if self.drawing.stacked else 0.5)) * self.drawing.row


def _plot(ranked: Ranked, drawing: Ranking) -> _Plot:
    lines = [line for line in (ranked.whole, ranked.standard) if line is not None]
    shown = [clipped(end, ranked.axis) for unit in ranked.units for end in _ends(unit)]
    shown += [unit.value for unit in ranked.units] + [line.value for line in lines]
    spread = scale_of(shown, ranked.axis)
    top = 8 + _LABEL * len(lines)
    rows = len(ranked.units)
    bottom = top + drawing.row * rows + 4
    values = drawing.width - 4.0
    counts = values - 14 - LETTER * max(len(unit.words) for unit in ranked.units)
    if drawing.stacked:
        side = max(12.0, _widest_tick(spread, ranked) / 2 + 2)
        return _Plot(drawing, spread, side, drawing.width - side, top, bottom, counts, values, rows)
    widest = LETTER * max(len(_counted(unit)) for unit in ranked.units)
    right = counts - widest - 22
    names = 20 + min(170.0, LETTER * max(len(unit.name) for unit in ranked.units))
    left = max(60.0, min(names, right - _LEAST))
    return _Plot(drawing, spread, left, right, top, bottom, counts, values, rows)


def _widest_tick(spread: Scale, ranked: Ranked) -> float:
    return LETTER * max(len(tick_words(tick, spread, ranked.axis)) for tick in spread.ticks)


def _ends(unit: RankedUnit) -> tuple[float, ...]:
    return tuple(end for end in (unit.lower, unit.upper) if end is not None)


def _counted(unit: RankedUnit) -> str:
    return f"{unit.counted} {FEW}".strip() if unit.few else unit.counted


def _layers(ranked: Ranked, on: _Plot) -> Iterator[str]:
    yield from _axis(ranked, on)
    yield from _across(ranked, on)
    for at, unit in enumerate(ranked.units):
        yield from _unit(unit, at, ranked, on)


def _axis(ranked: Ranked, on: _Plot) -> Iterator[str]:
    """A rule at each tick; words at every one, or every other, as they fit."""
    ticks = on.scale.ticks
    words = [tick_words(tick, on.scale, ranked.axis) for tick in ticks]
    every = math.ceil((_widest_tick(on.scale, ranked) + 8) / ((on.right - on.left) / (len(ticks) - 1)))
    yield path("".join(_upright(on.x(tick), on) for tick in ticks), c.RULE)
    for tick, said in list(zip(ticks, words, strict=True))[::every]:
        yield text(said, on.x(tick), on.bottom + 19, c.INK_2, size=13, anchor="middle")


def _upright(x: float, on: _Plot) -> str:
    """A line from top to bottom; in the narrow drawing it leaves the words between the whiskers free."""
    if not on.drawing.stacked:
        return f"M{x:.1f} {on.top:.1f}V{on.bottom:.1f}"
    return "".join(f"M{x:.1f} {on.y(at) - _STUB:.1f}v{2 * _STUB:.1f}" for at in range(on.rows))


def _within(x: float, width: float, on: _Plot) -> float:
    """The middle of words so wide, near ``x`` and inside the picture."""
    return min(max(x, width / 2 + 2), on.drawing.width - width / 2 - 2)


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
    x, y = on.x(line.value), 14 + _LABEL * row
    yield path(f"M{x:.1f} {y + 4:.1f}V{on.top:.1f}", colour)
    middle = _within(x, LETTER * len(line.words), on)
    yield text(line.words, middle, y, colour, anchor="middle", bold=colour == c.MISSED, more=HALO)


def _unit(unit: RankedUnit, at: int, ranked: Ranked, on: _Plot) -> Iterator[str]:
    y = on.y(at)
    ends = [on.x(clipped(end, ranked.axis)) for end in _ends(unit)]
    if len(ends) == 2:
        caps = f"M{ends[0]:.1f} {y - 4:.1f}v8M{ends[1]:.1f} {y - 4:.1f}v8"
        yield path(f"M{ends[0]:.1f} {y:.1f}H{ends[1]:.1f}", c.INK, 1.5, dashes="2 2.5" if unit.few else "")
        yield path(caps, c.INK, 1.5)
    yield circle(on.x(unit.value), y, 5, c.INK if unit.differs else c.PAPER, c.INK, 1.7)
    yield from _words(unit, y - 18 if on.drawing.stacked else y + 5, on)


def _words(unit: RankedUnit, y: float, on: _Plot) -> Iterator[str]:
    """The name at the left, cut if long (the table has it whole); counts and value at the right."""
    counted = _counted(unit)
    if on.drawing.stacked:
        room = on.counts - LETTER * len(counted) - 14
        yield text(_cut(unit.name, room), 4, y, c.INK, more=HALO)
    else:
        lines = _lines(unit.name, on.left - 20)
        for at, words in enumerate(lines):
            yield text(words, 4, y + 15 * at - 7.5 * (len(lines) - 1), c.INK)
    yield text(counted, on.counts, y, c.INK_2, anchor="end", more=HALO)
    yield text(unit.words, on.values, y, c.INK, anchor="end", bold=True, more=HALO)


def _lines(name: str, room: float) -> list[str]:
    """A name in one line or two."""
    letters = int(room / LETTER)
    start = name.rfind(" ", 0, letters + 1)
    if len(name) <= letters or start < 1:
        return [_cut(name, room)]
    return [name[:start], _cut(name[start + 1 :], room)]


def _cut(name: str, room: float) -> str:
    letters = int(room / LETTER)
    return name if len(name) <= letters else f"{name[: max(1, letters - 1)].rstrip()}…"
