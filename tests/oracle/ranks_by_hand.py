"""Likely ranks, slowly: a Gibbs sampler in plain Python, from what the model says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random


def likely(
    figures: Sequence[float], deviations: Sequence[float], draws: int, seed: int
) -> list[tuple[int, int]]:
    """The places, 1 the highest, between which 95% of each unit's ranks lie.

    Truths are normal about a mean, with a standard deviation; both are flat before the figures are seen. The
    deviation is drawn on a grid, given the truths and the mean.
    """
    stream, units = Random(seed), len(figures)
    spread_of = _deviation(figures)
    widest = 3 * max(spread_of, 0.5 * min(deviations))
    grid = [widest * (step + 0.5) / 400 for step in range(400)]
    truths, between = list(figures), max(spread_of, widest / 10)
    places: list[list[int]] = [[] for _ in figures]
    for turn in range(draws + 500):
        middle = stream.gauss(sum(truths) / units, between / math.sqrt(units))
        squares = sum((truth - middle) ** 2 for truth in truths)
        logs = [-units * math.log(tau) - squares / (2 * tau * tau) for tau in grid]
        top = max(logs)
        between = stream.choices(grid, [math.exp(log - top) for log in logs])[0]
        for at, (figure, own) in enumerate(zip(figures, deviations, strict=True)):
            sure = 1 / own**2 + 1 / between**2
            truths[at] = stream.gauss((figure / own**2 + middle / between**2) / sure, 1 / math.sqrt(sure))
        if turn >= 500:
            for at, truth in enumerate(truths):
                places[at].append(1 + sum(other > truth for other in truths))
    return [(sorted(one)[int(0.025 * draws)], sorted(one)[draws - 1 - int(0.025 * draws)]) for one in places]


def _deviation(figures: Sequence[float]) -> float:
    mean = sum(figures) / len(figures)
    return math.sqrt(sum((figure - mean) ** 2 for figure in figures) / len(figures))
