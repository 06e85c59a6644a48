"""Whether a process, left alone, will meet what is required of it."""

from __future__ import annotations

import numpy as np

from trigpoint.analysis.arrays import TIE, Codes, Floats
from trigpoint.analysis.finding import Assurance
from trigpoint.analysis.past.limits import CHARTED, CONSTANT, SCREENING_ABANDONED, ZERO_WIDTH
from trigpoint.definitions.profile import RuleProfile

ASSURANCES = tuple(Assurance)
"""What a code of ``assurance`` means."""


def assurance(
    required: Floats,
    sense: Codes,
    *,
    status: Codes,
    lower: Floats,
    upper: Floats,
    least: Floats,
    most: Floats,
    profile: RuleProfile,
) -> Codes:
    """Judge limits against what is required (NaN: nothing). Arguments are arrays, one entry a series.

    ``sense`` is 1 where at least, -1 where at most so much is required. ``least`` and ``most``
    are the extremes of the points since the last re-base: where limits have no width, the
    process passes if every point meets the standard and fails if none does. Limits are not
    clipped at what the measure can reach.
    """
    up = sense > 0
    # Turned round where at most so much is required, so that more is better from here on.
    needed = sense * required
    floor, ceiling = np.where(up, lower, -upper), np.where(up, upper, -lower)
    worst, best = np.where(up, least, -most), np.where(up, most, -least)
    flat = (status == CONSTANT) | (status == ZERO_WIDTH)
    limited = ~np.isnan(lower)  # a run chart has none
    limited &= flat | (status == CHARTED) | (status == SCREENING_ABANDONED)
    with np.errstate(invalid="ignore"):  # no standard, or no limits: answered first below
        tie = TIE * np.maximum(np.abs(needed), np.maximum(np.abs(floor), np.abs(ceiling)))
        edge = -tie if profile.inclusive_assurance else tie
        return np.select(
            [
                np.isnan(required),
                ~limited,
                np.where(flat, worst >= needed - tie, needed < floor - edge),
                np.where(flat, best < needed - tie, needed > ceiling + edge),
            ],
            [
                ASSURANCES.index(verdict)
                for verdict in (Assurance.NO_STANDARD, Assurance.NOT_ASSESSED, Assurance.PASS, Assurance.FAIL)
            ],
            ASSURANCES.index(Assurance.HIT_OR_MISS),
        ).astype(np.int8)
