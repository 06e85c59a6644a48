"""Funnels: units of different size against one target, with limits wider where numbers are smaller."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.analysis.arrays import Codes, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """Units against limits about a target, and the curves to draw them by.

    ``value``, ``target`` and every limit are ``per`` times numerator over denominator. ``lower`` and
    ``upper``, [levels, units], are the limits in use, one row for each level of ``confidence``;
    ``adjusted`` says that over-dispersion, ``phi`` with the additive variance ``tau2``, widened them.
    ``verdict`` counts the levels whose limits a unit lies beyond, in order of confidence: 0 inside all,
    1 above the first, 2 above the second; negative below. The curves, [levels, points], are the limits
    over ``curve_denominator``, which rises from the smallest unit's denominator to the largest's.
    """

    units: tuple[str, ...]
    numerator: Floats
    denominator: Floats
    value: Floats
    target: float
    per: float
    confidence: tuple[float, ...]
    lower: Floats
    upper: Floats
    adjusted: bool
    phi: float
    tau2: float
    verdict: Codes
    curve_denominator: Floats
    curve_lower: Floats
    curve_upper: Floats
    method: str
