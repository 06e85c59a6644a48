"""A workbook for a source's figures to be typed into: what is known is locked, what is asked is validated."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.column import Column
from trigpoint.definitions.measure import Measure
from trigpoint.definitions.source import Source
from trigpoint.loads.expectations import Reach, expect
from trigpoint.loads.findings import figure_words
from trigpoint.publish.formats.xlsx import TEXT_ONLY, sheet_name
from trigpoint.publish.words import STATE
from trigpoint.terms.errors import NotFound, TrigpointError
from trigpoint.terms.panel import ALL, State, Status
from trigpoint.terms.period import Month, Period

HELP = "How to fill in"
_MOST_MESSAGE, _MOST_TITLE = 255, 32
"""Characters of a validation's message and of its title: Excel's limits."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row to fill in: what stands in its known columns; in a long layout, the item that it asks for."""

    known: Mapping[str, str]
    item: str | None


@dataclass(frozen=True, slots=True)
class _Ask:
    """What may be typed for an item into a column, and what it means."""

    title: str
    meaning: str
    column: Column
    least: float | None
    most: float | None

    @property
    def rule(self) -> str:
        """In words: ``A whole number, at least 0; or *``."""
        kind = {None: "A number", 0: "A whole number"}.get(
            self.column.decimals, f"A number of at most {self.column.decimals} decimals"
        )
        limits = [("at least", self.least), ("at most", self.most)]
        told = [f"{word} {figure_words(limit)}" for word, limit in limits if limit is not None]
        others = [f"{text} ({_state(self.column, text)})" for text in _texts(self.column)]
        if "null" in self.column.markers:
            others.append(f"an empty cell ({_state(self.column, 'null')})")
        return f"{'; or '.join([', '.join([kind, *told]), *others])}."

    def formula(self, cell: str, texts: str | None) -> str:
        """As Excel checks it; ``texts`` is where the texts stand that may be typed in place of a figure."""
        parts = [f"ISNUMBER({cell})"]
        parts += [f"{cell}>={self.least:.15g}"] if self.least is not None else []
        parts += [f"{cell}<={self.most:.15g}"] if self.most is not None else []
        if self.column.decimals is not None:
            parts.append(f"ROUND({cell},{self.column.decimals})={cell}")
        number = f"AND({','.join(parts)})"
        return f"={number}" if texts is None else f"=OR({number},SUMPRODUCT(--EXACT({cell},{texts}))>0)"


def return_workbook(code: str, source: Source, catalogue: Catalogue, unit: str | None, month: Month) -> bytes:
    """The workbook that the source ``code`` reads, for a month: of one unit, or of all that it expects.

    Raises TrigpointError where such a source, or nobody, would fill it in, and NotFound for a unit
    that there is not.
    """
    if source.holds != "figures" or source.format != "xlsx":
        found = f"holds {source.holds}" if source.holds != "figures" else f"says `format: {source.format}`"
        remedy = "Only a source of figures that declares `format: xlsx` can be filled in."
        raise TrigpointError(f"There is no workbook for {code}: it {found}. {remedy}")
    units = _units(code, source, catalogue, unit, month)
    meanings = _meanings(catalogue, code, month)
    rows = list(_rows(source, units, meanings, month))
    if not rows:
        remedy = "An indicator in force says which it uses, or the column of items which it takes."
        raise TrigpointError(f"There is nothing to ask of {code} for {month.words}: no item. {remedy}")
    asks = _asks(source, rows, meanings, expect(catalogue, code).reaches)
    buffer = io.BytesIO()
    with Workbook(buffer, dict(TEXT_ONLY)) as book:
        book.set_properties({"title": source.title, "created": dt.datetime.combine(month.end, dt.time())})
        data = book.add_worksheet(sheet_name(source.sheet or source.title, set()))
        texts = _write_help(book, source, catalogue, units, month, asks)
        _write_data(book, data, source, rows, month)
        _validate(data, source, rows, asks, texts)
    return buffer.getvalue()


# ------------------------------------------------------------------------------------ what is asked


