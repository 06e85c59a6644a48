"""Over-dispersion: how much more units differ than chance alone would make them.

Of units that differ by chance alone, scores (how many standard deviations each lies from the target) have
a mean square of 1, ``phi``. What they differ by beyond that is ``tau2``, a variance that is added to each
unit's own (Spiegelhalter 2005, Quality and Safety in Health Care 14:347-351; DerSimonian and Laird 1986).
The outermost scores are trimmed first, so that the few who truly differ do not widen everyone's limits.

Trimming takes away from the mean square also where nobody differs. ``published`` leaves it so, as
FunnelPlotR does; ``unbiased`` divides by what would be left by chance alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from trigpoint.analysis.arguments import alike, finite, positive
from trigpoint.analysis.arrays import Bools, Floats

Trimming = Literal["winsorise", "truncate"]
"""Whether the outermost scores are drawn in to the quantile (type 7), or left out."""
Variant = Literal["unbiased", "published"]
_NODES = np.linspace(-8.0, 8.0, 1001)
_DENSITY = np.exp(-(_NODES**2) / 2) / math.sqrt(2 * math.pi)
_STEP = float(_NODES[1] - _NODES[0])
_WEIGHTS = _DENSITY * _STEP


@dataclass(frozen=True, slots=True, eq=False)
class Dispersion:
    """``phi`` is NaN of too few units to say.

    ``trimmed`` holds the scores that it was reckoned from, NaN where one was left out. ``chance`` is the
    probability of so much over-dispersion, or more, where there is none.
    """

    phi: float
    tau2: float
    chance: float
    trimmed: Floats


def dispersion(
    score: npt.ArrayLike,
    deviation: npt.ArrayLike,
    *,
    trimming: Trimming = "winsorise",
    share: float = 0.1,
    variant: Variant = "unbiased",
    estimated: bool = True,
) -> Dispersion:
    """The over-dispersion of units with these scores, each unit's own standard deviation being ``deviation``.

    ``share`` is trimmed at either end. ``estimated``: the target is the units' own overall figure, from
    which they stray a little less than from one that is given. Raises ValueError for columns of unequal
    length, a score that is not a number, a deviation not above zero, and a share outside 0 to 1/2.
    """
    given = finite(score=score)["score"]
    spread = positive("deviation", deviation)
    alike(score=given, deviation=spread)
    if not 0 <= share < 0.5:
        raise ValueError(f"share is {share:g}, not from 0 up to 0.5")
    trimmed, kept = _trimmed(given, trimming, share)
    square, counted = float((trimmed[kept] ** 2).sum()), int(kept.sum())
    usual = _usual_square(given.size, trimming, share, estimated=estimated)
    unbiased = square / usual if usual > 0 else math.nan
    if variant == "published":
        phi = square / counted if counted else math.nan
        left, weights = counted * phi - (counted - 1), 1 / spread[kept] ** 2
    else:
        phi, weights = unbiased, 1 / spread**2
        left = (given.size - estimated) * (phi - 1)
    tau2 = _between(left, weights, estimated=estimated or variant == "published")
    return Dispersion(phi, tau2, _chance(unbiased, given.size - estimated, trimming, share), trimmed)


def _trimmed(score: Floats, trimming: Trimming, share: float) -> tuple[Floats, Bools]:
    """The scores after trimming, and which of them count."""
    if trimming == "truncate":
        low, high = _kept(score.size, share)
        place = np.empty(score.size, dtype=np.int64)
        place[np.argsort(score, kind="stable")] = np.arange(1, score.size + 1)
        kept = (place >= low) & (place <= high)
        return np.where(kept, score, np.nan), kept
    if score.size:
        low_end, high_end = np.quantile(score, (share, 1 - share))
        score = np.clip(score, low_end, high_end)
    return score, np.ones(score.shape, dtype=np.bool_)


def _kept(units: int, share: float) -> tuple[int, int]:
    """The first and the last place that truncation keeps: places fall into 1 / share bins, of which the
    first and the last go, as NHS Digital does for the SHMI."""
    if share == 0:
        return 1, units
    bins = np.floor(np.arange(1, units + 1) / share / (units + 1))
    held = np.flatnonzero((bins > 0) & (bins < 1 / share - 1)) + 1
    return (int(held[0]), int(held[-1])) if held.size else (1, 0)


def _between(left: float, weights: Floats, *, estimated: bool) -> float:
    """The variance between units whose weighted squares are ``left`` more than chance gives."""
    if not left > 0:
        return 0.0
    total = float(weights.sum())
    room = total - float((weights**2).sum()) / total if estimated else total
    return left / room if room > 0 else 0.0


@lru_cache(maxsize=1024)
def _usual_square(units: int, trimming: Trimming, share: float, *, estimated: bool) -> float:
    """What the trimmed squares of so many normal scores sum to on average.

    Scores about their own mean lose 1 / units each: the mean is independent of how they lie about it
    (Basu 1955), so that trimming does not change what they lose.
    """
    if units == 0:
        return 0.0
    if trimming == "truncate":
        low, high = _kept(units, share)
        counted, square = high - low + 1, _ordered_square(units, low, high)
    else:
        counted, square = units, _winsorised_square(units, share)
    return square - counted / units if estimated else square


def _winsorised_square(units: int, share: float) -> float:
    """The mean of the sum of squares of so many normal scores, drawn in to their quantiles."""
    place = share * (units - 1)
    below = math.floor(place + 1e-9)
    part = max(place - below, 0.0)
    low, high = below + 1, min(below + 2, units)
    if high > units + 1 - high:  # so few that the quantiles lie between the same two
        high = units + 1 - low
    ends = (_ordered_square(units, low, low), _ordered_square(units, high, high))
    product = (ends[0] + ends[1] - _gap_square(units, low)) / 2
    quantile = (1 - part) ** 2 * ends[0] + part**2 * ends[1] + 2 * part * (1 - part) * product
    return _ordered_square(units, below + 2, units - below - 1) + 2 * (below + 1) * quantile


def _ordered_square(units: int, low: int, high: int) -> float:
    """The mean of the sum of squares of normal scores from place ``low`` to ``high`` in order.

    The density of the places up to k is units x P(fewer than k of the others are below).
    """
    if high < low:
        return 0.0
    density = _up_to(high, units) - _up_to(low - 1, units)
    return float(units * (density * _NODES**2 * _WEIGHTS).sum())


def _gap_square(units: int, below: int) -> float:
    """The mean square of the gap between the normal scores in places ``below`` and ``below`` + 1.

    Twice the integral, over x < y, of the chance that so many lie below x and all others above y.
    """
    above = units - below
    chance = above * special.log_ndtr(-_NODES)  # that all others lie above
    beyond = np.logaddexp.accumulate(chance[::-1])[::-1]
    beyond += np.log1p(-np.exp(chance - beyond) / 2)  # of the step from x itself, half is above x
    ways = special.gammaln(units + 1) - special.gammaln(below + 1) - special.gammaln(above + 1)
    return float(2 * np.exp(ways + below * special.log_ndtr(_NODES) + beyond).sum() * _STEP**2)


def _up_to(place: int, units: int) -> Floats:
    """The chance that fewer than ``place`` of a score's others lie below it, at each node."""
    if place <= 0:
        return np.zeros_like(_NODES)
    if place >= units:
        return np.ones_like(_NODES)
    return np.asarray(special.betainc(units - place, place, special.ndtr(-_NODES)))


