"""What the fronts over units and areas give: a tidy table, a sentence, and a picture where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.library.numbers import Numbers
from trigpoint.analysis.library.pictures import Pictured

Drawn = Literal["funnel", "ranked", ""]
_SHOWN = 12
"""How many rows are told where a result is shown as words."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Which columns of a table are drawn side by side: a figure, its ends, what it was counted from.

    ``line`` is what they are seen against, in words and as a number; ``differs`` the column that says
    which lie beyond chance from it. ``lowest_first`` where less is better.
    """

    value: str = "value"
    lower: str = "lower"
    upper: str = "upper"
    counted: tuple[str, ...] = ()
    line: tuple[str, float] | None = None
    differs: str = ""
    lowest_first: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Answer(Pictured):
    """Units or areas and what is said of each.

    ``table`` has a row for each, in the order given; ``sentence`` says what they come to together.
    ``found`` is what the statistics gave, as they gave it. ``picture`` is what draws it: nothing, where
    there is no picture; ``bars`` what a ranked one shows. ``ours`` is the unit that is marked in it, and
    ``most`` the most that a figure can be.
    """

    title: str
    table: pa.Table
    sentence: str
    numbers: Numbers
    found: object
    picture: Drawn = ""  # type: ignore[misc]  # of each answer, not of all
    bars: Bars = Bars()
    ours: str | None = None
    most: float | None = None

    def svg(self, **asked: Any) -> str:
        self._drawable()
        return super(Answer, self).svg(**asked)

    def png(self, *given: Any, **asked: Any) -> bytes:
        self._drawable()
        return super(Answer, self).png(*given, **asked)

    def _drawable(self) -> None:
        if not self.picture:
            raise ValueError(f"{self.title or 'this answer'} has no picture: its figures are in .table")

    def _repr_html_(self) -> str | None:
        if self.picture:
            return super(Answer, self)._repr_html_()
        names, *cells = self._rows()
        head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in names)
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in cells)
        caption = escape(f"{self.title}. {self.sentence}".strip(". "))
        return (
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _repr_svg_(self) -> str | None:
        return super(Answer, self)._repr_svg_() if self.picture else None

    def _rows(self) -> Iterator[list[str]]:
        """The first rows that have something to say."""
        table = self.table
        if "state" in table.column_names:
            table = table.filter(pc.is_null(table["state"])).drop_columns("state")
        yield list(table.column_names)
        for row in table.slice(0, _SHOWN).to_pylist():
            yield [_cell(cell) for cell in row.values()]

    def __repr__(self) -> str:
        rows = [*self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        more = self.table.num_rows - len(rows) + 1
        said = ": ".join(filter(None, (self.title, self.sentence)))
        return "\n".join([said, *lines, *([f"… {more} more rows in .table"] if more > 0 else [])])


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
