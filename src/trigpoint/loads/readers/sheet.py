"""The sheet: one table as it stands in a file, before anything is made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from trigpoint.definitions.source import Source
from trigpoint.terms.errors import DeliveryRefused, Fault, nearest

LISTED = 20
"""How many faults of a kind are listed one by one; all are counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One table of a file, with the columns that its source uses.

    CSV and workbooks give text (null: a workbook's empty cell); Parquet and databases keep their
    types. ``rows`` is the file's row number of each row: a header stands on row 1 unless the source
    says otherwise, and what has none, Parquet or an answer, counts its records from 1. ``blank``
    counts the rows without any cell that were passed over; ``notes`` say what else a reader should
    know.
    """

    file: str
    table: pa.Table
    rows: pa.Int64Array
    blank: int = 0
    notes: tuple[str, ...] = ()


class Malformed(DeliveryRefused):
    """A file that could not be read; ``count`` faults, of which the first are listed."""

    def __init__(self, summary: str, faults: Sequence[Fault], count: int) -> None:
        super().__init__(summary, faults)
        self.count = count


def refusal(file: str, faults: Sequence[Fault], count: int | None = None) -> Malformed:
    """The error that refuses a file for these faults: the first of ``count``, or all there are."""
    count = len(faults) if count is None else count
    tail = f" (the first {LISTED} of {count:,} faults)" if count > LISTED else ""
    return Malformed(f"{file} was not taken{tail}:", faults[:LISTED], count)


def refuse(
    file: str, check: str, found: str, expected: str, remedy: str = "", line: int | None = None
) -> Malformed:
    """The error that refuses a file for one fault."""
    return refusal(file, [Fault(file, found, expected, remedy, line=line, check=check)])


def too_few_rows(file: str, there: int, header_row: int) -> Malformed:
    """The error for a table that ends with its header, or before it."""
    found = "1 row" if there == 1 else f"{there} rows"
    expected = f"a header on row {header_row} and rows below it"
    return refuse(file, "empty", found, expected, "Fetch or export the file again.", line=there or None)


def typed_sheet(file: str, table: pa.Table, notes: tuple[str, ...]) -> Sheet:
    """The sheet of a table without a header, whose rows count from 1. Raises DeliveryRefused without one."""
    if not table.num_rows:
        raise refuse(file, "empty", "no rows", "rows of figures", "Fetch or export the file again.")
    return Sheet(file, table, pa.array(range(1, table.num_rows + 1), pa.int64()), notes=notes)


def used_columns(source: Source) -> list[str]:
    """The columns that are read: all but those declared ``ignore``, unless rows are taken by them,
    and those that tell who a person is and are dropped.
    """
    return [name for name in _needed_columns(source) if source.columns[name].identifying != "drop"]


def _needed_columns(source: Source) -> list[str]:
    """The columns that must be there: those that are read, and those that are dropped."""
    return [name for name, it in source.columns.items() if it.as_ != "ignore" or it.take is not None]


def check_columns(file: str, names: Sequence[str | None], source: Source, row: int | None) -> tuple[str, ...]:
    """Notes on ignored columns that are absent.

    Raises DeliveryRefused where a column has no name, or another's, or is not declared, and where
    one that is used is absent. ``row`` is the header's.
    """
    if source.identifying and 2 * len(set(names) & set(source.columns)) <= len(source.columns):
        raise refusal(file, [_no_header(file, row)])
    faults = _bad_names(file, names, row)
    if not faults:
        faults = _other_names(file, [name for name in names if name], source, row)
    if faults:
        raise refusal(file, faults)
    absent = [name for name in source.columns if name not in names]
    return (f"ignored columns that are not there: {', '.join(absent)}",) if absent else ()


def _no_header(file: str, row: int | None) -> Fault:
    """Where people could be named, a row that may not be the header is not quoted."""
    found = "a row that holds less than half of the declared columns, and is not quoted"
    remedy = "If the file has no header, ask for one; else check that this is the right file and source."
    return Fault(file, found, "the declared column names", remedy, line=row, check="columns")


def _bad_names(file: str, names: Sequence[str | None], row: int | None) -> list[Fault]:
    seen = Counter(names)
    faults = []
    for column, name in enumerate(names, 1):
        if name is None or not name.strip():
            found, remedy = "a blank column name", "Name the column, or delete it if it is empty."
            expected = "a name for every column"
        elif seen[name] > 1:
            found, remedy = f"{name!r} {seen[name]} times", "Rename one of them."
            expected = "each column name once"
        else:
            continue
        faults.append(
            Fault(file, found, expected, remedy, row, column, field=name or "", check="column_names")
        )
    return faults


def _other_names(file: str, names: Sequence[str], source: Source, row: int | None) -> list[Fault]:
    strange = [name for name in names if name not in source.columns]
    faults = [
        Fault(
            file,
            f"no column {name!r}",
            "every column that the source uses",
            nearest(name, strange) or "Check that this is the right file and source.",
            line=row,
            field=name,
            check="columns",
        )
        for name in _needed_columns(source)
        if name not in names
    ]
    if len(faults) == len(_needed_columns(source)):
        found = f"none of the {len(faults)} declared columns, but {', '.join(names[:6])!r}"
        remedy = "If the file has no header, ask for one; else check that this is the right file and source."
        return [Fault(file, found, "the declared column names", remedy, line=row, check="columns")]
    return faults + [
        Fault(
            file,
            f"a column {name!r} that the source does not declare",
            "declared columns only",
            "Declare it; `as: ignore` reads past a column.",
            line=row,
            column=names.index(name) + 1,
            field=name,
            check="columns",
        )
        for name in strange
    ]