def _chance(phi: float, free: int, trimming: Trimming, share: float) -> float:
    """The chance of so large a ``phi``, or larger: that of a chi-squared over its degrees of freedom."""
    if math.isnan(phi) or free <= 0:
        return 1.0
    freedom = free * _information(trimming, share)
    return float(special.chdtrc(freedom, freedom * phi))


@lru_cache(maxsize=64)
def _information(trimming: Trimming, share: float) -> float:
    """What a trimmed score is worth of an untrimmed one, for telling how far scores spread: twice the square
    of the trimmed mean square over the variance of its influence function (Huber 1981, sections 3.3, 5.4)."""
    edge = -float(special.ndtri(share)) if share else 8.0
    inside = np.abs(_NODES) <= edge
    square = np.where(inside, _NODES, edge) ** 2
    if trimming == "truncate":
        mean = float((np.where(inside, square, 0) * _WEIGHTS).sum())
    else:
        mean = float((square * _WEIGHTS).sum())
        at_edge = math.exp(-(edge**2) / 2) / math.sqrt(2 * math.pi)
        square = square + np.where(inside, 0, 2 * edge * share / at_edge)
    influence = float((square**2 * _WEIGHTS).sum()) - float((square * _WEIGHTS).sum()) ** 2
    return 2 * mean**2 / influence