def _units(code: str, source: Source, catalogue: Catalogue, unit: str | None, month: Month) -> list[str]:
    if unit is not None:
        if catalogue.organisation.spell(unit, month) is None:
            raise NotFound(f"{unit} was not open in {month.words}.")
        return [unit]
    due = expect(catalogue, code).due
    units = [one for one, spans in due.items() if any(first <= month <= last for first, last in spans)]
    if not units:
        remedy = "Declare who is, under `expects`, or name a unit with --unit."
        raise TrigpointError(f"Nobody is expected to fill in {code} for {month.words}. {remedy}")
    return units


def _meanings(catalogue: Catalogue, code: str, month: Month) -> dict[tuple[str, int], str]:
    """What each item, over its window of months, counts: in the words of the indicators that use it."""
    found: dict[tuple[str, int], list[str]] = {}
    for it in catalogue.indicators.values():
        version = it.version(month)
        measure = version.measure if version and it.expected(month) else None
        if not isinstance(measure, Measure) or measure.source != code:
            continue
        for item in measure.items:
            words = it.out_of if item in (measure.denominator or ()) else it.counts
            told = f"{it.title}: {words}" if words else it.title
            found.setdefault((item, measure.window), []).append(told)
    return {key: "; ".join(told) for key, told in found.items()}


def _rows(
    source: Source, units: Sequence[str], meanings: Mapping[tuple[str, int], str], month: Month
) -> Iterator[_Row]:
    """Each unit's rows together. A row that the source would set aside is not asked for."""
    wanted: list[tuple[str | None, int]] = [(None, source.windows[0])]
    if source.layout == "long":
        wanted = list(_items(source, meanings))
    for unit in units:
        for item, window in wanted:
            known = dict(_known(source, unit, item, Period.ending(month, window)))
            takes = ((name, column.take) for name, column in source.columns.items() if name in known)
            if all(take is None or known[name] in take for name, take in takes):
                yield _Row(known, item)


def _items(source: Source, meanings: Mapping[tuple[str, int], str]) -> Iterator[tuple[str, int]]:
    """The items that the source takes, and those that indicators use, each with its window."""
    found = source.column("item")
    column = found[1] if found else Column()
    listed = column.take or tuple(column.values or ())
    for item in dict.fromkeys([*map(column.read, listed), *(item for item, _ in meanings)]):
        windows = [window for used, window in meanings if used == item]
        yield from ((item, window) for window in windows or source.windows[:1])


def _known(source: Source, unit: str, item: str | None, period: Period) -> Iterator[tuple[str, str]]:
    """The text of each column that need not be typed, as the source reads it."""
    names = {"unit": unit, "item": str(item), "cut": ALL, "status": source.status}
    days = {"month": period.end, "start": period.start, "end": period.end}
    for name, column in source.columns.items():
        if day := days.get(column.as_):
            yield name, day.strftime(column.format or ("%Y-%m" if column.as_ == "month" else "%Y-%m-%d"))
        elif column.as_ in names:
            if (text := column.written(names[column.as_])) is None:
                found = f"no text of its column {name!r} stands for {names[column.as_]!r}"
                raise TrigpointError(f"There is no workbook for this source: {found}. Add one to `values`.")
            yield name, text
        elif column.as_ == "ignore" and column.take:
            yield name, column.take[0]


def _asks(
    source: Source,
    rows: Sequence[_Row],
    meanings: Mapping[tuple[str, int], str],
    reaches: Iterable[Reach],
) -> dict[tuple[str, str], _Ask]:
    """By column and item."""
    words: dict[str, str] = {}
    for (item, _), meaning in meanings.items():
        words.setdefault(item, meaning)
    asks = {}
    for name, column in _value_columns(source):
        for item in _asked(column, rows):
            of_item = [reach for reach in reaches if reach.item == item]
            least = max((it.least for it in of_item if it.least is not None), default=None)
            most = min((it.most for it in of_item if it.most is not None), default=None)
            title = name if column.item else item
            asks[name, item] = _Ask(title, words.get(item, ""), column, least, most)
    return asks


def _asked(column: Column, rows: Sequence[_Row]) -> list[str]:
    """The items whose figures stand in a column."""
    return list(dict.fromkeys(str(column.item or row.item) for row in rows))


def _value_columns(source: Source) -> list[tuple[str, Column]]:
    return [(name, column) for name, column in source.columns.items() if column.as_ == "value"]


