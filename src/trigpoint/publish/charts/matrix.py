"""The matrix: change by assurance, each indicator in its square, and what each square asks of its owner.

For paper and slides; the site has the same as a table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.heatmap import Sheet
from trigpoint.publish.charts.icons import defined, used
from trigpoint.publish.charts.lettering import cut, width, wrapped
from trigpoint.publish.charts.svg import path, picture, rect, text
from trigpoint.publish.document import MatrixItem, MatrixPage, MatrixSquare

NONE = "None this month"
OFF = "Not on the matrix"
_SIZE, _ICON = 13, 26.0
_LINE, _APART, _PAD, _GAP = 17.0, 23.0, 10.0, 3.0
_CHANGE = 116.0
"""The width of the first column, which names the change."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A line of a square: words, a figure after them, and how far it stands below the line before."""

    words: str
    figure: str = ""
    bold: bool = False
    below: float = _LINE


def matrix_chart(page: MatrixPage, sheet: Sheet, key: str) -> str:
    """The matrix as one SVG element with its title and description. ``key`` is unique on its page."""
    key = f"{key}-{sheet.name}"
    body, bottom = _table(page, sheet, key) if sheet.names else _list(page, sheet, key)
    names = [mark.icon for mark, _ in page.columns] + [name for row in page.rows for name in row.icons]
    drawn = defined(names, key) + body
    kind = f"matrix-{sheet.name}"
    return picture(key, kind, sheet.width, math.ceil(bottom + 4), page.title, page.lede, drawn)


def _table(page: MatrixPage, sheet: Sheet, key: str) -> tuple[str, float]:
    beside = sheet.width > 1000 and bool(page.off)
    wide = (sheet.width - _CHANGE) / (len(page.columns) + beside)
    lefts = [_CHANGE + at * wide for at in range(len(page.columns) + 1)]
    drawn = "".join(
        _head(mark.words, said, mark.icon, x, wide, key)
        for (mark, said), x in zip(page.columns, lefts, strict=False)
    )
    top = y = 56.0
    for row in page.rows:
        squares = [_square_lines(square, wide - 2 * _PAD) for square in row.squares]
        deep = max(84.0, *(_depth(lines) for lines in squares))
        drawn += _change(row.icons, row.words, y, deep, key)
        for square, lines, x in zip(row.squares, squares, lefts, strict=False):
            exception = square.exception and bool(square.items)
            drawn += _square(lines, x, y, wide, deep, exception=exception)
        y += deep + _GAP
    if page.off:
        x, across, start = (lefts[-1], wide, top) if beside else (0.0, float(sheet.width), y + 8)
        drawn_off, end = _off(page.off, x, start, across, y - _GAP if beside else 0.0)
        drawn += (_head(OFF, "", "", x, across, key) if beside else "") + drawn_off
        y = max(y, end)
    return drawn, y


def _head(words: str, said: str, icon: str, x: float, wide: float, key: str) -> str:
    drawn = rect(x + 1, 0, wide - 2, 52, f'fill="{c.HEAD}"')
    left = x + _PAD + (_ICON + 8 if icon else 0)
    if icon:
        drawn += used(icon, key, x + _PAD, 13, _ICON)
    room = wide - (left - x) - _PAD
    drawn += text(cut(words, room, 15, bold=True), left, 24 if said else 31, c.INK, size=15, bold=True)
    return drawn + (text(cut(said, room, _SIZE), left, 42, c.INK_2, size=_SIZE) if said else "")


def _change(icons: Sequence[str], words: str, y: float, deep: float, key: str) -> str:
    drawn = rect(0, y, _CHANGE - 2, deep, f'fill="{c.HEAD}"')
    for at, name in enumerate(icons):
        drawn += used(name, key, _PAD + at * (_ICON + 6), y + _PAD, _ICON)
    for line, part in enumerate(wrapped(words, _CHANGE - 2 * _PAD, bold=True)):
        drawn += text(part, _PAD, y + _PAD + _ICON + 20 + line * _LINE, c.INK, bold=True)
    return drawn


