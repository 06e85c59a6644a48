"""How often a profile flags a series in which nothing changed: what pages and documents say of it."""

from __future__ import annotations

import numpy as np
import pytest

from trigpoint.analysis.past.chance import false_signals
from trigpoint.analysis.past.reference import judge
from trigpoint.definitions.profile import SHIPPED

STATED = {"nhs-england": 0.014, "plot-the-dots": 0.016, "nelson": 0.021, "anhoej": 0.031}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_series_in_which_nothing_changed_is_flagged_as_often_as_stated(name: str) -> None:
    assert false_signals(SHIPPED[name]) == pytest.approx(STATED[name], abs=0.002)


def test_it_is_what_the_slow_second_opinion_finds() -> None:
    """Of other series than those of the simulation: 2,000, judged one by one."""
    profile, flagged = SHIPPED["nhs-england"], 0
    for figures in np.random.default_rng(7).normal(size=(2_000, 24)).tolist():
        flagged += judge(figures, [0] * 24, [False] * 24, profile, "up")[-1].rule is not None
    error = (0.014 * 0.986 / 2_000) ** 0.5
    assert abs(flagged / 2_000 - 0.014) < 4 * error
