"""A well-formed file reads as it stands: no value trimmed, typed, filled or lost."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.deliveries import error, number, rows_xml, source, text, workbook, zipped
from trigpoint.loads.readers.reading import read_sheet
from trigpoint.loads.readers.sheet import Malformed, Sheet

HEADER = "Org,Month,Measure,Value\n"
TWO_ROWS = HEADER + "RH5,2024-01,MHS01,10\nRDY,2024-01,MHS01,*\n"
TWO = [["RH5", "2024-01", "MHS01", "10"], ["RDY", "2024-01", "MHS01", "*"]]
HEAD = [text(name) for name in ("Org", "Month", "Measure", "Value")]


def read(content: str | bytes, **how: Any) -> Sheet:
    return read_sheet("file", content.encode() if isinstance(content, str) else content, source(**how))


def cells(sheet: Sheet) -> list[list[Any]]:
    return [list(row.values()) for row in sheet.table.to_pylist()]


@pytest.mark.parametrize(
    ("content", "how", "note"),
    [
        (TWO_ROWS, {}, None),
        (TWO_ROWS.removesuffix("\n"), {}, None),
        (TWO_ROWS.replace("\n", "\r\n"), {}, None),
        ("\ufeff" + TWO_ROWS, {}, None),
        (TWO_ROWS.replace(",", ";"), {"delimiter": ";"}, None),
        (TWO_ROWS.replace(",", "\t"), {"delimiter": "\t"}, None),
        ("Title\n\n" + TWO_ROWS, {"header_row": 3}, None),
        (TWO_ROWS.encode("utf-16"), {}, "read as UTF-16, by its byte-order mark"),
        (TWO_ROWS.encode("utf-16-be"), {"encoding": "utf-16-be"}, None),
        (gzip.compress(TWO_ROWS.encode(), mtime=0), {}, "unpacked from gzip"),
        (
            gzip.compress(HEADER.encode(), mtime=0)
            + gzip.compress(TWO_ROWS[len(HEADER) :].encode(), mtime=0),
            {},
            None,
        ),
        (zipped({"in/figures.csv": TWO_ROWS.encode()}), {}, "unpacked 'in/figures.csv' from ZIP"),
        (
            zipped({"__MACOSX/._f.csv": b"x", ".DS_Store": b"x", "f.csv": TWO_ROWS.encode()}),
            {},
            "passed over __MACOSX/._f.csv, .DS_Store",
        ),
        (zipped({"../../etc/f.csv": TWO_ROWS.encode()}), {}, None),
    ],
)
def test_one_table_however_it_is_wrapped(content: str | bytes, how: dict[str, Any], note: str | None) -> None:
    sheet = read(content, **how)
    assert cells(sheet) == TWO
    assert note is None or note in sheet.notes


def test_no_text_is_changed() -> None:
    texts = ["007", "NA", "null", "", " padded ", "1.0", "1e5", "TRUE", "é’\u00a0", "N/A", "nan", "-"]
    sheet = read(HEADER + "".join(f'"{text}",2024-01,A,1\n' for text in texts))
    assert sheet.table["Org"].to_pylist() == texts


def test_windows_1252_where_it_is_declared() -> None:
    content = HEADER.encode() + "Médecins – “x”,2024-01,A,1\n".encode("cp1252")
    assert read(content, encoding="cp1252").table["Org"].to_pylist() == ["Médecins – “x”"]


def test_rows_are_counted_as_a_spreadsheet_does_whatever_fields_hold() -> None:
    sheet = read(HEADER + 'RH5,2024-01,"two\nlines, ""quoted""\r\nthree",1\nRDY,2024-01,A,2\n')
    assert sheet.rows.to_pylist() == [2, 3]
    assert sheet.table["Measure"].to_pylist() == ['two\nlines, "quoted"\r\nthree', "A"]


def test_ignored_columns_are_read_past_and_may_be_absent() -> None:
    columns = {
        "Org": {"as": "unit"}, "Month": {"as": "month"}, "Measure": {"as": "item"}, "Value": {"as": "value"},
        "Name": {"as": "ignore"}, "Level": {"as": "ignore", "take": ["Provider"]},
    }  # fmt: skip
    content = "Org,Month,Level,Measure,Value\nRH5,2024-01,Provider,A,1\n"
    sheet = read(content, columns=columns)
    assert sheet.table.column_names == ["Org", "Month", "Measure", "Value", "Level"]
    assert sheet.notes == ("ignored columns that are not there: Name",)


def test_parquet_keeps_its_types_and_numbers_its_records_from_one() -> None:
    table = pa.table(
        {"Org": ["RH5", None], "Month": ["2024-01"] * 2, "Measure": ["A", "B"], "Value": [1.5, None]}
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    sheet = read(buffer.getvalue(), format="parquet")
    assert sheet.table.equals(table)
    assert sheet.rows.to_pylist() == [1, 2]


# ------------------------------------------------------------------------------------------- workbooks


def book(*rows: Sequence[str | None], **how: Any) -> bytes:
    return workbook({"Data": rows_xml([HEAD, *rows], **how)})


def test_workbook_codes_stay_text_and_numbers_as_they_are_written() -> None:
    written = ["1070", "0.3", "0.30000000000000004", "7.379057107641742", "1E-07", "-5", "12345678901234"]
    shown = ["1070", "0.3", "0.30000000000000004", "7.379057107641742", "0.0000001", "-5", "12345678901234"]
    sheet = read(book(*([text("007"), text("x"), text("NA"), number(it)] for it in written)), format="xlsx")
    assert sheet.table["Value"].to_pylist() == shown
    assert set(sheet.table["Org"].to_pylist()) == {"007"}
    assert set(sheet.table["Measure"].to_pylist()) == {"NA"}
    assert [float(it) for it in shown] == [float(it) for it in written]


def test_workbook_dates_are_iso_text() -> None:
    sheet = read(book([text("RH5"), number("45443", style=1), text("A"), number("1")]), format="xlsx")
    assert sheet.table["Month"].to_pylist() == ["2024-05-31 00:00:00"]


def test_workbook_rows_keep_their_numbers_past_blank_ones() -> None:
    row = [text("RH5"), text("2024-01"), text("A"), number("1")]
    sheet = read(book(row, [None] * 4, row, [None] * 4, row), format="xlsx")
    assert sheet.rows.to_pylist() == [2, 4, 6]
    assert sheet.blank == 2


def test_workbook_tables_may_start_anywhere() -> None:
    row = [text("RH5"), text("2024-01"), text("A"), number("1")]
    rows = rows_xml([[text("A title"), None, None, None], [None] * 4, HEAD, row], left="C")
    sheet = read(workbook({"Data": rows}), format="xlsx", header_row=3)
    assert cells(sheet) == [["RH5", "2024-01", "A", "1"]]
    assert sheet.rows.to_pylist() == [4]


def test_an_error_cell_in_an_ignored_column_is_noted_and_one_in_a_used_column_found_wherever_it_stands() -> (
    None
):
    columns = {
        "Org": {"as": "unit"}, "Month": {"as": "month"}, "Measure": {"as": "item"}, "Value": {"as": "value"},
        "Share": {"as": "ignore"},
    }  # fmt: skip
    row = [text("RH5"), text("2024-01"), text("A"), number("1"), error("#DIV/0!")]
    rows = rows_xml([[*HEAD, text("Share")], row], left="B")
    sheet = read(workbook({"Data": rows}), format="xlsx", columns=columns)
    assert "1 error cells in columns that are not read" in sheet.notes


def test_an_error_is_found_in_its_column_wherever_the_table_starts() -> None:
    row = [text("RH5"), text("2024-01"), text("A"), error("#N/A")]
    only_styled = ' s="1">'
    for before in (None, only_styled, error("#N/A")):
        rows = rows_xml([[text("T")], [None], [before, None, *HEAD], [before, None, *row]])
        with pytest.raises(Malformed, match=r"#N/A in cell F4"):
            read(workbook({"Data": rows}), format="xlsx", header_row=3)


def test_truths_are_words_and_empty_results_of_formulas_blank() -> None:
    row = [text("RH5"), ' t="b"><v>1</v>', text("true"), ' t="str"><f>""</f><v></v>']
    assert cells(read(book(row), format="xlsx")) == [["RH5", "true", "true", ""]]


def test_the_one_visible_sheet_is_read_or_the_one_declared() -> None:
    row = [text("RH5"), text("2024-01"), text("A"), number("1")]
    sheets = {"Old": rows_xml([HEAD, row, row]), "New": rows_xml([HEAD, row])}
    assert len(read(workbook(sheets, hidden=["Old"]), format="xlsx").rows) == 1
    assert len(read(workbook(sheets), format="xlsx", sheet="Old").rows) == 2


def test_hidden_rows_are_read_and_said() -> None:
    row = [text("RH5"), text("2024-01"), text("A"), number("1")]
    sheet = read(book(row, row, hidden=[2]), format="xlsx")
    assert sheet.rows.to_pylist() == [2, 3]
    assert "1 hidden rows, read like the others" in sheet.notes


def test_a_date_stays_a_date_in_parquet() -> None:
    table = pa.table(
        {
            "Org": ["RH5"],
            "Month": [dt.date(2024, 1, 31)],
            "Measure": ["A"],
            "Value": pa.array([1], pa.int16()),
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    assert read(buffer.getvalue(), format="parquet").table["Month"].to_pylist() == [dt.date(2024, 1, 31)]
