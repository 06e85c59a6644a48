"""The grid: figures of every place in every month, as arrays, so that no figure is worked out by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.terms.period import Month

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """The places and months of a grid: an array over it has one row a place and one column a month."""

    places: pa.Array
    months: tuple[Month, ...]

    @classmethod
    def of(cls, places: Iterable[str], months: Iterable[Month]) -> Axes:
        return cls(pa.array(list(dict.fromkeys(places)), pa.string()), tuple(sorted(set(months))))

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.places), len(self.months)

    def cells(self, place: pa.ChunkedArray, index: pa.ChunkedArray) -> tuple[Ints, Flags]:
        """The cell of each row of a table, from its place and its month's index; and which rows have one."""
        row = pc.fill_null(pc.index_in(place, self.places), -1).to_numpy().astype(np.int64)
        known = np.array([month.index for month in self.months], dtype=np.int64)
        wanted = index.to_numpy().astype(np.int64)
        column = np.searchsorted(known, wanted)
        inside = (column < len(known)) & (row >= 0)
        inside &= known[np.minimum(column, max(len(known) - 1, 0))] == wanted if len(known) else False
        return (row * len(known) + column)[inside], inside

    def fill(self, cells: Ints, values: npt.NDArray[np.generic], empty: float = np.nan) -> Floats:
        """An array with values in some cells, each of which comes once, and ``empty`` elsewhere."""
        found = np.full(self.shape, empty)
        found.reshape(-1)[cells] = values
        return found


@dataclass(slots=True, eq=False)
class Amounts:
    """One indicator's amounts on a grid: of both sides where it is a ratio, or a value that is found whole.

    ``known`` says where there is any record. NaN where there is no amount.
    """

    numerator: Floats
    denominator: Floats | None = None
    value: Floats | None = None
    known: Flags = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))


def divided(column: pa.ChunkedArray, per: int) -> Floats:
    """Exact sums as floats, each rounded once: a decimal over a whole number is no sum of floats."""
    if per == 1:
        return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    exact = column.to_pylist()
    return np.array([np.nan if it is None else float(Fraction(it) / per) for it in exact], dtype=np.float64)


def runs(*keys: Sequence[object] | npt.NDArray[np.generic]) -> Ints:
    """Where each run of equal keys starts."""
    arrays = [np.asarray(key) for key in keys]
    if not len(arrays[0]):
        return np.zeros(0, dtype=np.int64)
    changes = np.logical_or.reduce([array[1:] != array[:-1] for array in arrays])
    return np.flatnonzero(np.r_[True, changes]).astype(np.int64)
