"""Readers against every table that can be written, and against every way of spoiling one."""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.deliveries import number as number_cell
from tests.deliveries import rows_xml, source, text, workbook, zipped
from trigpoint.definitions.column import Column
from trigpoint.loads.cells import LARGEST, number
from trigpoint.loads.checks.keys import key_codes, repeats
from trigpoint.loads.coded import Misread
from trigpoint.loads.readers.reading import read_sheet
from trigpoint.loads.readers.sheet import Malformed

NAMES = ["Org", "Month", "Measure", "Value"]
Table = list[list[str]]

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff\r\n")
fields = st.text(st.one_of(st.sampled_from("\",;\t| \n\r'\\é0NA"), characters), max_size=8)
tables = st.lists(st.lists(fields, min_size=4, max_size=4), min_size=1, max_size=6)


def read(content: bytes, **how: Any) -> Table:
    sheet = read_sheet("file", content, source(**how))
    assert sheet.table.column_names == NAMES
    return [list(row.values()) for row in sheet.table.to_pylist()]


def write(table: Table, **dialect: Any) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, **dialect).writerows([NAMES, *table])
    return buffer.getvalue()


@given(
    table=tables,
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    encoding=st.sampled_from([None, "utf-8-sig", "utf-16"]),
)
def test_whatever_a_writer_writes_reads_back_equal(
    table: Table, delimiter: str, line_end: str, quoting: int, encoding: str | None
) -> None:
    assume(NAMES not in table)
    if (
        quoting == csv.QUOTE_MINIMAL
    ):  # Python's writer leaves a carriage return unquoted where it ends no line
        table = [[cell.replace("\r", "") for cell in row] for row in table]
    written = write(table, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    assert read(written.encode(encoding or "utf-8"), delimiter=delimiter) == table


# ---------------------------------------------------------------------------------------- pollutions


class Wrong(Exception):
    pass


def strictly(body: str) -> Iterator[list[str]]:
    """RFC 4180 read one character at a time: the slow second opinion."""
    at, row = 0, []
    while at < len(body):
        if body[at] == '"':
            cell, at = quoted(body, at + 1)
        else:
            end = at
            while end < len(body) and body[end] not in ",\n":
                end += 1
            cell, at = body[at:end], end
            if body[at : at + 1] == "\n":
                cell = cell.removesuffix("\r")
            if '"' in cell or "\r" in cell:
                raise Wrong
        row.append(cell)
        if body[at : at + 1] == ",":
            at += 1
            if at == len(body):
                row.append("")
                yield row
            continue
        if row == [""] or len(row) != 4:
            raise Wrong
        yield row
        row, at = [], at + 1


def quoted(body: str, at: int) -> tuple[str, int]:
    cell = []
    while True:
        if at >= len(body):
            raise Wrong
        if body[at] != '"':
            cell.append(body[at])
        elif body[at + 1 : at + 2] == '"':
            cell.append('"')
            at += 1
        else:
            at += 1
            if body[at : at + 2] == "\r\n":
                at += 1
            if at < len(body) and body[at] not in ",\n":
                raise Wrong
            return "".join(cell), at
        at += 1


def second_opinion(body: str) -> Table | None:
    """The rows; None where the text is malformed."""
    try:
        rows = list(strictly(body))
    except Wrong:
        return None
    return rows if rows and all(len(row) == 4 for row in rows) else None


spoils = st.lists(
    st.tuples(
        st.integers(0, 200), st.integers(0, 2), st.sampled_from(['"', ",", "\n", "\r", " ", "a", '""', ""])
    ),
    min_size=1,
    max_size=3,
)


def spoil(body: str, changes: list[tuple[int, int, str]]) -> str:
    """The text with characters taken out and put in."""
    for at, out, into in changes:
        start = at % (len(body) + 1)
        body = body[:start] + into + body[start + out :]
    return body


@given(table=tables, changes=spoils, quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
def test_a_spoilt_file_is_refused_or_read_as_it_stands(
    table: Table, changes: list[tuple[int, int, str]], quoting: int
) -> None:
    header, _, body = write(table, lineterminator="\n", quoting=quoting).partition("\n")
    spoilt = spoil(body, changes)
    expected = second_opinion(spoilt)
    assume(expected is None or NAMES not in expected)
    try:
        rows = read(f"{header}\n{spoilt}".encode())
    except Malformed:
        assert expected is None
        return
    assert rows == expected
    assert rows == list(csv.reader(io.StringIO(spoilt, newline=""), strict=True))


POLLUTED = [
    ('a,b,c,"d\n', None), ('a,b,c,d"\n', None), ('a,b,c,"d"e\n', None), ('a,b,c, "d"\n', None),
    ('a,b,c,"d" \n', None), ("a,b,c\n", None), ("a,b,c,d,e\n", None), ("\n", None), ("a,b,c,d\n\n", None),
    ("a,b,c,d\r", None), ("a,b\r,c,d\n", None), ('"a""b",,,\n', [['a"b', "", "", ""]]), ('"""",,,', [['"',
    "", "", ""]]),
    ('"",,,""\r\n', [["", "", "", ""]]), ('"a\nb","c\r\nd",e,f\n', [["a\nb", "c\r\nd", "e", "f"]]),
    (",,,\n", [["", "", "", ""]]), ("a,b,c,", [["a", "b", "c", ""]]), ('""",,,\n', None), ("'a,b',c,d\n",
    [["'a", "b'", "c", "d"]]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), POLLUTED, ids=[repr(body) for body, _ in POLLUTED])
def test_the_second_opinion_itself(body: str, expected: Table | None) -> None:
    assert second_opinion(body) == expected
    content = (",".join(NAMES) + "\n" + body).encode()
    if expected is None:
        with pytest.raises(Malformed):
            read(content)
    else:
        assert read(content) == expected


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_read_or_refused_never_a_crash(content: bytes) -> None:
    for how in ({}, {"encoding": "cp1252"}, {"format": "xlsx"}, {"format": "parquet"}):
        with pytest.raises(Malformed):
            read(content, **how)


GOOD = write([["RH5", "2024-01", "MHS01", "10"], ["RDY", "2024-01", 'x,"y"', "20"]]).encode()
CELLS = [[text(name) for name in NAMES], [text("RH5"), text("2024-01"), text("A"), number_cell("10")]]
WRAPPED = {
    "gzip": (gzip.compress(GOOD, mtime=0), "csv"),
    "zip": (zipped({"a.csv": GOOD}), "csv"),
    "xlsx": (workbook({"Data": rows_xml(CELLS)}), "xlsx"),
}


@pytest.mark.parametrize("kind", WRAPPED)
@given(data=st.data())
def test_a_damaged_archive_is_refused_or_reads_the_same(kind: str, data: st.DataObject) -> None:
    content, form = WRAPPED[kind]
    at = data.draw(st.integers(0, len(content) - 1))
    damaged = content[:at] + bytes([content[at] ^ data.draw(st.integers(1, 255))]) + content[at + 1 :]
    cut = content[: data.draw(st.integers(0, len(content) - 1))]
    for spoilt in (damaged, cut):
        try:
            rows = read(spoilt, format=form)
        except Malformed:
            continue
        assert rows == read(content, format=form)


# ------------------------------------------------------------------------------------ figures and keys


@given(
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([repr, "{:e}".format, "{:f}".format])
)
def test_every_figure_reads_back_as_the_nearest_float(figure: float, written: Any) -> None:
    text_ = written(figure)
    assume(abs(float(text_)) < LARGEST)
    assert number(text_, Column()) == float(Decimal(text_))


@given(st.text(st.sampled_from("0123456789.eE+-, %£*naifx١ \n"), max_size=8))
def test_a_text_is_a_plain_decimal_or_it_is_no_figure(written: str) -> None:
    try:
        figure = number(written, Column())
    except Misread:
        return
    assert set(written) <= set("0123456789.eE+-")
    assert figure == float(written)
    assert math.isfinite(figure)


@given(
    st.lists(
        st.sampled_from(["7", "07", "7.0", "0.30000000000000004", "1E-12", "123456789.12345678"]), min_size=1
    )
)
def test_workbook_numbers_keep_every_digit_and_texts_every_character(written: list[str]) -> None:
    rows = [[text(it), text("m"), text("x"), number_cell(it)] for it in written]
    table = read(workbook({"Data": rows_xml([CELLS[0], *rows])}), format="xlsx")
    assert [row[0] for row in table] == written
    assert [float(row[3]) for row in table] == [float(it) for it in written]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.booleans()), max_size=30))
def test_repeats_are_those_that_a_dictionary_finds(rows: list[tuple[str, int, bool]]) -> None:
    schema = pa.schema([("a", pa.string()), ("b", pa.int64()), ("c", pa.bool_())])
    table = pa.Table.from_pylist([dict(zip("abc", row, strict=True)) for row in rows], schema)
    first: dict[tuple[str, int, bool], int] = {}
    expected = [(i, first[row]) for i, row in enumerate(rows) if first.setdefault(row, i) != i]
    later, firsts = repeats(key_codes(table, ("a", "b", "c")))
    assert list(zip(later.tolist(), firsts.tolist(), strict=True)) == expected


def test_keys_of_many_wide_columns_do_not_overflow() -> None:
    rows = 70_000
    table = pa.table({name: np.arange(rows) // (i + 1) for i, name in enumerate("abcdef")})
    assert np.unique(key_codes(table, list("abcdef"))).size == rows
    assert np.unique(key_codes(table, list("fedcba"))).size == rows
