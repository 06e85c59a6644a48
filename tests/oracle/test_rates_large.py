"""Exact limits of very large counts: by adding up chances, and where SciPy's own answer is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from tests.oracle import rates
from trigpoint.analysis.rates.intervals import exact_binomial, exact_poisson


@pytest.mark.parametrize("confidence", [0.95, 0.9999])
@pytest.mark.parametrize("events", [20_000, 10**9])
def test_exact_limits_of_many_events_leave_the_tails_that_they_promise(
    events: int, confidence: float
) -> None:
    """A limit that is off by a thousand millionth either way leaves too much or too little."""
    tail, off = (1 - confidence) / 2, 1e-9
    low, high = (float(limit) for limit in exact_poisson(events, confidence))
    above = [1 - rates.poisson_at_most(events - 1, low * by) for by in (1 - off, 1 + off)]
    below = [rates.poisson_at_most(events, high * by) for by in (1 + off, 1 - off)]
    assert above[0] < tail < above[1]
    assert below[0] < tail < below[1]


@pytest.mark.parametrize("size", [3 * 10**8, 10**9, 10**10])
def test_a_thousand_of_hundreds_of_millions(size: int) -> None:
    """SciPy 1.17's beta quantile is twice what it should be here; ours is mended."""
    low, high = exact_binomial(np.arange(990, 1_010), size)
    assert (np.diff(low) > 0).all()
    assert (np.diff(high) > 0).all()
    of_events = [limit / size for limit in exact_poisson(np.arange(990, 1_010))]
    np.testing.assert_allclose(low, of_events[0], rtol=1e-5)
    np.testing.assert_allclose(high, of_events[1], rtol=1e-5)
    lower, upper, off = float(low[10]), float(high[10]), 1e-9
    above = [1 - rates.binomial_at_most(999, size, lower * by) for by in (1 - off, 1 + off)]
    below = [rates.binomial_at_most(1_000, size, upper * by) for by in (1 + off, 1 - off)]
    assert above[0] < 0.025 < above[1]
    assert below[0] < 0.025 < below[1]
