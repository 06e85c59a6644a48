"""Whether figures of months that follow one another are alike beyond chance (autocorrelation).

Limits from moving ranges hold where neighbours are independent; where they are alike, ranges are
short, limits narrow and signals many. Two measures have to agree:

- The correlation of neighbours, about the mean of the segment *and after one step, wherever it fits
  best, has been taken out*: a single shift also makes neighbours alike, and is no autocorrelation.
- How much further apart figures of two months are than of one, in mean squared moving ranges. Where
  figures are independent both are equal, and one step or a steady drift hardly changes that
  (von Neumann's ratio, taken on differences).

What chance gives either depends on the number of points. The tables below hold it for independent
normal figures, by simulation, which ``tests/oracle/test_difficult.py`` repeats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trigpoint.analysis.arrays import TIE, Bools, Floats

POINTS = (13, 18, 24, 36, 48, 60, 90, 120)
EXPECTED = (-0.211, -0.169, -0.138, -0.101, -0.080, -0.067, -0.048, -0.038)
"""The mean correlation of neighbours where there is none: taking out a step and a mean leaves less."""
BEYOND = (0.329, 0.319, 0.298, 0.266, 0.240, 0.223, 0.192, 0.170)
"""The correlation that 1% of such series exceed."""
FURTHER = (0.644, 0.524, 0.439, 0.346, 0.294, 0.260, 0.208, 0.178)
"""How much further apart two months are than one in 10% of such series."""
LEAST = POINTS[0]
LEAST_BESIDE_STEP = 3
"""A step leaves so many points on either side."""
EVEN = 1e-9
"""Steps that fit as well as each other, but for rounding: the first is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """How alike neighbours are, [series]; NaN where there are too few.

    ``correlation`` is corrected for what chance gives (``EXPECTED``), ``further`` is the mean squared
    range over two months divided by that over one, less 1.
    """

    correlation: Floats
    further: Floats
    alike: Bools


def neighbours(values: Floats, points: Bools) -> Neighbours:
    """Test the ``points`` of series, [series, months], which lie in one segment each."""
    joined = points[:, 1:] & points[:, :-1]
    length = joined.sum(axis=1) + 1
    largest = np.abs(np.where(points, values, 0.0)).max(axis=1, keepdims=True, initial=0)
    figures = np.divide(values, largest, out=np.zeros_like(values), where=points & (largest > 0))
    left = _without_step(figures, points)
    spread = (left**2).sum(axis=1) / np.maximum(points.sum(axis=1), 1)
    products = (left[:, 1:] * left[:, :-1] * joined).sum(axis=1)
    one = _mean_square(figures[:, 1:] - figures[:, :-1], joined)
    two = _mean_square(figures[:, 2:] - figures[:, :-2], joined[:, 1:] & joined[:, :-1])
    tested = (length >= LEAST) & (one > TIE**2) & (spread > TIE**2) & ~np.isnan(two)
    with np.errstate(divide="ignore", invalid="ignore"):
        # As of a series without gaps: one product fewer than there are points.
        raw = products / np.maximum(length - 1, 1) * (length - 1) / length / spread
        further = np.where(tested, two / one - 1, np.nan)
    correlation = np.where(tested, raw - np.interp(length, POINTS, EXPECTED), np.nan)
    alike = (
        tested & (raw > np.interp(length, POINTS, BEYOND)) & (further > np.interp(length, POINTS, FURTHER))
    )
    return Neighbours(correlation, further, alike)


def _mean_square(ranges: Floats, which: Bools) -> Floats:
    count = which.sum(axis=1)
    total = (ranges**2 * which).sum(axis=1)
    return np.asarray(np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0))


def _without_step(figures: Floats, points: Bools) -> Floats:
    """Points about their mean before and after the one step that fits best; 0 where there is no point."""
    count = points.sum(axis=1, keepdims=True)
    about = np.where(points, figures - figures.sum(axis=1, keepdims=True) / np.maximum(count, 1), 0.0)
    so_far, summed = np.cumsum(points, axis=1), np.cumsum(about, axis=1)
    possible = points & (so_far >= LEAST_BESIDE_STEP) & (count - so_far >= LEAST_BESIDE_STEP)
    gain = np.divide(summed**2 * count, so_far * (count - so_far), out=np.zeros_like(about), where=possible)
    best = (possible & (gain >= (1 - EVEN) * gain.max(axis=1, keepdims=True, initial=0))).argmax(axis=1)
    before = np.arange(points.shape[1]) <= best[:, None]
    for side in (points & before, points & ~before) if points.size else ():
        mean = (about * side).sum(axis=1, keepdims=True) / np.maximum(side.sum(axis=1, keepdims=True), 1)
        about = np.where(side, about - mean, about)
    return about
