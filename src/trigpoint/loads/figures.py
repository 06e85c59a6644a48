"""A column of figures: each a value, or the state that its marker stands for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.definitions.column import Column
from trigpoint.loads.cells import LARGEST, NO_FIGURE, figure_reader
from trigpoint.loads.coded import Coded, Mask, Misread, misread_findings
from trigpoint.terms.panel import State


@dataclass(frozen=True, slots=True, eq=False)
class ReadFigures:
    """Values (float64, null without one) and states of a column; ``bad`` marks its misread rows."""

    values: pa.Array
    states: pa.DictionaryArray
    bad: Mask
    findings: dict[str, pa.Table]


def read_figures(
    name: str, column: Column, cells: pa.ChunkedArray, rows: npt.NDArray[np.int64]
) -> ReadFigures:
    """Figures from texts, one distinct text at a time, or from a typed column of numbers, all at once."""
    kind = cells.type.value_type if pa.types.is_dictionary(cells.type) else cells.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _from_numbers(name, column, cells.cast(kind), rows)
    coded = Coded.of(cells)
    read = figure_reader(column)
    outcomes: list[tuple[float | None, State]] = []
    misread: dict[int, Misread] = {}
    for i, value in enumerate(coded.values):
        try:
            outcomes.append(read(value))
        except Misread as wrong:
            outcomes.append((None, State.VALUE))
            misread[i] = wrong
    bad = coded.where([i in misread for i in range(len(coded.values))])
    return ReadFigures(
        coded.spread([value for value, _ in outcomes], pa.float64()),
        coded.spread([str(state) for _, state in outcomes], pa.string()),
        bad,
        misread_findings(name, coded, rows, bad, misread),
    )


def _from_numbers(
    name: str, column: Column, cells: pa.ChunkedArray, rows: npt.NDArray[np.int64]
) -> ReadFigures:
    """Numbers as they are. Empty and NaN are what ``null`` marks; other markers are numbers themselves."""
    figures = cells.cast(pa.float64(), safe=False).combine_chunks().to_numpy(zero_copy_only=False)
    empty = np.isnan(figures)
    states = np.zeros(figures.size, np.int32)
    for marker, state in column.markers.items():
        states[empty if marker == "null" else figures == _as_number(marker)] = _STATES.index(state)
    faults = np.full(figures.size, -1, np.int64)
    faults[_too_exact(figures, column)] = 2
    faults[np.isinf(figures)] = 1
    faults[empty] = 0
    faults[states != 0] = -1
    misread = {i: fault for i, fault in enumerate(_number_faults(column)) if (faults == i).any()}
    bad = faults >= 0
    return ReadFigures(
        pa.array(np.where(states == 0, figures, np.nan), from_pandas=True),
        pa.DictionaryArray.from_arrays(pa.array(states), pa.array(_STATES)),
        bad,
        misread_findings(name, Coded([], faults), rows, bad, misread),
    )


_STATES = [str(state) for state in State]


def _as_number(marker: str) -> float:
    try:
        return float(marker)
    except ValueError:
        return math.nan


def _too_exact(figures: npt.NDArray[np.float64], column: Column) -> Mask:
    """Figures with more digits than float64 holds, or than the column declares."""
    if column.decimals is None:
        return np.asarray(np.abs(figures) >= LARGEST)
    return np.asarray(np.round(figures, column.decimals) != figures)


def _number_faults(column: Column) -> tuple[Misread, Misread, Misread]:
    limit = (
        f"a figure below {LARGEST:,}" if column.decimals is None else f"at most {column.decimals} decimals"
    )
    return (
        Misread("unknown_marker", "an empty cell or NaN", "a number", NO_FIGURE.format(marker="null")),
        Misread("not_a_number", "infinity", "a number"),
        Misread("not_a_number", "a figure with too many digits", limit),
    )
