"""The false signals that a page says to expect are those that a simulation shows."""

from __future__ import annotations

import numpy as np
import pytest

from trigpoint.analysis.finding import Variation
from trigpoint.analysis.past.chance import FALSE_SIGNALS
from trigpoint.analysis.past.variation import VARIATIONS, chart
from trigpoint.definitions.profile import SHIPPED

SERIES, MONTHS = 20_000, 24
QUIET = [VARIATIONS.index(Variation.COMMON), VARIATIONS.index(Variation.NOT_ASSESSED)]


def test_who_says_how_often_it_is_wrong_is_a_profile() -> None:
    assert FALSE_SIGNALS.keys() <= SHIPPED.keys()


@pytest.mark.parametrize("name", FALSE_SIGNALS)
def test_a_series_in_which_nothing_changed_is_flagged_as_often_as_stated(name: str) -> None:
    values = np.random.default_rng(2026).normal(size=(SERIES, MONTHS))
    latest = chart(values, profile=SHIPPED[name], direction="up").variation[:, -1]
    share, stated = 1 - np.isin(latest, QUIET).mean(), FALSE_SIGNALS[name]
    error = (stated * (1 - stated) / SERIES) ** 0.5
    assert abs(share - stated) < 4 * error + 0.0005  # stated to three places
