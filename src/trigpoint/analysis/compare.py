"""How far two figures lie apart, with a 95% interval that says whether chance could explain it.

Each group's own interval is reckoned first, and the two are then joined into one of their difference
(MOVER: Zou and Donner 2008, Statistics in Medicine 27:1693-1702; Donner and Zou 2012, Statistical
Methods in Medical Research 21:347-359). Of Wilson's intervals this makes Newcombe's hybrid score
interval, method 10 of Newcombe (1998), Statistics in Medicine 17:873-890.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.limits import TIE, Bools, Floats

Method = Literal["proportion", "rate"]
Z = 1.959963984540054
"""The normal quantile of 0.975: intervals are of 95%."""
FEWEST = 10
"""A proportion of fewer people than this is not judged."""
FEWEST_MISSES = 1
"""Nor is one of which fewer would be expected to miss (or to meet): a single one would decide."""
FEWEST_EXPECTED = 5
"""A rate is not judged where fewer events than this would be expected."""


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """Differences, each with its interval."""

    difference: Floats
    lower: Floats
    upper: Floats

    @property
    def beyond_chance(self) -> Bools:
        """Whether the interval leaves zero out."""
        return np.asarray((self.lower > 0) | (self.upper < 0))

    def times(self, factor: npt.ArrayLike) -> Apart:
        """The same in another measure: ``factor`` is not negative."""
        by = np.asarray(factor, dtype=np.float64)
        return Apart(self.difference * by, self.lower * by, self.upper * by)


def wilson(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The score interval of a proportion (Wilson 1927, JASA 22:209-212).

    Raises ValueError for a numerator that is negative or above its denominator, and for a
    denominator that is not above zero.
    """
    part, whole = _proportion("numerator", numerator, "denominator", denominator)
    return _wilson(part, whole)


