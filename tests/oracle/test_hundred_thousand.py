"""A slow, separate reference of every rule agrees with the fast one on 100,000 random series.

Series of every kind of chart, degenerate ones among them, under the profiles that ship and under
altered ones: status, points, lines, every rule that fires at each point and which way, and what the
point then says. One batch in ten is judged again as it stood in some earlier month.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context

import pytest

from tests.random_series import judged_twice
from tests.second_opinion import Tally
from trigpoint.analysis.finding import Rule, SeriesStatus
from trigpoint.analysis.past.reference_rules import WAYS
from trigpoint.definitions.profile import ChartKind

BATCH = 20
SAMPLE, ALL = 3_000, 100_000
MET = frozenset(SeriesStatus) - {SeriesStatus.ROLLING}
"""A rolling series is refused before it comes to a chart."""


def test_a_sample_agrees() -> None:
    met = Tally()
    for seed in range(SAMPLE // BATCH):
        met.add(judged_twice(seed, BATCH))
    _every_case_was_met(met, SAMPLE)


@pytest.mark.release
def test_all_of_them_agree() -> None:
    met = Tally()
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        seeds = range(ALL // BATCH)
        for tally in pool.map(judged_twice, seeds, [BATCH] * len(seeds), chunksize=10):
            met.add(tally)
    _every_case_was_met(met, ALL)


def _every_case_was_met(met: Tally, series: int) -> None:
    print(f"\n{met.series.total():,} series")
    for kind in ChartKind:
        print(f"  {kind:<20} {met.series[kind]:>9,}")
    print("segments by status")
    for status in SeriesStatus:
        print(f"  {status:<20} {met.status[status]:>9,}")
    print(f"{met.points:,} points judged; where each rule fired {' and '.join(WAYS)}")
    for rule in Rule:
        print(f"  {rule:<20} " + " ".join(f"{met.fired[rule, way]:>9,}" for way in WAYS))
    assert met.series.total() == series
    assert not [kind for kind in ChartKind if not met.series[kind]]
    assert not [status for status in MET if not met.status[status]]
    assert not [case for case in product(Rule, WAYS) if not met.fired[case]]
