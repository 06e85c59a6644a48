"""Units side by side, a row for each: which can be reckoned with, and answers laid back over all rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.analysis.arguments import above
from trigpoint.analysis.arrays import Bools, Floats
from trigpoint.analysis.findings import known, words
from trigpoint.analysis.library.columns import Column, Given, same_length

_NO_FIGURE, _NOBODY = "no figure", "out of nobody"


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Two counts of each unit, by name. ``there`` says of which both are known, and the second not 0.

    ``top`` and ``bottom`` hold these alone; the others stay in every table, with nothing
    said of them. ``out_of`` is what the second is called.
    """

    names: pa.Array
    there: Bools
    top: Floats
    bottom: Floats
    all_top: Floats
    all_bottom: Floats
    out_of: str

    @classmethod
    def of(
        cls,
        data: object,
        top: tuple[str, object],
        bottom: tuple[str, object],
        unit: object,
        *,
        share: bool = False,
    ) -> Units:
        """The columns that two arguments name. In a ``share``, the first is part of the second.

        Raises ValueError, naming the argument and the row, for columns of unequal length, text, what is
        infinite or below zero, a part above its whole, and a unit that is missing or there twice.
        """
        given = Given(data)
        first, second = (needed(given, *argument) for argument in (top, bottom))
        named = given.column("unit", unit)
        same_length([it for it in (first, second, named) if it is not None])
        if not len(first):
            raise ValueError(f"{first.argument} has no rows: there is nothing to compare")
        part, size = first.counts, second.counts
        if share:
            first.refuse_above(second, above(part, size), "A share cannot pass its whole.")
        nobody = (size == 0) & (part > 0)
        first.refuse(nobody, f"counted where {second.argument} is 0. Nothing can happen to nobody.")
        names = pa.array([str(row + 1) for row in range(len(first))]) if named is None else once(named)
        there = ~np.isnan(part) & (size > 0)
        _no_total(names, part, size, there)
        return cls(names, there, part[there], size[there], part, size, second.name or second.argument)

    def laid(self, of_known: npt.NDArray[np.floating]) -> pa.Array:
        """A number of each unit that is known, over all rows."""
        found = np.full(len(self.there), np.nan)
        found[self.there] = of_known
        return known(found)

    def words(self, of_known: npt.ArrayLike, otherwise: str | None = None) -> pa.Array:
        """A word of each unit that is known, over all rows."""
        found = np.full(len(self.there), otherwise, dtype=object)
        found[self.there] = np.asarray(of_known, dtype=object)
        return pa.array(found.tolist(), type=pa.string())

    @property
    def state(self) -> pa.Array:
        """Why a unit is not reckoned with; nothing where it is."""
        codes = np.select([self.there, self.all_bottom == 0], [2, 1], 0)
        return words((_NO_FIGURE, _NOBODY), codes)

    def counts(self, top: str, bottom: str) -> dict[str, pa.Array]:
        """The first columns of every answer."""
        return {"unit": self.names, top: known(self.all_top), bottom: known(self.all_bottom)}


def needed(given: Given, argument: str, value: object) -> Column:
    """A column that cannot be left out."""
    found = given.column(argument, value)
    if found is None:
        hint = f" Columns: {', '.join(given.names[:20])}." if given.data is not None and given.names else ""
        raise ValueError(f"{argument} is missing: name a column, or give one.{hint}")
    return found


def once(named: Column) -> pa.Array:
    """Names of units, each there once."""
    names, code = named.coded()
    seen = np.zeros(len(code), dtype=np.bool_)
    seen[np.unique(code, return_index=True)[1]] = True
    named.refuse(~seen, "which is there twice. Give one row for each unit.")
    return names.take(pa.array(code)).cast(pa.string())


def _no_total(names: pa.Array, part: Floats, size: Floats, there: Bools) -> None:
    """Refuse a row that is all the others together: it would be reckoned with as a unit of its own."""
    if there.sum() < 4:
        return
    every, whole = part[there].sum() - part, size[there].sum() - size
    total = there & np.isclose(part, every, 1e-9, 0) & np.isclose(size, whole, 1e-9, 0) & (part > 0)
    if total.any():
        row = int(total.argmax())
        told = f"{part[row]:,.12g} of {size[row]:,.12g}. A total is no unit: leave the row out."
        raise ValueError(f"unit[{row}], {names[row].as_py()}, is all the others together: {told}")
