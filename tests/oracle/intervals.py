"""The whole, slowly: intervals one at a time in plain Python, from what the papers say they are.

Shares no code with ``analysis.compare``: a score interval is found as Wilson defines it, by looking for
the proportions that the test would just not refuse; the other formulas are written out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
Interval = tuple[float, float]
Parts = tuple[Fraction, Fraction]
"""A numerator and its denominator."""


def wilson(part: Fraction, size: Fraction, z: float = Z) -> Interval:
    """The proportions p for which |part/size - p| is at most z standard errors, of p itself (Wilson 1927)."""
    seen = part / size

    def refused(p: Fraction) -> bool:
        return float((seen - p) ** 2) > z**2 * float(p * (1 - p) / size)

    return _edge(Fraction(0), seen, refused), _edge(Fraction(1), seen, refused)


def mid_p_byar(events: Fraction, z: float = Z) -> Interval:
    """Byar's approximation with x + 1/2 for both limits (Rothman 2002)."""
    x = float(events) + 0.5
    low, high = (x * (1 - 1 / (9 * x) + side * z / (3 * x**0.5)) ** 3 for side in (-1, 1))
    return max(0.0, low), high


def exact_mid_p(events: int) -> Interval:
    """The expected numbers m for which P(X < x) + P(X = x) / 2 is 97.5% and 2.5%."""

    def below(m: float) -> float:
        terms = [math.exp(k * math.log(m) - m - math.lgamma(k + 1)) for k in range(events + 1)]
        return sum(terms[:-1]) + terms[-1] / 2

    def where(target: float) -> float:
        low, high = 1e-12, events * 3 + 20.0
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if below(middle) > target else (low, middle)
        return low

    return where(0.975) if events else 0.0, where(0.025)


def apart(one: Parts, other: Parts, method: str, z: float = Z) -> tuple[float, float, float]:
    """The difference of two independent groups, and its interval (Newcombe's method 10; MOVER)."""
    (first, first_low, first_high), (second, second_low, second_high) = (
        _with_interval(*group, method, z) for group in (one, other)
    )
    difference = first - second
    lower = difference - math.sqrt((first - first_low) ** 2 + (second_high - second) ** 2)
    upper = difference + math.sqrt((first_high - first) ** 2 + (second - second_low) ** 2)
    return difference, lower, upper


def against_rest(unit: Parts, whole: Parts, method: str) -> tuple[float, float, float]:
    """The unit against the others of the whole, shrunk to its difference from the whole."""
    others = whole[0] - unit[0], whole[1] - unit[1]
    left = float(1 - unit[1] / whole[1])
    difference, lower, upper = apart(unit, others, method)
    return left * difference, left * lower, left * upper


def verdict(unit: Parts | None, whole: Parts | None, method: str, direction: str) -> str:
    """What to call the difference of a unit from its whole, by the rules of the reference page."""
    if unit is None:
        return "no figure"
    if whole is None:
        return "the whole has no figure"
    others = whole[0] - unit[0], whole[1] - unit[1]
    if others[1] == 0:
        return "only this unit provides it"
    if any(_few(group[1], group[1] * whole[0] / whole[1], method) for group in (unit, others)):
        return "too_few"
    _, lower, upper = apart(unit, others, method)
    if lower <= 0 <= upper:
        return "no_different"
    words: Mapping[str, tuple[str, str]] = {
        "up": ("better", "worse"),
        "down": ("worse", "better"),
        "neutral": ("higher", "lower"),
    }
    return words[direction][0 if lower > 0 else 1]


def _few(size: Fraction, expected: Fraction, method: str) -> bool:
    if method == "rate":
        return expected < 5
    return size < 10 or expected < 1 or size - expected < 1


def _with_interval(part: Fraction, size: Fraction, method: str, z: float) -> tuple[float, float, float]:
    if method == "proportion":
        return float(part / size), *wilson(part, size, z)
    low, high = mid_p_byar(part, z)
    return float(part / size), low / float(size), high / float(size)


def _edge(end: Fraction, seen: Fraction, refused: Callable[[Fraction], bool]) -> float:
    """Between an end and what was seen: where refusing stops."""
    if end == seen or not refused(end):
        return float(end)
    out, within = end, seen
    for _ in range(60):
        middle = (out + within) / 2
        out, within = (middle, within) if refused(middle) else (out, middle)
    return float(within)
