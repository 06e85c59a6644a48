"""Funnels, slowly: one unit at a time in plain Python, by adding up probabilities.

Shares no code with ``analysis.peers``. Chances are sums of single terms, averages of trimmed scores are
integrals over the density of each score in order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist

NORMAL = NormalDist()
MANY, JUDGED_FROM = 20, 5


def chances(kind: str, count: int, size: int, target: float) -> tuple[float, float, float]:
    """P(X < count), P(X = count) and P(X > count), where nothing but chance is at work."""
    if kind == "rate":
        here, below = _poisson(count, size * target), sum(_poisson(k, size * target) for k in range(count))
        return below, here, max(0.0, 1 - below - here)
    trials = size if kind == "proportion" else size + count  # of two counts, given their sum
    p = target if kind == "proportion" else target / (1 + target)
    terms = [_binomial(k, trials, p) for k in range(trials + 1)]
    return sum(terms[:count]), terms[count], sum(terms[count + 1 :])


def fewest(kind: str, size: int, target: float) -> float:
    """How many are expected, or of the others where they are fewer."""
    others = {"proportion": size * (1 - target), "rate": math.inf, "counts": size}[kind]
    return min(size * target, others)


def side(kind: str, count: int, size: int, target: float, confidence: float) -> tuple[int, float]:
    """Whether a count is above its limits (1), below (-1) or inside (0); and how near it was to tell.

    A tail counts in full where few are expected, and otherwise with half of the count itself.
    """
    below, here, above = chances(kind, count, size, target)
    weight = 0.5 if round(fewest(kind, size, target)) >= MANY else 1.0
    tail = (1 - confidence) / 2
    low, high = below + weight * here, above + weight * here
    near = min(abs(math.log(max(it, 1e-300) / tail)) for it in (low, high))
    return (1 if high < tail else -1 if low < tail else 0), near


def scores(kind: str, counts: Sequence[int], sizes: Sequence[int], target: float) -> list[float]:
    """Anscombe's: of those whose expected numbers are not too few."""
    found = []
    for count, size in zip(counts, sizes, strict=True):
        trials = size + count if kind == "counts" else size
        p = target / (1 + target) if kind == "counts" else target
        others = math.inf if kind == "rate" else trials * (1 - p)
        if min(trials * p, others) < JUDGED_FROM:
            continue
        if kind == "rate":
            found.append(2 * (math.sqrt(count + 3 / 8) - math.sqrt(size * target + 3 / 8)))
            continue
        angles = [math.asin(math.sqrt((it + 3 / 8) / (trials + 3 / 4))) for it in (count, trials * p)]
        found.append(2 * math.sqrt(trials + 1 / 2) * (angles[0] - angles[1]))
    return found


def trimmed_squares(given: Sequence[float], share: float) -> float:
    """The sum of squares of scores that are drawn in to their type 7 quantiles."""
    rising = sorted(given)

    def quantile(at: float) -> float:
        place = at * (len(rising) - 1)
        low = math.floor(place)
        high = min(low + 1, len(rising) - 1)
        return rising[low] + (place - low) * (rising[high] - rising[low])

    low, high = quantile(share), quantile(1 - share)
    return sum(min(max(it, low), high) ** 2 for it in given)


@cache
def usual_squares(units: int, share: float) -> float:
    """What ``trimmed_squares`` of normal scores is on average."""
    place = share * (units - 1)
    below = math.floor(place)
    part = place - below
    means = {(i, j): _product(units, i, j) for i in range(1, units + 1) for j in (i, i + 1) if j <= units}

    def quantile(first: int) -> float:
        """The mean square of a point between two neighbours in order."""
        if part == 0:
            return means[first, first]
        ends = (1 - part) ** 2 * means[first, first] + part**2 * means[first + 1, first + 1]
        return ends + 2 * part * (1 - part) * means[first, first + 1]

    middle = sum(means[i, i] for i in range(below + 2, units - below))
    return middle + 2 * (below + 1) * quantile(below + 1)


STEP = 0.05
GRID = [-7 + STEP * (at + 0.5) for at in range(int(14 / STEP))]
TAILS = [NORMAL.cdf(z) for z in GRID]
HEIGHTS = [NORMAL.pdf(z) for z in GRID]


def _product(units: int, i: int, j: int) -> float:
    """The mean product of the normal scores in places i and j, which is i or i + 1."""
    ways = math.factorial(units) / math.factorial(i - 1) / math.factorial(units - j)
    if i == j:
        return STEP * sum(
            ways * z * z * p ** (i - 1) * (1 - p) ** (units - j) * d
            for z, p, d in zip(GRID, TAILS, HEIGHTS, strict=True)
        )
    # The inner integral, of y over its density from x on, once for each x.
    above, total = [0.0] * len(GRID), 0.0
    for at in reversed(range(len(GRID))):
        term = STEP * GRID[at] * (1 - TAILS[at]) ** (units - j) * HEIGHTS[at]
        above[at], total = total + term / 2, total + term
    return STEP * sum(
        ways * z * p ** (i - 1) * d * rest for z, p, d, rest in zip(GRID, TAILS, HEIGHTS, above, strict=True)
    )


def between(phi: float, sizes: Sequence[float], free: int) -> float:
    """The variance between units, by moments; their weights are four times their sizes."""
    weights = [4 * size for size in sizes]
    total = sum(weights)
    room = total - sum(it * it for it in weights) / total if free < len(sizes) else total
    return max(0.0, free * (phi - 1) / room)


def _poisson(count: int, mean: float) -> float:
    if mean == 0:
        return float(count == 0)
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))


def _binomial(count: int, trials: int, p: float) -> float:
    if p in (0, 1):
        return float(count == trials * p)
    ways = math.lgamma(trials + 1) - math.lgamma(count + 1) - math.lgamma(trials - count + 1)
    return math.exp(ways + count * math.log(p) + (trials - count) * math.log1p(-p))
