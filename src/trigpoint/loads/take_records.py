"""A sheet into typed records: each field read by its declared type, exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.definitions.column import Column
from trigpoint.definitions.source import Source
from trigpoint.loads.cells import date_reader, month_reader, number, shown, text_of, text_reader
from trigpoint.loads.coded import Coded, Misread, ReadColumn, read_column
from trigpoint.loads.identifiers import Key, identifier_reader
from trigpoint.loads.misread import merged, second_header
from trigpoint.loads.readers.sheet import Sheet
from trigpoint.loads.set_aside import filtered, kept_rows
from trigpoint.loads.take import Taken

_TYPES = {
    "code": pa.string(),
    "text": pa.string(),
    "unit": pa.string(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "time": pa.timestamp("s"),
    "month": pa.date32(),
}


def take_records(sheet: Sheet, source: Source, key: Key | None = None) -> Taken:
    """The records of a sheet: its fields by name, and ``row``.

    Numbers come as decimals of their declared places (money has two), times without a zone as
    written, months as their first day; a blank is null. Identifiers come as their hashes under the
    workspace's ``key``, and in no other form.
    """
    kept, set_aside = kept_rows(sheet, source)
    table, rows = filtered(sheet, kept)
    fields = {
        name: _read(name, column, table[name], rows, source, key) for name, column in source.fields.items()
    }
    bad = np.logical_or.reduce([read.bad for read in fields.values()])
    records = pa.table({**{name: read.values for name, read in fields.items()}, "row": pa.array(rows)})
    misread = merged([read.findings for read in fields.values()])
    found = (*second_header(rows, misread), *misread)
    return Taken(records.filter(pa.array(~bad)) if bad.any() else records, len(rows), set_aside, found)


def _read(
    name: str,
    column: Column,
    cells: pa.ChunkedArray,
    rows: npt.NDArray[np.int64],
    source: Source,
    key: Key | None,
) -> ReadColumn:
    placed = name in (*source.key, source.dated)
    needed = column.model_copy(update={"required": True}) if placed else column
    if kind := source.hashed.get(name):
        if key is None:
            raise ValueError(f"{name} is to be hashed, and no key was given")
        return read_column(name, Coded.of(cells), rows, identifier_reader(needed, kind, key), pa.string())
    return read_column(name, Coded.of(cells), rows, _typed_reader(needed), _arrow_type(column))


def days_of(cells: pa.ChunkedArray, source: Source) -> pa.Array:
    """The day that each cell of the ``dated`` column gives its record; null where it is blank or misread."""
    column = source.columns[str(source.dated)]
    read, coded = _typed_reader(column), Coded.of(cells)

    def day(value: object) -> Any:
        try:
            return read(value)
        except Misread:
            return None

    return coded.spread([day(value) for value in coded.values], _arrow_type(column)).cast(pa.date32())


def _arrow_type(column: Column) -> pa.DataType:
    """The Arrow type of a field."""
    if column.type in ("number", "money"):
        places = column.decimals if column.decimals is not None else 2 if column.type == "money" else 0
        return pa.decimal128(18, places)
    return _TYPES[column.type or "text"]


def _typed_reader(column: Column) -> Callable[[object], Any]:
    """Reads a field of a record by its type; a blank is None, unless the field is required."""
    read = _TYPED[column.type or "text"](column)

    def read_or_blank(value: object) -> Any:
        text = text_of(value, column)
        if text in (None, "") and "null" not in (column.values or column.rename):
            if column.required:
                raise Misread("blank", shown(text), "a value: the field is required")
            return None
        return read(value)

    return read_or_blank


def _exact(column: Column) -> Callable[[object], Decimal]:
    places = column.decimals if column.decimals is not None else 2 if column.type == "money" else 0
    limited = column.model_copy(update={"decimals": places})

    def read(value: object) -> Decimal:
        text = text_of(value, column)
        number(text, limited)
        return Decimal(text or "").quantize(Decimal(1).scaleb(-places))

    return read


def _boolean(column: Column) -> Callable[[object], bool]:
    read_text = text_reader(column)

    def read(value: object) -> bool:
        text = read_text(value).casefold()
        if text not in ("true", "false"):
            raise Misread("not_a_boolean", repr(text), "true or false", "Map other words with `values`.")
        return text == "true"

    return read


def _time(column: Column) -> Callable[[object], dt.datetime]:
    written = column.format or "%Y-%m-%d %H:%M:%S"

    def read(value: object) -> dt.datetime:
        if isinstance(value, dt.datetime):
            if value.microsecond:
                expected, remedy = "whole seconds", "Have it rounded at its source, as its meaning asks."
                raise Misread("not_a_time", repr(str(value)), expected, remedy)
            return value
        text = text_of(value, column)
        try:
            return dt.datetime.strptime(text or "", written)  # noqa: DTZ007 - the source's zone is given later
        except ValueError:
            raise Misread("not_a_time", shown(text), f"a time written {written}") from None

    return read


def _month_start(column: Column) -> Callable[[object], dt.date]:
    read = month_reader(column)
    return lambda value: read(value).start


_TYPED: dict[str, Callable[[Column], Callable[[object], Any]]] = {
    "code": text_reader,
    "text": text_reader,
    "unit": text_reader,
    "number": _exact,
    "money": _exact,
    "boolean": _boolean,
    "date": date_reader,
    "time": _time,
    "month": _month_start,
}
