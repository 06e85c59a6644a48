"""Rows of a long table told apart by area and band, many areas at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.analysis.arguments import alike, numbers, refuse
from trigpoint.analysis.arrays import Bools, Floats, Ints

Names = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The different labels of a column in order of first appearance, [labels], and each row's, [rows]."""

    names: Names
    code: Ints

    @classmethod
    def of(cls, name: str, column: Iterable[object]) -> Labels:
        """Raises ValueError for a label that is missing, and for text among numbers."""
        rows = np.array(column, dtype=object) if isinstance(column, list | tuple) else np.asarray(column)
        alike(**{name: rows})
        try:
            labels = pa.array(rows, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            raise ValueError(_mixed(name, rows)) from None
        missing = labels.is_null().to_numpy(zero_copy_only=False)
        if missing.any():
            raise ValueError(f"{name}[{missing.argmax()}] is missing: every row needs one")
        coded = labels.dictionary_encode()
        code = coded.indices.to_numpy().astype(np.int64)
        return cls(coded.dictionary.to_numpy(zero_copy_only=False), code)

    def __len__(self) -> int:
        return len(self.names)

    def total(self, amounts: Floats) -> Floats:
        """The sum over each label's rows, [labels]."""
        return np.asarray(np.bincount(self.code, amounts, len(self)), dtype=np.float64)

    def has(self, which: Bools) -> Bools:
        """Whether ``which`` holds for some row of a label, [labels]."""
        return np.bincount(self.code[which], minlength=len(self)) > 0


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """What each row of a table is about: an area and one of so many ``bands``."""

    area: Labels
    band: Ints
    bands: int

    @classmethod
    def of(
        cls, area: Iterable[object], band: Iterable[object], known: Iterable[Hashable], **columns: Floats
    ) -> Cells:
        """Bands are told by their place among those ``known``.

        Raises ValueError for a band that is not among them, and unless all columns are equally long.
        """
        areas, labels = Labels.of("area", area), Labels.of("band", band)
        alike(area=areas.code, band=labels.code, **columns)
        place = {label: at for at, label in enumerate(known)}
        code = np.array([place.get(label, -1) for label in labels.names.tolist()], dtype=np.int64)
        rows = code[labels.code]
        expected = ", ".join(map(str, place)) or "none at all"
        refuse(rows < 0, "band", labels.names[labels.code], f"not one of the bands to go by: {expected}")
        return cls(areas, rows, len(place))

    def first(self, part: Ints | None = None, parts: int = 1) -> Ints:
        """For each row, the first that has the same area and band (and the same of so many ``parts``)."""
        key = self.area.code * self.bands + self.band
        if part is not None:
            key = key * parts + part
        rows = np.arange(len(key))
        first = np.empty(len(self.area) * self.bands * parts, dtype=np.int64)
        first[key[::-1]] = rows[::-1]  # of several rows, the one that is written last stays
        return np.asarray(first[key])

    def once(self, first: Ints) -> None:
        """Raise ValueError for a row that is not the first of its kind."""
        again = first != np.arange(len(first))
        if again.any():
            row = int(again.argmax())
            area = self.area.names[self.area.code[row]]
            raise ValueError(
                f"band[{row}] of area {area!r} is there already, in row {first[row]}: keep one row"
            )

    def missing(self) -> Bools:
        """Whether an area has no row at all for some band, [areas]."""
        opens = self.first() == np.arange(len(self.band))
        return np.asarray(self.area.total(opens.astype(np.float64)) < self.bands)

    def in_order(self) -> Iterator[tuple[int, Ints]]:
        """Each area with its rows, in the order of the bands."""
        order = np.lexsort((self.band, self.area.code))
        starts = np.searchsorted(self.area.code[order], np.arange(1, len(self.area)))
        yield from zip(range(len(self.area)), np.split(order, starts), strict=False)


def _mixed(name: str, rows: Names) -> str:
    """What is wrong with labels that are not of one kind: the first that is unlike the one before it."""
    text = np.array([isinstance(label, str) for label in rows.tolist()])
    at = int(np.argmax(text != text[0]))
    return f"{name}[{at}] is {rows[at]!r} and {name}[0] {rows[0]!r}: labels are all text, or all numbers"


def keyed(name: str, given: object) -> None:
    """Raise ValueError unless an argument is a mapping from bands."""
    if not isinstance(given, Mapping):
        raise ValueError(f"{name} is {given!r}, not a mapping from bands")


def by_band(name: str, given: Mapping[Any, float]) -> Floats:
    """A number for each band, [bands]: none of them text, negative, infinite or missing."""
    found = numbers(**{f"{name}[{band!r}]": value for band, value in given.items()})
    return np.array([float(value) for value in found.values()])
