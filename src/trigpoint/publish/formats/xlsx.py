"""A document as a workbook: notes first, then each dataset as an Excel table, text as text."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from trigpoint.publish.datasets import FINDING_COLUMNS, RECORD_COLUMNS, SERIES_COLUMNS, Cell
from trigpoint.publish.document import Dataset, Document
from trigpoint.publish.mark import Line
from trigpoint.publish.reading import STATES
from trigpoint.publish.words import STATE
from trigpoint.terms.errors import Fault, TrigpointError
from trigpoint.terms.panel import State

NOTES = "Notes"
MOST_ROWS = 1_048_576
"""Rows of a sheet, its header included: Excel's limit, as are the next two."""
MOST_CHARACTERS = 32_767
_LONGEST_NAME = 31
_EXACT = 2**53
"""Below this, Excel's numbers hold every whole number."""
_FIRST_DAY = dt.date(1900, 3, 1)
"""Excel takes 1900 for a leap year, so earlier days are told wrongly."""
_DAY_0 = dt.date(1899, 12, 30)
_NARROWEST, _WIDEST, _LOOKED_AT = 8, 48, 200
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
TEXT_ONLY = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}

_SERIES = "series"
_ABOUT = {
    FINDING_COLUMNS: "a row for each indicator and month of the scorecard, with all its bearings",
    SERIES_COLUMNS: "a row for each indicator and month of its chart",
    RECORD_COLUMNS: "a row for each count of how good an indicator's records are",
}
_CELLS = (
    Line("Empty cells", "what is not known, or does not apply. The column state says why there is no value."),
    Line("Numbers", "in full, not rounded as on pages. One that Excel cannot hold exactly stands as text."),
    Line("Dates", "real dates. A month is text, such as 2026-10."),
    Line("Text", "always text: one that looks like a formula (=, +, -, @) is text and is never run."),
    Line("Control characters", "kept, in the way that Excel writes them into a file: _x0001_."),
)


class _Exact(float):
    """A number that is written with all its digits, where XlsxWriter would round it to 16."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return repr(float(self))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One table: its sheet's name and what it holds."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def workbook(document: Document) -> bytes:
    """The document's datasets, a sheet for each set of columns, after a sheet of notes.

    The same document gives the same bytes. Raises TrigpointError for what Excel cannot hold.
    """
    buffer = io.BytesIO()
    sheets = _sheets(document.datasets)
    with Workbook(buffer, dict(TEXT_ONLY)) as book:
        made = dt.datetime.combine(document.month.end, dt.time())
        book.set_properties({"title": document.scorecard.title, "created": made})
        _write_notes(book, document, sheets)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, sheet in enumerate(sheets, 1):
            _write_table(book.add_worksheet(sheet.name), sheet, f"table_{number}", day)
    return buffer.getvalue()


def _sheets(datasets: Iterable[Dataset]) -> list[_Sheet]:
    """Datasets of the same columns, one below the other, in the order in which they come first."""
    stacked: dict[tuple[str, ...], list[Dataset]] = {}
    for dataset in datasets:
        stacked.setdefault(dataset.columns, []).append(dataset)
    taken, sheets = {NOTES.casefold()}, []
    for columns, alike in stacked.items():
        name = sheet_name(_SERIES if columns == SERIES_COLUMNS else alike[0].name, taken)
        taken.add(name.casefold())
        sheets.append(_Sheet(name, columns, [row for dataset in alike for row in dataset.rows]))
    return sheets


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel takes and no other sheet has."""
    safe = _NOT_IN_NAMES.sub("_", wanted).strip("'")[:_LONGEST_NAME] or "data"
    names = (f"{safe[: _LONGEST_NAME - 4]} ({number})" for number in range(2, 100))
    return safe if safe.casefold() not in taken else next(it for it in names if it.casefold() not in taken)


def _write_notes(book: Workbook, document: Document, sheets: Sequence[_Sheet]) -> None:
    sheet = book.add_worksheet(NOTES)
    label = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
    words = book.add_format({"valign": "top", "text_wrap": True})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    for row, line in enumerate(_notes(document, sheets)):
        _write_text(sheet, row, 0, line.label, label)
        _write_text(sheet, row, 1, line.words, words)


def _notes(document: Document, sheets: Sequence[_Sheet]) -> Iterator[Line]:
    yield Line("Trust", document.trust)
    yield Line("Unit", document.unit)
    yield Line("Month", document.month.words)
    if document.notice:
        yield Line("Notice", document.notice)
    yield Line("Made by", document.colophon)
    for sheet in sheets:
        about = _ABOUT.get(sheet.columns, f"the columns {', '.join(sheet.columns)}")
        yield Line(f"Sheet {sheet.name}", f"{about}; {len(sheet.rows):,} rows")
    yield from _CELLS
    yield Line(f"State {State.VALUE}", "The figure is there. Zero is a figure.")
    for state, meaning in STATES.items():
        yield Line(f"State {state}", f"{STATE[state]}. {meaning}")
    yield from document.rules


def _write_table(sheet: Worksheet, data: _Sheet, name: str, day: Format) -> None:
    _refuse_too_many(data)
    for column, title in enumerate(data.columns):
        sheet.write_string(0, column, title)
        sheet.set_column(column, column, _width(data, column))
    for number, cells in enumerate(data.rows, 1):
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            if isinstance(cell, str):
                _write_text(sheet, number, column, cell)
            elif isinstance(cell, dt.date):
                _write_day(sheet, number, column, cell, day)
            else:
                _write_number(sheet, number, column, cell)
    sheet.freeze_panes(1, 0)
    if data.rows:  # Excel has no table without a row
        headings = [{"header": title} for title in data.columns]
        place = (0, 0, len(data.rows), len(data.columns) - 1)
        sheet.add_table(*place, {"name": name, "columns": headings, "style": "Table Style Light 1"})


def _write_day(sheet: Worksheet, row: int, column: int, day: dt.date, style: Format) -> None:
    if day < _FIRST_DAY:
        sheet.write_string(row, column, day.isoformat())
    else:
        sheet.write_number(row, column, (day - _DAY_0).days, style)


def _write_number(sheet: Worksheet, row: int, column: int, number: int | float) -> None:
    if isinstance(number, float):
        short = number.is_integer() and abs(number) <= _EXACT
        sheet.write_number(row, column, number if short else _Exact(number))
    elif abs(number) > _EXACT:
        sheet.write_string(row, column, str(number))
    else:
        sheet.write_number(row, column, number)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> None:
    if sheet.write_string(row, column, text, style):
        found = f"a text of {len(text):,} characters, {text[:20]!r} ..."
        expected = f"at most {MOST_CHARACTERS:,}, which is all that an Excel cell holds"
        fault = Fault(
            sheet.get_name(), found, expected, "Shorten it where it is written.", row + 1, column + 1
        )
        raise TrigpointError("The workbook cannot be written:", [fault])


def _refuse_too_many(data: _Sheet) -> None:
    if len(data.rows) >= MOST_ROWS:
        expected = f"fewer than {MOST_ROWS:,}, which is all that an Excel sheet holds with its header"
        fault = Fault(data.name, f"{len(data.rows):,} rows", expected, "Use the CSV files.")
        raise TrigpointError("The workbook cannot be written:", [fault])


def _width(data: _Sheet, column: int) -> int:
    """Wide enough for the header with its filter button, and for the first rows."""
    texts = (str(row[column]) for row in data.rows[:_LOOKED_AT] if row[column] is not None)
    longest = max(len(data.columns[column]) + 3, *(len(text) for text in texts), _NARROWEST)
    return min(longest, _WIDEST)
