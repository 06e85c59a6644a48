"""Intervals of one proportion, one count of events or one mean, at any confidence.

``confidence`` is the share of intervals that hold the truth: 0.95, 0.998. The arrays broadcast, and
each function gives the lower and the upper limits, in the shape of its arguments. All of them raise
ValueError for numbers that are negative, infinite or missing, and name the first.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from trigpoint.analysis.arguments import numbers, proportion, ratio, refuse
from trigpoint.analysis.arrays import Floats

Interval = tuple[Floats, Floats]


def z_of(confidence: float = 0.95) -> float:
    """The normal quantile that leaves half of what is beyond ``confidence`` on either side: 1.96 for 0.95.

    Raises ValueError unless ``confidence`` lies between 0 and 1.
    """
    return -float(special.ndtri(_tail(confidence)))


def wilson(numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """The score interval of a proportion (Wilson 1927, JASA 22:209-212)."""
    part, size = proportion("numerator", numerator, "denominator", denominator)
    z = z_of(confidence)
    share = np.minimum(part / size, 1.0)
    middle = share + z**2 / (2 * size)
    half = z * np.sqrt(share * (1 - share) / size + (z / (2 * size)) ** 2)
    shrunk = 1 + z**2 / size
    # At the ends the limit is the end; written out, so that rounding cannot miss it.
    low = np.where(share == 0, 0.0, (middle - half) / shrunk)
    return low, np.where(share == 1, 1.0, (middle + half) / shrunk)


def exact_binomial(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: float = 0.95
) -> Interval:
    """The exact interval of a proportion (Clopper and Pearson 1934, Biometrika 26:404-413)."""
    part, size = proportion("numerator", numerator, "denominator", denominator)
    tail = _tail(confidence)
    none, everyone = part == 0, part >= size
    others = np.maximum(size - part, 0)
    low = special.betaincinv(np.where(none, 1, part), others + 1, tail)
    high = special.betaincinv(part + 1, np.where(everyone, 1, others), 1 - tail)
    return np.where(none, 0.0, low), np.where(everyone, 1.0, high)


def exact_poisson(events: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """The exact interval of the events that were to be expected (Garwood 1936, Biometrika 28:437-442)."""
    count = numbers(events=events)["events"]
    tail = _tail(confidence)
    low = np.where(count == 0, 0.0, special.gammaincinv(np.where(count == 0, 1, count), tail))
    return low, np.asarray(special.gammainccinv(count + 1, tail))


def byar(events: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Byar's approximation to the exact interval (Breslow and Day 1987, IARC 82, p. 69)."""
    count = numbers(events=events)["events"]
    return _byar(count, z_of(confidence))[0], _byar(count + 1, z_of(confidence))[1]


def byar_mid_p(events: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Byar's approximation to the mid-P interval, narrower and on average right: both limits of x + 1/2
    events (Rothman 2002, Epidemiology: An Introduction; ``pois.byar`` of R's epitools)."""
    return _byar(numbers(events=events)["events"] + 0.5, z_of(confidence))


def student(
    mean: npt.ArrayLike, deviation: npt.ArrayLike, count: npt.ArrayLike, confidence: float = 0.95
) -> Interval:
    """The t interval of the mean of ``count`` figures whose standard deviation is ``deviation``.

    Raises ValueError for a count below 2, which says nothing of how figures stray.
    """
    spread, figures = ratio("deviation", deviation, "count", count)
    refuse(np.asarray(figures < 2), "count", figures, "below 2")
    middle = np.asarray(mean, dtype=np.float64)
    refuse(~np.isfinite(middle), "mean", middle, "not a number")
    half = special.stdtrit(figures - 1, 1 - _tail(confidence)) * spread / np.sqrt(figures)
    return middle - half, middle + half


def _byar(count: Floats, z: float) -> Interval:
    """Both limits of ``count`` events; nothing below no events."""
    some = np.where(count == 0, 1.0, count)
    centre, step = 1 - 1 / (9 * some), z / (3 * np.sqrt(some))
    return np.where(count == 0, 0.0, some * np.maximum(centre - step, 0) ** 3), some * (centre + step) ** 3


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence:g}, not between 0 and 1")
    return (1 - confidence) / 2
