"""Intervals of one proportion, one count of events or one mean, at any confidence.

``confidence`` is the share of intervals that hold the truth: 0.95, 0.998. The arrays broadcast, and
each function gives the lower and the upper limits, in the shape of its arguments. Counts need not be
whole. All of them raise ValueError for what is text, negative, infinite or missing, and name the first.
"""

from __future__ import annotations

from numbers import Real

import numpy as np
import numpy.typing as npt
from scipy import special

from trigpoint.analysis.arguments import finite, numbers, proportion, ratio, refuse, together
from trigpoint.analysis.arrays import TIE, Bools, Floats

Interval = tuple[Floats, Floats]
_HALVINGS = 100
"""Of an interval from 0 to 1: to the last digit of limits as small as 1e-15."""
FEWEST_EVENTS = 10
"""From so many events on, Byar's approximation is as good as the exact limits (PHE technical guidance)."""


def z_of(confidence: float = 0.95) -> float:
    """The normal quantile that leaves half of what is beyond ``confidence`` on either side: 1.96 for 0.95.

    Raises ValueError unless ``confidence`` lies between 0 and 1.
    """
    return -float(special.ndtri(tail_of(confidence)))


def tail_of(confidence: float) -> float:
    """The share of intervals that miss the truth on one side: 0.025 for 0.95.

    Raises ValueError unless ``confidence`` lies between 0 and 1.
    """
    given: object = confidence
    if not isinstance(given, Real) or not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, not a share between 0 and 1, such as 0.95")
    return (1 - float(confidence)) / 2


def wilson(numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """The score interval of a proportion (Wilson 1927, JASA 22:209-212)."""
    part, size = proportion("numerator", numerator, "denominator", denominator)
    z = z_of(confidence)
    share, others = np.minimum(part / size, 1.0), np.maximum((size - part) / size, 0.0)
    half = z * np.sqrt(share * others / size + (z / (2 * size)) ** 2)
    more = z**2 / (2 * size) + half
    # The limits solve a quadratic equation. The smaller root is taken from the product of both, as
    # the difference of near numbers would lose its digits, and would miss 0 at nobody, 1 at everybody.
    return share * (share / (share + more)), 1 - others * (others / (others + more))


def exact_binomial(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: float = 0.95
) -> Interval:
    """The exact interval of a proportion (Clopper and Pearson 1934, Biometrika 26:404-413)."""
    part, size = proportion("numerator", numerator, "denominator", denominator)
    tail = tail_of(confidence)
    others = np.maximum(size - part, 0)
    none, everyone = part == 0, others == 0
    low = _beta(special.betainc, special.betaincinv, np.where(none, 1, part), others + 1, tail)
    high = _beta(special.betaincc, special.betainccinv, part + 1, np.where(everyone, 1, others), tail)
    return np.where(none, 0.0, low), np.where(everyone, 1.0, high)


def exact_poisson(events: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """The exact interval of the events that were to be expected (Garwood 1936, Biometrika 28:437-442)."""
    count = numbers(events=events)["events"]
    tail = tail_of(confidence)
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


def exact_or_byar(events: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Exact limits below 10 events, Byar's from there on (PHE technical guidance): see ``few``."""
    count = numbers(events=events)["events"]
    exact, near = exact_poisson(count, confidence), byar(count, confidence)
    return np.where(few(count), exact[0], near[0]), np.where(few(count), exact[1], near[1])


def few(events: Floats) -> Bools:
    """Whether there are fewer than 10 events. A sum that misses 10 by rounding is 10."""
    return np.asarray(events < FEWEST_EVENTS * (1 - TIE))


def student(
    mean: npt.ArrayLike, deviation: npt.ArrayLike, count: npt.ArrayLike, confidence: float = 0.95
) -> Interval:
    """The t interval of the mean of ``count`` figures whose standard deviation is ``deviation``
    (Student 1908, Biometrika 6:1-25).

    Raises ValueError for a count below 2, which says nothing of how figures stray.
    """
    spread, figures = ratio("deviation", deviation, "count", count)
    refuse(np.asarray(figures < 2), "count", figures, "below 2")
    middle, spread, figures = together(**finite(mean=mean), deviation=spread, count=figures)
    half = -special.stdtrit(figures - 1, tail_of(confidence)) * spread / np.sqrt(figures)
    return middle - half, middle + half


def _beta(share: np.ufunc, inverse: np.ufunc, first: Floats, second: Floats, tail: float) -> Floats:
    """Where the ``share`` of a beta distribution, below or above, is ``tail``.

    SciPy's inverse is mended where its answer does not give the tail back: SciPy 1.17 is out by a
    factor of two at 1,000 of 300 million or more, and there alone as far as we know.
    """
    found = np.asarray(inverse(first, second, tail))
    wrong = np.abs(share(first, second, found) - tail) > 1e-6 * tail
    if not wrong.any():
        return found
    first, second = first[wrong], second[wrong]
    rising = share(first, second, 1.0) == 1
    low, high = np.zeros(first.shape), np.ones(first.shape)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        beyond = (share(first, second, middle) > tail) == rising
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    found = found.copy()
    found[wrong] = low
    return found


def _byar(count: Floats, z: float) -> Interval:
    """Both limits of ``count`` events; nothing below no events."""
    some = np.where(count == 0, 1.0, count)
    centre, step = 1 - 1 / (9 * some), z / (3 * np.sqrt(some))
    return np.where(count == 0, 0.0, some * np.maximum(centre - step, 0) ** 3), some * (centre + step) ** 3
