"""A picture with what a page would say around it: a title, icons, numbered remarks and the small print.

For a picture that leaves its page: in a board's paper, on a slide, in a notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.icons import defined, used
from trigpoint.publish.charts.lettering import width, wrapped
from trigpoint.publish.charts.svg import FONT, rect, text
from trigpoint.publish.mark import Mark

_PICTURE = re.compile(
    r'<svg class="(?P<kind>[^"]*)" viewBox="0 0 (?P<width>\d+) (?P<height>\d+)" role="img" '
    r'aria-labelledby="(?P<names>[^"]*)"[^>]*>'
    r"(?P<voice><title .*?</title><desc .*?</desc>)(?P<body>.*)</svg>",
    re.DOTALL,
)
_SIDE, _TITLE, _LINE, _SMALL, _ICON = 14.0, 20, 18.0, 13, 40.0


@dataclass(frozen=True, slots=True)
class Plate:
    """What stands around a picture. ``remarks`` are those that its discs number, from the first on."""

    title: str
    second: str = ""
    marks: tuple[Mark, ...] = ()
    remarks: tuple[tuple[int, str], ...] = ()
    words: tuple[str, ...] = ()


def plated(svg: str, plate: Plate) -> str:
    """A picture on its plate. It keeps its title and its description."""
    found = _PICTURE.fullmatch(svg)
    if found is None:
        raise ValueError("found no picture of ours; expected what one of the charts returns")
    across, deep = int(found["width"]), int(found["height"])
    key = found["names"].partition(" ")[0]
    head, top = _head(plate, across, key)
    foot, bottom = _foot(plate, across, top + deep + 8)
    height = round(bottom + _SIDE)
    return (
        f'<svg class="{found["kind"]} tp-plate" viewBox="0 0 {across} {height}" role="img" '
        f'aria-labelledby="{found["names"]}" {FONT} font-size="14">{found["voice"]}'
        f'{rect(0, 0, across, height, f"""fill="{c.PAPER}" """)}{head}'
        f'<g transform="translate(0 {top:.1f})">{found["body"]}</g>{foot}</svg>'
    )


def _head(plate: Plate, across: int, key: str) -> tuple[str, float]:
    """The title with a second line, and the icons with their words: beside it, or below on a phone."""
    blocks = [_ICON + 8 + width(mark.words, 14, bold=True) for mark in plate.marks]
    taken = sum(blocks) + 20 * len(blocks)
    beside = taken < across / 2
    room = across - 2 * _SIDE - (taken if beside else 0)
    drawn, y = "", _SIDE + 4
    for words in wrapped(plate.title, room, _TITLE, bold=True, lines=3):
        y += 18
        drawn += text(words, _SIDE, y, c.INK, size=_TITLE, bold=True)
        y += 6
    for words in wrapped(plate.second, room, lines=2):
        y += _LINE
        drawn += text(words, _SIDE, y - 2, c.INK_2)
    x, icons = (across - _SIDE - taken + 20, _SIDE) if beside else (_SIDE, y + 8)
    drawn += defined((mark.icon for mark in plate.marks), key)
    for mark, block in zip(plate.marks, blocks, strict=True):
        if not beside and x > _SIDE and x + block > across - _SIDE:
            x, icons = _SIDE, icons + _ICON + 6
        drawn += used(mark.icon, key, x, icons, _ICON)
        drawn += text(mark.words, x + _ICON + 8, icons + 25, c.INK, bold=True)
        x += block + 20
    return drawn, max(y, icons + _ICON if plate.marks else 0) + 8


def _foot(plate: Plate, across: int, y: float) -> tuple[str, float]:
    """The remarks by their numbers, then how the picture was made."""
    drawn, room = "", across - 2 * _SIDE
    for number, said in plate.remarks:
        for at, line in enumerate(wrapped(said, room - 26, lines=3)):
            y += _LINE
            if not at:
                drawn += text(str(number), _SIDE, y, c.INK, bold=True)
            drawn += text(line, _SIDE + 26, y, c.INK)
        y += 3
    y += 4 if plate.remarks else 0
    for line in _paragraph(plate.words, room):
        y += _LINE
        drawn += text(line, _SIDE, y, c.INK_2, size=_SMALL)
    return drawn, y


def _paragraph(words: Sequence[str], room: float) -> Iterator[str]:
    return iter(wrapped(" ".join(words), room, _SMALL, lines=12))
