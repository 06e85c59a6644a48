"""Ranks with the range that they are likely to lie in: chance moves a place in a league table a long way.

The model: on the scale where chance moves large and small units alike (``kinds.placed``), each unit's truth
is drawn from a normal distribution of unknown mean and standard deviation (both flat before the figures are
seen: Gelman 2006, Bayesian Analysis 1:515-534), and its figure strays from its truth by chance. Truths are
drawn from what the figures leave likely; each draw has its own ranks (Goldstein and Spiegelhalter 1996,
Journal of the Royal Statistical Society A 159:385-443). How far units truly differ is drawn too: where the
figures cannot tell that they differ at all, every rank is likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arrays import Floats, Ints
from trigpoint.analysis.peers.kinds import BEND, Kind, columns, placed
from trigpoint.analysis.peers.standing import standing
from trigpoint.analysis.rates.intervals import tail_of
from trigpoint.definitions.indicator import Direction

DRAWS = 2_000
SEED = 20261124
_GRID = 100
_WIDEST = 3.0
"""Units do not truly differ by more than so many times what their figures differ by."""


@dataclass(frozen=True, slots=True, eq=False)
class LikelyRanks:
    """Competition ranks, and the range in which each unit's true rank lies with this ``confidence``.

    The range holds the rank itself. Rank 1 is the best, or the highest where neither way is better.
    """

    rank: Ints
    lower: Ints
    upper: Ints
    confidence: float


def likely_ranks(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    kind: Kind = "proportion",
    *,
    direction: Direction = "up",
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> LikelyRanks:
    """The rank of each unit and its likely range; the same ones for the same seed.

    Raises ValueError as ``funnel`` does, and for a confidence that is not between 0 and 1.
    """
    tail = tail_of(confidence)
    if draws < 1:
        raise ValueError(f"draws is {draws}, not 1 or more")
    part, size = columns(numerator, denominator, kind)
    rank = standing((part / size)[None], direction).rank[0]
    truths = _drawn(*placed(part, size, BEND[kind]), draws, seed)
    order = np.argsort(truths, axis=1)
    best_first = order if direction == "down" else order[:, ::-1]
    lower, upper = _middle(best_first, int(tail * draws))
    return LikelyRanks(rank, np.minimum(lower, rank), np.maximum(upper, rank), confidence)


def _middle(order: Ints, left_out: int) -> tuple[Ints, Ints]:
    """The places between which each unit lies when so many draws are left out at either end.

    ``order`` is [draws, places]: the unit in each place.
    """
    draws, units = order.shape
    cells = (order + units * np.arange(units)).ravel()
    held = np.bincount(cells, minlength=units**2).reshape(units, units).cumsum(axis=0)
    return (held > left_out).argmax(axis=0) + 1, (held >= draws - left_out).argmax(axis=0) + 1


def _drawn(figure: Floats, deviation: Floats, draws: int, seed: int) -> Floats:
    """Truths that the figures leave likely, [draws, units].

    How far units differ is drawn at evenly spaced quantiles, which needs no random numbers. Given that, and
    a mean, a truth lies between the figure and the mean, the nearer to the figure the surer it is.
    """
    own = deviation**2
    between, mean, error, likely = _differences(figure, own)
    at = np.searchsorted(likely, (np.arange(draws) + 0.5) / draws * likely[-1])
    kept = between[:, None] / (own + between[:, None])
    of_units, of_mean = _chance(draws, figure.size, seed)
    truths: Floats = (kept * figure + (1 - kept) * mean[:, None])[at]
    strays: Floats = np.sqrt(kept * own)[at]
    strays *= of_units
    truths += strays
    np.take((1 - kept) * error[:, None], at, axis=0, out=strays, mode="clip")
    strays *= of_mean
    truths += strays
    return truths


@lru_cache(maxsize=8)
def _chance(draws: int, units: int, seed: int) -> tuple[Floats, Floats]:
    """Standard normal numbers for the units and for their mean. A page's indicators share them."""
    stream = np.random.default_rng(seed)
    found = stream.standard_normal((draws, units)), stream.standard_normal((draws, 1))
    for numbers in found:
        numbers.setflags(write=False)
    return found


def _differences(figure: Floats, own: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """On a grid of variances between units: the variance, the mean that goes with it, that mean's error, and
    how likely the figures leave this variance or a smaller one."""
    widest = _WIDEST * max(float(figure.std()), 0.5 * float(np.sqrt(own.min())))
    between = (np.arange(1, _GRID + 1) / _GRID * widest) ** 2
    weight = 1 / (own + between[:, None])
    total = weight.sum(axis=1)
    mean = (weight * figure).sum(axis=1) / total
    fit = np.log(weight).sum(axis=1) - np.log(total) - (weight * (figure - mean[:, None]) ** 2).sum(axis=1)
    return between, mean, 1 / np.sqrt(total), np.cumsum(np.exp((fit - fit.max()) / 2))
