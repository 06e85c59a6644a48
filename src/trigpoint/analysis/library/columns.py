"""What an analyst hands in, as columns: frames of any library, arrays, series and lists.

No frame library is imported: frames are taken by the columns that they give by name, and columns
through the Arrow interface (``__arrow_c_stream__``), as arrays or as plain sequences.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.arrays import Bools, Floats, Ints
from trigpoint.terms.errors import nearest

_UNREADABLE = (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError, OverflowError)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column that came by an argument; ``name`` is what the frame calls it, or empty."""

    argument: str
    name: str
    cells: pa.Array

    def __len__(self) -> int:
        return len(self.cells)

    def at(self, row: int) -> str:
        """``value[3]``, or ``value[3] (column 'Breaches')``."""
        return f"{self.argument}[{row}]" + (f" (column {self.name!r})" if self.name else "")

    def refuse(self, wrong: Bools, why: str) -> None:
        """Raise ValueError for the first row where ``wrong`` holds: ``numerator[3] is -1, below zero``."""
        if wrong.any():
            row = int(wrong.argmax())
            cell = self.cells[row].as_py()
            told = f"{cell:g}" if isinstance(cell, float) else repr(cell)
            raise ValueError(f"{self.at(row)} is {told}, {why}")

    def refuse_above(self, other: Column, wrong: Bools, remedy: str) -> None:
        """The same for what is above another column's."""
        if wrong.any():
            beside = other.cells[int(wrong.argmax())].as_py()
            self.refuse(wrong, f"above {other.argument}, which is {beside:g}. {remedy}")

    @property
    def figures(self) -> Floats:
        """The cells as numbers, NaN for none. Raises ValueError for text, and for what is infinite."""
        cells = self.cells
        if pa.types.is_null(cells.type):
            return np.full(len(cells), np.nan)
        if pa.types.is_boolean(cells.type):
            cells = cells.cast(pa.int8())
        if not _numeric(cells.type):
            there = cells.is_valid().to_numpy(zero_copy_only=False)
            why = f"not a number. {self._remedy(cells.type)}"
            self.refuse(there, why)
            return np.full(len(cells), np.nan)
        found = cells.cast(pa.float64(), safe=False)
        figures = np.asarray(found.fill_null(np.nan).to_numpy(zero_copy_only=False))
        self.refuse(np.isinf(figures), "infinite. Leave a period without a figure empty: None or NaN.")
        return figures

    def _remedy(self, kind: pa.DataType) -> str:
        if pa.types.is_string(kind):
            return "Read the column as numbers, with None or NaN for marks such as '*' and '-'."
        return "Figures are numbers, with None or NaN where there is none."

    @property
    def counts(self) -> Floats:
        """Figures, none of them below zero."""
        figures = self.figures
        self.refuse(figures < 0, "below zero. A count cannot be negative.")
        return figures

    def coded(self) -> tuple[pa.Array, Ints]:
        """The different labels in order of first appearance, and each row's, by its place among them."""
        self.refuse(self.cells.is_null().to_numpy(zero_copy_only=False), "missing. Give each row its own.")
        found = self.cells.dictionary_encode()
        return found.dictionary, found.indices.to_numpy(zero_copy_only=False).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What was handed in as ``data``: a frame, whose columns are asked for by name; a column; or nothing."""

    data: Any

    @property
    def _keys(self) -> tuple[Any, ...] | None:
        """What a frame calls its columns; None where it is no frame."""
        data = self.data
        if isinstance(data, Mapping):
            return tuple(data)
        if hasattr(data, "collect"):
            raise ValueError("data is a frame that is not worked out yet: pass data.collect()")
        found = getattr(data, "column_names", None)
        if found is None and hasattr(data, "__getitem__"):
            found = getattr(data, "columns", None)
        return None if found is None else tuple(found)

    @property
    def names(self) -> tuple[str, ...] | None:
        """The names of a frame's columns, as text; None where it is no frame."""
        keys = self._keys
        return None if keys is None else tuple(map(str, keys))

    def column(self, argument: str, given: object) -> Column | None:
        """The column for an argument: named, if ``data`` is a frame, or given as it is; None for None."""
        if given is None:
            return None
        if not isinstance(given, str | int):
            return column(argument, given)
        keys = self._keys
        if keys is None:
            raise ValueError(f"{argument} is {given!r}, the name of a column, and data is not a frame")
        names = tuple(map(str, keys))
        if str(given) not in names:
            if given == getattr(self._beside, "name", None):
                return column(argument, self._beside, str(given))
            if given in getattr(self._beside, "names", ()):
                raise ValueError(f"{argument} is {given!r}, which is in the index: pass data.reset_index()")
            hint = nearest(str(given), names) or f"Columns: {', '.join(names[:20])}."
            raise ValueError(f"{argument} is {given!r}, which is no column of data. {hint}")
        return column(argument, self._named(argument, keys[names.index(str(given))]), str(given))

    def _named(self, argument: str, key: Any) -> object:
        data = self.data
        if hasattr(data, "__arrow_c_stream__") and not hasattr(data, "to_numpy"):
            return pa.table(data)[key]
        found = data[key]
        if len(getattr(found, "shape", ())) > 1:
            raise ValueError(f"{argument} is {key!r}, and data has more than one column of that name")
        return found

    @property
    def _beside(self) -> object:
        """The index of pandas; of a list, ``index`` is a method."""
        index = getattr(self.data, "index", None)
        return index if hasattr(index, "to_numpy") else None

    @property
    def index(self) -> object | None:
        """The dates or periods that pandas keeps beside its rows; None for mere numbers, and elsewhere."""
        index = self._beside
        temporal = str(getattr(index, "dtype", "")).startswith(("datetime64", "period"))
        return index if temporal else None


