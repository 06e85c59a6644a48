"""CSV and its kin, refused where malformed and never repaired; every value stays the text it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from trigpoint.definitions.source import Source
from trigpoint.loads.readers.encoding import to_utf8
from trigpoint.loads.readers.records import check_widths, find_records
from trigpoint.loads.readers.sheet import (
    LISTED,
    Sheet,
    check_columns,
    refusal,
    refuse,
    too_few_rows,
    used_columns,
)
from trigpoint.terms.errors import Fault

_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
_LOOKED_AT = 30
"""Lines at the top of a file among which a header is looked for, to say where it is."""


def read_delimited(file: str, content: bytes, source: Source) -> Sheet:
    """The rows of a delimited text. Raises DeliveryRefused, with row and column, where it is malformed."""
    text, notes = to_utf8(file, content, source.encoding)
    _check_header_place(file, text, source)
    records = find_records(file, text, source.delimiter)
    header = source.header_row - 1
    if len(records) <= source.header_row:
        raise too_few_rows(file, len(records), source.header_row)
    names = fields_of(text[records.starts[header] : records.ends[header]].decode(), source.delimiter)
    absent = check_columns(file, names, source, source.header_row)
    check_widths(file, records, header)
    body = memoryview(text)[records.starts[source.header_row] :]
    table = read_cells(body, names, source.delimiter, records.multiline, used_columns(source))
    _check_repeated_header(file, table, source.header_row)
    rows = pa.array(range(source.header_row + 1, len(records) + 1), pa.int64())
    return Sheet(file, table, rows, notes=notes + absent)


def read_cells(
    body: memoryview, names: list[str], delimiter: str, multiline: bool, wanted: list[str]
) -> pa.Table:
    """The cells of the columns ``wanted`` as texts, of UTF-8 without its header; ``names`` has them all."""
    return arrow_csv.read_csv(
        pa.BufferReader(pa.py_buffer(body)),
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=8 * 1024**2),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=multiline, ignore_empty_lines=False
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            null_values=[],
            include_columns=wanted,
        ),
    )


def fields_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line."""
    return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])


def _check_header_place(file: str, text: bytes, source: Source) -> None:
    """Where the declared names do not stand in the header row, says where they do, if they stand anywhere."""
    wanted = {name for name, column in source.columns.items() if column.as_ != "ignore"}
    lines = list(_first_lines(text))
    at = source.header_row - 1
    if at >= len(lines) or len(wanted & set(fields_of(lines[at], source.delimiter))) > 0:
        return
    for delimiter, called in _DELIMITERS.items():
        if delimiter != source.delimiter and len(wanted & set(fields_of(lines[at], delimiter))) > 0:
            raise refuse(
                file,
                "delimiter",
                f"{called} between the column names",
                f"{_DELIMITERS.get(source.delimiter, repr(source.delimiter))}, as the source declares",
                f"Declare `delimiter: {delimiter!r}` if that is right.",
                line=at + 1,
            )
    for row, line in enumerate(lines, 1):
        if wanted <= set(fields_of(line, source.delimiter)):
            raise refuse(
                file,
                "several_headers",
                f"{lines[at][:60]!r} where the header should stand",
                f"the column names on row {source.header_row}",
                f"They stand on row {row}: declare `header_row: {row}` if that is right.",
                line=at + 1,
            )


def _first_lines(text: bytes) -> Iterator[str]:
    start = 0
    for _ in range(_LOOKED_AT):
        end = text.find(b"\n", start)
        yield text[start : end if end >= 0 else None].decode().removesuffix("\r")
        if end < 0:
            return
        start = end + 1


def _check_repeated_header(file: str, table: pa.Table, header_row: int) -> None:
    """The header again among the rows: files that were joined, or a report with a header on each page."""
    alike = pc.indices_nonzero(pc.equal(table.column(0), table.column_names[0]))
    faults = [
        Fault(
            file,
            "the header again",
            "figures",
            "Deliver each table by itself, or delete the row.",
            line=header_row + 1 + row,
            check="several_headers",
        )
        for row in alike.to_pylist()
        if [column[row].as_py() for column in table.columns] == table.column_names
    ]
    if faults:
        raise refusal(file, faults[:LISTED], len(faults))
