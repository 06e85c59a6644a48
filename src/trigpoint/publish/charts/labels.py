"""Labels of a chart's lines: tied to them from the right margin, or on them where the drawing is narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trigpoint.publish.chart import Chart
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.foot import Entry, line_entry
from trigpoint.publish.charts.frame import Frame
from trigpoint.publish.charts.layout import Layout
from trigpoint.publish.charts.lettering import cut, width
from trigpoint.publish.charts.process import DASHES, TRIAL_DASHES
from trigpoint.publish.charts.room import BLOCKED, Box, Place, Room, Words
from trigpoint.publish.charts.standards import Level
from trigpoint.publish.charts.svg import path, text

APART = 19.0
"""The least distance between two labels, in px."""
FAR = 60.0
"""How far from its mark the latest value may be written, in px, before nobody would tie the two."""
MOST = 6
"""How many labels a margin bears; beyond that the least important go, and stay in the caption."""
MEAN, TRAJECTORY, LIMIT, STANDARD, LATEST = range(5)
"""What a label is about, the least important first."""
_BROADEST = 260.0
_LEADER = 24.0
_NEAR = 26.0
"""From farther away, in px, words are tied to their mark."""
_MOST_COST = 2.5
"""How much the words of a limit may cover, rather than stand below the picture."""


class Label(NamedTuple):
    """Words to tie to a line: where its latest part runs, in px."""

    words: str
    part: Level
    colour: str
    bold: bool
    rank: int


def label_width(chart: Chart) -> float:
    """The px that the margin needs."""
    limits = (chart.labels.mean, chart.labels.lower, chart.labels.upper)
    bold = [chart.labels.latest, *(line.words for line in chart.standards)]
    widest = max([*(width(words) for words in limits), *(width(words, bold=True) for words in bold)])
    return min(_BROADEST, max(110.0, _LEADER + widest))


def labels(it: Layout) -> list[Label]:
    """What there is to label, from the last month shown; the most important first."""
    found, on, words = [], it.on, it.chart.labels
    for line, parts in zip(it.chart.standards, it.required, strict=True):
        if parts:
            rank = TRAJECTORY if line.trajectory else STANDARD
            found.append(Label(line.words, parts[-1], c.MISSED, True, rank))
    y = it.ys[-1] if it.ys else None
    if y is not None:
        found.append(Label(words.latest, Level(it.xs[-1], it.xs[-1], y), c.INK, True, LATEST))
    last = on.points[-1] if on.points else None
    if last is not None and it.usual and (last.mean is not None or last.upper is not None):
        left, right, lower, mean, upper = it.usual[-1][-1]
        limits = ((words.upper, upper, LIMIT), (words.lower, lower, LIMIT), (words.mean, mean, MEAN))
        for said, y, rank in limits if last.upper != last.lower or upper is None else ():
            if y is not None:
                found.append(Label(said, Level(left, right, y), c.COMMON, False, rank))
    return sorted([label for label in found if label.words], key=lambda label: -label.rank)[:MOST]


def spaced(heights: Sequence[float], low: float, high: float, apart: float = APART) -> list[float]:
    """Ascending heights, moved so that all lie ``apart`` and between low and high: one sweep down, one up."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + apart) if placed else max(height, low))
    ceiling = high
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - apart
    return placed


def margin(it: Layout) -> Iterator[str]:
    """Labels at the right edge, each tied to its line by a leader."""
    on, ordered = it.on, sorted(labels(it), key=lambda label: label.part.y)
    places = spaced([label.part.y for label in ordered], on.top, on.bottom)
    room = on.drawing.width - on.right - 14
    for label, y in zip(ordered, places, strict=True):
        yield path(f"M{on.right - 2:.1f} {label.part.y:.1f}L{on.right + 9:.1f} {y:.1f}", label.colour)
        words = label.words if room < _BROADEST - 14 else cut(label.words, room, bold=label.bold)
        yield text(words, on.right + 13, y + 5, label.colour, bold=label.bold)


# --------------------------------------------------------------------------------------- on their lines


def without_margin(it: Layout) -> tuple[list[Label], list[Label]]:
    """The labels of a drawing with no margin: the latest value's, and those of lines.

    Where there are limits, the mean is left to the caption.
    """
    found = labels(it)
    limited = any(label.rank == LIMIT for label in found)
    lines = [label for label in found if label.rank != LATEST and not (label.rank == MEAN and limited)]
    return [label for label in found if label.rank == LATEST], lines


def inside(found: Sequence[Label], it: Layout, room: Room) -> tuple[list[str], list[Entry]]:
    """Labels on their lines, for a drawing with no margin; those that found no place stand below it."""
    placed, below = [], []
    for label in found:
        words = Words(label.words, label.colour, bold=label.bold)
        level = label.part.left < label.part.right
        places = (along if level else near)(words.width, label.part, it.on)
        spot = room.find(words, places, _MOST_COST if label.rank == LIMIT else BLOCKED)
        if spot is None:
            below.append(_below(label, trial=it.chart.trial))
        else:
            placed.append(words.svg(spot[0]) if level else _tied(words, label, *spot))
    return placed, below


def _tied(words: Words, label: Label, place: Place, box: Box) -> str:
    """Words of a mark; where they stand away from it, a line ties the two."""
    x, y = label.part.left, label.part.y
    end = box.bottom - 3 if box.bottom < y else box.top + 3
    if box.top < y < box.bottom or abs(end - y) < _NEAR:
        return words.svg(place)
    start = y + (13 if end > y else -13)
    across = min(max(x, box.left + 4), box.right - 4)
    return path(f"M{x:.1f} {start:.1f}L{across:.1f} {end:.1f}", label.colour) + words.svg(place)


def _below(label: Label, *, trial: bool) -> Entry:
    if label.rank == LATEST:
        return Entry(label.words, colour=label.colour)
    dashes = {LIMIT: TRIAL_DASHES if trial else DASHES, TRAJECTORY: "2 4"}.get(label.rank, "")
    return line_entry(label.words, label.colour, 1.8, dashes)


def along(wide: float, part: Level, on: Frame) -> Iterator[Place]:
    """Places for words so wide: above a line from its left to its right, below it, farther above it."""
    first = max(on.left + 2, min(part.left + 4, part.right - wide))
    starts = [first + 24 * at for at in range(int(max(0, part.right - 4 - wide - first) / 24) + 1)]
    for y in (part.y - 5, part.y + 19, part.y - 9):
        for x in starts:
            yield Place(x, y)


def near(wide: float, point: Level, on: Frame) -> Iterator[Place]:
    """Above or below a mark, at its left, and then farther and farther away."""
    edge = min(on.right - 2, max(point.left + wide / 2, on.left + wide))
    yield Place(edge, point.y - 17, "end")
    yield Place(edge, point.y + 27, "end")
    yield Place(point.left - 17, point.y + 5, "end")
    for away in range(6, int(FAR) - 17, 6):
        yield Place(edge, point.y - 17 - away, "end")
        yield Place(edge, point.y + 27 + away, "end")


def step_words(it: Layout, room: Room) -> list[str]:
    """What was required before, on the earlier levels of a standard, where there is a place for it."""
    placed = []
    for line, parts in zip(it.chart.standards, it.required, strict=True):
        for month, said in line.steps:
            start = max(it.on.left, it.on.x(month) - it.on.step / 2)
            part = next((part for part in parts if part.left - 0.1 <= start < part.right - 0.1), None)
            if part is not None:
                words = Words(said, c.MISSED, size=13, bold=True)
                placed.append(room.place(words, along(words.width, part, it.on), 3.0))
    return placed
