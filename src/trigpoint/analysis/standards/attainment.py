"""Figures against what is required of them: met or not, by how much, and for how long."""

from __future__ import annotations

import numpy as np

from trigpoint.analysis.arrays import TIE, Codes, Floats, Ints
from trigpoint.analysis.finding import Attainment

ATTAINMENTS = tuple(Attainment)
"""What a code of ``attainment`` means."""
MET, IN_TOLERANCE, NOT_MET, NOT_ASSESSED = (
    ATTAINMENTS.index(verdict)
    for verdict in (Attainment.MET, Attainment.IN_TOLERANCE, Attainment.NOT_MET, Attainment.NOT_ASSESSED)
)


def distance(values: Floats, required: Floats, sense: Codes) -> Floats:
    """How far each figure lies on the good side of what is required; negative is short of it.

    ``sense`` is 1 where at least, -1 where at most so much is required. A difference that is
    only rounding is 0; NaN where there is no figure or nothing is required.
    """
    apart = sense * (values - required)
    return np.where(np.abs(apart) <= _tie(values, required), 0.0, apart)


def attainment(values: Floats, required: Floats, sense: Codes, tolerance: Floats) -> Codes:
    """Judge each figure against its standard; the arrays broadcast. ``tolerance`` is NaN where there is none.

    A figure exactly on the standard meets it, and one exactly at the end of its tolerance is in it.
    """
    apart = distance(values, required, sense)
    return np.select(
        [np.isnan(apart), apart >= 0, apart >= -tolerance - _tie(values, required)],
        [NOT_ASSESSED, MET, IN_TOLERANCE],
        NOT_MET,
    ).astype(np.int8)


def streaks(attained: Codes) -> Ints:
    """How many months in a row, each one included, have had its attainment: [series, months].

    A month that could not be assessed (no figure, or no standard then) is 0, and breaks the row.
    Re-bases do not: each month was judged by what held then.
    """
    series, months = attained.shape
    changed = np.ones((series, months), dtype=np.bool_)
    changed[:, 1:] = attained[:, 1:] != attained[:, :-1]
    place = np.arange(months)
    began = np.maximum.accumulate(np.where(changed, place, 0), axis=1)
    return np.where(attained == NOT_ASSESSED, 0, place - began + 1)


def _tie(values: Floats, required: Floats) -> Floats:
    return TIE * np.maximum(np.abs(values), np.abs(required))
