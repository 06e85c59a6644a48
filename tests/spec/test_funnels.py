"""Funnels: what an analyst may expect of limits, verdicts, over-dispersion and likely ranks."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from trigpoint.analysis.peers.dispersion import dispersion
from trigpoint.analysis.peers.funnel import Funnel, fit, funnel
from trigpoint.analysis.peers.methods import METHODS
from trigpoint.analysis.peers.public_health import event_limits, proportion_limits, significance
from trigpoint.analysis.peers.ranks import likely_ranks
from trigpoint.analysis.peers.standing import quantiles

EXACT = METHODS["exact"]
NEVER, ALWAYS = replace(EXACT, adjust="never"), replace(EXACT, adjust="always")
SIZES = np.array([10.0, 40, 100, 400, 1_000, 4_000])


def of_shares(*shares: float, size: float = 400, **how: Any) -> Funnel:
    """Units of one size."""
    return funnel([share * size for share in shares], [size] * len(shares), **how)


# ------------------------------------------------------------------------------------------ limits


def test_the_target_is_the_overall_figure_and_not_the_mean_of_shares() -> None:
    found = funnel([9, 200], [10, 400], per=100)
    assert found.target == pytest.approx(100 * 209 / 410)
    assert found.value.tolist() == [90, 50]


def test_the_target_may_be_your_own() -> None:
    found = funnel([300, 320], [400, 400], target=0.9, per=100)
    assert found.target == 90
    assert found.verdict.tolist() == [-2, -2]


def test_over_dispersion_is_how_units_differ_from_each_other_and_not_from_the_target() -> None:
    """All alike and all far from the target: that is no reason for wide limits."""
    found = of_shares(0.8, 0.79, 0.81, 0.8, 0.82, target=0.9)
    assert found.phi < 1
    assert found.verdict.tolist() == [-2] * 5


def test_a_standardised_ratio_is_held_against_one() -> None:
    found = funnel([120, 80], [100, 100], "standardised", per=100)
    assert found.target == 100
    assert found.value.tolist() == [120, 80]


@pytest.mark.parametrize(
    ("shares", "verdicts"),
    [
        ([0.80] * 20 + [0.80], [0]),
        ([0.80] * 20 + [0.75], [-1]),
        ([0.80] * 20 + [0.70], [-2]),
        ([0.80] * 20 + [0.85], [1]),
        ([0.80] * 20 + [0.90], [2]),
    ],
)
def test_a_verdict_counts_the_levels_that_a_unit_lies_beyond(
    shares: list[float], verdicts: list[int]
) -> None:
    found = of_shares(*shares, method=NEVER)
    assert found.verdict.tolist() == [0] * 20 + verdicts


def test_levels_may_be_any() -> None:
    found = of_shares(*[0.8] * 20, 0.75, method=NEVER, confidence=(0.5, 0.9, 0.99, 0.99999))
    assert found.confidence == (0.5, 0.9, 0.99, 0.99999)
    assert found.lower.shape == (4, 21)
    assert found.verdict[-1] == -2
    assert (np.diff(found.lower[:, 0]) < 0).all()


def test_a_unit_on_its_limit_is_inside() -> None:
    """Beyond means further than the limit: a count that may come by chance is not flagged."""
    found = funnel([10], [20], target=0.5, method=NEVER)
    edge = math.floor(found.upper[0, 0] * 20)
    verdicts = [int(funnel([count], [20], target=0.5, method=NEVER).verdict[0]) for count in (edge, edge + 1)]
    assert (edge, verdicts) == (14, [0, 1])  # P(X >= 14) is 5.8%, P(X >= 15) 2.1%


def test_few_expected_have_exact_limits_and_many_have_limits_that_are_right_on_average() -> None:
    """Poisson, 10 expected: P(X >= 18) = 1.4% and P(X >= 17) = 2.7%, P(X <= 4) = 2.9%, P(X <= 3) = 1.0%."""
    few = [int(funnel([count], [10], "rate", target=1, method=NEVER).verdict[0]) for count in (3, 4, 17, 18)]
    assert few == [-1, 0, 0, 1]
    # 100 expected: of 81, P(X < 81) + P(X = 81) / 2 = 2.6%; of 80, 2.1%; of 120, 2.5%; of 121, 2.0%.
    many = [
        int(funnel([count], [100], "rate", target=1, method=NEVER).verdict[0]) for count in (80, 81, 119, 121)
    ]
    assert many == [-1, 0, 0, 1]


def test_limits_narrow_as_units_grow() -> None:
    low, high = fit([8], [10], target=0.8).limits(SIZES)
    assert (np.diff(low[0]) > 0).all()
    assert (np.diff(high[0]) <= 0).all()


def test_no_limit_lies_below_nothing_or_above_everyone() -> None:
    low, high = fit([5], [10], target=0.05).limits([1, 5, 20])
    assert (low == 0).all()
    assert high[0, 0] <= 1
    low, high = fit([5], [10], target=0.97).limits([1, 5, 20])
    assert (high == 1).all()


def test_curves_run_from_the_smallest_unit_to_the_largest() -> None:
    found = funnel([8, 70, 300], [10, 100, 400])
    assert (found.curve_denominator[0], found.curve_denominator[-1]) == (10, 400)
    assert (np.diff(found.curve_denominator) > 0).all()
    assert found.curve_lower.shape == found.curve_upper.shape == (2, found.curve_denominator.size)
    for curve, limits in ((found.curve_lower, found.lower), (found.curve_upper, found.upper)):
        np.testing.assert_allclose(curve[:, [0, -1]], limits[:, [0, -1]])


def test_units_of_one_size_have_one_point_for_a_curve() -> None:
    assert of_shares(0.8, 0.7).curve_denominator.tolist() == [400]


def test_a_large_unit_is_judged_by_less_than_its_own_weight() -> None:
    """Half of everyone: it can stray from the overall figure by only half of its variance."""
    overall, given_target = (
        funnel([500, 100, 100, 300], [1_000, 200, 200, 600], target=target, method=NEVER)
        for target in (None, 0.5)
    )
    narrower = (overall.target - overall.lower[0]) / (given_target.target - given_target.lower[0])
    np.testing.assert_allclose(narrower, np.sqrt(1 - np.array([0.5, 0.1, 0.1, 0.3])), rtol=0.02)


def test_one_unit_alone_is_inside() -> None:
    found = funnel([7], [9])
    assert found.verdict.tolist() == [0]
    assert math.isnan(found.phi)


@pytest.mark.parametrize("shares", [[0.0] * 5, [1.0] * 5])
def test_nobody_and_everybody_are_no_outliers(shares: list[float]) -> None:
    found = of_shares(*shares)
    assert found.verdict.tolist() == [0] * 5
    assert found.target in (0, 1)
    assert not found.adjusted


# --------------------------------------------------------------------------------- over-dispersion

RAGGED = [0.60, 0.66, 0.71, 0.78, 0.80, 0.83, 0.85, 0.88, 0.91, 0.95]


def test_units_that_differ_by_more_than_chance_have_wider_limits() -> None:
    plain, wider = of_shares(*RAGGED, method=NEVER), of_shares(*RAGGED)
    assert wider.adjusted
    assert wider.phi > 10
    assert (wider.lower < plain.lower).all()
    assert (wider.upper > plain.upper).all()
    assert np.count_nonzero(plain.verdict) == 7
    assert np.count_nonzero(wider.verdict) == 0


def test_units_that_differ_by_chance_alone_have_limits_as_chance_makes_them() -> None:
    shares = np.random.default_rng(4).binomial(400, 0.8, 20) / 400
    found = of_shares(*shares)
    assert not found.adjusted
    assert found.phi < 1.6
    np.testing.assert_array_equal(found.lower, of_shares(*shares, method=NEVER).lower)


def test_limits_are_adjusted_where_chance_does_not_explain_how_units_differ() -> None:
    """A phi a little above 1 comes by chance: adjusting always would widen limits half of the time."""
    shares = [0.78, 0.82, 0.79, 0.83, 0.8, 0.77, 0.83, 0.81]
    found, always = of_shares(*shares, size=400), of_shares(*shares, size=400, method=ALWAYS)
    assert 1 < found.phi < 2.5
    assert (found.adjusted, always.adjusted) == (False, True)
    assert found.tau2 == always.tau2 > 0


def test_a_few_outliers_do_not_widen_everyones_limits() -> None:
    shares = [*np.random.default_rng(5).binomial(400, 0.8, 38) / 400, 0.6, 0.95]
    found = of_shares(*shares)
    assert found.phi < 2
    assert found.verdict[-2:].tolist() == [-2, 2]


@pytest.mark.parametrize("trimming", ["winsorise", "truncate"])
def test_the_published_phi_is_ours_times_what_trimming_leaves(trimming: Any) -> None:
    score = np.linspace(-2.2, 2.2, 41)
    ours, published = (
        dispersion(score, np.ones(41), trimming=trimming, variant=variant, estimated=False)
        for variant in ("unbiased", "published")
    )
    left = published.phi / ours.phi
    assert left == pytest.approx({"winsorise": 0.691, "truncate": 0.497}[trimming], abs=0.02)
    assert ours.chance == published.chance


def test_without_trimming_phi_is_the_mean_square() -> None:
    score = np.array([-2.0, 1.0, 1.5, 0.0])
    assert dispersion(score, np.ones(4), share=0, estimated=False).phi == pytest.approx(7.25 / 4)
    assert dispersion(score, np.ones(4), share=0).phi == pytest.approx(7.25 / 3)


def test_too_few_expected_do_not_say_how_units_differ() -> None:
    found = funnel([0, 1, 9, 0, 1], [20] * 5, target=0.1)
    assert math.isnan(found.phi)
    assert not found.adjusted


# ---------------------------------------------------------------------------------- likely ranks


def test_sure_figures_have_narrow_ranges_and_unsure_ones_wide() -> None:
    shares = np.linspace(0.5, 0.9, 9)
    large, small = (likely_ranks(shares * size, np.full(9, size)) for size in (20_000.0, 40.0))
    assert large.rank.tolist() == small.rank.tolist() == list(range(9, 0, -1))
    assert (large.upper - large.lower).max() == 0
    assert (small.upper - small.lower).min() >= 2


def test_rank_1_is_the_best_whichever_way_is_better() -> None:
    part, size = [10, 40, 80, 90], [100] * 4
    assert likely_ranks(part, size, direction="up").rank.tolist() == [4, 3, 2, 1]
    assert likely_ranks(part, size, direction="down").rank.tolist() == [1, 2, 3, 4]
    assert likely_ranks(part, size, direction="down").upper[0] <= 2
    assert likely_ranks(part, size, direction="neutral").rank.tolist() == [4, 3, 2, 1]


def test_equal_figures_share_a_rank_and_have_ranges_that_overlap() -> None:
    found = likely_ranks([80, 80, 80, 60], [100] * 4)
    assert found.rank.tolist() == [1, 1, 1, 4]
    assert (found.lower[:3] == 1).all()
    assert (found.upper[:3] >= 3).all()


def test_the_same_figures_have_the_same_range_each_time_and_another_seed_nearly_the_same() -> None:
    part, size = [31, 40, 52, 61, 70], [100] * 5
    first, again, other = (likely_ranks(part, size, seed=seed) for seed in (1, 1, 2))
    assert first.lower.tolist() == again.lower.tolist()
    assert np.abs(first.upper - other.upper).max() <= 1


def test_one_unit_is_first_and_last() -> None:
    found = likely_ranks([3], [10])
    assert (found.rank[0], found.lower[0], found.upper[0]) == (1, 1, 1)


# ------------------------------------------------------------------------ public-health indicators


def test_a_proportions_limit_ends_at_everyone_whatever_it_is_multiplied_by() -> None:
    """PHEindicatormethods ends it at the number 100: below the baseline of 896 per 1,000."""
    for per in (1, 100, 1_000):
        low, high = proportion_limits([1, 10, 1_000], 0.896, per=per)
        assert high.max() == per
        assert (low < 0.896 * per).all()


def test_limits_of_events_take_no_time() -> None:
    """20,000 events: there, 51 seconds for 50 units."""
    found = event_limits(np.linspace(100, 20_000, 5_000).round())
    assert found.lower.shape == (2, 5_000)
    assert (found.lower < 1).all()
    assert (found.upper > 1).all()


def test_significance_says_how_sure() -> None:
    found = significance([100, 125, 150, 78, 50], [100] * 5, "events", 1.0)
    assert found == ("Not significant", "High (0.025)", "High (0.001)", "Low (0.025)", "Low (0.001)")


def test_quantiles_cut_figures_into_groups_of_like_number() -> None:
    assert quantiles([1, 2, 3, 4, 5, 6, 7, 8]).tolist() == [4, 4, 3, 3, 2, 2, 1, 1]
    assert quantiles([1, 2, 3, 4, 5, 6, 7, 8], highest_first=False).tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    assert quantiles([1, math.nan, 3]).tolist() == [0, 0, 0]
