"""The rows of an answer as Arrow columns, each of the type that its database gave it."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from trigpoint.terms.errors import DeliveryRefused, Fault

_MOST_DIGITS = 38
_TYPES: dict[type, pa.DataType | None] = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    Decimal: None,  # as many digits and places as its values have
    str: pa.string(),
    dt.date: pa.date32(),
    dt.datetime: pa.timestamp("us"),
}
_NAMES = {
    bool: "booleans",
    int: "whole numbers from -2^63 to 2^63 - 1",
    float: "numbers",
    Decimal: f"decimals of at most {_MOST_DIGITS} digits",
    str: "texts",
    dt.date: "dates",
    dt.datetime: "times",
    bytearray: "binary data",
    uuid.UUID: "GUIDs",
    dt.time: "times of day",
}
_MISFIT = (pa.ArrowException, OverflowError, TypeError, ValueError)


@dataclass(slots=True)
class Columns:
    """The columns of an answer, which grow by batches of rows."""

    connection: str
    names: list[str]
    kinds: list[type]
    parts: list[list[pa.Array]]
    rows: int = field(default=0)
    quoting: bool = True

    @classmethod
    def of(cls, connection: str, description: Sequence[Sequence[Any]], quoting: bool = True) -> Columns:
        """Empty ones. Raises DeliveryRefused for a type that figures and records do not have.

        Without ``quoting``, no value is ever shown.
        """
        names, kinds = [str(it[0]) for it in description], [it[1] for it in description]
        faults = [
            _unknown(connection, name, _NAMES.get(kind, str(kind)), i)
            for i, (name, kind) in enumerate(zip(names, kinds, strict=True), 1)
            if kind not in _TYPES
        ]
        if faults:
            raise _refusal(connection, faults)
        return cls(connection, names, kinds, [[] for _ in names], quoting=quoting)

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Raises DeliveryRefused, with its row, for a value that its column's type does not hold."""
        for at, values in enumerate(zip(*rows, strict=True)):
            try:
                self.parts[at].append(_array(self.kinds[at], values))
            except _MISFIT:
                raise self._misfit(at, values) from None
        self.rows += len(rows)

    def table(self) -> pa.Table:
        arrays = [self._joined(at) for at in range(len(self.names))]
        return pa.Table.from_arrays(arrays, self.names)

    def _joined(self, at: int) -> pa.ChunkedArray:
        kind, parts = _TYPES[self.kinds[at]], self.parts[at]
        if kind is not None:
            return pa.chunked_array(parts, kind)
        found = [part.type for part in parts if pa.types.is_decimal(part.type)]
        places = max((it.scale for it in found), default=0)
        digits = max((it.precision - it.scale for it in found), default=1) + places
        if digits > _MOST_DIGITS:
            remedy = "Cast it in the query, such as to numeric(18, 4)."
            raise _refusal(self.connection, [self._fault(at, f"{digits} digits", remedy)])
        shared = pa.decimal128(digits, places)
        return pa.chunked_array([part.cast(shared) for part in parts], shared)

    def _misfit(self, at: int, values: Sequence[Any]) -> DeliveryRefused:
        row = next(i for i, value in enumerate(values) if not _fits(self.kinds[at], value))
        remedy = "Cast the column in the query to the type that its values have."
        found = str(values[row])[:40] if self.quoting else "a value, not quoted,"
        return _refusal(self.connection, [self._fault(at, found, remedy, self.rows + row + 1)])

    def _fault(self, at: int, found: str, remedy: str, row: int | None = None) -> Fault:
        name, expected = self.names[at], _NAMES[self.kinds[at]]
        return Fault(
            self.connection, found, f"{expected}, as its type says", remedy, row, at + 1, name, "column_type"
        )


def column_of_unknown_type(
    connection: str, told: str, description: Sequence[Sequence[Any]]
) -> DeliveryRefused | None:
    """The refusal of a type that pyodbc itself does not know, which it tells by the column's place."""
    found = re.search(r"ODBC SQL type (-?\d+) .*column-index=(\d+)", told)
    if found is None:
        return None
    at = int(found[2])
    return _refusal(
        connection, [_unknown(connection, str(description[at][0]), f"ODBC's type {found[1]}", at + 1)]
    )


def _unknown(connection: str, name: str, kind: str, column: int) -> Fault:
    return Fault(
        connection,
        f"{kind} in column {name!r}",
        "numbers, texts, dates, times or booleans",
        "Leave it out of the query, or cast it to text there.",
        column=column,
        field=name,
        check="column_type",
    )


def _array(kind: type, values: Sequence[Any]) -> pa.Array:
    return pa.array(values, _TYPES[kind])


def _fits(kind: type, value: Any) -> bool:
    try:
        _array(kind, [value])
    except _MISFIT:
        return False
    return True


def _refusal(connection: str, faults: Sequence[Fault]) -> DeliveryRefused:
    return DeliveryRefused(f"The answer of {connection} was not taken; nothing was kept.", faults)
