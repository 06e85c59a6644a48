"""What callers hand in, checked: each fault names the argument, the position and what is there."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arrays import TIE, Bools, Floats


def finite(**given: npt.ArrayLike) -> dict[str, Floats]:
    """Arguments as floats, none of them text, infinite or missing."""
    found = {name: _floats(name, values) for name, values in given.items()}
    for name, values in found.items():
        refuse(~np.isfinite(values), name, values, "not a number")
    return found


def numbers(**given: npt.ArrayLike) -> dict[str, Floats]:
    """Arguments as floats, none of them text, negative, infinite or missing."""
    found = finite(**given)
    for name, values in found.items():
        refuse(values < 0, name, values, "below zero")
    return found


def positive(name: str, value: npt.ArrayLike) -> Floats:
    """An argument whose every number is above zero."""
    found = numbers(**{name: value})[name]
    refuse(np.asarray(found == 0), name, found, "not above zero")
    return found


def ratio(top: str, part: npt.ArrayLike, bottom: str, size: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Numerators and denominators broadcast together, each denominator above zero."""
    given = numbers(**{top: part, bottom: size})
    refuse(np.asarray(given[bottom] == 0), bottom, given[bottom], "not above zero")
    below, whole = together(**given)
    return below, whole


def proportion(top: str, part: npt.ArrayLike, bottom: str, size: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The same, with no numerator above its denominator."""
    below, whole = ratio(top, part, bottom, size)
    refuse(above(below, whole), top, below, f"above {bottom}")
    return below, whole


def above(part: Floats, whole: Floats) -> Bools:
    """Whether a part is larger than its whole by more than rounding."""
    return np.asarray(part > whole * (1 + TIE))


def together(**given: Floats) -> tuple[Floats, ...]:
    """Arguments broadcast together. Raises ValueError, with the lengths, for those that do not fit."""
    try:
        return tuple(np.broadcast_arrays(*given.values()))
    except ValueError:
        raise ValueError(_unfit(given)) from None


def alike(**columns: npt.NDArray[Any]) -> None:
    """Raise ValueError unless the columns of a table are as long as each other."""
    for name, values in columns.items():
        if values.ndim != 1:
            raise ValueError(f"{name} is not a column: it has {values.ndim} dimensions, not 1")
    if len({values.size for values in columns.values()}) > 1:
        raise ValueError(_unequal({name: values.size for name, values in columns.items()}))


def refuse(wrong: Bools, name: str, values: npt.NDArray[Any], why: str) -> None:
    """Raise ValueError for the first place where ``wrong`` holds: ``numerator[3] is -1, below zero``."""
    if wrong.any():
        place = tuple(int(at) for at in np.argwhere(wrong)[0])
        found = values[place].item() if isinstance(values[place], np.generic) else values[place]
        told = f"{found:g}" if isinstance(found, float) else repr(found)
        raise ValueError(f"{at(name, place)} is {told}, {why}")


def at(name: str, place: tuple[int, ...]) -> str:
    """An argument's name with a position: ``numerator[3]``; only the name, of a single number."""
    return f"{name}[{', '.join(map(str, place))}]" if place else name


def _floats(name: str, values: npt.ArrayLike) -> Floats:
    """Numbers of any kind as floats; a masked one, or none, as NaN. Text is refused, also "12"."""
    if isinstance(values, np.ma.MaskedArray):
        return np.ma.filled(values.astype(np.float64), np.nan)
    try:
        plain = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} is not an array: its rows are of different lengths") from None
    if plain.dtype.kind in "biuf":
        return plain.astype(np.float64, copy=False)
    cells = np.asarray(values, dtype=object)
    for place, cell in np.ndenumerate(cells):
        if not isinstance(cell, Real | Decimal):
            raise ValueError(f"{at(name, place)} is {cell!r}, not a number")
    return cells.astype(np.float64)


def _unfit(given: Mapping[str, Floats]) -> str:
    shapes = {values.shape for values in given.values()}
    if all(len(shape) <= 1 for shape in shapes):
        return _unequal(
            {name: values.size for name, values in given.items() if values.shape not in ((), (1,))}
        )
    told = ", ".join(f"{name} {values.shape}" for name, values in given.items())
    return f"these do not fit together: {told}"


def _unequal(sizes: Mapping[str, int]) -> str:
    longest, shortest = max(sizes, key=sizes.__getitem__), min(sizes, key=sizes.__getitem__)
    most, least = sizes[longest], sizes[shortest]
    return f"{longest} has {most} figures and {shortest} {least}: there is no {shortest}[{least}]"