def _texts(column: Column) -> list[str]:
    """The texts that may stand in place of a figure; an empty cell is none."""
    return [text for text in column.markers if text.strip() and text != "null"]


# --------------------------------------------------------------------------------------- the sheets


def _write_data(book: Workbook, sheet: Worksheet, source: Source, rows: Sequence[_Row], month: Month) -> None:
    heading = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
    typed = book.add_format({"locked": False, "border": 1, "border_color": "#8a8a8a", "bg_color": "#fff9e0"})
    top = source.header_row - 1
    if top:
        sheet.write_string(0, 0, f"{source.title}, {month.words}", book.add_format({"bold": True}))
    for at, (name, column) in enumerate(source.columns.items()):
        sheet.write_string(top, at, name, heading)
        texts = (len(row.known.get(name, "")) for row in rows)
        sheet.set_column(at, at, min(max(len(name), 10, *texts) + 2, 40))
        open_ = column.as_ == "status" or name not in rows[0].known
        for number, row in enumerate(rows, top + 1):
            if (text := row.known.get(name)) is not None:
                sheet.write_string(number, at, text, typed if open_ else None)
            else:
                sheet.write_blank(number, at, None, typed)
    sheet.freeze_panes(top + 1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _write_help(
    book: Workbook,
    source: Source,
    catalogue: Catalogue,
    units: Sequence[str],
    month: Month,
    asks: Mapping[tuple[str, str], _Ask],
) -> dict[str, str]:
    """The sheet of help; for each column of figures, where on it the texts stand that may be typed.

    Where the source names no sheet, its reader looks for the only visible one: then help is hidden.
    """
    title = sheet_name(HELP, {sheet.name.casefold() for sheet in book.worksheets()})
    sheet = book.add_worksheet(title)
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    sheet.set_column(0, 0, 32, bold)
    sheet.set_column(1, 2, 70, wrapped)
    lines = [
        (source.title, month.words, ""),
        ("Type into", "the framed cells. The others are filled in, and locked.", ""),
        *((ask.title, ask.rule, ask.meaning) for ask in asks.values()),
        *((unit, catalogue.organisation.name(unit, month), "") for unit in units),
    ]
    places = {}
    for name, column in _value_columns(source):
        if texts := _texts(column):
            first = len(lines) + 1
            lines += [(text, f"{name}: {_state(column, text)}", "") for text in texts]
            places[name] = f"'{title}'!$A${first}:$A${first + len(texts) - 1}"
        if "null" in column.markers:
            lines.append(("an empty cell", f"{name}: {_state(column, 'null')}", ""))
    for row, line in enumerate(lines):
        for at, text in enumerate(line):
            sheet.write_string(row, at, text)
    sheet.protect()
    if source.sheet is None:
        sheet.hide()
    return places


def _state(column: Column, text: str) -> str:
    return STATE[State(column.markers[text])].lower()


def _validate(
    sheet: Worksheet,
    source: Source,
    rows: Sequence[_Row],
    asks: Mapping[tuple[str, str], _Ask],
    texts: Mapping[str, str],
) -> None:
    for at, (name, column) in enumerate(source.columns.items()):
        places = [source.header_row + number for number in range(len(rows))]
        if column.as_ == "status":
            allowed = {"validate": "list", "source": list(column.values or Status)}
            sheet.data_validation(places[0], at, places[-1], at, allowed)
        if column.as_ != "value":
            continue
        for item in _asked(column, rows):
            ask = asks[name, item]
            of_item = [
                place for place, row in zip(places, rows, strict=True) if item in (column.item, row.item)
            ]
            cell = xl_rowcol_to_cell(of_item[0], at)
            options = {
                "validate": "custom",
                "value": ask.formula(cell, texts.get(name)),
                "input_title": _short(ask.title, _MOST_TITLE),
                "input_message": _short(f"{ask.meaning}\n{ask.rule}".strip(), _MOST_MESSAGE),
                "error_title": "This is not a figure here",
                "error_message": _short(ask.rule, _MOST_MESSAGE),
                "multi_range": " ".join(xl_rowcol_to_cell(place, at) for place in of_item),
            }
            sheet.data_validation(of_item[0], at, of_item[0], at, options)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
