"""The workbook says what the document says: every cell, as number, date or text, and no formula."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace

import fastexcel
import pytest

from tests.web.documents import document
from tests.workbooks import ReadSheet, read_workbook, tables
from trigpoint.publish.datasets import SERIES_COLUMNS, Cell
from trigpoint.publish.document import Dataset, Document
from trigpoint.publish.formats.html import site
from trigpoint.publish.formats.xlsx import MOST_CHARACTERS, NOTES, workbook
from trigpoint.terms.errors import TrigpointError
from trigpoint.terms.panel import State

ODD = Dataset(
    "odd: [things]/*?",
    ("text", "number", "day"),
    (
        ("=1+1", 0, dt.date(2026, 10, 31)),
        ("+44 117 496 0000", -12.5, dt.date(1900, 3, 1)),
        ("-5", 0.1 + 0.2, None),
        ("@SUM(A1)", 2**53, dt.date(2200, 12, 31)),
        ("\tindented", -(2**53), None),
        ('She said "now"', 1e300, None),
        ("https://example.org", 5e-324, None),
        ("00123", 1 / 3, None),
        ("true", None, None),
        ("Zoë Łukasz 日本 👩‍⚕️ é", 123456789.123456, None),
        ("line\nbreak", -0.0, None),
        ("carriage\rreturn", 1.0, None),
        ("bell\x07 and \x00 and _x0007_ and \x1f", 3, None),
        ("  blanks around  ", 3, None),
        ("<a href='x'>&amp;</a>", 3, None),
        (None, None, None),
        ("x" * MOST_CHARACTERS, 3, None),
    ),
)


def with_datasets(*datasets: Dataset) -> Document:
    return replace(document(1), datasets=datasets)


def as_stored(cell: Cell) -> str | float | None:
    """How Excel stores a cell: a day as the days since the end of 1899."""
    if isinstance(cell, dt.date):
        return float((cell - dt.date(1899, 12, 30)).days)
    return float(cell) if isinstance(cell, int) else cell


def assert_holds(sheet: ReadSheet, columns: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> None:
    assert sheet.row(1, len(columns)) == list(columns)
    assert sheet.last_row == 1 + len(rows)
    for number, row in enumerate(rows, 2):
        assert sheet.row(number, len(columns)) == [as_stored(cell) for cell in row], number
        days = {(number, i) for i, cell in enumerate(row, 1) if isinstance(cell, dt.date)}
        assert {place for place in sheet.dates if place[0] == number} == days


def test_every_cell_of_every_dataset_is_in_the_workbook() -> None:
    made = document(28)
    sheets = read_workbook(workbook(made))
    assert list(sheets) == [NOTES, "scorecard", "series"]
    scorecard, *series = made.datasets
    assert_holds(sheets["scorecard"], scorecard.columns, list(scorecard.rows))
    assert_holds(sheets["series"], SERIES_COLUMNS, [row for dataset in series for row in dataset.rows])


def test_odd_texts_and_numbers_come_back_as_they_were() -> None:
    sheets = read_workbook(workbook(with_datasets(ODD)))
    assert_holds(sheets["odd_ _things____"], ODD.columns, list(ODD.rows))


def test_no_cell_holds_a_formula_or_a_link() -> None:
    content = workbook(with_datasets(*document(3).datasets, ODD))
    for name, sheet in read_workbook(content).items():
        assert sheet.xml.find(".//{*}f") is None, name
        assert sheet.xml.find(".//{*}hyperlink") is None, name
    assert "xl/calcChain.xml" not in zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_another_reader_sees_the_same_numbers() -> None:
    made = document(5)
    book = fastexcel.read_excel(workbook(made))
    read = book.load_sheet("scorecard", dtypes={"value": "float"}).to_arrow()
    place = made.datasets[0].columns.index("value")
    values = [row[place] for row in made.datasets[0].rows]
    assert dict(zip(read.schema.names, read.columns, strict=True))["value"].to_pylist() == values


def test_a_whole_number_that_excel_would_round_stands_as_text() -> None:
    sheets = read_workbook(workbook(with_datasets(Dataset("big", ("n",), ((2**53 + 1,), (2**53,))))))
    assert [sheets["big"].cells[row, 1] for row in (2, 3)] == ["9007199254740993", 2.0**53]


def test_a_day_that_excel_would_take_for_another_stands_as_text() -> None:
    sheets = read_workbook(workbook(with_datasets(Dataset("old", ("day",), ((dt.date(1899, 1, 1),),)))))
    assert sheets["old"].cells[2, 1] == "1899-01-01"


def test_each_dataset_is_a_table_with_its_header_frozen() -> None:
    content = workbook(document(3))
    made = list(tables(content))
    assert [table.get("ref") for table in made] == ["A1:BO40", "A1:O40"]
    assert all(table.find("{*}autoFilter") is not None for table in made)
    assert len({table.get("name") for table in made}) == 2
    for name in ("scorecard", "series"):
        pane = read_workbook(content)[name].xml.find("{*}sheetViews/{*}sheetView/{*}pane")
        assert pane is not None
        assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")


def test_a_dataset_of_other_columns_gets_a_sheet_and_equal_columns_share_one() -> None:
    one = Dataset("comparison", ("unit", "value"), (("A", 1.0),))
    other = Dataset("more", ("unit", "value"), (("B", 2.0),))
    notes = Dataset("notes", ("x",), ())
    sheets = read_workbook(workbook(with_datasets(*document(2).datasets, one, other, notes)))
    assert list(sheets) == [NOTES, "scorecard", "series", "comparison", "notes (2)"]
    assert [sheets["comparison"].row(number, 2) for number in (1, 2, 3)] == [
        ["unit", "value"],
        ["A", 1.0],
        ["B", 2.0],
    ]
    assert sheets["notes (2)"].cells == {(1, 1): "x"}


def test_the_notes_say_whose_it_is_and_how_to_read_it() -> None:
    made = document(3)
    notes = read_workbook(workbook(made))[NOTES]
    told = {notes.cells[row, 1]: notes.cells[row, 2] for row in range(1, notes.last_row + 1)}
    assert (told["Trust"], told["Unit"], told["Month"]) == (made.trust, made.unit, made.month.words)
    assert (told["Notice"], told["Made by"]) == (made.notice, made.colophon)
    assert {f"State {state}" for state in State} <= told.keys()
    assert {line.label: line.words for line in made.rules}.items() <= told.items()
    assert "never run" in str(told["Text"])


def test_a_text_that_no_cell_holds_is_refused_with_its_place() -> None:
    long = Dataset("long", ("a", "b"), (("x", "y" * (MOST_CHARACTERS + 1)),))
    with pytest.raises(TrigpointError, match=r"long:2:2  found a text of 32,768 characters, 'yyyy.*32,767"):
        workbook(with_datasets(long))


def test_the_same_document_gives_the_same_bytes() -> None:
    assert workbook(document(3)) == workbook(document(3))


def test_the_site_links_its_workbook_from_every_page() -> None:
    files = site(document(2))
    assert files["data/scorecard.xlsx"] == workbook(document(2))
    pages = {name: content.decode() for name, content in files.items() if name.endswith(".html")}
    assert all('data/scorecard.xlsx">Excel workbook</a>' in page for page in pages.values())
