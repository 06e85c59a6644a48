"""What one cell says: texts, dates, months and figures, each read strictly or raised as Misread."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

from trigpoint.definitions.column import Column
from trigpoint.loads.coded import Misread
from trigpoint.terms.errors import nearest
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WORKBOOK_DATE = re.compile(r"(\d{4}-\d\d-\d\d) 00:00:00")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
LARGEST = 2**53
"""Below this, float64 holds every whole number."""
NO_FIGURE = (
    "If it stands for a state, declare it: `markers: {{{marker!r}: suppressed}}`, or the state that it is."
)


def text_of(value: object, column: Column) -> str | None:
    """A cell as text, trimmed where its column says so; None for an empty cell."""
    if value is None:
        return None
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return text.strip() if column.trim else text


def shown(text: str | None) -> str:
    """A cell's text as messages quote it."""
    return "an empty cell" if text is None else repr(text)


def text_reader(column: Column) -> Callable[[object], str]:
    """Reads a name or code through the column's ``values`` (closed) and ``rename`` (open)."""

    def read(value: object) -> str:
        text = text_of(value, column)
        key = "null" if text is None else text
        if column.values is not None:
            if key not in column.values:
                raise Misread(
                    "unknown_value",
                    shown(text),
                    "one of the declared values",
                    f"{nearest(key, column.values)} Or add it to `values`.".strip(),
                )
            return column.values[key]
        result = column.rename.get(key, text)
        if not result:
            raise Misread("blank", shown(text), "a value", "Rows without one cannot be placed.")
        return result

    return read


def date_reader(column: Column) -> Callable[[object], dt.date]:
    """Reads a date as the column's ``format`` writes it: ISO, unless declared."""

    def read(value: object) -> dt.date:
        if isinstance(value, dt.datetime):
            if value.time() != dt.time():
                raise Misread("not_a_date", repr(str(value)), "a date without a time of day")
            return value.date()
        if isinstance(value, dt.date):
            return value
        text = text_of(value, column)
        try:
            return _date(text or "", column.format or "%Y-%m-%d")
        except ValueError:
            expected = f"a date written {column.format or '%Y-%m-%d'}"
            raise Misread("not_a_date", shown(text), expected, _date_remedy(text or "")) from None

    return read


def _date(text: str, written: str) -> dt.date:
    """A workbook's own dates come as ISO text with midnight, whatever format its texts are in."""
    if found := _WORKBOOK_DATE.fullmatch(text):
        return dt.date.fromisoformat(found[1])
    return dt.datetime.strptime(text, written).date()  # noqa: DTZ007 - a date has no zone


_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%m/%d/%Y", "%d-%b-%Y", "%d-%b-%y", "%d/%m/%y", "%b-%y", "%Y-%m", "%B %Y")


def _date_remedy(text: str) -> str:
    for written in _FORMATS:
        try:
            _date(text, written)
        except ValueError:
            continue
        return f"It would read as {written}: declare that `format` if the whole column is written so."
    return "Have it put right at its source."


def month_reader(column: Column) -> Callable[[object], Month]:
    """Reads a month as the column's ``format`` writes it: 2026-10, unless declared."""
    read_date = date_reader(column if column.format else column.model_copy(update={"format": "%Y-%m"}))
    return lambda value: Month.of(read_date(value))


def figure_reader(column: Column) -> Callable[[object], tuple[float | None, State]]:
    """Reads a figure, or the state that a marker stands for."""

    def read(value: object) -> tuple[float | None, State]:
        text = text_of(value, column)
        if state := column.state_of(text):
            return None, state
        return number(text, column), State.VALUE

    return read


def number(text: str | None, column: Column) -> float:
    """A decimal figure as the nearest float64. Raises Misread for other texts, and for lost digits."""
    if text is None or not _NUMBER.fullmatch(text):
        raise _no_number(text, column)
    figure = float(text)
    if abs(figure) >= LARGEST:
        raise Misread("not_a_number", repr(text), f"a figure below {LARGEST:,}, so that no digit is lost")
    if column.decimals is not None and _decimals(text) > column.decimals:
        raise Misread("not_a_number", repr(text), f"at most {column.decimals} decimals")
    return figure


def _decimals(text: str) -> int:
    exponent = Decimal(text).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _no_number(text: str | None, column: Column) -> Misread:
    if text and any(character.isdecimal() for character in text):
        return Misread("not_a_number", repr(text), "a number such as 1234.5", _number_remedy(text))
    found = "an empty cell" if text is None else repr(text) if text.strip() else "a blank"
    declared = ", ".join(repr(marker) for marker in column.markers) or "none"
    remedy = NO_FIGURE.format(marker="null" if text is None else text)
    return Misread("unknown_marker", found, f"a number, or a declared marker ({declared})", remedy)


def _number_remedy(text: str) -> str:
    if _NUMBER.fullmatch(text.strip()):
        return "Declare `trim: true` for the column if blanks around figures mean nothing."
    if _GROUPED.fullmatch(text):
        return f"Ask for figures without thousands separators: {text.replace(',', '')}."
    return "Ask for plain figures, without signs or words."