def poisson(events: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The interval of the events that were to be expected, by Byar's approximation to the mid-P limits.

    Both limits are those of x + 1/2 events (Rothman 2002, Epidemiology: An Introduction; ``pois.byar``
    of R's epitools). Raises ValueError for a negative number.
    """
    return _poisson(_numbers(events=events)["events"])


def apart(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    other_numerator: npt.ArrayLike,
    other_denominator: npt.ArrayLike,
    method: Method,
) -> Apart:
    """A group's figure less that of another, independent group. The arrays broadcast.

    Raises ValueError for what ``wilson`` or ``poisson`` would refuse in either group.
    """
    ratio = _proportion if method == "proportion" else _rate
    first = ratio("numerator", numerator, "denominator", denominator)
    second = ratio("other_numerator", other_numerator, "other_denominator", other_denominator)
    return _apart(*first, *second, method)


def against_rest(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    whole_numerator: npt.ArrayLike,
    whole_denominator: npt.ArrayLike,
    method: Method,
    per: npt.ArrayLike = 1.0,
) -> Apart:
    """A unit's figure less that of the whole it is part of, ``per`` times the ratio.

    The unit is tested against the rest of the whole, since the two are independent, and the answer
    is shown against the whole: unit - whole = (1 - share) x (unit - rest), where share is the
    unit's part of the whole's denominator. Raises ValueError for what ``apart`` would refuse, a
    unit larger than the whole, and one that is all of it.
    """
    ratio = _proportion if method == "proportion" else _rate
    first = ratio("numerator", numerator, "denominator", denominator)
    second = _rate("whole_numerator", whole_numerator, "whole_denominator", whole_denominator)
    part, size, whole_part, whole_size = np.broadcast_arrays(*first, *second)
    _refuse(_above(part, whole_part), "numerator", part, "above whole_numerator")
    _refuse(_above(size, whole_size), "denominator", size, "above whole_denominator")
    others, other_size = rest(whole_part, part), rest(whole_size, size)
    _refuse(other_size == 0, "denominator", size, "all of whole_denominator: there is no rest")
    if method == "proportion":
        beyond = _above(others, other_size)
        _refuse(beyond, "whole_numerator", whole_part, "more than whole_denominator allows beside the unit")
    found = _apart(part, size, others, other_size, method).times((1 - size / whole_size) * np.asarray(per))
    difference = (part / size - whole_part / whole_size) * np.asarray(per)
    # An end that coincides with the difference is not to pass it by rounding.
    return Apart(difference, np.minimum(found.lower, difference), np.maximum(found.upper, difference))


def rest(whole: Floats, part: Floats) -> Floats:
    """What is left of the whole without a part; nothing, where the difference is only rounding."""
    left = whole - part
    return np.where(np.abs(left) <= TIE * np.abs(whole), 0.0, left)


def possible(numerator: Floats, denominator: Floats, method: Method) -> Bools:
    """Whether a group's parts can be compared at all: those that ``apart`` would not refuse."""
    there = np.isfinite(numerator) & np.isfinite(denominator) & (numerator >= 0) & (denominator > 0)
    return np.asarray(there & ~_above(numerator, denominator) if method == "proportion" else there)


def too_few(
    numerator: Floats, denominator: Floats, other_numerator: Floats, other_denominator: Floats, method: Method
) -> Bools:
    """Whether a group, or the others that it is compared with, are too few to judge by.

    What is expected of the smaller of the two is reckoned at the figure of both together.
    """
    smaller = np.minimum(denominator, other_denominator)
    everyone, events = denominator + other_denominator, numerator + other_numerator
    if method == "rate":
        return np.asarray(smaller * events < FEWEST_EXPECTED * everyone)
    scarcer = np.minimum(events, everyone - events)
    return np.asarray((smaller < FEWEST) | (smaller * scarcer < FEWEST_MISSES * everyone))


def _apart(part: Floats, size: Floats, other_part: Floats, other_size: Floats, method: Method) -> Apart:
    first, second = part / size, other_part / other_size
    if method == "proportion":
        low, high = _wilson(part, size)
        other_low, other_high = _wilson(other_part, other_size)
    else:
        low, high = (limit / size for limit in _poisson(part))
        other_low, other_high = (limit / other_size for limit in _poisson(other_part))
    difference = first - second
    return Apart(
        difference,
        difference - np.hypot(first - low, other_high - second),
        difference + np.hypot(high - first, second - other_low),
    )


def _wilson(part: Floats, size: Floats) -> tuple[Floats, Floats]:
    share = np.minimum(part / size, 1.0)
    middle = share + Z**2 / (2 * size)
    half = Z * np.sqrt(share * (1 - share) / size + (Z / (2 * size)) ** 2)
    shrunk = 1 + Z**2 / size
    # At the ends the limit is the end; written out, so that rounding cannot miss it.
    low = np.where(share == 0, 0.0, (middle - half) / shrunk)
    return low, np.where(share == 1, 1.0, (middle + half) / shrunk)


def _poisson(events: Floats) -> tuple[Floats, Floats]:
    moved = events + 0.5
    centre, step = 1 - 1 / (9 * moved), Z / (3 * np.sqrt(moved))
    return moved * np.maximum(centre - step, 0) ** 3, moved * (centre + step) ** 3


def _proportion(top: str, part: npt.ArrayLike, bottom: str, size: npt.ArrayLike) -> tuple[Floats, Floats]:
    below, whole = _rate(top, part, bottom, size)
    _refuse(_above(below, whole), top, below, f"above {bottom}")
    return below, whole


def _rate(top: str, part: npt.ArrayLike, bottom: str, size: npt.ArrayLike) -> tuple[Floats, Floats]:
    given = _numbers(**{top: part, bottom: size})
    _refuse(np.asarray(given[bottom] == 0), bottom, given[bottom], "not above zero")
    below, whole = np.broadcast_arrays(given[top], given[bottom])
    return below, whole


def _numbers(**given: npt.ArrayLike) -> dict[str, Floats]:
    """Arguments as floats, none of them negative, infinite or missing."""
    found = {name: np.asarray(numbers, dtype=np.float64) for name, numbers in given.items()}
    for name, numbers in found.items():
        _refuse(~np.isfinite(numbers), name, numbers, "not a number")
        _refuse(numbers < 0, name, numbers, "below zero")
    return found


def _above(part: Floats, whole: Floats) -> Bools:
    return np.asarray(part > whole * (1 + TIE))


def _refuse(wrong: npt.NDArray[np.bool_], name: str, numbers: Floats, why: str) -> None:
    if wrong.any():
        place = tuple(int(at) for at in np.argwhere(wrong)[0])
        where = f"[{', '.join(map(str, place))}]" if place else ""
        raise ValueError(f"{name}{where} is {numbers[place]:g}, {why}")
