"""Rates of many areas at once."""

from __future__ import annotations

import numpy as np

from tests.benchmarks.harness import Clock, Figures, benchmark
from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.rates.inequality import Bands, inequality
from trigpoint.analysis.rates.intervals import wilson
from trigpoint.analysis.rates.labels import Names
from trigpoint.analysis.rates.standardised import (
    EUROPEAN_2013,
    directly_standardised,
    indirectly_standardised,
)

AREAS, TENTHS = 10_000, 150


def made_up() -> tuple[Names, Names, Floats, Floats]:
    """Areas, bands of age, events and populations: 190,000 rows."""
    rng = np.random.default_rng(20261124)
    area = np.repeat([f"E{number:08}" for number in range(AREAS)], len(EUROPEAN_2013))
    people = rng.integers(50, 9_000, area.size).astype(np.float64)
    return area, np.tile(list(EUROPEAN_2013), AREAS), rng.poisson(0.002 * people).astype(np.float64), people


@benchmark(aim="")
def directly_standardised_rates_of_10_000_areas(clock: Clock) -> Figures:
    columns = made_up()
    for _ in range(3):
        with clock:
            found = directly_standardised(*columns, EUROPEAN_2013)
    assert (found.status == "given").mean() > 0.99
    return {"us an area": clock.seconds / AREAS * 1e6}


@benchmark(aim="")
def indirectly_standardised_ratios_of_10_000_areas(clock: Clock) -> Figures:
    columns = made_up()
    reference = dict.fromkeys(EUROPEAN_2013, (200.0, 100_000.0))
    for _ in range(3):
        with clock:
            indirectly_standardised(*columns, reference)
    return {"us an area": clock.seconds / AREAS * 1e6}


@benchmark(aim="")
def inequality_of_150_areas(clock: Clock) -> Figures:
    """Ten bands each, 100,000 repetitions."""
    rng = np.random.default_rng(20261124)
    people = rng.integers(2_000, 9_000, TENTHS * 10).astype(np.float64)
    cases = rng.binomial(people.astype(np.int64), 0.2).astype(np.float64)
    area, band = np.repeat(np.arange(TENTHS), 10), np.tile(np.arange(10), TENTHS)
    bands = Bands(area, band, people, cases / people, *wilson(cases, people))
    with clock:
        inequality(bands, "proportion")
    return {"ms an area": clock.seconds / TENTHS * 1e3}
