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


@dataclass(frozen=True, slots=True)
class Ranking:
    """One of the sizes a ranked chart is drawn in: in the narrow one, words stand above their whisker."""

    name: str
    width: int
    row: float
    stacked: bool


RANKED_WIDE = Ranking("wide", 560, 30.0, stacked=False)
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
    bottom = top + drawing.row * len(ranked.units) + 4
    values = drawing.width - 4.0
    counts = values - 14 - LETTER * max(len(unit.words) for unit in ranked.units)
    if drawing.stacked:
        return _Plot(drawing, spread, 12.0, drawing.width - 12.0, top, bottom, counts, values)
    widest = LETTER * max(len(_counted(unit)) for unit in ranked.units)
    left = 12 + min(170.0, LETTER * max(len(unit.name) for unit in ranked.units))
    return _Plot(drawing, spread, left, counts - widest - 22, top, bottom, counts, values)


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
    apart = (on.right - on.left) / max(1, len(ticks) - 1)
    every = math.ceil((LETTER * max(map(len, words)) + 8) / apart)
    yield path("".join(f"M{on.x(tick):.1f} {on.top:.1f}V{on.bottom:.1f}" for tick in ticks), c.RULE)
    for at in range(0, len(ticks), every):
        x = min(
            max(on.x(ticks[at]), LETTER * len(words[at]) / 2), on.drawing.width - LETTER * len(words[at]) / 2
        )
        yield text(words[at], x, on.bottom + 19, c.INK_2, size=13, anchor="middle")


def _across(ranked: Ranked, on: _Plot) -> Iterator[str]:
    """The whole dotted, the standard red with its teeth: each with its words in a row of its own above."""
    row = 0
    if ranked.whole is not None:
        yield from _line(ranked.whole, on, row, c.INK)
        row += 1
    if ranked.standard is not None:
        yield from _line(ranked.standard, on, row, c.MISSED)


def _line(line: RankedLine, on: _Plot, row: int, colour: str) -> Iterator[str]:
    x, top = on.x(line.value), 10 + _LABEL * (row + 1) - 6
    standard = colour == c.MISSED
    yield path(
        f"M{x:.1f} {top:.1f}V{on.bottom:.1f}",
        colour,
        2.2 if standard else 1.6,
        dashes="" if standard else "2 3",
    )
    if line.teeth:
        tooth = f"l{5 * line.teeth} -4m{-5 * line.teeth} 16"
        yield path(f"M{x:.1f} {on.top + 6:.1f}{tooth * int((on.bottom - on.top) / 12)}", colour, 1.4)
    half = LETTER * len(line.words) / 2
    middle = min(max(x, half + 2), on.drawing.width - half - 2)
    yield text(line.words, middle, top - 4, colour, anchor="middle", bold=standard, more=HALO)


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
    room = on.left - 12 if not on.drawing.stacked else on.counts - LETTER * len(counted) - 14
    yield text(_cut(unit.name, room), 4, y, c.INK, more=HALO)
    yield text(counted, on.counts, y, c.INK_2, anchor="end", more=HALO)
    yield text(unit.words, on.values, y, c.INK, anchor="end", bold=True, more=HALO)


def _cut(name: str, room: float) -> str:
    letters = int(room / LETTER)
    return name if len(name) <= letters else f"{name[: max(1, letters - 1)].rstrip()}…"
