"""Between which counts chance keeps a unit that is no different from the target.

Of 20 and more expected (and expected to fail, of a proportion): mid-P limits, which leave out on average
what they promise. Below, the steps from one count to the next are too large for an average: exact limits,
which never leave out more. Both are continuous in the unit's size, so that they can be drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from trigpoint.analysis.arrays import Bools, Floats
from trigpoint.analysis.peers.kinds import deviation, steady, unsteady

MANY = 20
"""From so many expected, to the nearest whole number, limits are mid-P."""
_STEPS = 30
_NEAR = 1e-3
"""Once a count moves by no more standard deviations than this, the next step brings it within rounding."""
_LEAST = 1e-9
"""Stands for no events where P(X >= 0) is asked for, whose normal quantile is infinite."""


def rarer(size: Floats, target: float, bend: int) -> Floats:
    """How many are expected, or of the others, where they are fewer: failures, or the second count."""
    expected = size * target
    return expected if bend == 0 else np.minimum(expected, size - expected if bend < 0 else size)


def many(size: Floats, target: float, bend: int, total: float = np.inf) -> Bools:
    """Whether mid-P limits fit. Expected from an overall figure of ``total``, a number has an error of its
    own, which is added: a unit of which 20 are truly expected is not to fall short by chance."""
    error = np.sqrt(size * target * (1 + bend * target) * np.minimum(size / total, 1.0))
    return np.asarray(np.rint(rarer(size, target, bend) + error) >= MANY)


def between(
    size: Floats, target: float, bend: int, z: Floats, total: float = np.inf
) -> tuple[Floats, Floats]:
    """The least and the largest count still inside, not whole: [levels, sizes] of ``z``, [levels, 1]."""
    low, high = _mid_p(size, target, bend, -z), _mid_p(size, target, bend, z)
    few = ~many(size, target, bend, total)
    if few.any():
        low[:, few], high[:, few] = _exact(size[few], target, bend, z)
    return np.maximum(low, 0.0), np.minimum(high, size) if bend < 0 else high


def _mid_p(size: Floats, target: float, bend: int, z: Floats) -> Floats:
    """The count x for which P(X < x) + P(X = x) / 2 is the normal probability of ``z``.

    By the expansion of Cornish and Fisher (1938, Revue de l'Institut International de Statistique 5:307-320)
    with the Euler-Maclaurin correction of the variance, 1/6, for a sum that takes half of its last term.
    """
    size = size + 0.5 if bend > 0 else size
    slope = 1 + bend * target
    variance = size * target * slope
    third = variance * (slope + bend * target)
    fourth = variance * (1 + 6 * bend * target * slope)
    spread = np.sqrt(variance + 1 / 6)
    skew = third / (6 * spread**2) * (z**2 - 1)
    tails = fourth * (z**3 - 3 * z) / (24 * spread**3) - third**2 * (2 * z**3 - 5 * z) / (36 * spread**5)
    return np.asarray(size * target + spread * z + skew + tails)


def _exact(size: Floats, target: float, bend: int, z: Floats) -> tuple[Floats, Floats]:
    """The counts at which P(X <= x), and P(X >= x), are what ``z`` leaves out on one side."""
    size = np.broadcast_to(size, np.broadcast_shapes(size.shape, z.shape))
    high = _highest(size, target, bend, z)
    if bend < 0:  # so few who meet it are so many who do not
        return size - _highest(size, 1 - target, bend, z), high
    none = np.zeros_like(high)
    low = _where(
        lambda x: special.ndtri(_at_most(x, size, target, bend)) + z,
        np.maximum(_mid_p(size, target, bend, -z) - 0.5, 0.0),
        _Ruler(size, target, bend, 0.0),
    )
    return np.where(_at_most(none, size, target, bend) > special.ndtr(-z), none, low), high


def _highest(size: Floats, target: float, bend: int, z: Floats) -> Floats:
    """The count at which P(X >= x) is what ``z`` leaves out on one side; all, where all are likelier."""
    if target == 0:
        return np.zeros_like(size)
    high = _where(
        lambda x: -special.ndtri(_at_least(x, size, target, bend)) - z,
        np.minimum(_mid_p(size, target, bend, z) + 0.5, size if bend < 0 else np.inf),
        _Ruler(size, target, bend, _LEAST),
    )
    return np.where(target**size > special.ndtr(-z), size, high) if bend < 0 else high


def _at_least(x: Floats, size: Floats, target: float, bend: int) -> Floats:
    """P(X >= x). Of two counts, given their sum: the test of Przyborowski and Wilenski (1940)."""
    if bend == 0:
        found = special.gammainc(x, size * target)
    elif bend < 0:
        found = special.betainc(x, size - x + 1, target)
    else:
        found = special.betainc(x, size + 1, target / (1 + target))
    return _within(found)


def _at_most(x: Floats, size: Floats, target: float, bend: int) -> Floats:
    """P(X <= x), where it is not the same question of those who do not."""
    if bend == 0:
        return _within(special.gammaincc(x + 1, size * target))
    return _within(special.betainc(size, x + 1, 1 / (1 + target)))


def _within(chance: Floats) -> Floats:
    """Kept off 0 and 1, whose normal quantiles are infinite."""
    return np.clip(chance, 1e-300, 1 - 1e-16)


@dataclass(frozen=True, slots=True, eq=False)
class _Ruler:
    """The scale on which counts of these sizes are nearly normal, from the count ``least`` on."""

    size: Floats
    target: float
    bend: int
    least: float

    @property
    def whole(self) -> Floats:
        return self.size + 0.75 if self.bend < 0 else self.size

    def there(self, count: Floats) -> Floats:
        return steady((count + 0.375) / self.whole, self.bend)

    def back(self, scaled: Floats) -> Floats:
        found = unsteady(scaled, self.bend) * self.whole - 0.375
        return np.clip(found, self.least, self.size if self.bend < 0 else None)


def _where(rising: Callable[[Floats], Floats], start: Floats, ruler: _Ruler) -> Floats:
    """The count at which a rising function is zero, by secants on a scale where it is nearly a line."""
    usual = 1 / deviation(ruler.size, ruler.target, ruler.bend)
    old, was = ruler.there(start), rising(np.maximum(start, ruler.least))
    new = old - was / usual
    for _ in range(_STEPS):
        count = ruler.back(new)
        new, found = ruler.there(count), rising(count)
        moved = new - old
        slope = np.where(moved == 0, usual, (found - was) / np.where(moved == 0, 1.0, moved))
        old, was, new = new, found, new - found / np.where(slope > 0, slope, usual)
        if not np.abs(moved * usual).max() > _NEAR:
            break
    return ruler.back(new)
