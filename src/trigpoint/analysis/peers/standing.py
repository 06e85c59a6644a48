"""Where a figure stands among its peers'.

Quartiles are type 7 of Hyndman and Fan (1996), which R, NumPy and Excel's QUARTILE.INC use.
Ranks are competition ranks: equal figures share the better rank. A quarter is
4 - floor((rank - 1) * 4 / n), the quantile of PHEindicatormethods counted from the other end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arguments import refuse
from trigpoint.analysis.arrays import TIE, Floats, Ints
from trigpoint.definitions.indicator import Direction

FEWEST = 4
"""With fewer figures than four, the unit's own among them, there is no quarter to be in."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Peers of one indicator: ``reporting`` and quartiles, [months]; the rest, [months, peers].

    ``rank`` 1 is the best, or the highest where neither way is better; ``quarter`` 4 holds the
    best. Both are 0 where there is no figure; ``quarter`` is 0 too where neither way is better.
    Quartiles are NaN where nobody reports.
    """

    reporting: Ints
    lower_quartile: Floats
    median: Floats
    upper_quartile: Floats
    rank: Ints
    quarter: Ints


def standing(values: Floats, direction: Direction) -> Standing:
    """Compare each month's figures with each other: [months, peers], NaN for no figure."""
    there = ~np.isnan(values)
    reporting = there.sum(axis=1)
    rising = np.sort(values, axis=1)  # NaN goes last
    rank = _ranks(-values if direction != "down" else values)
    quarter = np.zeros_like(rank)
    if direction != "neutral":
        quarter = np.where(there, 4 - (rank - 1) * 4 // np.maximum(reporting, 1)[:, None], 0)
    lower, median, upper = (_quantile(rising, reporting, share) for share in (0.25, 0.5, 0.75))
    return Standing(reporting, lower, median, upper, rank, quarter)


def quarter_of(rank: int, reporting: int) -> int:
    """The quarter of a rank among so many; 4 holds the best."""
    return 4 - (rank - 1) * 4 // reporting


def quantiles(values: npt.ArrayLike, groups: int = 4, *, highest_first: bool = True) -> Ints:
    """The group of each figure when they are cut into ``groups`` of like number; 0 where there is none.

    Group 1 holds the highest, unless ``highest_first`` is false. Equal figures share the lower of their
    groups' ranks, as in PHEindicatormethods. Fewer figures than groups are in none. Raises ValueError for
    a figure that is infinite, and for fewer than one group.
    """
    if groups < 1:
        raise ValueError(f"groups is {groups}, not 1 or more")
    given = np.asarray(values, dtype=np.float64)
    refuse(np.isinf(given), "values", given, "not a number")
    there = int((~np.isnan(given)).sum())
    rank = _ranks(-given[None] if highest_first else given[None])[0]
    # floor(k + 1 - ceil((N + 1 - rank) / (N / k))), in whole numbers.
    found = groups + 1 + -(there + 1 - rank) * groups // max(there, 1)
    return np.where((rank == 0) | (there < groups), 0, found)


def _ranks(worse: Floats) -> Ints:
    """Competition ranks along each row, the least first; 0 for NaN."""
    order = np.argsort(worse, axis=1, kind="stable")
    ranked = np.take_along_axis(worse, order, axis=1)
    opens = np.ones(ranked.shape, dtype=np.bool_)
    opens[:, 1:] = np.diff(ranked, axis=1) > TIE * np.maximum(np.abs(ranked[:, 1:]), np.abs(ranked[:, :-1]))
    first = np.maximum.accumulate(np.where(opens, np.arange(ranked.shape[1]), 0), axis=1) + 1
    ranks = np.empty(ranked.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, first, axis=1)
    return np.where(np.isnan(worse), 0, ranks)


def _quantile(rising: Floats, reporting: Ints, share: float) -> Floats:
    """The type 7 quantile of each row's first ``reporting`` figures; NaN where there are none."""
    place = np.maximum(reporting - 1, 0) * share
    below = place.astype(np.int64)
    above = np.minimum(below + 1, np.maximum(reporting - 1, 0))
    rows = np.arange(len(rising))
    low, high = rising[rows, below], rising[rows, above]
    return low + (place - below) * (high - low)
