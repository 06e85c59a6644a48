"""How often a planted shift is found, by the rules alone: a seeded simulation, and exact binomial ranges."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

import numpy as np

from trigpoint.analysis.finding import Variation
from trigpoint.analysis.past.latest import latest
from trigpoint.analysis.past.variation import VARIATIONS
from trigpoint.definitions.profile import SHIPPED

LENGTH, MONTHS_AFTER = 36, (2, 8, 12)
PROFILE = SHIPPED["nhs-england"]
BETTER = [VARIATIONS.index(it) for it in (Variation.IMPROVEMENT_HIGH, Variation.IMPROVEMENT_LOW)]
WORSE = [VARIATIONS.index(it) for it in (Variation.CONCERN_HIGH, Variation.CONCERN_LOW)]
Shift = tuple[int, int]
"""The place of the first month after it, and its sign."""


def detection(size: float, shifts: Iterable[Shift], count: int = 20_000) -> dict[int, float]:
    """The chance that a shift is signalled in its own direction by so many months after it.

    ``count`` normal series, or a few more, shared out as the shifts are: as many of each first month
    and sign. Each month is judged as it stood when it was the latest.
    """
    stream = np.random.default_rng(2026)
    found = dict.fromkeys(MONTHS_AFTER, 0.0)
    kinds = Counter(shifts)
    for (start, sign), share in sorted(kinds.items()):
        series = stream.normal(size=(math.ceil(count * share / kinds.total()), LENGTH))
        series[:, start:] += sign * size
        said = as_it_stood(series, range(start, start + max(MONTHS_AFTER)))
        signalled = np.isin(said, BETTER if sign > 0 else WORSE)
        for months in MONTHS_AFTER:
            found[months] += float(signalled[:, :months].any(axis=1).mean()) * share / kinds.total()
    return found


def false_signals(months: int, count: int = 20_000) -> float:
    """The chance that a series in which nothing changes is signalled in any of its last so many months."""
    series = np.random.default_rng(2026).normal(size=(count, LENGTH))
    said = as_it_stood(series, range(LENGTH - months, LENGTH))
    return float(np.isin(said, BETTER + WORSE).any(axis=1).mean())


def as_it_stood(series: np.ndarray, columns: range) -> np.ndarray:
    """What each column said when it was the latest, [series, columns]. High is better."""
    pairs = np.indices((len(series), len(columns)))
    rows, places = pairs[0].ravel(), np.asarray(columns)[pairs[1].ravel()]
    drawn = latest(
        series,
        np.zeros(series.shape, dtype=np.int64),
        np.zeros(series.shape, dtype=np.bool_),
        rows,
        places,
        profile=PROFILE,
        direction="up",
    )
    return drawn.variation.reshape(len(series), len(columns))


def binomial_range(count: int, share: float, within: float = 0.99) -> tuple[int, int]:
    """The counts between which ``within`` of the chance lies, with as much left out at each end at most."""
    chances = [math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(count + 1)]
    below = np.cumsum(chances)
    tail = (1 - within) / 2
    return int(np.searchsorted(below, tail)), int(np.searchsorted(below, 1 - tail))
