"""Months without a figure: hatched where one is missing or hidden, an open tick where none were due."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.foot import Entry, line_entry
from trigpoint.publish.charts.frame import Frame
from trigpoint.publish.charts.room import BLOCKED, Box, Place, Room, Words, about
from trigpoint.publish.charts.svg import HALO, circle, path, text
from trigpoint.terms.panel import State

HATCHED = frozenset({State.NOT_SUBMITTED, State.SUPPRESSED, State.INCOMPLETE})
"""The states that leave a hole where a figure is expected."""
_DRAWN = HATCHED | {State.NO_DENOMINATOR}
_SIZE = 13
_HATCH = 10
"""The px from a slanting line to the next, along the edge."""


class Gap(NamedTuple):
    """Following months of one state: where they fall, and the edges of all of them, in px."""

    state: State
    words: str
    xs: Sequence[float]
    left: float
    right: float


def gaps_of(on: Frame, xs: Sequence[float]) -> list[Gap]:
    """The gaps that are drawn. ``xs`` says where the points fall."""
    found, half, at = [], min(on.step * 0.4, 10), 0
    for (state, words), run in groupby(on.points, lambda point: (point.state, point.gap)):
        last = at + len(list(run)) - 1
        if state in _DRAWN:
            found.append(Gap(state, words, tuple(xs[at : last + 1]), xs[at] - half, xs[last] + half))
        at = last + 1
    return found


def gaps(on: Frame, found: Sequence[Gap]) -> Iterator[str]:
    """Each gap without its words."""
    hatched = "".join([_hatch(gap, on) for gap in found if gap.state in HATCHED])
    if hatched:
        yield path(hatched, c.HATCH)
    for gap in found:
        if gap.state is State.SUPPRESSED:
            for x in _starred(gap, on):
                yield text("*", x, on.bottom - 3, c.INK, size=16, anchor="middle", bold=True, more=HALO)
        elif gap.state is State.NO_DENOMINATOR:
            yield from _none_due(gap, on)


def _hatch(gap: Gap, on: Frame) -> str:
    """Slanting lines over a gap, as a path: renderers take long over patterns."""
    left, right, wide = gap.left, gap.right, round(gap.right - gap.left, 1)
    deep = on.bottom - on.top
    whole = int(max(0.0, deep - wide) / _HATCH)  # lines from edge to edge; above and below they are cut
    first = on.top + wide
    found = f"M{left:.1f} {first:.1f}l{wide} {-wide}" if wide <= deep else ""
    found += f"m{-wide} {wide + _HATCH:.1f}l{wide} {-wide}" * whole
    cut = [*range(_HATCH, int(min(wide, deep)), _HATCH)]
    sums = [left + on.top + at for at in cut]  # where x + y is the same
    last = left + first + _HATCH * whole if wide <= deep else left + on.top + (cut[-1] if cut else 0)
    sums += [last + at for at in range(_HATCH, int(right + on.bottom - last), _HATCH)]
    for at in sums:
        x = max(left, at - on.bottom)
        across = min(right, at - on.top) - x
        found += f"M{x:.1f} {at - x:.1f}l{across:.1f} {-across:.1f}"
    return found


def _starred(gap: Gap, on: Frame) -> Sequence[float]:
    """Where hidden months have their asterisk: at each of them, or at every other where they stand close."""
    return gap.xs[:: max(1, math.ceil(9 / on.step))]


def _none_due(gap: Gap, on: Frame) -> Iterator[str]:
    for x in gap.xs:
        yield path(f"M{x:.1f} {on.bottom:.1f}v-9", c.INK, 1.5)
        yield circle(x, on.bottom - 12, 3.2, c.PAPER, c.INK, 1.5)


# ---------------------------------------------------------------------------------------------- words


def take_gaps(on: Frame, found: Sequence[Gap], room: Room) -> None:
    """Keep the signs of the gaps themselves free of words."""
    for gap in found:
        if gap.state is State.SUPPRESSED:
            for x in _starred(gap, on):
                room.take(Box(x - 4, on.bottom - 18, x + 4, on.bottom + 1))
        elif gap.state is State.NO_DENOMINATOR:
            for x in gap.xs:
                room.take(about(x, on.bottom - 10, 6))


def gap_words(on: Frame, found: Sequence[Gap], room: Room) -> tuple[list[str], list[Entry]]:
    """The words of each kind of gap at least once, the longest gap first; those that stand below the picture.

    Further gaps of a kind have them where there is room enough.
    """
    placed: list[str] = []
    said: set[str] = set()
    for gap in sorted(found, key=lambda gap: -len(gap.xs)):
        if gap.words:
            drawn = _worded(gap, on, room, 1.0 if gap.words in said else BLOCKED)
            placed.append(drawn)
            said |= {gap.words} if drawn else set()
    unsaid = dict.fromkeys(gap.words for gap in found if gap.words and gap.words not in said)
    return placed, [line_entry(words, c.HATCH, 8, "1.5 3") for words in unsaid]


def _worded(gap: Gap, on: Frame, room: Room, most: float) -> str:
    """The words of a gap: in it where they fit, else upright beside it."""
    level = Words(gap.words, c.INK_2, _SIZE)
    wide, middle = level.width, (gap.left + gap.right) / 2
    if gap.state not in HATCHED:
        middle = min(max(middle, on.left + wide / 2 + 2), on.right - wide / 2 - 2)
        return room.place(level, [Place(middle, on.bottom - 20 - up, "middle") for up in (0, 16, 32)], most)
    if gap.right - gap.left > wide + 4:
        drawn = room.place(level, [Place(middle, y, "middle") for y in (on.bottom - 22, on.top + 18)], most)
        if drawn:
            return drawn
    heights = (on.bottom - 6, on.top + wide + 6)
    beside = [Place(x, y) for x in (gap.left - 5, gap.right + 14) for y in heights]
    return room.place(Words(gap.words, c.INK_2, _SIZE, upright=True), beside, most)
