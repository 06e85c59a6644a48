"""Tidy CSV of a document: UTF-8, RFC 4180, ISO dates, numbers in full.

A text cell that a spreadsheet would take for a formula (it starts with ``=``, ``+``, ``-``, ``@``,
a tab or a line end) gets an apostrophe in front, as spreadsheets themselves mark text. Numbers
are never touched, so a negative number stays one. An empty cell is what is not known.
"""

from __future__ import annotations

import csv
import datetime as dt
import io

from trigpoint.publish.document import Dataset, Document

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def open_data(document: Document) -> dict[str, bytes]:
    """The file of each dataset: ``scorecard.csv`` and one for each indicator's series."""
    return {f"{dataset.name}.csv": _csv(dataset) for dataset in document.datasets}


def _csv(dataset: Dataset) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(dataset.columns)
    writer.writerows([cell if cell is None else _cell(cell) for cell in row] for row in dataset.rows)
    return buffer.getvalue().encode()


def _cell(cell: str | float | int | dt.date | None) -> str | float | int | None:
    """As the writer takes it: None is written as nothing. The commonest kinds come first."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    return cell.isoformat() if isinstance(cell, dt.date) else cell
