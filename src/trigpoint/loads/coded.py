"""Columns as their distinct values, so that a value is read once however many rows hold it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.loads.findings import FINDINGS, findings_table

Mask: TypeAlias = npt.NDArray[np.bool_]


class Misread(Exception):
    """A cell that does not say what its column holds. The delivery is refused for it."""

    def __init__(self, check: str, found: str, expected: str, remedy: str = "") -> None:
        super().__init__(found)
        self.check, self.found, self.expected, self.remedy = check, found, expected, remedy


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column: its distinct values (None for empty cells) and each row's place among them."""

    values: Sequence[Any]
    codes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> Coded:
        array = column.combine_chunks()
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        values = array.dictionary.to_pylist()
        codes = array.indices.fill_null(len(values)).to_numpy(zero_copy_only=False).astype(np.int64)
        return cls([*values, None] if array.null_count else values, codes)

    def where(self, wanted: Sequence[bool]) -> Mask:
        """The rows whose value is wanted; ``wanted`` answers for each distinct value."""
        return np.asarray(wanted, bool)[self.codes]

    def spread(self, results: Sequence[Any], kind: pa.DataType) -> pa.Array:
        """A result for each distinct value, as a column."""
        if pa.types.is_string(kind):
            return _dictionary(results, self.codes)
        return pa.array(results, kind).take(pa.array(self.codes))


def _dictionary(texts: Sequence[str | None], codes: npt.NDArray[np.int64]) -> pa.DictionaryArray:
    """Texts by code, each distinct text once in the dictionary."""
    distinct = list(dict.fromkeys(text for text in texts if text is not None))
    place = {text: i for i, text in enumerate(distinct)}
    indices = pa.array([None if text is None else place[text] for text in texts], pa.int32())
    return pa.DictionaryArray.from_arrays(indices.take(pa.array(codes)), pa.array(distinct, pa.string()))


@dataclass(frozen=True, slots=True, eq=False)
class ReadColumn:
    """A column as it was read; ``bad`` marks the rows of its findings, which are null in ``values``."""

    values: pa.Array
    bad: Mask
    findings: dict[str, pa.Table]
    """By check, tables of ``FINDINGS``."""


def read_column(
    name: str, coded: Coded, rows: npt.NDArray[np.int64], read: Callable[[Any], Any], kind: pa.DataType
) -> ReadColumn:
    """The column that ``read`` makes of each distinct value; a value it raises Misread for is a finding."""
    results: list[Any] = []
    misread: dict[int, Misread] = {}
    for i, value in enumerate(coded.values):
        try:
            results.append(read(value))
        except Misread as wrong:
            results.append(None)
            misread[i] = wrong
    bad = coded.where([i in misread for i in range(len(coded.values))])
    return ReadColumn(coded.spread(results, kind), bad, misread_findings(name, coded, rows, bad, misread))


def misread_findings(
    name: str, coded: Coded, rows: npt.NDArray[np.int64], bad: Mask, misread: dict[int, Misread]
) -> dict[str, pa.Table]:
    """By check, a finding for each row whose value was misread."""
    found: dict[str, list[pa.Table]] = {}
    places = np.flatnonzero(bad)
    for i, wrong in misread.items():
        at = rows[places[coded.codes[places] == i]]
        table = findings_table(at, name, pa.repeat(wrong.found, at.size), wrong.expected, wrong.remedy)
        found.setdefault(wrong.check, []).append(table)
    return {check: pa.concat_tables([FINDINGS.empty_table(), *tables]) for check, tables in found.items()}
