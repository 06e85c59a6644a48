"""Incoming: a checked delivery that asks to be kept, and what the archive demands of its rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.store.fold import in_order, repeats
from trigpoint.store.load import ROW, Hashing, Mode, Shape
from trigpoint.store.parquet import plain, plain_schema
from trigpoint.terms.errors import DeliveryRefused, Fault
from trigpoint.terms.period import Month

MOST_LISTED = 20


@dataclass(frozen=True, slots=True, eq=False)
class Incoming:
    """A delivery that was checked and asks to be kept.

    ``sha256`` is that of the delivered file's bytes, ``source_hash`` that of the meaning of the
    definition it was read with. ``table`` has the shape's columns and, where it has them, ``row``:
    the row in the file. ``coverage`` names the months that a replacing delivery speaks for.
    ``original`` is what was delivered, byte for byte, where it is to be kept. ``asked`` marks the
    answer of a database: what it said before and says again, after another answer, it says anew.
    ``hashing`` says which columns hold hashes. ``again`` says that the months that it holds rows of are
    whole with it, though something of them was purged; a file that was purged needs it. ``laid_by``
    is the column by which records are to lie together, and by their date within it: their unit.
    """

    source: str
    sha256: str
    source_hash: str
    file: str
    mode: Mode
    coverage: frozenset[Month]
    shape: Shape
    table: pa.Table
    receipt: bytes
    original: bytes | None = None
    asked: bool = False
    hashing: Hashing | None = None
    again: bool = False
    laid_by: str | None = None

    @property
    def schema(self) -> pa.Schema:
        """The columns as the archive keeps them."""
        return plain_schema(self.table.schema)

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """The names and types of the columns, in words."""
        return tuple(
            (field.name, str(field.type) if field.nullable else f"{field.type} not null")
            for field in self.schema
        )


def by_month(incoming: Incoming) -> dict[Month, pa.Table]:
    """Its rows, month by month, in order of their key.

    Raises DeliveryRefused for a row without a date or a part of its key, a key that comes twice,
    or a row in a month that a replacing delivery does not cover.
    """
    key, dated = incoming.shape.key, incoming.shape.dated
    table = in_order(plain(incoming.table), key)
    for name in dict.fromkeys((*key, dated)):
        _refuse(incoming, table.filter(pc.is_null(table[name])), name, "nothing", "a value", "missing_value")
    again = table.filter(pa.array(repeats(table, key)))
    _refuse(incoming, again, ", ".join(key), "a key that another row has", "each key once", "duplicate_key")
    index = _month_index(table[dated])
    months = {Month(int(number) // 12, int(number) % 12 + 1): index == number for number in np.unique(index)}
    parts = {month: table.filter(pa.array(rows)).combine_chunks() for month, rows in months.items()}
    if incoming.mode == "replace":
        for month in parts.keys() - incoming.coverage:
            _refuse(
                incoming, parts[month], dated, str(month), "a month that the delivery covers", "wrong_month"
            )
    return parts


def _month_index(dates: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """``Month.index`` of each date, or of each time in its own zone."""
    return np.asarray(pc.add(pc.multiply(pc.year(dates), 12), pc.subtract(pc.month(dates), 1)))


def _refuse(incoming: Incoming, wrong: pa.Table, field: str, found: str, expected: str, check: str) -> None:
    if not wrong.num_rows:
        return
    first = wrong.slice(0, MOST_LISTED)
    lines = first[ROW].to_pylist() if ROW in wrong.column_names else [None] * first.num_rows
    faults = [
        Fault(
            incoming.file,
            found,
            expected,
            "Correct the file and deliver it again.",
            line,
            field=field,
            check=check,
        )
        for line in lines
    ]
    raise DeliveryRefused(f"{incoming.file} was not accepted: {wrong.num_rows:,} rows are wrong.", faults)
