"""What is required of one indicator, for every unit and month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arrays import Bools, Codes, Floats
from trigpoint.analysis.history import History
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.standard import Standard


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """The standards of one name, [units, months].

    ``required`` is NaN where none of the name holds, ``tolerance`` where there is none;
    ``sense`` is 1 where at least, -1 where at most so much is required.
    """

    name: str
    set_by: npt.NDArray[np.str_]
    required: Floats
    tolerance: Floats
    sense: Codes
    trajectory: Bools
    primary: Bools


def requirements(history: History, catalogue: Catalogue) -> tuple[Requirement, ...]:
    """One for each name of a standard, in the order in which they are declared."""
    names = dict.fromkeys(standard.name for standard in history.indicator.standards)
    # Standards that hold everywhere are looked up once, for one unit in place of all.
    units = history.units if history.indicator.standards_differ else history.units[:1]
    held: dict[str, dict[tuple[int, int], Standard]] = {name: {} for name in names}
    for u, unit in enumerate(units):
        for m, month in enumerate(history.months):
            for standard in catalogue.standards(history.code, unit, month):
                held[standard.name][u, m] = standard
    return tuple(_requirement(name, held[name], history, len(units)) for name in names)


def _requirement(
    name: str, held: dict[tuple[int, int], Standard], history: History, units: int
) -> Requirement:
    months = history.months
    shape = (units, len(months))
    set_by = np.full(shape, "", dtype="<U16")
    required, tolerance = np.full(shape, np.nan), np.full(shape, np.nan)
    sense = np.ones(shape, dtype=np.int8)
    trajectory, primary = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for place, standard in held.items():
        set_by[place] = standard.set_by
        required[place] = standard.required(months[place[1]])
        tolerance[place] = np.nan if standard.tolerance is None else standard.tolerance
        sense[place] = 1 if standard.sense == "at_least" else -1
        trajectory[place] = standard.trajectory
        primary[place] = standard.primary
    arrays = (set_by, required, tolerance, sense, trajectory, primary)
    return Requirement(name, *(np.broadcast_to(array, history.values.shape) for array in arrays))
