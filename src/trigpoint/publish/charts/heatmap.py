"""The heatmap: indicators by units, each cell with its figure, its state in shape and word, and the whole.

For paper and slides; the site has the same as a table. Where there are more units than fit beside each
other, they stand in blocks below each other, each with the whole again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.foot import Entry, foot
from trigpoint.publish.charts.icons import defined, used
from trigpoint.publish.charts.lettering import cut, width, wrapped
from trigpoint.publish.charts.svg import circle, picture, rect, text
from trigpoint.publish.document import ComparisonCell, ComparisonHead, ComparisonPage, ComparisonRow

TINTS = {
    "standard-met": c.MET_TINT,
    "standard-in_tolerance": c.TOLERANCE_TINT,
    "standard-not_met": c.MISSED_TINT,
}
_SIZE, _FIGURE, _ICON = 13, 15, 17
_LINE, _PAD = 17.0, 8.0
_ROW = 3 * _LINE + 2 * _PAD
_BAND = 28.0
_COLUMN = 112.0
"""The least width of a unit's column: it holds ``No different`` beside its dot."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the widths that a table is drawn in; ``names`` is what its first column takes. 0: no columns."""

    name: str
    width: int
    names: float


SHEET_WIDE = Sheet("wide", 1160, 240.0)
SHEET_MIDDLE = Sheet("middle", 860, 184.0)
SHEET_NARROW = Sheet("narrow", 320, 0.0)


def heatmap(page: ComparisonPage, sheet: Sheet, key: str) -> str:
    """The comparison as one SVG element with its title and description. ``key`` is unique on its page."""
    key = f"{key}-{sheet.name}"
    body, bottom = _lines(page, sheet, key) if not sheet.names else _blocks(page, sheet, key)
    marks = [cell.attainment.icon for row in _rows(page) for cell in row.cells if cell.attainment is not None]
    below, more = foot(list(_key(page, key)), 4, sheet.width - 4, bottom + 8)
    drawn = defined([*marks, *(mark.icon for mark in page.key)], key) + body + below
    height = math.ceil(bottom + 8 + more)
    kind = f"heatmap-{sheet.name}"
    said = f"{page.lede} {page.chance}".strip()
    return picture(key, kind, sheet.width, height, page.title, said, drawn)


def _rows(page: ComparisonPage) -> list[ComparisonRow]:
    return [row for section in page.sections for row in section.rows]


def _key(page: ComparisonPage, key: str) -> Iterator[Entry]:
    for mark in page.key:
        yield Entry(mark.words, used(mark.icon, key, -8, -8, 16), 16)
    if any(cell.differs is not None for row in _rows(page) for cell in row.cells):
        yield Entry("Differs from the whole by more than chance", _dot(0, 0, differs=True), 12)
        yield Entry("No different", _dot(0, 0, differs=False), 12)


def _dot(x: float, y: float, *, differs: bool) -> str:
    return circle(x, y, 4.5, c.INK if differs else c.PAPER, c.INK, 1.5)


# --------------------------------------------------------------------------------------------- columns


def _blocks(page: ComparisonPage, sheet: Sheet, key: str) -> tuple[str, float]:
    """Blocks of as many units as fit, evenly filled; the columns of the whole stand in each."""
    above = [at for at, head in enumerate(page.heads) if head.whole]
    below = [at for at, head in enumerate(page.heads) if not head.whole]
    fits = max(1, int((sheet.width - sheet.names) / _COLUMN) - len(above))
    blocks = max(1, math.ceil(len(below) / fits))
    each = math.ceil(len(below) / blocks)
    column = (sheet.width - sheet.names) / max(1, len(above) + each)
    drawn, y = "", 0.0
    for block in range(blocks):
        places = [*above, *below[block * each : (block + 1) * each]]
        part, y = _block(page, places, column, sheet, key, y + (20 if block else 0))
        drawn += part
    return drawn, y


def _block(
    page: ComparisonPage, places: Sequence[int], column: float, sheet: Sheet, key: str, y: float
) -> tuple[str, float]:
    heads = [wrapped(page.heads[at].words, column - 12, _SIZE, bold=True, lines=3) for at in places]
    deep = max((len(lines) for lines in heads), default=1)
    drawn, y = "", y + deep * _LINE + 6
    for at, lines in enumerate(heads):
        x = sheet.names + at * column + 6
        for line, words in enumerate(reversed(lines)):
            drawn += text(words, x, y - 8 - line * _LINE, c.INK, size=_SIZE, bold=True)
    for section in page.sections:
        drawn += rect(0, y, sheet.width, _BAND - 2, f'fill="{c.HEAD}"')
        drawn += text(cut(section.title, sheet.width - 16, bold=True), 8, y + 18, c.INK, bold=True)
        y += _BAND
        for row in section.rows:
            drawn += _named(row, sheet, y)
            for at, place in enumerate(places):
                x = sheet.names + at * column
                drawn += _cell(row.cells[place], page.heads[place], x, y, column, key)
            y += _ROW
    return drawn, y


