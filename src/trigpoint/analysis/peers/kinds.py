"""Kinds of figure that units are compared by, and the scale on which chance moves large and small alike.

A count that is expected to be E, out of a size n, varies by E (1 + bend E/n): ``bend`` is -1 for the
people of a proportion (binomial), 0 for events over an exposure or over an expected number (Poisson),
and 1 for the ratio of two counts that both vary by chance (negative binomial, given the second).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arguments import alike, finite, proportion, ratio
from trigpoint.analysis.arrays import Floats

Kind = Literal["proportion", "rate", "standardised", "counts"]
"""``standardised`` is observed over expected; ``counts`` is a ratio of two counts."""
KINDS: tuple[Kind, ...] = get_args(Kind)
BEND = MappingProxyType({"proportion": -1, "rate": 0, "standardised": 0, "counts": 1})


def columns(numerator: npt.ArrayLike, denominator: npt.ArrayLike, kind: Kind) -> tuple[Floats, Floats]:
    """Numerators and denominators of units, checked: each fault names the argument and the position."""
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(KINDS)}")
    alike(**finite(numerator=numerator, denominator=denominator))
    parts = proportion if kind == "proportion" else ratio
    part, size = parts("numerator", numerator, "denominator", denominator)
    if not part.size:
        raise ValueError("numerator is empty: there are no units")
    return part, size


def steady(ratio: Floats, bend: int) -> Floats:
    """The scale on which chance varies high and low figures alike (Bartlett 1947, Biometrics 3:39-52)."""
    root = np.sqrt(ratio)
    if bend == 0:
        return root
    return np.arcsin(np.minimum(root, 1.0)) if bend < 0 else np.arctan(root)


def unsteady(scaled: Floats, bend: int) -> Floats:
    """Back from ``steady``: what lies beyond an end of the scale is the end."""
    if bend == 0:
        return np.maximum(scaled, 0.0) ** 2
    angle = np.clip(scaled, 0.0, np.pi / 2)
    return np.asarray((np.sin(angle) if bend < 0 else np.tan(angle)) ** 2)


def deviation(size: Floats, target: float, bend: int) -> Floats:
    """The standard deviation on that scale, of figures whose truth is the target."""
    return np.asarray(0.5 / np.sqrt(size * (1 + target) if bend > 0 else size))


def placed(part: Floats, size: Floats, bend: int) -> tuple[Floats, Floats]:
    """Figures on that scale with their standard deviations, fit for small counts and for none at all
    (Anscombe 1948, Biometrika 35:246-254)."""
    if bend == 0:
        return np.sqrt((part + 0.375) / size), 0.5 / np.sqrt(size)
    trials = size if bend < 0 else size + part
    return np.arcsin(np.sqrt((part + 0.375) / (trials + 0.75))), 0.5 / np.sqrt(trials + 0.5)


def scores(part: Floats, size: Floats, target: float, bend: int) -> Floats:
    """How many standard deviations each figure lies from where the target would place it."""
    here, spread = placed(part, size, bend)
    trials = size if bend <= 0 else size + part
    expected = trials * target if bend <= 0 else trials * (target / (1 + target))
    there, _ = placed(expected, trials if bend <= 0 else trials - expected, bend)
    return np.asarray((here - there) / spread)
