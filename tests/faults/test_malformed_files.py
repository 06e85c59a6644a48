"""A malformed file is refused, never repaired: which row and column, what was found, what to do."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.deliveries import COLUMNS, error, formula, number, rows_xml, source, text, workbook, zipped
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.expectations import Expectations
from trigpoint.loads.readers import opening
from trigpoint.loads.receipt import Refused
from trigpoint.loads.receive import receive
from trigpoint.terms.errors import NotFound

HEADER = "Org,Month,Measure,Value\n"
FIRST = "RH5,2024-01,MHS01,10\n"
SECOND = "RDY,2024-01,MHS01,20\n"
GOOD = (HEADER + FIRST + SECOND).encode()
CAFE = "RDY,2024-01,café,20\n"

XLSX, PARQUET = {"format": "xlsx"}, {"format": "parquet"}
HEAD = [text(name) for name in ("Org", "Month", "Measure", "Value")]
ROW = [text("RH5"), text("2024-01"), text("MHS01"), number("10")]
TABLE = pa.table({"Org": ["RH5"], "Month": ["2024-01"], "Measure": ["MHS01"], "Value": [1.0]})


def book(*rows: Sequence[str | None], after: str = "", **how: Any) -> bytes:
    return workbook({"Data": rows_xml([HEAD, *rows]) + after}, **how)


def parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def changed(content: bytes, at: int) -> bytes:
    """One byte of the content turned over."""
    at %= len(content)
    return content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :]


def locked(content: bytes) -> bytes:
    """A ZIP file whose members say that they are encrypted."""
    out = bytearray(content)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            out[at + flags] |= 1
            at = content.find(mark, at + 4)
    return bytes(out)


@dataclass(frozen=True)
class Case:
    name: str
    content: str | bytes
    place: str
    """Row, column's number, column's name; as far as there are."""
    check: str
    found: str
    remedy: str
    source: dict[str, Any] = field(default_factory=dict)


QUOTING = "Export the file again with quoting on"
FETCH = "etch the file again"
ENCODING = "Declare the encoding that the file has"
HERE = "file"

CASES = [
    # -------------------------------------------------------------------------------- quotes and fields
    Case("quotes inside an unquoted field", HEADER + FIRST + 'RDY,2024-01,MHS "old",20\n',
         "3 3", "stray_quote", "a quote inside an unquoted field, near 'RDY,2024-01,MHS \"old\",20'",
         QUOTING),
    Case("text after a closing quote", HEADER + FIRST + '"RDY"x,2024-01,MHS01,20\n',
         "3 1", "stray_quote", "text after a closing quote", QUOTING),
    Case("a quote that is never closed", HEADER + FIRST + 'RDY,2024-01,"MHS01,20\n',
         "3 3", "stray_quote", "a quote that is never closed",
         "The file was cut off, or a quote stands alone"),
    Case("a blank before a quote", HEADER + FIRST + 'RDY, "2024-01",MHS01,20\n',
         "3 2", "stray_quote", "a quote inside an unquoted field", QUOTING),
    Case("quotes escaped by backslashes", HEADER + FIRST + 'RDY,2024-01,"MHS \\"old\\"",20\n',
         "3 3", "stray_quote", "text after a closing quote", QUOTING),
    Case("a stray quote after a field with a line end", HEADER + '"R\nH",2024-01,A,1\nRDY,2024-01,x"y,20\n',
         "3 3", "stray_quote", "a quote inside an unquoted field, near 'RDY,2024-01,x\"y,20'", QUOTING),
    Case("a row that is too short", HEADER + FIRST + "RDY,2024-01,MHS01\n" + SECOND,
         "3", "ragged_row", "3 fields", "Text that holds the delimiter must stand in quotes"),
    Case("a row that is too long", HEADER + FIRST + "RDY,2024-01,MHS01,1,200\n" + SECOND,
         "3", "ragged_row", "5 fields", "Text that holds the delimiter must stand in quotes"),
    Case("a row cut off in the middle", HEADER + FIRST + "RD", "3", "ragged_row", "1 field",
         "Text that holds"),
    Case("a blank line", HEADER + FIRST + "\n" + SECOND, "3", "ragged_row", "a blank line",
         "Delete the line"),
    Case("a blank line at the end", HEADER + FIRST + "\r\n", "3", "ragged_row", "a blank line",
         "Delete the line"),
    Case("carriage returns for line ends", (HEADER + FIRST).replace("\n", "\r"),
         "1 4", "line_end", "a carriage return alone", "Save the file again with Windows or Unix line ends."),
    Case("one carriage return alone", HEADER + FIRST.replace("\n", "\r") + SECOND,
         "2 4", "line_end", "a carriage return alone", "Save the file again"),
    # ------------------------------------------------------------------------------------------ delimiters
    Case("semicolons", (HEADER + FIRST).replace(",", ";"),
         "1", "delimiter", "a semicolon between the column names", "Declare `delimiter: ';'`"),
    Case("tabs and quotes", '"Org"\t"Month"\t"Measure"\t"Value"\n"RH5"\t"2024-01"\t"A"\t"1"\n',
         "1", "delimiter", "a tab between the column names", "Declare `delimiter: '\\t'`"),
    Case("commas where semicolons are declared", HEADER + FIRST,
         "1", "delimiter", "a comma between the column names", "Declare `delimiter: ','`",
         {"delimiter": ";"}),
    # ------------------------------------------------------------------------------------------- encodings
    Case("a NUL", HEADER + FIRST + "RDY,2024-01,MHS\x0001,20\n",
         "3", "nul", "a NUL byte at offset 60", "The file is damaged or no CSV"),
    Case("UTF-16 without its mark", (HEADER + FIRST).encode("utf-16-le"),
         "1", "nul", "a NUL byte at offset 1", "declare `encoding: utf-16-le`"),
    Case("Windows-1252, undeclared", (HEADER + FIRST + CAFE).encode("cp1252"),
         "3", "encoding", "bytes e9 2c 32 30 at offset 60, which are not UTF-8",
         "These bytes read as Windows-1252 ('024-01,café,20\\n'): declare `encoding: cp1252`"),
    Case("bytes of no usual encoding", HEADER.encode() + b"RDY,2024-01,\x81\x8d,20\n",
         "2", "encoding", "bytes 81 8d 2c 32 at offset 36, which are not UTF-8", "Ask the sender"),
    Case("two encodings, undeclared", (HEADER + CAFE).encode() + CAFE.encode("cp1252"),
         "3", "encoding", "bytes e9 2c 32 30 at offset 60, which are not UTF-8, while other characters are",
         "Two files of different encodings seem to be joined"),
    Case("two encodings, one declared", (HEADER + CAFE).encode("cp1252") + CAFE.encode(),
         "3", "encoding", "'é' as UTF-8 writes it at offset 59", "Leave `encoding` out",
         {"encoding": "cp1252"}),
    Case("UTF-8 where Windows-1252 is declared", HEADER + CAFE,
         "2", "encoding", "'é' as UTF-8 writes it at offset 39", "Leave `encoding` out",
         {"encoding": "cp1252"}),
    Case("a Unicode mark where Windows-1252 is declared", "\ufeff" + HEADER + FIRST,
         "1", "encoding", "the byte-order mark of Unicode", "Leave `encoding` out", {"encoding": "cp1252"}),
    Case("Windows-1252 where Latin-1 is declared", (HEADER + "RDY,2024-01,it’s,20\n").encode("cp1252"),
         "2", "encoding", "byte 92 at offset 38, a control character", "declare `encoding: cp1252`",
         {"encoding": "latin-1"}),
    Case("UTF-16 where UTF-8 is declared", (HEADER + FIRST).encode("utf-16"),
         "1", "encoding", "the byte-order mark of UTF-16", "Declare `encoding: utf-16`",
         {"encoding": "utf-8"}),
    Case("UTF-8 where UTF-16 is declared", HEADER + FIRST,
         "1", "encoding", "no byte-order mark", "leave `encoding` out for UTF-8", {"encoding": "utf-16"}),
    Case("UTF-16 cut off within a character", (HEADER + FIRST).encode("utf-16")[:-1],
         "2", "encoding", "bytes 0a at offset 90", ENCODING),
    Case("letters where ASCII is declared", HEADER + CAFE,
         "2", "encoding", "bytes c3 at offset 39", ENCODING, {"encoding": "ascii"}),
    Case("two files joined, each with its mark", "\ufeff" + HEADER + FIRST + "\ufeff" + HEADER + SECOND,
         "3", "encoding", "a second byte-order mark at offset 45", "deliver each by itself"),
    # --------------------------------------------------------------------------------------------- headers
    Case("the header again", HEADER + FIRST + HEADER + SECOND,
         "3", "several_headers", "the header again", "Deliver each table by itself"),
    Case("a title above the header", "Mental health figures\n\n" + HEADER + FIRST,
         "1", "several_headers", "'Mental health figures' where the header should stand",
         "They stand on row 3: declare `header_row: 3`"),
    Case("a second header line", HEADER + "code,yyyy-mm,code,people\n" + FIRST + SECOND,
         "2 Month", "several_headers", "a row that fits none of Month, Value", "Delete the row"),
    Case("no header", FIRST + SECOND, "1", "columns",
         "none of the 4 declared columns, but 'RH5, 2024-01, MHS01, 10'",
         "If the file has no header, ask for one"),
    Case("a page that says 'not found'", "<!DOCTYPE html>\n<html><body>Not found</body></html>\n",
         "1", "columns", "none of the 4 declared columns, but '<!DOCTYPE html>'", "check that this"),
    Case("two columns of one name", "Org,Month,Measure,Value,Value\nRH5,2024-01,A,1,2\n",
         "1 4 Value", "column_names", "'Value' 2 times", "Rename one of them."),
    Case("a column without a name", "Org,Month,Measure,Value,\nRH5,2024-01,A,1,\n",
         "1 5", "column_names", "a blank column name", "Name the column, or delete it if it is empty."),
    Case("a misspelt column", "Org,Month,Mesure,Value\nRH5,2024-01,A,1\n",
         "1 Measure", "columns", "no column 'Measure'", "Nearest: Mesure."),
    Case("a column that nobody declared", "Org,Month,Measure,Value,Note\nRH5,2024-01,A,1,x\n",
         "1 5 Note", "columns", "a column 'Note' that the source does not declare",
         "`as: ignore` reads past"),
    Case("nothing at all", "", "", "empty", "an empty file", "Fetch or export the file again."),
    Case("a byte-order mark and nothing else", "\ufeff", "", "empty", "an empty file", "Fetch or export"),
    Case("a header and nothing else", HEADER, "1", "empty", "1 row", "Fetch or export the file again."),
    Case("fewer rows than the header's", HEADER + FIRST, "2", "empty", "2 rows", "Fetch", {"header_row": 5}),
    # -------------------------------------------------------------------------------------------- archives
    Case("gzip cut off", gzip.compress(GOOD)[:-12], "", "archive", "gzip data that stops short", FETCH),
    Case("gzip with more behind it", gzip.compress(GOOD) + b"junk", "", "archive", "damaged gzip data",
         FETCH),
    Case("gzip with a wrong checksum", changed(gzip.compress(GOOD), -6), "", "archive", "damaged gzip data",
         FETCH),
    Case("gzip within gzip", gzip.compress(gzip.compress(GOOD)),
         "", "archive", "an archive within an archive", "Unpack it once"),
    Case("ZIP cut off", zipped({"a.csv": GOOD})[:-30], "", "archive", "a ZIP file without its directory",
         FETCH),
    Case("ZIP with damaged data", changed(zipped({"a.csv": GOOD}), 40),
         "", "archive", "damaged data in 'a.csv'", FETCH),
    Case("ZIP with two files", zipped({"a.csv": GOOD, "b.csv": GOOD}),
         "", "archive", "a ZIP file with 2 files: 'a.csv', 'b.csv'", "Deliver each file by itself."),
    Case("ZIP with nothing but litter", zipped({"__MACOSX/._a.csv": b"x", "a/.DS_Store": b"x"}),
         "", "archive", "an empty ZIP file", ""),
    Case("ZIP with a password", locked(zipped({"a.csv": GOOD})),
         "", "archive", "'a.csv', locked with a password", "Ask the sender for one without"),
    Case("ZIP within ZIP", zipped({"a.zip": zipped({"a.csv": GOOD})}),
         "", "archive", "an archive within an archive", "Unpack it once"),
    # --------------------------------------------------------------------------------------------- formats
    Case("a workbook where CSV is declared", book(ROW),
         "", "format", "an .xlsx workbook", "declare `format: xlsx`"),
    Case("Parquet where CSV is declared", parquet(TABLE),
         "", "format", "a Parquet file", "declare `format: parquet`"),
    Case("CSV where a workbook is declared", GOOD,
         "", "format", "bytes that are not those of an .xlsx workbook",
         "Check that this is the right file.", XLSX),
    Case("CSV where Parquet is declared", GOOD,
         "", "format", "bytes that are not those of a Parquet file", "Check that", PARQUET),
    Case("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
         "", "format", "an old workbook (.xls), or a new one locked", "save it as .xlsx", XLSX),
    Case("a binary workbook", zipped({"[Content_Types].xml": b"", "xl/workbook.bin": b""}),
         "", "format", "a binary workbook (.xlsb)", "save it as .xlsx", XLSX),
    Case("an OpenDocument workbook", zipped({"mimetype": b"", "content.xml": b""}),
         "", "format", "an OpenDocument workbook (.ods)", "save it as .xlsx", XLSX),
    Case("a letter", zipped({"[Content_Types].xml": b"", "word/document.xml": b""}),
         "", "format", "an office document that is no workbook", "Check that", XLSX),
    Case("Parquet cut off", parquet(TABLE)[:-20],
         "", "parquet", "a damaged Parquet file", "The download was cut off", PARQUET),
    Case("Parquet with lists", parquet(TABLE.set_column(0, "Org", pa.array([["RH5"]]))),
         "", "parquet", "lists or records within Org", "Ask for a flat table.", PARQUET),
    Case("Parquet without rows", parquet(TABLE.slice(0, 0)), "", "empty", "no rows", "Fetch", PARQUET),
    Case("Parquet without a column", parquet(TABLE.drop_columns(["Measure"])),
         "Measure", "columns", "no column 'Measure'", "Check that this is the right file", PARQUET),
    # ------------------------------------------------------------------------------------------- workbooks
    Case("an error cell: a lost reference", book(ROW, [*ROW[:3], error("#REF!")]),
         "3 4", "error_cell", "#REF! in cell D3", "Mend the formula at its source", XLSX),
    Case("an error cell: division by nothing", book(ROW, ROW, [*ROW[:3], error("#DIV/0!")]),
         "4 4", "error_cell", "#DIV/0! in cell D4", "Mend the formula at its source", XLSX),
    Case("an error cell: not available", book([error("#N/A"), *ROW[1:]]),
         "2 1", "error_cell", "#N/A in cell A2", "Mend the formula at its source", XLSX),
    Case("a formula without its result", book(ROW, [*ROW[:3], formula("D2*2")]),
         "3 4", "error_cell", "a formula without its result in cell D3", "let it calculate", XLSX),
    Case("merged cells among the data",
         book(ROW, [None, *ROW[1:]], after='<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'),
         "", "merged_cells", "merged cells among the data: A2:A3", "Unmerge them and fill each cell.", XLSX),
    Case("an empty cell where a figure should be", book(ROW, [*ROW[:3], None]),
         "3 Value", "unknown_marker", "an empty cell", "`markers: {'null': suppressed}`", XLSX),
    Case("two sheets", workbook({"Data": rows_xml([HEAD, ROW]), "Notes": rows_xml([HEAD])}),
         "", "workbook", "2 sheets: 'Data', 'Notes'", "Declare which one is meant", XLSX),
    Case("no visible sheet", workbook({"Data": rows_xml([HEAD, ROW])}, hidden=["Data"]),
         "", "workbook", "no visible sheet", "Declare which one is meant", XLSX),
    Case("another sheet", book(ROW), "", "workbook", "no sheet 'Dta'", "Nearest: Data.",
         XLSX | {"sheet": "Dta"}),
    Case("an empty sheet", workbook({"Data": rows_xml([])}), "", "empty", "0 rows", "Fetch", XLSX),
    Case("a sheet with a header only", book(), "1", "empty", "1 row", "Fetch", XLSX),
    Case("a column of cells without a name",
         workbook({"Data": rows_xml([[*HEAD, None], [*ROW, text("x")]])}),
         "1 5", "column_names", "a blank column name", "Name the column", XLSX),
    Case("a workbook cut off", book(ROW)[:-40], "", "archive", "a ZIP file without its directory", FETCH,
         XLSX),
    Case("a workbook with a damaged part", changed(book(ROW), 60), "", "archive", "damaged data in", FETCH,
         XLSX),
    Case("a workbook with a lost part", book(ROW, drop=["xl/_rels/workbook.xml.rels"]),
         "", "workbook", "a workbook without xl/_rels/workbook.xml.rels", "Save it again.", XLSX),
    Case("a workbook of damaged XML", book(ROW, prologue="<x>"),
         "", "workbook", "damaged XML in xl/workbook.xml", "Save it again.", XLSX),
    Case("a sheet of damaged XML", workbook({"Data": "<sheetData><row"}),
         "", "workbook", "a workbook that cannot be read", "Open it and save it again.", XLSX),
    Case("a workbook with entities", book(ROW, prologue='<!DOCTYPE x [<!ENTITY a "b">]>'),
         "", "workbook", "a document type in xl/workbook.xml", "", XLSX),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_is_refused_with_its_place_and_remedy(case: Case, tmp_path: Path) -> None:
    path = tmp_path / HERE
    path.write_bytes(case.content.encode() if isinstance(case.content, str) else case.content)
    with pytest.raises(Refused) as refused:
        receive(Delivered.at(path), "figures", source(**case.source), Expectations())
    fault = refused.value.faults[0]
    place = [str(part) for part in (fault.line, fault.column, fault.field) if part]
    assert (" ".join(place), fault.check) == (case.place, case.check)
    assert fault.found.startswith(case.found)
    assert case.remedy in fault.remedy
    assert fault.file == HERE
    assert fault.expected
    receipt = refused.value.receipt
    assert not receipt.accepted
    assert receipt.blocking[0].check == case.check
    assert refused.value.findings.num_rows >= 1


def test_the_good_file_that_the_others_were_made_from_is_taken(tmp_path: Path) -> None:
    plain: dict[str, Any] = {}
    for content, how in ((GOOD, plain), (book(ROW), XLSX), (parquet(TABLE), PARQUET)):
        (tmp_path / HERE).write_bytes(content)
        assert receive(
            Delivered.at(tmp_path / HERE), "figures", source(**how), Expectations()
        ).receipt.accepted


CELLS = [
    ("1,234", "not_a_number", "Ask for figures without thousands separators: 1234."),
    ("1,5", "not_a_number", "Ask for plain figures, without signs or words."),
    ("45%", "not_a_number", "Ask for plain figures, without signs or words."),
    ("£5", "not_a_number", "Ask for plain figures"),
    (" 10", "not_a_number", "Declare `trim: true`"),
    ("1_000", "not_a_number", "Ask for plain figures"),
    ("0x1F", "not_a_number", "Ask for plain figures"),
    ("9007199254740993", "not_a_number", ""),
    ("1e999", "not_a_number", ""),
    ("", "unknown_marker", "`markers: {'': suppressed}`"),
    ("-", "unknown_marker", "`markers: {'-': suppressed}`"),
    ("n/a", "unknown_marker", "`markers: {'n/a': suppressed}`"),
    ("NaN", "unknown_marker", "`markers: {'NaN': suppressed}`"),
    ("inf", "unknown_marker", "`markers: {'inf': suppressed}`"),
    ("½", "unknown_marker", "`markers: {'½': suppressed}`"),
    ("٣", "not_a_number", "Ask for plain figures"),
]


@pytest.mark.parametrize(("cell", "check", "remedy"), CELLS, ids=[repr(cell) for cell, _, _ in CELLS])
def test_a_cell_that_is_no_figure_is_never_guessed(
    cell: str, check: str, remedy: str, tmp_path: Path
) -> None:
    (tmp_path / HERE).write_text(f'{HEADER}{FIRST}RDY,2024-01,A,"{cell}"\n', encoding="utf-8", newline="")
    with pytest.raises(Refused) as refused:
        receive(Delivered.at(tmp_path / HERE), "figures", source(), Expectations())
    (fault,) = refused.value.faults
    assert (fault.line, fault.field, fault.check) == (3, "Value", check)
    assert remedy in fault.remedy


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"a.csv": data})], ids=["gzip", "ZIP"])
def test_a_bomb_is_refused_before_it_is_unpacked(
    pack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "SMALL", 10_000)
    (tmp_path / HERE).write_bytes(pack(bytes(1_000_000)))
    with pytest.raises(Refused) as refused:
        receive(Delivered.at(tmp_path / HERE), "figures", source(), Expectations())
    (fault,) = refused.value.faults
    assert "that unpack to more than they may" in fault.found
    assert "at most 200 times the packed size" in fault.expected


def test_a_zip_file_that_understates_its_size_is_damaged(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": bytes(100_000)}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.find(mark) + at
        content[start : start + 4] = (10).to_bytes(4, "little")
    (tmp_path / HERE).write_bytes(bytes(content))
    with pytest.raises(Refused, match=r"damaged data in 'a\.csv'"):
        receive(Delivered.at(tmp_path / HERE), "figures", source(), Expectations())


def test_every_ragged_row_is_counted_and_the_first_twenty_listed(tmp_path: Path) -> None:
    (tmp_path / HERE).write_text(HEADER + FIRST + "short\n" * 50, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        receive(Delivered.at(tmp_path / HERE), "figures", source(), Expectations())
    (outcome,) = refused.value.receipt.outcomes
    assert (outcome.count, [fault.line for fault in outcome.listed]) == (50, list(range(3, 23)))


def test_a_file_of_which_no_row_is_taken_is_refused(tmp_path: Path) -> None:
    (tmp_path / HERE).write_bytes(GOOD)
    columns = {**COLUMNS, "Measure": {"as": "item", "take": ["MHS07"]}}
    with pytest.raises(Refused) as refused:
        receive(Delivered.at(tmp_path / HERE), "figures", source(columns), Expectations())
    (fault,) = refused.value.faults
    assert (fault.check, fault.field, fault.found) == ("empty", "Measure", "no row that the source takes")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(NotFound, match="no file"):
            receive(Delivered.at(path), "figures", source(), Expectations())
