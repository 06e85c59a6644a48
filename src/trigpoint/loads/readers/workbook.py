"""Workbooks (.xlsx): one sheet's cells as text, and every cell that is no figure said, never blanked."""

from __future__ import annotations

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.source import Source
from trigpoint.loads.readers.opening import open_zip, read_member
from trigpoint.loads.readers.sheet import (
    LISTED,
    Sheet,
    check_columns,
    refusal,
    refuse,
    too_few_rows,
    used_columns,
)
from trigpoint.loads.readers.workbook_parts import (
    BadCell,
    WorksheetName,
    bad_cells,
    first_column,
    hidden,
    merged_below,
    worksheets,
)
from trigpoint.terms.errors import Fault, nearest


def read_workbook(file: str, content: bytes, source: Source) -> Sheet:
    """The rows of one sheet: numbers as the shortest text that reads back the same, dates as ISO text.

    Raises DeliveryRefused for a damaged workbook, and for error cells, formulas without a stored
    result and merged cells among the data.
    """
    archive = open_zip(file, content)
    for member in archive.infolist():
        read_member(file, archive, member)  # damage is found here, where it can be named
    chosen = _choose(file, worksheets(file, archive), source.sheet)
    xml = read_member(file, archive, archive.getinfo(chosen.part))
    cells = _cells(file, content, chosen.name)
    names, columns = _header(file, cells, source.header_row)
    absent = check_columns(file, names, source, source.header_row)
    used = [names.index(name) for name in used_columns(source)]
    notes = _check_cells(file, xml, [columns[i] for i in used], source.header_row)
    body = pa.table([cells.column(columns[i]) for i in used], used_columns(source)).slice(source.header_row)
    return _sheet(file, body, source.header_row, (f"sheet {chosen.name!r}", *notes, *absent))


def _choose(file: str, sheets: list[WorksheetName], declared: str | None) -> WorksheetName:
    by_name = {sheet.name: sheet for sheet in sheets}
    if declared is not None:
        if declared not in by_name:
            found = f"no sheet {declared!r}"
            raise refuse(
                file, "workbook", found, "the sheet that the source declares", nearest(declared, by_name)
            )
        return by_name[declared]
    visible = [sheet for sheet in sheets if sheet.visible]
    if len(visible) != 1:
        names = ", ".join(repr(sheet.name) for sheet in visible)
        found = f"{len(visible)} sheets: {names}" if visible else "no visible sheet"
        raise refuse(
            file,
            "workbook",
            found,
            "one visible sheet, or `sheet` in the source",
            "Declare which one is meant: `sheet: ...`.",
        )
    return visible[0]


def _cells(file: str, content: bytes, sheet: str) -> pa.Table:
    """Every cell from row 1 of the sheet on, as text.

    The reader's own text of a number is rounded to nine decimals, so numbers are read a second time.
    """
    try:
        book = fastexcel.read_excel(content)
        texts, numbers = (
            pa.table(book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes=kind).to_arrow())
            for kind in ("string", "float")
        )
    except fastexcel.FastExcelError as error:
        found = f"a workbook that cannot be read ({str(error).splitlines()[0]})"
        raise refuse(file, "workbook", found, "a whole workbook", "Open it and save it again.") from error
    columns = [_exact(*both) for both in zip(texts.columns, numbers.columns, strict=True)]
    return pa.table(columns, texts.column_names)


def _exact(texts: pa.ChunkedArray, numbers: pa.ChunkedArray) -> pa.Array:
    """The texts, with the shortest exact text of each number that its text would not read back as."""
    cells, figures = texts.to_numpy(), numbers.to_numpy()
    truths = np.isin(cells.astype(object), ("true", "false"))  # which count as 1 and 0
    places = np.flatnonzero(~(np.isnan(figures) | truths))
    rounded = places[cells[places].astype(float) != figures[places]]
    cells[rounded] = [repr(figure) for figure in figures[rounded].tolist()]
    return pa.array(cells, pa.string())


def _header(file: str, cells: pa.Table, header_row: int) -> tuple[list[str], list[int]]:
    """The column names, and where each stands. A column without a cell from the header on is no column."""
    if cells.num_rows <= header_row:
        raise too_few_rows(file, cells.num_rows, header_row)
    table = cells.slice(header_row - 1)
    columns = [i for i, column in enumerate(table.columns) if column.null_count < table.num_rows]
    return [table.column(i)[0].as_py() for i in columns], columns


def _check_cells(file: str, xml: bytes, used: list[int], header_row: int) -> list[str]:
    """Notes on what is hidden or not read; raises DeliveryRefused for cells that would come out blank."""
    bad = [cell for cell in bad_cells(xml) if cell.row >= header_row]
    left = first_column(xml) if bad else 1
    read = [cell for cell in bad if cell.column - left in used]
    if read:
        faults = [_fault(file, cell) for cell in read[:LISTED]]
        raise refusal(file, faults, len(read))
    if merged := merged_below(xml, header_row):
        found = f"merged cells among the data: {', '.join(merged[:8])}"
        raise refuse(file, "merged_cells", found, "a value in every cell", "Unmerge them and fill each cell.")
    rows, columns = hidden(xml)
    return [
        *([f"{len(bad)} error cells in columns that are not read"] if bad else []),
        *([f"{rows} hidden rows, read like the others"] if rows else []),
        *(["hidden columns"] if columns else []),
    ]


def _fault(file: str, cell: BadCell) -> Fault:
    remedy = (
        "Open the workbook, let it calculate, and save it again."
        if cell.what.startswith("a formula")
        else "Mend the formula at its source, or clear the cell if there is no figure."
    )
    return Fault(
        file,
        f"{cell.what} in cell {cell.place}",
        "a value",
        remedy,
        cell.row,
        cell.column,
        check="error_cell",
    )


def _sheet(file: str, body: pa.Table, header_row: int, notes: tuple[str, ...]) -> Sheet:
    """The rows that hold anything, each with its number in the workbook."""
    filled = np.zeros(body.num_rows, bool)
    for column in body.columns:
        filled |= np.asarray(pc.is_valid(column))
    rows = pa.array(np.flatnonzero(filled) + header_row + 1, pa.int64())
    if not len(rows):
        raise too_few_rows(file, header_row, header_row)
    blank = body.num_rows - len(rows)
    return Sheet(file, body.filter(pa.array(filled)) if blank else body, rows, blank, notes)
