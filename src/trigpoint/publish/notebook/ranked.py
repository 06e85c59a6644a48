"""Units in order with their intervals, of the library for analysts: figures, ranks and differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trigpoint.analysis.finding import BEYOND_CHANCE, Difference
from trigpoint.analysis.library.answer import Answer
from trigpoint.analysis.library.numbers import PER_CENT
from trigpoint.publish.chart import Axis
from trigpoint.publish.charts.plate import Plate, plated
from trigpoint.publish.charts.ranked import (
    RANKED_MIDDLE,
    RANKED_NARROW,
    RANKED_WIDE,
    ranked_chart,
)
from trigpoint.publish.compose.row import number
from trigpoint.publish.document import Ranked, RankedLine, RankedUnit
from trigpoint.publish.mark import Table
from trigpoint.publish.notebook.picture import DrawnPicture, key_of

MOST = 60
"""How many units one picture bears; the table has all."""
_SIZES = {drawing.name: drawing for drawing in (RANKED_WIDE, RANKED_MIDDLE, RANKED_NARROW)}

Row = Mapping[str, Any]


def draw(answer: Answer, *, size: str = "middle") -> DrawnPicture:
    """The units that have a figure, the best, or else the highest, at the top."""
    if size not in _SIZES:
        raise ValueError(f"size is {size!r}: expected {', '.join(_SIZES)}")
    bars = answer.bars
    rows = [row for row in answer.table.to_pylist() if row[bars.value] is not None]
    if not rows:
        raise ValueError(f"{answer.title} has no figure to draw: .table says why")
    rows.sort(key=lambda row: row[bars.value], reverse=not bars.lowest_first)
    shown = tuple(_unit(row, answer) for row in rows[:MOST])
    words = tuple(_words(answer, len(rows)))
    key = key_of(answer.title, [(it.name, it.value, it.lower) for it in shown])
    ranked = Ranked(
        key,
        answer.title,
        answer.sentence,
        shown,
        _line(answer),
        None,
        _axis(answer, len(rows)),
        (),
        words,
        Table(answer.title, (), (), frozenset()),
        peers=True,
    )
    drawn = ranked_chart(ranked, _SIZES[size])
    return DrawnPicture(plated(drawn, Plate(answer.title, answer.sentence, words=words)))


def _scale(answer: Answer) -> float:
    """Ranks are what they are; figures are as they are written."""
    return 1.0 if answer.bars.value == "rank" else answer.numbers.scale


def _unit(row: Row, answer: Answer) -> RankedUnit:
    bars, scale = answer.bars, _scale(answer)
    name = next(str(cell) for cell in row.values())
    lower, upper = row[bars.lower], row[bars.upper]
    verdict = row.get(bars.differs)
    return RankedUnit(
        name=name,
        value=scale * row[bars.value],
        lower=None if lower is None else scale * lower,
        upper=None if upper is None else scale * upper,
        differs=verdict in BEYOND_CHANCE,
        counted=_counted(row, answer),
        words=_said(row[bars.value], answer),
        address="",
        few=verdict == Difference.TOO_FEW,
        ours=name == answer.ours,
    )


def _said(figure: float, answer: Answer) -> str:
    """``7``, a rank; ``91.2%``; ``+1.3``, a difference."""
    if answer.bars.value == "rank":
        return str(figure)
    if not answer.bars.differs:
        return answer.numbers.said(figure)
    said = answer.numbers.said(abs(figure)).removesuffix(PER_CENT)
    sign = "" if not any(digit in said for digit in "123456789") else "+" if figure > 0 else "−"
    return f"{sign}{said}"


def _counted(row: Row, answer: Answer) -> str:
    """``529 of 612``, or the figure behind a rank or a difference."""
    names = answer.bars.counted
    if names == ("value",):
        return answer.numbers.said(row["value"])
    return " of ".join(number(float(row[name])) for name in names if row[name] is not None)


def _line(answer: Answer) -> RankedLine | None:
    line = answer.bars.line
    if line is None:
        return None
    words, at = line
    return RankedLine(words if at == 0 else f"{words} {answer.numbers.limit(at)}", _scale(answer) * at)


def _axis(answer: Answer, units: int) -> Axis:
    if answer.bars.value == "rank":
        return Axis("", "", 1, units, from_zero=False)
    numbers = answer.numbers
    if answer.bars.differs:
        return Axis(numbers.prefix, "", None, None, from_zero=False)
    suffix = PER_CENT if numbers.suffix == PER_CENT else ""
    most = None if answer.most is None else numbers.scale * answer.most
    return Axis(numbers.prefix, suffix, 0.0, most, from_zero=False)


def _words(answer: Answer, units: int) -> Iterator[str]:
    if units > MOST:
        yield f"The first {MOST} of {units} are drawn; the table has all."
    if answer.bars.value == "rank":
        yield "The line beside each rank is the range that its true rank is likely to lie in."
    elif answer.bars.differs:
        if answer.numbers.unit == PER_CENT:
            yield "Differences are in percentage points."
        yield "A filled mark: a difference that chance does not explain. A dashed line: too few to judge."
    else:
        yield "The line beside each figure is its interval."
