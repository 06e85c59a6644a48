"""How far two figures lie apart, with an interval (95%, or another) that says if chance could explain it.

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

from trigpoint.analysis.arguments import above, proportion, ratio, refuse, together
from trigpoint.analysis.arrays import TIE, Bools, Floats
from trigpoint.analysis.rates.intervals import byar_mid_p, wilson

Method = Literal["proportion", "rate"]
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


def apart(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    other_numerator: npt.ArrayLike,
    other_denominator: npt.ArrayLike,
    method: Method,
    confidence: float = 0.95,
) -> Apart:
    """A group's figure less that of another, independent group. The arrays broadcast.

    Raises ValueError for what ``wilson`` or ``byar_mid_p`` would refuse in either group, and for arrays
    that do not fit together.
    """
    parts = proportion if method == "proportion" else ratio
    first = parts("numerator", numerator, "denominator", denominator)
    second = parts("other_numerator", other_numerator, "other_denominator", other_denominator)
    part, size, other, other_size = together(
        numerator=first[0], denominator=first[1], other_numerator=second[0], other_denominator=second[1]
    )
    return _apart(part, size, other, other_size, method, confidence)


def against_rest(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    whole_numerator: npt.ArrayLike,
    whole_denominator: npt.ArrayLike,
    method: Method,
    per: npt.ArrayLike = 1.0,
    confidence: float = 0.95,
) -> Apart:
    """A unit's figure less that of the whole it is part of, ``per`` times the ratio.

    The unit is tested against the rest of the whole, since the two are independent, and the answer
    is shown against the whole: unit - whole = (1 - share) x (unit - rest), where share is the
    unit's part of the whole's denominator. Raises ValueError for what ``apart`` would refuse, a
    unit larger than the whole, and one that is all of it.
    """
    parts = proportion if method == "proportion" else ratio
    first = parts("numerator", numerator, "denominator", denominator)
    second = ratio("whole_numerator", whole_numerator, "whole_denominator", whole_denominator)
    part, size, whole_part, whole_size = together(
        numerator=first[0], denominator=first[1], whole_numerator=second[0], whole_denominator=second[1]
    )
    refuse(above(part, whole_part), "numerator", part, "above whole_numerator")
    refuse(above(size, whole_size), "denominator", size, "above whole_denominator")
    others, other_size = rest(whole_part, part), rest(whole_size, size)
    refuse(other_size == 0, "denominator", size, "all of whole_denominator: there is no rest")
    if method == "proportion":
        beyond = above(others, other_size)
        refuse(beyond, "whole_numerator", whole_part, "more than whole_denominator allows beside the unit")
    found = _apart(part, size, others, other_size, method, confidence)
    found = found.times((1 - size / whole_size) * np.asarray(per))
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
    return np.asarray(there & ~above(numerator, denominator) if method == "proportion" else there)


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


def _apart(
    part: Floats, size: Floats, other_part: Floats, other_size: Floats, method: Method, confidence: float
) -> Apart:
    first, second = part / size, other_part / other_size
    if method == "proportion":
        low, high = wilson(part, size, confidence)
        other_low, other_high = wilson(other_part, other_size, confidence)
    else:
        low, high = (limit / size for limit in byar_mid_p(part, confidence))
        other_low, other_high = (limit / other_size for limit in byar_mid_p(other_part, confidence))
    difference = first - second
    return Apart(
        difference,
        difference - np.hypot(first - low, other_high - second),
        difference + np.hypot(high - first, second - other_low),
    )
