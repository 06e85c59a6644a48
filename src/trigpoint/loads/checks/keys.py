"""Rows by key: which rows share one, and the check that none does twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.loads.findings import findings_table

_ROOM = 2**62


def codes_of(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Small whole numbers, from 0, that are equal where the column's values are."""
    array = column.combine_chunks()
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    indices = array.indices.fill_null(len(array.dictionary))
    return np.asarray(indices, np.int64)


def key_codes(table: pa.Table, names: Sequence[str]) -> npt.NDArray[np.int64]:
    """Numbers that are equal where the rows agree in all of these columns."""
    keys, size = np.zeros(table.num_rows, np.int64), 1
    for name in names:
        codes = codes_of(table[name])
        width = int(codes.max(initial=0)) + 1
        if size * width > _ROOM:
            distinct, keys = np.unique(keys, return_inverse=True)
            size = distinct.size
        keys, size = keys * width + codes, size * width
    return keys


def repeats(keys: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The places of rows whose key stands in an earlier row, and the place where each stands first."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.concatenate(([True], ordered[1:] != ordered[:-1])) if keys.size else np.zeros(0, bool)
    first = order[np.maximum.accumulate(np.where(starts, np.arange(keys.size), 0))]
    places = np.flatnonzero(~starts)
    by_row = np.argsort(order[places], kind="stable")
    return order[places][by_row], first[places][by_row]


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """Rows that say again what an earlier row says, with their places, and rows that contradict one."""

    repetitions: pa.Table
    places: npt.NDArray[np.int64]
    contradictions: pa.Table


def repeated(table: pa.Table, key: Sequence[str]) -> Repeated:
    """The rows whose key an earlier row has; ``row`` is what a table's rows are known by."""
    payload = [name for name in table.column_names if name not in (*key, "row")]
    later, first = repeats(key_codes(table, key))
    agree = np.ones(later.size, bool)
    for name in payload:
        codes = codes_of(table[name])
        agree &= codes[later] == codes[first]
    return Repeated(
        _findings(table, key, later[agree], first[agree], _repetition, _DELETE),
        later[agree],
        _findings(table, key, later[~agree], first[~agree], _contradiction(payload), _TELL_APART),
    )


_DELETE = "Whole rows that say the same: delete one, or have `duplicate_key: note` keep it once."
_TELL_APART = (
    "Rows that contradict one another: delete the one that does not belong, "
    "or declare the column that tells the two apart."
)
Row: TypeAlias = dict[str, Any]


def _findings(
    table: pa.Table,
    key: Sequence[str],
    later: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    told: Callable[[Row, Row], str],
    remedy: str,
) -> pa.Table:
    again, before = table.take(pa.array(later)).to_pylist(), table.take(pa.array(first)).to_pylist()
    found = [
        f"{', '.join(str(row[name]) for name in key)} again, {told(row, earlier)}"
        for row, earlier in zip(again, before, strict=True)
    ]
    return findings_table([row["row"] for row in again], ", ".join(key), found, "each key once", remedy)


def _repetition(_: Row, earlier: Row) -> str:
    return f"the same in all as row {earlier['row']}"


def _contradiction(payload: Sequence[str]) -> Callable[[Row, Row], str]:
    """Says what the two have, of what they differ in."""

    def told(row: Row, earlier: Row) -> str:
        differing = [name for name in payload if row[name] != earlier[name]]
        return f"with {_told(row, differing)}; row {earlier['row']} has {_told(earlier, differing)}"

    return told


def _told(row: Row, names: Sequence[str]) -> str:
    return ", ".join(f"{name} {'blank' if row[name] is None else row[name]}" for name in names)