def column(argument: str, given: object, name: str = "") -> Column:
    """A column of anything that holds one value after the other. Raises ValueError for anything else."""
    if isinstance(given, str | bytes | Mapping | Set) or not isinstance(given, Iterable):
        raise ValueError(f"{argument} is {given!r}: expected a sequence, an array or a series")
    given = given if isinstance(given, Collection) else list(given)
    shape = getattr(given, "shape", ())
    if len(shape) > 1:
        raise ValueError(
            f"{argument} has {len(shape)} dimensions: give one column, with group= for many series"
        )
    called = name or getattr(given, "name", None)
    name = called if isinstance(called, str) else ""
    return Column(argument, name, _plain(_cells(argument, name, _dated(given))))


def same_length(columns: Sequence[Column]) -> int:
    """How many rows columns have. Raises ValueError unless all are equally long."""
    first, *others = columns
    for other in others:
        if len(other) != len(first):
            shortest, longest = sorted((first, other), key=len)
            raise ValueError(
                f"{longest.argument} has {len(longest)} rows and {shortest.argument} {len(shortest)}: "
                f"there is no {shortest.argument}[{len(shortest)}]"
            )
    return len(first)


def _dated(given: Any) -> Any:
    """Periods of pandas as the days that they begin with; dates of NumPy as days where they are coarser."""
    if str(getattr(given, "dtype", "")).startswith("period"):
        return getattr(given, "dt", given).to_timestamp()
    if (
        isinstance(given, np.ndarray)
        and given.dtype.kind == "M"
        and np.datetime_data(given.dtype)[0] in "YMW"
    ):
        return given.astype("datetime64[D]")
    return given


def _cells(argument: str, name: str, given: Any) -> pa.Array:
    try:
        if hasattr(given, "__arrow_c_stream__"):
            return pa.chunked_array(given).combine_chunks()
        if isinstance(given, pa.Array | np.ndarray) or hasattr(given, "__arrow_c_array__"):
            return pa.array(given, from_pandas=True)
        return pa.array(list(given), from_pandas=True)
    except _UNREADABLE:
        return pa.array(_one_by_one(argument, name, list(given)), type=pa.float64())


def _one_by_one(argument: str, name: str, cells: Sequence[Any]) -> list[float | None]:
    """Numbers of unlike types. Raises ValueError for the first that is none."""
    place = Column(argument, name, pa.nulls(0))
    found: list[float | None] = []
    for row, cell in enumerate(cells):
        if isinstance(cell, Real | Decimal):
            found.append(float(cell))
        elif cell is None or type(cell).__name__ in ("NAType", "NaTType"):
            found.append(None)
        else:
            raise ValueError(
                f"{place.at(row)} is {cell!r}, unlike those before it: a column holds values of one kind"
            )
    return found


def _plain(cells: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The same without dictionaries, chunks and the wider kinds of text; a number that is NaN is none."""
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    if pa.types.is_dictionary(cells.type):
        cells = pa.DictionaryArray.from_arrays(cells.indices, _plain(cells.dictionary)).dictionary_decode()
    if pa.types.is_large_string(cells.type) or pa.types.is_string_view(cells.type):
        cells = cells.cast(pa.string())
    if pa.types.is_floating(cells.type):
        cells = pc.if_else(pc.is_nan(cells), pa.scalar(None, cells.type), cells)
    return cells


def _numeric(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