def _named(row: ComparisonRow, sheet: Sheet, y: float) -> str:
    lines = wrapped(row.title, sheet.names - 16, _SIZE, bold=True, lines=2)
    drawn = ""
    for at, words in enumerate(lines):
        drawn += text(words, 4, y + _PAD + 12 + at * _LINE, c.INK, size=_SIZE, bold=True)
    required = cut(row.required, sheet.names - 16, _SIZE)
    return drawn + text(required, 4, y + _PAD + 12 + len(lines) * _LINE, c.INK_2, size=_SIZE)


def _cell(cell: ComparisonCell, head: ComparisonHead, x: float, y: float, wide: float, key: str) -> str:
    """A cell: the figure and its icon, the word for it, and how it stands to the whole."""
    mark = cell.attainment
    tint = c.PAPER if mark is None else TINTS.get(mark.icon, c.PAPER)
    edge = f'stroke="{c.INK}" stroke-width="1.6"' if head.whole else f'stroke="{c.RULE}"'
    drawn = rect(x + 1.5, y + 1.5, wide - 3, _ROW - 3, f'fill="{tint}" {edge}')
    left, line = x + 9, y + _PAD + 13
    if cell.missing:
        lines = wrapped(cell.figure, wide - 18, _SIZE, lines=3)
        return drawn + "".join(
            text(words, left, line + at * _LINE, c.INK_2, size=_SIZE) for at, words in enumerate(lines)
        )
    room = wide - 18 - (_ICON + 6 if mark is not None else 0)
    figure = cut(cell.figure, room, _FIGURE, bold=True)
    drawn += text(figure, left, line, c.INK, size=_FIGURE, bold=True)
    if mark is not None:
        drawn += used(mark.icon, key, x + wide - 9 - _ICON, y + _PAD, _ICON)
        drawn += text(cut(mark.words, wide - 18, _SIZE), left, line + _LINE, c.INK, size=_SIZE)
        return drawn + _noted(cell, left, line + 2 * _LINE, wide - 18)
    return drawn + _noted(cell, left, line + _LINE, wide - 18, lines=2)


def _noted(cell: ComparisonCell, x: float, y: float, room: float, lines: int = 1) -> str:
    """How the figure stands to the whole; ``than trust`` and reasons go where there is no room for them."""
    dot = "" if cell.differs is None else _dot(x + 5, y - 4.5, differs=cell.differs)
    start, bold = x + 14 if dot else x, bool(cell.differs)
    free, words = room - (start - x), cell.note
    if lines == 1 and width(words, _SIZE, bold=bold) > free:
        words = words.partition(" than ")[0].partition(":")[0]
    found = wrapped(words, free, _SIZE, bold=bold, lines=lines)
    said = (text(it, start, y + at * _LINE, c.INK, size=_SIZE, bold=bold) for at, it in enumerate(found))
    return dot + "".join(said)


# ----------------------------------------------------------------------------------------------- lines

_UNIT = 40.0


def _lines(page: ComparisonPage, sheet: Sheet, key: str) -> tuple[str, float]:
    """On a phone: each indicator with a line for each unit that has something to say."""
    drawn, y = "", 0.0
    for section in page.sections:
        drawn += rect(0, y, sheet.width, _BAND - 2, f'fill="{c.HEAD}"')
        drawn += text(cut(section.title, sheet.width - 16, bold=True), 8, y + 18, c.INK, bold=True)
        y += _BAND
        for row in section.rows:
            titles = wrapped(row.title, sheet.width - 12, bold=True, lines=2)
            for words in titles:
                y += 18
                drawn += text(words, 4, y, c.INK, bold=True)
            y += _LINE
            drawn += text(cut(row.required, sheet.width - 12, _SIZE), 4, y, c.INK_2, size=_SIZE)
            y += 8
            for head, cell in zip(page.heads, row.cells, strict=True):
                drawn += _line(cell, head, y, sheet.width, key)
                y += _UNIT
            y += 8
    return drawn, y


def _line(cell: ComparisonCell, head: ComparisonHead, y: float, wide: float, key: str) -> str:
    """A unit's line: its name and figure, then what is to be said of it."""
    mark = cell.attainment
    tint = c.PAPER if mark is None else TINTS.get(mark.icon, c.PAPER)
    drawn = rect(0.5, y + 1, wide - 1, _UNIT - 2, f'fill="{tint}" stroke="{c.RULE}"')
    first, second, right = y + 17, y + 33, wide - 8
    if cell.missing:
        drawn += text(cut(head.words, wide - 16, _SIZE, bold=head.whole), 8, first, c.INK, size=_SIZE)
        return drawn + text(cut(cell.figure, wide - 16, _SIZE), 8, second, c.INK_2, size=_SIZE)
    figure = cut(cell.figure, wide / 2, _FIGURE, bold=True)
    taken = width(figure, _FIGURE, bold=True)
    name = cut(head.words, right - taken - 22, _SIZE, bold=head.whole)
    drawn += text(name, 8, first, c.INK, size=_SIZE, bold=head.whole)
    drawn += text(figure, right, first, c.INK, size=_FIGURE, anchor="end", bold=True)
    x = 8.0
    if mark is not None:
        drawn += used(mark.icon, key, 8, second - 12, 14)
        words = cut(mark.words, wide / 2 - 40, _SIZE)
        drawn += text(words, 27, second, c.INK, size=_SIZE)
        x = 27 + width(words, _SIZE) + 14
    return drawn + _noted(cell, x, second, right - x)
