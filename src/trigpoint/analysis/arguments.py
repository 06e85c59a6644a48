"""What callers hand in, checked: each fault names the argument, the position and what is there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arrays import TIE, Bools, Floats


def numbers(**given: npt.ArrayLike) -> dict[str, Floats]:
    """Arguments as floats, none of them negative, infinite or missing."""
    found = {name: np.asarray(values, dtype=np.float64) for name, values in given.items()}
    for name, values in found.items():
        refuse(~np.isfinite(values), name, values, "not a number")
        refuse(values < 0, name, values, "below zero")
    return found


def ratio(top: str, part: npt.ArrayLike, bottom: str, size: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Numerators and denominators broadcast together, each denominator above zero."""
    given = numbers(**{top: part, bottom: size})
    refuse(np.asarray(given[bottom] == 0), bottom, given[bottom], "not above zero")
    below, whole = np.broadcast_arrays(given[top], given[bottom])
    return below, whole


def proportion(top: str, part: npt.ArrayLike, bottom: str, size: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The same, with no numerator above its denominator."""
    below, whole = ratio(top, part, bottom, size)
    refuse(above(below, whole), top, below, f"above {bottom}")
    return below, whole


def above(part: Floats, whole: Floats) -> Bools:
    """Whether a part is larger than its whole by more than rounding."""
    return np.asarray(part > whole * (1 + TIE))


def refuse(wrong: Bools, name: str, values: Floats, why: str) -> None:
    """Raise ValueError for the first place where ``wrong`` holds: ``numerator[3] is -1, below zero``."""
    if wrong.any():
        place = tuple(int(at) for at in np.argwhere(wrong)[0])
        where = f"[{', '.join(map(str, place))}]" if place else ""
        raise ValueError(f"{name}{where} is {values[place]:g}, {why}")
