"""How often a figure is flagged although nothing has changed, and nothing is different."""

from __future__ import annotations

from functools import cache

import numpy as np

from trigpoint.analysis.past.variation import COMMON, NOT_ASSESSED, chart
from trigpoint.definitions.profile import ChartKind, RuleProfile

SERIES, MONTHS = 20_000, 24


@cache
def false_signals(profile: RuleProfile) -> float:
    """The share of charts whose latest point a profile flags, of independent normal figures over 24 months.

    By simulation, the same each time: 1.4% for ``nhs-england``, give or take 0.1. It grows slowly
    with the months: from 1.1% at 13 to 1.7% at 60.
    """
    kind = ChartKind.RUN if profile.charts == "run" else ChartKind.I
    values = np.random.default_rng(2026).normal(size=(SERIES, MONTHS))
    latest = chart(values, profile=profile, direction="up", kind=kind).variation[:, -1]
    return float(1 - np.isin(latest, (COMMON, NOT_ASSESSED)).mean())


DIFFERENCES = 0.05
"""The share of units that would differ from the whole by chance alone: those beyond a 95% interval.

By simulation (``tests/oracle/test_compare.py``) between 3% and 7%, at the sizes that
``docs/reference/the-whole.md`` names.
"""
