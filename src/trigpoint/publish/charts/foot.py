"""Words below a picture, each beside a sample of what it names: a key, and labels that found no place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.lettering import cut, width
from trigpoint.publish.charts.svg import path, text

ROW = 20.0
_GAP = 18.0
_SIZE = 13


@dataclass(frozen=True, slots=True)
class Entry:
    """Words, and a sample ``across`` px wide, drawn about (0, 0); without a sample, words alone."""

    words: str
    sample: str = ""
    across: float = 22.0
    colour: str = c.INK_2


def line_entry(words: str, colour: str, width: float, dashes: str = "") -> Entry:
    """Words beside a piece of their line."""
    return Entry(words, path("M-11 0h22", colour, width, dashes=dashes), colour=colour)


def foot(entries: Sequence[Entry], left: float, right: float, top: float) -> tuple[str, float]:
    """The entries in rows from ``top`` on, and the px that they take; nothing where there are none."""
    drawn, x, y = "", left, top + 14
    for entry in entries:
        before = entry.across + 6 if entry.sample else 0.0
        words = cut(entry.words, right - left - before, _SIZE)
        wide = before + width(words, _SIZE)
        if x > left and x + wide > right:
            x, y = left, y + ROW
        if entry.sample:
            drawn += f'<g transform="translate({x + entry.across / 2:.1f} {y - 4.5:.1f})">{entry.sample}</g>'
        drawn += text(words, x + before, y, entry.colour, size=_SIZE)
        x += wide + _GAP
    return drawn, y + 6 - top if entries else 0.0