def _square_lines(square: MatrixSquare, room: float) -> list[_Written]:
    asked = [_Written(words, bold=True) for words in wrapped(square.ask, room, _SIZE, bold=True)]
    return [*asked, *(_items(square.items, room) if square.items else [_Written(NONE, below=_APART)])]


def _items(items: Sequence[MatrixItem], room: float) -> list[_Written]:
    """Each title in two lines at most; its figure after it, or below where there is no room."""
    found = []
    for item in items:
        titles = wrapped(item.title, room, _SIZE) or [""]
        figure = cut(item.words, room, _SIZE, bold=True)
        beside = width(titles[-1], _SIZE) + 8 + width(figure, _SIZE, bold=True) <= room
        figures = [*("" for _ in titles[1:]), figure] if beside else ["" for _ in titles]
        lines = [*zip(titles, figures, strict=True), *([] if beside else [("", figure)])]
        found += [_Written(*line, below=_LINE if at else _APART) for at, line in enumerate(lines)]
    return found


def _depth(lines: Sequence[_Written]) -> float:
    return 2 * _PAD + sum(line.below for line in lines)


def _square(
    lines: Sequence[_Written], x: float, y: float, wide: float, deep: float, *, exception: bool
) -> str:
    """What is asked, a rule, and the indicators; a heavy edge where an exception report is asked for."""
    paint = (
        f'fill="{c.PAPER}" stroke="{c.INK if exception else c.RULE}" stroke-width="{3 if exception else 1}"'
    )
    inset = 2.5 if exception else 1.5
    drawn = rect(x + inset, y + inset - 1, wide - 2 * inset, deep - 2 * inset + 2, paint)
    return drawn + _lines(lines, x + _PAD, y + _PAD - 4, wide - 2 * _PAD)


def _lines(lines: Sequence[_Written], x: float, y: float, wide: float) -> str:
    """The lines, and a rule between what is asked and the indicators."""
    drawn, asked = "", bool(lines) and lines[0].bold
    for line in lines:
        if asked and not line.bold:
            drawn += path(f"M{x:.1f} {y + 5:.1f}h{wide:.1f}", c.RULE)
        asked, y = line.bold, y + line.below
        colour = c.INK_2 if line.words == NONE else c.INK
        if line.words:
            drawn += text(line.words, x, y, colour, size=_SIZE, bold=line.bold)
        if line.figure:
            start = x + (width(line.words, _SIZE) + 8 if line.words else 0)
            drawn += text(line.figure, start, y, c.INK, size=_SIZE, bold=True)
    return drawn


def _off(items: Sequence[MatrixItem], x: float, y: float, wide: float, end: float) -> tuple[str, float]:
    """The indicators that lie in no square: in a column of their own, which reaches to ``end``, or below."""
    room = wide - 2 * _PAD
    below = [] if end else [_Written(OFF, bold=True)]
    lines = [*below, *_items(items, room)]
    deep = max(_depth(lines), end - y)
    return _square(lines, x, y, wide, deep, exception=False), y + deep


def _list(page: MatrixPage, sheet: Sheet, key: str) -> tuple[str, float]:
    """On a phone: the squares that hold something, one below the other."""
    drawn, y, wide = "", 0.0, float(sheet.width)
    for row in page.rows:
        for (mark, _), square in zip(page.columns, row.squares, strict=True):
            if square.items:
                head = f"{row.words}, {mark.words.lower()}"
                names = [*row.icons, mark.icon]
                drawn += rect(0, y, wide, 38, f'fill="{c.HEAD}"')
                for at, name in enumerate(names):
                    drawn += used(name, key, 8 + at * 30, y + 6, _ICON)
                left = 12 + 30 * len(names)
                drawn += text(cut(head, wide - left - 8, bold=True), left, y + 24, c.INK, bold=True)
                lines = _square_lines(square, wide - 2 * _PAD)
                deep = _depth(lines)
                drawn += _square(lines, 0, y + 38, wide, deep, exception=square.exception)
                y += 38 + deep + 10
    if page.off:
        part, y = _off(page.off, 0, y, wide, 0)
        drawn += part
    return drawn, y
