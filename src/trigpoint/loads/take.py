"""A sheet into canonical figures: names mapped, dates and figures read, states told apart, wide melted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.definitions.column import Column, Role
from trigpoint.definitions.source import Source
from trigpoint.loads.cells import date_reader, month_reader, text_reader
from trigpoint.loads.coded import Coded, Misread, ReadColumn, read_column
from trigpoint.loads.figures import ReadFigures, read_figures
from trigpoint.loads.findings import Findings
from trigpoint.loads.misread import merged, second_header
from trigpoint.loads.readers.sheet import Sheet
from trigpoint.loads.set_aside import SetAside, filtered, kept_rows
from trigpoint.terms.panel import ALL, Status
from trigpoint.terms.period import Period

FIGURES = pa.schema(
    [
        pa.field("item", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("cut", pa.string(), nullable=False),
        pa.field("start", pa.date32(), nullable=False),
        pa.field("end", pa.date32(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("state", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),
    ]
)
KEY = ("item", "unit", "cut", "start", "end")


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What was made of a sheet.

    ``table`` has the columns that its source's kind of rows have, texts as dictionaries, and only
    rows without a misread cell; ``findings`` are the misread cells; ``rows`` counts the rows of
    the file that were to be taken.
    """

    table: pa.Table
    rows: int
    set_aside: tuple[SetAside, ...]
    findings: tuple[Findings, ...]


def take_figures(sheet: Sheet, source: Source) -> Taken:
    """The figures of a sheet. A source of records has ``take_records``."""
    kept, set_aside = kept_rows(sheet, source)
    table, rows = filtered(sheet, kept)
    keys = _read_keys(table, rows, source)
    values = [
        (column.item, read_figures(name, column, table[name], rows))
        for name, column in source.columns.items()
        if column.as_ == "value"
    ]
    parts = [_part(keys, item, figures, rows) for item, figures in values]
    misread = merged([*(read.findings for read in keys.values()), *(it.findings for _, it in values)])
    found = (*second_header(rows, misread), *misread)
    return Taken(pa.concat_tables(parts).unify_dictionaries(), len(rows), set_aside, found)


def _read_keys(table: pa.Table, rows: npt.NDArray[np.int64], source: Source) -> dict[str, ReadColumn]:
    """The columns that place a figure, by their canonical names."""
    reads = {"cut": constant(ALL, len(rows)), "status": constant(source.status, len(rows))}
    for role, (reader, kind) in _KEYS.items():
        if found := source.column(role):
            name, column = found
            reads[role] = read_column(name, Coded.of(table[name]), rows, reader(column), kind)
    if found := source.column("month"):
        name, column = found
        read = _period_reader(column, source.windows[0])
        period = read_column(name, Coded.of(table[name]), rows, read, _PERIOD)
        reads["start"] = ReadColumn(period.values.field("start"), period.bad, period.findings)
        reads["end"] = ReadColumn(period.values.field("end"), period.bad, {})
    return reads


def _status_reader(column: Column) -> Callable[[object], str]:
    read = text_reader(column)

    def read_status(value: object) -> str:
        text = read(value)
        if text not in set(Status):
            expected = f"{' or '.join(Status)}, after `values` or `rename`"
            raise Misread("unknown_value", repr(text), expected, "Map it with `values`.")
        return text

    return read_status


def _period_reader(column: Column, months: int) -> Callable[[object], dict[str, dt.date]]:
    """Reads a month as the window that ends with it."""
    read = month_reader(column)

    def read_period(value: object) -> dict[str, dt.date]:
        period = Period.ending(read(value), months)
        return {"start": period.start, "end": period.end}

    return read_period


_KEYS: dict[Role, tuple[Callable[[Column], Callable[[object], object]], pa.DataType]] = {
    "item": (text_reader, pa.string()),
    "unit": (text_reader, pa.string()),
    "cut": (text_reader, pa.string()),
    "status": (_status_reader, pa.string()),
    "start": (date_reader, pa.date32()),
    "end": (date_reader, pa.date32()),
}
_PERIOD = pa.struct([pa.field("start", pa.date32()), pa.field("end", pa.date32())])


def constant(text: str, length: int) -> ReadColumn:
    """A column that holds one text in every row."""
    codes = pa.repeat(pa.scalar(0, pa.int32()), length)
    return ReadColumn(pa.DictionaryArray.from_arrays(codes, pa.array([text])), np.zeros(length, bool), {})


def _part(
    keys: Mapping[str, ReadColumn], item: str | None, figures: ReadFigures, rows: npt.NDArray[np.int64]
) -> pa.Table:
    """The figures of one ``value`` column: all, in a long layout; those of one item, in a wide one."""
    columns = {
        **{name: read.values for name, read in keys.items()},
        **({} if item is None else {"item": constant(item, len(rows)).values}),
        "value": figures.values,
        "state": figures.states,
        "row": pa.array(rows),
    }
    bad = np.logical_or.reduce([figures.bad, *(read.bad for read in keys.values())])
    table = pa.table({name: columns[name] for name in FIGURES.names})
    return table.filter(pa.array(~bad)) if bad.any() else table


def plain(table: pa.Table) -> pa.Table:
    """Figures with their texts written out, as ``FIGURES`` has them."""
    return table.cast(FIGURES).combine_chunks()
