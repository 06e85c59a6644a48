"""Runs about the median: how long the longest is, and how often the points cross the line.

Anhøj and Olesen 2014, PLoS ONE 9(11):e113825, as qicharts2 reckons them. Points on the line are left
out, and so are months without a point: the rules are about the sequence of the others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from trigpoint.analysis.arrays import Bools, Floats, Ints
from trigpoint.analysis.past.grid import Grid


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """The runs of each segment, [segments], and what chance would hardly pass.

    ``useful`` counts the points off the line. A longest run above ``longest_allowed``, or fewer
    crossings than ``fewest_allowed``, is a signal. ``run`` is the length of the run that each point
    belongs to, flattened; 0 where there is none. ``segment`` is the segment of each month.
    """

    useful: Ints
    longest: Ints
    longest_allowed: Ints
    crossings: Ints
    fewest_allowed: Ints
    run: Ints
    segment: Ints


def runs(grid: Grid, away: Floats, tie: Floats, points: Bools) -> Runs:
    """Count the runs of points that lie ``away`` from the line by more than ``tie``."""
    segments = len(grid.starts)
    segment = grid.spread(np.arange(segments)).ravel()
    useful = np.flatnonzero(points & (np.abs(away) > tie))
    of, side = segment[useful], away.ravel()[useful] > 0
    starts = np.ones(useful.size, dtype=np.bool_)
    crosses = np.zeros(useful.size, dtype=np.bool_)
    crosses[1:] = (side[1:] != side[:-1]) & (of[1:] == of[:-1])
    starts[1:] = crosses[1:] | (of[1:] != of[:-1])
    number = np.cumsum(starts) - 1
    lengths = np.bincount(number)
    run = np.zeros(grid.values.size, dtype=np.int64)
    run[useful] = lengths[number]
    count = np.bincount(of, minlength=segments)
    longest = np.maximum.reduceat(run, grid.starts)
    allowed = np.array([longest_allowed(int(n)) for n in count], dtype=np.int64)
    fewest = np.array([fewest_allowed(int(n)) for n in count], dtype=np.int64)
    crossings = np.bincount(of[crosses], minlength=segments)
    return Runs(count, longest, allowed, crossings, fewest, run, segment)


def running_too_long(found: Runs) -> Bools:
    """The points of runs that are too long for chance, flattened."""
    return np.asarray(found.run > found.longest_allowed[found.segment])


def crossing_too_seldom(found: Runs) -> Bools:
    """The useful points of segments whose points cross the line too seldom for chance, flattened."""
    seldom = found.crossings < found.fewest_allowed
    return np.asarray((found.run > 0) & seldom[found.segment])


@cache
def longest_allowed(useful: int) -> int:
    """The longest run that chance explains: log2 of the points, rounded, and 3 (Schilling 2012)."""
    return round(math.log2(useful)) + 3 if useful else 0


@cache
def fewest_allowed(useful: int) -> int:
    """The fewest crossings that chance explains: the 5% quantile of fair coins, one less than points."""
    tosses = max(useful - 1, 0)
    below = tail = 0
    while True:
        tail += math.comb(tosses, below)
        if 20 * tail >= 2**tosses:
            return below
        below += 1
