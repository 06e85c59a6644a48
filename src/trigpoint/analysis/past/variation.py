"""What each point says about change: the rules that fired, read by the direction that is good."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from trigpoint.analysis.arrays import Bools, Codes, Floats, Segments
from trigpoint.analysis.finding import Variation
from trigpoint.analysis.past.limits import CHARTED, CONSTANT, SCREENING_ABANDONED, Grid, Limits, limits
from trigpoint.analysis.past.rules import RULES, signals
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import RuleProfile

VARIATIONS = tuple(Variation)
"""What a code in ``Charts.variation`` means."""
NO_RULE = len(RULES)
"""The code in ``Charts.rule`` where no rule fired; any other is a place in ``RULES``."""
NOT_ASSESSED = VARIATIONS.index(Variation.NOT_ASSESSED)
COMMON = VARIATIONS.index(Variation.COMMON)


@dataclass(frozen=True, slots=True, eq=False)
class Charts:
    """Many series judged: limits by segment; and what each point, [series, months], says by which rule."""

    grid: Grid
    limits: Limits
    variation: Codes
    rule: Codes


def chart(
    values: Floats,
    segments: Segments | None = None,
    excluded: Bools | None = None,
    *,
    profile: RuleProfile,
    direction: Direction,
    baseline: int | None = None,
) -> Charts:
    """Judge series, [series, months], with NaN for a month without a figure.

    ``segments`` changes where limits start again; ``excluded`` points are drawn but count for
    nothing; ``baseline`` sets limits from the first so many points of each segment. A point is
    ``NOT_ASSESSED`` where there is no figure, or none that limits allow to judge; in a
    constant series every point is ``COMMON``.
    """
    grid = Grid.of(values, segments, excluded)
    found = limits(grid, profile, baseline)
    fired = signals(grid, found, profile)
    variations, rules = _readings(direction, profile.improvement_wins)
    places = fired.high.astype(np.intp) << len(RULES) | fired.low
    judged = (found.status == CHARTED) | (found.status == SCREENING_ABANDONED) | (found.status == CONSTANT)
    assessed = grid.points & grid.spread(judged)
    return Charts(grid, found, np.where(assessed, variations[places], np.int8(NOT_ASSESSED)), rules[places])


@cache
def _readings(direction: Direction, improvement_wins: bool) -> tuple[Codes, Codes]:
    """The variation, and the rule that names it, for every set of rules that can fire at once."""
    sets = range(1 << len(RULES))
    read = [_reading(high, low, direction, improvement_wins) for high in sets for low in sets]
    variations = np.array([VARIATIONS.index(variation) for variation, _ in read], dtype=np.int8)
    return variations, np.array([rule for _, rule in read], dtype=np.int8)


def _reading(high: int, low: int, direction: Direction, improvement_wins: bool) -> tuple[Variation, int]:
    """What a point says at which the rules of ``high`` point up and those of ``low`` down.

    Where both do, the improvement wins, if the profile says so. Otherwise, and where neither
    way is better, the weightier rule wins; two trends that meet in a point name it by the rise.
    """
    up, down = _weightiest(high), _weightiest(low)
    if high and low and improvement_wins and direction != "neutral":
        goes_up = direction == "up"
    else:
        goes_up = bool(high) and up <= down
    if not high and not low:
        return Variation.COMMON, NO_RULE
    if direction == "neutral":
        return (Variation.NEUTRAL_HIGH, up) if goes_up else (Variation.NEUTRAL_LOW, down)
    if goes_up:
        return (Variation.IMPROVEMENT_HIGH if direction == "up" else Variation.CONCERN_HIGH), up
    return (Variation.IMPROVEMENT_LOW if direction == "down" else Variation.CONCERN_LOW), down


def _weightiest(bits: int) -> int:
    """The place of the first rule of a set; ``NO_RULE`` for the empty set."""
    return (bits & -bits).bit_length() - 1 if bits else NO_RULE
