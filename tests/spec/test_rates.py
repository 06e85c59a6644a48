"""Rates, ratios and measures of inequality, and how far chance may have moved them: by worked examples."""

from __future__ import annotations

import decimal
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from trigpoint.analysis.rates.crude import mean, proportion, rate, standardised_ratio
from trigpoint.analysis.rates.inequality import Bands, Inequality, Kind, inequality
from trigpoint.analysis.rates.intervals import (
    byar,
    byar_mid_p,
    exact_binomial,
    exact_or_byar,
    exact_poisson,
    student,
    wilson,
)
from trigpoint.analysis.rates.standardised import (
    EUROPEAN_2013,
    directly_standardised,
    directly_standardised_repeats,
    indirectly_standardised,
)
from trigpoint.analysis.rates.status import SENTENCES, RateStatus
from trigpoint.analysis.whole.compare import against_rest, apart

# ---------------------------------------------------------------------------------------- one proportion


@pytest.mark.parametrize(
    ("part", "size", "score", "exact"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_the_examples_of_newcombe(
    part: int, size: int, score: tuple[float, float], exact: tuple[float, float]
) -> None:
    """Newcombe (1998), Statistics in Medicine 17:857-872, table I, methods 3 and 5."""
    assert [float(it) for it in wilson(part, size)] == pytest.approx(score, abs=5.1e-5)
    assert [float(it) for it in exact_binomial(part, size)] == pytest.approx(exact, abs=5.1e-5)


@pytest.mark.parametrize("interval", [wilson, exact_binomial])
def test_nobody_and_everybody_are_at_the_ends_and_still_uncertain(interval: Callable[..., Any]) -> None:
    (none_low, all_low), (none_high, all_high) = interval([0, 12], 12)
    assert (none_low, all_high) == (0.0, 1.0)
    assert none_high == pytest.approx(1 - all_low)
    assert 0.2 < none_high < 0.3


def test_a_share_in_per_cent_with_its_interval() -> None:
    found = proportion(numerator=90, denominator=120, per=100)
    assert float(found.value) == 75
    assert [round(float(it), 1) for it in (found.lower, found.upper)] == [66.6, 81.9]


# --------------------------------------------------------------------------------------- counts and rates


def test_exact_limits_of_a_count_are_those_of_the_tables() -> None:
    """Garwood (1936), table of 95% limits."""
    low, high = exact_poisson([0, 1, 5, 10, 20])
    assert low.round(2).tolist() == [0, 0.03, 1.62, 4.80, 12.22]
    assert high.round(2).tolist() == [3.69, 5.57, 11.67, 18.39, 30.89]


def test_byars_limits_are_within_a_twentieth_of_an_event_of_the_exact_ones_from_10_events_on() -> None:
    events = np.arange(10, 2_000)
    for near, exact in zip(byar(events), exact_poisson(events), strict=True):
        assert np.abs(near - exact).max() < 0.05


def test_a_rate_has_exact_limits_below_10_events_and_byars_from_there_on() -> None:
    found = rate(events=[9, 9.5, 10], population=2_000)
    assert found.method.tolist() == ["exact", "exact", "byar"]
    assert found.value.tolist() == [450, 475, 500]
    assert found.lower[0] == pytest.approx(float(exact_poisson(9)[0]) * 50)
    assert found.upper[2] == pytest.approx(float(byar(10)[1]) * 50)


def test_a_sum_that_misses_10_events_by_rounding_is_10() -> None:
    events = sum([0.1] * 100)
    assert events < 10
    assert exact_or_byar(events)[1] == byar(events)[1]


def test_a_rate_is_per_100_000_unless_another_measure_is_asked_for() -> None:
    assert float(rate(events=30, population=12_000).value) == 250
    assert float(rate(events=30, population=12_000, per=1_000).value) == 2.5


def test_a_rate_may_have_more_events_than_people() -> None:
    assert float(rate(events=11, population=10, per=1).value) == 1.1


def test_no_events_leave_an_upper_limit() -> None:
    found = rate(events=0, population=1_000, per=1_000)
    assert (float(found.value), float(found.lower)) == (0, 0)
    assert float(found.upper) == pytest.approx(3.689, abs=5e-4)


def test_a_standardised_ratio_is_100_where_as_many_died_as_were_expected() -> None:
    found = standardised_ratio(observed=[40, 8], expected=[40, 16])
    assert found.value.tolist() == [100, 50]
    assert found.lower[0] < 100 < found.upper[0]


# ------------------------------------------------------------------------------------------------- means


def test_the_mean_of_each_group_with_its_t_interval() -> None:
    """Days waited: 3, 5 and 10 have mean 6 and standard deviation 3.606; t with 2 degrees is 4.303."""
    found = mean([3, 20, 5, 10, 22], ["A", "B", "A", "A", "B"])
    assert found.group.tolist() == ["A", "B"]
    assert found.value.tolist() == [6, 21]
    assert found.count.tolist() == [3, 2]
    assert found.deviation[0] == pytest.approx(13**0.5)
    assert found.upper[0] - 6 == pytest.approx(4.302653 * 13**0.5 / 3**0.5)


def test_one_figure_has_a_mean_and_no_interval_and_says_why() -> None:
    found = mean([3, 5, 7], ["A", "A", "B"])
    assert found.value.tolist() == [4, 7]
    assert found.status.tolist() == [RateStatus.GIVEN, RateStatus.TOO_FEW_FIGURES]
    assert np.isnan([found.lower[1], found.upper[1], found.deviation[1]]).all()
    assert found.sentence.tolist() == ["", SENTENCES[RateStatus.TOO_FEW_FIGURES]]


def test_figures_that_are_all_the_same_have_an_interval_of_no_width() -> None:
    found = mean([0.1] * 7)
    assert [found.lower[0], found.value[0], found.upper[0]] == pytest.approx([0.1] * 3, abs=1e-15)


# ---------------------------------------------------------------------------------------- any confidence


@pytest.mark.parametrize(
    "interval",
    [
        lambda confidence: wilson(30, 120, confidence),
        lambda confidence: exact_binomial(30, 120, confidence),
        lambda confidence: exact_poisson(30, confidence),
        lambda confidence: byar(30, confidence),
        lambda confidence: byar_mid_p(30, confidence),
        lambda confidence: student(30, 5, 12, confidence),
    ],
    ids=["wilson", "exact_binomial", "exact_poisson", "byar", "byar_mid_p", "student"],
)
def test_more_confidence_is_a_wider_interval(interval: Callable[[float], Any]) -> None:
    low, high = np.array([interval(confidence) for confidence in (0.5, 0.8, 0.95, 0.998, 0.9999)]).T
    assert (np.diff(low) < 0).all()
    assert (np.diff(high) > 0).all()


def test_two_shares_that_differ_at_95_per_cent_confidence_need_not_at_99_8() -> None:
    """80% of 70 and 60% of 80."""
    at_95, at_998 = (apart(56, 70, 48, 80, "proportion", confidence) for confidence in (0.95, 0.998))
    assert float(at_998.difference) == float(at_95.difference) == pytest.approx(0.2)
    assert at_95.beyond_chance
    assert not at_998.beyond_chance
    of_whole = against_rest(56, 70, 104, 150, "proportion", confidence=0.998)
    assert float(of_whole.lower) == pytest.approx(float(at_998.lower) * 80 / 150)


@pytest.mark.parametrize("interval", [exact_poisson, byar, byar_mid_p])
def test_a_thousand_million_events_have_limits_of_1_96_standard_deviations(
    interval: Callable[..., Any],
) -> None:
    low, high = interval(1e9)
    assert (1e9 - low) / 1e9**0.5 == pytest.approx(1.96, abs=1e-3)
    assert (high - 1e9) / 1e9**0.5 == pytest.approx(1.96, abs=1e-3)


@pytest.mark.parametrize("interval", [wilson, exact_binomial])
def test_a_share_of_a_thousand_million_keeps_its_digits(interval: Callable[..., Any]) -> None:
    low, high = interval([1, 1_000, 500_000_000, 999_999_999], 1e9)
    assert low[0] * 1e9 == pytest.approx(0.0253 if interval is exact_binomial else 0.1765, abs=1e-4)
    assert high[1] * 1e9 == pytest.approx(1_000 + 1.96 * 1_000**0.5, abs=3)
    assert low[1] * 1e9 == pytest.approx(1_000 - 1.96 * 1_000**0.5, abs=3)
    assert (high[2] - low[2]) / 2 == pytest.approx(1.96 * 0.5 / 1e9**0.5, rel=1e-4)
    assert high[0] == pytest.approx(1 - low[3])


# ---------------------------------------------------------------------------------- directly standardised

YOUNG_AND_OLD = {"young": 60_000, "old": 40_000}


def test_a_directly_standardised_rate_by_hand() -> None:
    """A town of the young and a town of the old have the same rates at each age.

    2 in 1,000 of the young and 20 in 1,000 of the old: 0.6 x 200 + 0.4 x 2,000 = 920 per 100,000. The
    crude rates are 380 and 1,640.
    """
    area, band = ["A", "A", "B", "B"], ["young", "old", "young", "old"]
    events, population = [18, 20, 4, 160], [9_000, 1_000, 2_000, 8_000]
    found = directly_standardised(area, band, events, population, YOUNG_AND_OLD)
    assert found.value.tolist() == pytest.approx([920, 920])
    assert found.events.tolist() == [38, 164]
    assert found.population.tolist() == [10_000, 10_000]
    crude = rate([38, 164], [10_000, 10_000])
    assert crude.value.tolist() == [380, 1_640]


def test_its_limits_are_byars_stretched_to_the_variance_of_the_weighted_sum() -> None:
    found = directly_standardised(["A", "A"], ["young", "old"], [18, 20], [9_000, 1_000], YOUNG_AND_OLD)
    variance = 18 * (0.6 / 9_000) ** 2 + 20 * (0.4 / 1_000) ** 2
    low, high = (float(limit) for limit in byar(38))
    assert found.lower[0] == pytest.approx(920 + 1e5 * (variance / 38) ** 0.5 * (low - 38))
    assert found.upper[0] == pytest.approx(920 + 1e5 * (variance / 38) ** 0.5 * (high - 38))


def test_an_area_like_the_standard_has_its_crude_rate() -> None:
    found = directly_standardised(["A", "A"], ["young", "old"], [18, 20], [6_000, 4_000], YOUNG_AND_OLD)
    crude = rate(38, 10_000)
    assert found.value[0] == pytest.approx(float(crude.value))


def test_rows_may_stand_in_any_order_and_bands_be_numbers() -> None:
    found = directly_standardised([7, 5, 5, 7], [1, 0, 1, 0], [9, 8, 7, 6], [10, 20, 30, 40], {0: 1, 1: 3})
    assert found.area.tolist() == [7, 5]
    swapped = directly_standardised([5, 7, 7, 5], [1, 0, 1, 0], [7, 6, 9, 8], [30, 40, 10, 20], {0: 1, 1: 3})
    assert found.value.tolist() == swapped.value[::-1].tolist()


@pytest.mark.parametrize(
    ("bands", "events", "population", "status"),
    [
        (["young"], [30], [1_000], RateStatus.BAND_MISSING),
        (["young", "old"], [30, 0], [1_000, 0], RateStatus.BAND_EMPTY),
        (["young", "old"], [4, 5], [1_000, 900], RateStatus.TOO_FEW_EVENTS),
        (["young", "old"], [0, 0], [1_000, 900], RateStatus.TOO_FEW_EVENTS),
    ],
)
def test_an_area_that_cannot_be_standardised_says_why_and_leaves_the_others_alone(
    bands: list[str], events: list[int], population: list[int], status: RateStatus
) -> None:
    found = directly_standardised(
        ["X"] * len(bands) + ["A", "A"],
        [*bands, "young", "old"],
        [*events, 18, 20],
        [*population, 9_000, 1_000],
        YOUNG_AND_OLD,
    )
    assert found.status.tolist() == [status, RateStatus.GIVEN]
    assert found.sentence.tolist() == [SENTENCES[status], ""]
    assert np.isnan([found.value[0], found.lower[0], found.upper[0]]).all()
    assert found.events[0] == sum(events)
    assert found.value[1] == pytest.approx(920)


def test_a_rates_lower_limit_is_never_below_zero() -> None:
    """Nearly all of this rate comes from one event among 10 old people."""
    found = directly_standardised(["A", "A"], ["young", "old"], [11, 1], [900_000, 10], YOUNG_AND_OLD)
    assert found.status[0] == RateStatus.GIVEN
    assert found.lower[0] == 0


def test_a_band_without_weight_may_be_empty() -> None:
    found = directly_standardised(["A"] * 2, ["young", "old"], [12, 0], [600, 0], {"young": 5, "old": 0})
    assert found.value[0] == pytest.approx(2_000)


def test_the_european_standard_population_has_19_bands_of_100_000_people() -> None:
    assert len(EUROPEAN_2013) == 19
    assert sum(EUROPEAN_2013.values()) == 100_000


# ------------------------------------------------------------------------------------------ repeated events


def test_events_that_come_to_the_same_people_have_wider_limits_and_the_same_rate() -> None:
    """10 young people admitted once and 5 twice are 20 admissions of 15 people."""
    area, band = ["A"] * 3, ["young", "young", "old"]
    found = directly_standardised_repeats(
        area,
        band,
        people=[10, 5, 12],
        frequency=[1, 2, 1],
        population=[3_000, 3_000, 500],
        standard=YOUNG_AND_OLD,
    )
    once = directly_standardised(["A"] * 2, ["young", "old"], [20, 12], [3_000, 500], YOUNG_AND_OLD)
    assert found.events[0] == 32
    assert found.population[0] == 3_500
    assert found.value[0] == pytest.approx(once.value[0])
    assert found.lower[0] < once.lower[0] < once.upper[0] < found.upper[0]


def test_people_who_all_have_one_event_are_as_independent_events() -> None:
    rows = (["A"] * 2, ["young", "old"], [20, 12])
    once = directly_standardised(*rows, [3_000, 500], YOUNG_AND_OLD)
    found = directly_standardised_repeats(*rows, [1, 1], [3_000, 500], YOUNG_AND_OLD)
    assert (found.lower[0], found.upper[0]) == (once.lower[0], once.upper[0])


# -------------------------------------------------------------------------------- indirectly standardised

NATION = {"young": (1_000, 500_000), "old": (8_000, 400_000)}
"""2 and 20 in 1,000; 1,000 per 100,000 in all."""


def test_an_indirectly_standardised_ratio_and_rate_by_hand() -> None:
    """Expected: 9,000 x 0.002 + 1,000 x 0.02 = 38. 57 observed are a ratio of 150 and 1,500 per 100,000."""
    found = indirectly_standardised(["A", "A"], ["young", "old"], [27, 30], [9_000, 1_000], NATION)
    assert (found.observed[0], found.expected[0]) == (57, pytest.approx(38))
    assert found.ratio[0] == pytest.approx(150)
    assert found.value[0] == pytest.approx(1_500)
    low, high = byar(57)
    assert found.ratio_lower[0] == pytest.approx(float(low) / 38 * 100)
    assert found.upper[0] == pytest.approx(float(high) / 38 * 1_000)
    assert found.method[0] == "byar"


def test_the_reference_itself_has_a_ratio_of_100_and_its_crude_rate() -> None:
    found = indirectly_standardised(["E", "E"], ["young", "old"], [1_000, 8_000], [500_000, 400_000], NATION)
    assert found.ratio[0] == pytest.approx(100)
    assert found.value[0] == pytest.approx(1_000)


def test_few_events_have_exact_limits_and_are_given() -> None:
    found = indirectly_standardised(["A", "A"], ["young", "old"], [3, 0], [1_000, 0], NATION)
    assert (found.status[0], found.method[0]) == (RateStatus.GIVEN, "exact")
    assert found.ratio_upper[0] == pytest.approx(float(exact_poisson(3)[1]) / 2 * 100)


@pytest.mark.parametrize(
    ("bands", "population", "status"),
    [
        (["young"], [1_000], RateStatus.BAND_MISSING),
        (["young", "old"], [0, 0], RateStatus.NOTHING_EXPECTED),
    ],
)
def test_an_area_that_cannot_be_compared_says_why(
    bands: list[str], population: list[int], status: RateStatus
) -> None:
    rows = len(bands)
    found = indirectly_standardised(["X"] * rows, bands, [1] * rows, population, NATION)
    assert (found.status[0], found.sentence[0], found.method[0]) == (status, SENTENCES[status], "")
    assert np.isnan([found.ratio[0], found.ratio_lower[0], found.value[0], found.upper[0]]).all()


# ---------------------------------------------------------------------------------------------- inequality

TENTHS = np.arange(1, 11)


def tenths(value: Any, width: Any = 2.0, people: Any = 1_000, band: Any = TENTHS) -> Bands:
    value, people = np.broadcast_to(value, 10).astype(float), np.broadcast_to(people, 10)
    return Bands(["A"] * 10, band, people, value, value - width, value + width)


def numbers(found: Inequality) -> list[float]:
    return [float(getattr(found, name)[0]) for name in ("slope", "relative", "most", "least")]


def test_a_straight_line_through_ten_equal_tenths() -> None:
    """From 70 years, in steps of 1: the ends lie half a step beyond the outer tenths."""
    assert numbers(inequality(tenths(69 + TENTHS), "mean")) == pytest.approx([10, 79.5 / 69.5, 69.5, 79.5])


def test_tenths_count_by_their_people() -> None:
    """A tenth with hardly anyone in it hardly counts."""
    steps = np.where(TENTHS == 10, 500.0, 69 + TENTHS)
    found = inequality(tenths(steps, people=[*[1_000] * 9, 1e-6]), "mean")
    assert found.slope[0] == pytest.approx(9, abs=0.01)


def test_no_inequality_is_a_slope_of_0_and_a_ratio_of_1_with_limits_on_both_sides() -> None:
    found = inequality(tenths(50.0), "rate")
    assert numbers(found)[:2] == pytest.approx([0, 1])
    assert found.slope_lower[0] < 0 < found.slope_upper[0]
    assert found.relative_lower[0] < 1 < found.relative_upper[0]


def test_rows_may_stand_in_any_order() -> None:
    mixed = np.random.default_rng(1).permutation(10)
    given = tenths(69.0 + TENTHS)
    band, people, value = (np.asarray(it)[mixed] for it in (given.band, given.population, given.value))
    found = inequality(Bands(["A"] * 10, band, people, value, value - 2, value + 2), "mean")
    straight = inequality(given, "mean")
    assert found.slope[0] == straight.slope[0]
    assert found.slope_lower[0] == straight.slope_lower[0]


def test_a_seed_gives_the_same_limits_and_another_nearly_so() -> None:
    given = tenths(0.3 - TENTHS / 50, width=0.02)
    one, again, other = (inequality(given, "proportion", seed=seed) for seed in (7, 7, 8))
    width = one.slope_upper[0] - one.slope_lower[0]
    assert one.slope_lower[0] == again.slope_lower[0]
    assert 0 < abs(one.slope_lower[0] - other.slope_lower[0]) < 0.005 * width


def test_the_slope_can_be_given_in_per_cent_and_the_ratio_stays_a_ratio() -> None:
    given = tenths(0.3 - TENTHS / 50, width=0.02)
    share, per_cent = inequality(given, "proportion"), inequality(given, "proportion", per=100)
    for name in ("slope", "slope_lower", "slope_upper", "most", "least"):
        assert getattr(per_cent, name)[0] == pytest.approx(100 * getattr(share, name)[0])
    assert per_cent.relative_upper[0] == share.relative_upper[0]


def test_rates_that_fall_by_the_same_share_are_a_straight_line_when_transformed() -> None:
    """Each tenth's rate is 9 tenths of the one before: from end to end 0.9 to the tenth power."""
    values = 400 * 0.9**TENTHS
    found = inequality(tenths(values, width=values / 20), "rate", transform=True)
    assert found.relative[0] == pytest.approx(0.9**10)
    assert found.most[0] == pytest.approx(400 * 0.9**0.5)
    assert found.slope[0] == pytest.approx(found.least[0] - found.most[0])
    assert found.relative_lower[0] < found.relative[0] < found.relative_upper[0]


@pytest.mark.parametrize(
    ("given", "kind", "status"),
    [
        (Bands(["A"] * 4, [1, 2, 3, 4], [9] * 4, [5.0] * 4, [4.0] * 4, [6.0] * 4), "rate", "too_few_bands"),
        (tenths(50.0, people=[0, *[1_000] * 9]), "rate", "band_empty"),
        (tenths(TENTHS - 1.0, width=np.minimum(2, TENTHS - 1)), "rate", "at_an_end"),
        (tenths(1 - TENTHS / 100 + 0.01, width=0), "proportion", "at_an_end"),
        (tenths(TENTHS - 3.0), "mean", "no_relative"),
        (tenths(TENTHS.astype(float), width=5.0), "mean", "no_relative"),
    ],
)
def test_what_cannot_be_given_says_why(given: Bands, kind: Kind, status: str) -> None:
    found = inequality(given, kind)
    assert found.status[0] == status
    assert found.sentence[0] == SENTENCES[RateStatus(status)]
    assert np.isnan(found.relative_upper[0])
    assert np.isfinite(found.slope[0]) == (status in ("at_an_end", "no_relative"))
    assert np.isfinite(found.slope_lower[0]) == (status == "no_relative")


def test_a_tenth_without_events_has_no_logarithm_to_fit_a_line_to() -> None:
    given = tenths(TENTHS - 1.0, width=np.minimum(2, TENTHS - 1))
    found = inequality(given, "rate", transform=True)
    assert found.status[0] == RateStatus.AT_AN_END
    assert np.isnan(found.slope[0])
    assert np.isfinite(inequality(given, "rate").slope[0])


def test_an_area_without_one_of_the_bands_is_not_fitted() -> None:
    names, band = ["A"] * 6 + ["B"] * 5, [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5]
    value = np.full(11, 0.2)
    found = inequality(Bands(names, band, [50] * 11, value, value - 0.1, value + 0.1), "proportion")
    assert found.status.tolist() == [RateStatus.GIVEN, RateStatus.BAND_MISSING]
    assert np.isnan(found.slope[1])


# ------------------------------------------------------------------------------------------------ the input


def chunked(values: list[Any]) -> Any:
    return pa.chunked_array([values[:1], values[1:]])


def coded(values: list[Any]) -> Any:
    return pa.array(values).dictionary_encode()


def categories(values: list[Any]) -> Any:
    return pd.Categorical(values) if isinstance(values[0], str) else pd.Series(values, dtype="Int64")


def decimals(values: list[Any]) -> Any:
    return [it if isinstance(it, str) else decimal.Decimal(it) for it in values]


@pytest.mark.parametrize(
    "of",
    [list, tuple, np.array, pd.Series, pl.Series, pa.array, chunked, coded, categories, decimals],
    ids=["list", "tuple", "numpy", "pandas", "polars", "arrow", "chunked", "coded", "categories", "decimals"],
)
def test_columns_may_come_from_any_library(of: Callable[[list[Any]], Any]) -> None:
    found = directly_standardised(
        of(["A", "A"]), of(["young", "old"]), of([18, 20]), of([9_000, 1_000]), YOUNG_AND_OLD
    )
    assert found.area.tolist() == ["A"]
    assert found.value[0] == pytest.approx(920)


def test_no_rows_are_no_answers() -> None:
    assert len(directly_standardised([], [], [], [], YOUNG_AND_OLD).value) == 0
    assert len(indirectly_standardised([], [], [], [], NATION).sentence) == 0
    assert len(inequality(Bands([], [], [], [], [], []), "rate").slope) == 0
    assert len(mean([]).value) == 0
    assert rate([], []).value.shape == (0,)


AREAS, BAND = ["A", "A", "B", "B"], ["young", "old", "young", "old"]
FIVE = Bands(["A"] * 5, [1, 2, 3, 4, 5], [10] * 5, [0.2] * 5, [0.1] * 5, [0.3] * 5)


def five(**changes: Any) -> Bands:
    return Bands(**{name: getattr(FIVE, name) for name in Bands.__dataclass_fields__} | changes)


def untyped(value: Any) -> Any:
    """What a notebook may hand over, whatever the types say."""
    return value


REFUSED: list[tuple[Callable[[], object], str]] = [
    # text, also where it looks like a number; what is missing or infinite
    (lambda: wilson(["5", "7"], [10, 10]), "numerator[0] is '5', not a number"),
    (lambda: wilson(untyped([5, "many"]), [10, 10]), "numerator[1] is 'many', not a number"),
    (lambda: rate(pd.Series(["a", "b"]), [10, 10]), "events[0] is 'a', not a number"),
    (lambda: exact_poisson(untyped([4, None])), "events[1] is None, not a number"),
    (lambda: exact_poisson(pa.array([4, None])), "events[1] is nan, not a number"),
    (lambda: exact_poisson(np.ma.masked_array([4, 7], [False, True])), "events[1] is nan, not a number"),
    (lambda: byar([4, np.inf]), "events[1] is inf, not a number"),
    (lambda: byar([4, 3 + 1j]), "events[1] is (3+1j), not a number"),
    (lambda: mean(untyped([4, "x"]), ["A", "A"]), "figures[1] is 'x', not a number"),
    (lambda: student(1.0, 2.0, "n"), "count is 'n', not a number"),
    (lambda: apart([1], ["x"], [1], [2], "rate"), "denominator[0] is 'x', not a number"),
    # negative, above the whole, nobody
    (lambda: byar_mid_p([0, -1]), "events[1] is -1, below zero"),
    (lambda: exact_binomial([1, 11], [10, 10]), "numerator[1] is 11, above denominator"),
    (lambda: wilson([[1, 2], [3, 9]], 8), "numerator[1, 1] is 9, above denominator"),
    (lambda: rate([1, 2], [5, 0]), "population[1] is 0, not above zero"),
    (lambda: standardised_ratio([1, 2], [5, 0]), "expected[1] is 0, not above zero"),
    (lambda: student([1, 2], [1, 1], [5, 1]), "count[1] is 1, below 2"),
    # unequal lengths
    (lambda: rate([1, 2, 3], [5, 5]), "events has 3 figures and population 2: there is no population[2]"),
    (
        lambda: apart([1, 2], [5, 5], [1, 2, 3], [5, 5, 5], "rate"),
        "other_numerator has 3 figures and numerator 2: there is no numerator[2]",
    ),
    (
        lambda: rate(np.ones((2, 2)), np.ones((2, 3))),
        "these do not fit together: events (2, 2), population (2, 3)",
    ),
    (lambda: rate([[1], [1, 2]], 5), "events is not an array: its rows are of different lengths"),
    (lambda: mean([1, 2], ["A"]), "figures has 2 figures and group 1: there is no group[1]"),
    (lambda: mean(np.ones((2, 2))), "figures is not a column: it has 2 dimensions, not 1"),
    (
        lambda: directly_standardised(AREAS, BAND, [1] * 4, [9] * 3, YOUNG_AND_OLD),
        "area has 4 figures and population 3: there is no population[3]",
    ),
    # options
    (lambda: byar(4, 95), "confidence is 95, not a share between 0 and 1, such as 0.95"),
    (lambda: byar(4, untyped("high")), "confidence is high, not a share between 0 and 1, such as 0.95"),
    (lambda: rate(4, 9, per=0), "per is 0, not above zero"),
    # areas and bands
    (lambda: mean([1, 2], ["A", None]), "group[1] is missing: every row needs one"),
    (lambda: mean([1, 2], [1.0, np.nan]), "group[1] is missing: every row needs one"),
    (
        lambda: mean([1, 2], ["A", 7]),
        "group[1] is 7 and group[0] 'A': labels are all text, or all numbers",
    ),
    (
        lambda: directly_standardised(
            AREAS, ["young", "old", "young", "oldest"], [1] * 4, [9] * 4, YOUNG_AND_OLD
        ),
        "band[3] is 'oldest', not one of the bands to go by: young, old",
    ),
    (
        lambda: directly_standardised(AREAS, ["young", "old", "old", "old"], [1] * 4, [9] * 4, YOUNG_AND_OLD),
        "band[3] of area 'B' is there already, in row 2: keep one row",
    ),
    (
        lambda: directly_standardised(AREAS, BAND, [1] * 4, [9] * 4, {"young": 1, "old": -1}),
        "standard['old'] is -1, below zero",
    ),
    (
        lambda: directly_standardised(AREAS, BAND, [1] * 4, [9] * 4, {"young": 0, "old": 0}),
        "standard adds up to 0: it has to have people in its bands",
    ),
    (
        lambda: directly_standardised_repeats(
            ["A"] * 3, ["young", "young", "old"], [1, 1, 1], [1, 2, 1], [50, 51, 9], YOUNG_AND_OLD
        ),
        "population[1] is 51, not that of the band's first row",
    ),
    (
        lambda: directly_standardised_repeats(
            ["A"] * 3, ["young", "young", "old"], [1, 1, 1], [2, 2, 1], [50, 50, 9], YOUNG_AND_OLD
        ),
        "band[1] of area 'A' is there already, in row 0: keep one row",
    ),
    (
        lambda: directly_standardised_repeats(["A"], ["young"], [1], [0], [50], YOUNG_AND_OLD),
        "frequency[0] is 0, not above zero",
    ),
    (
        lambda: indirectly_standardised(AREAS, BAND, [1] * 4, [9] * 4, {"young": (1, 0), "old": (1, 9)}),
        "reference population['young'] is 0, not above zero",
    ),
    (
        lambda: indirectly_standardised(AREAS, BAND, [1] * 4, [9] * 4, untyped({"young": 1, "old": 2})),
        "reference['young'] is 1, not a pair: events and population",
    ),
    # inequality
    (
        lambda: inequality(five(), untyped("percent")),
        "kind is 'percent', not one of proportion, rate, mean",
    ),
    (
        lambda: inequality(five(value=[0.2, 20, 1, 1, 1], upper=[30] * 5), "proportion"),
        "value[1] is 20, above 1: a proportion is a share, not a percentage",
    ),
    (
        lambda: inequality(five(lower=[0.1, 0.25, 0, 0, 0]), "proportion"),
        "lower[1] is 0.25, above the value",
    ),
    (lambda: inequality(five(upper=[0.3, 0.1, 1, 1, 1]), "rate"), "upper[1] is 0.1, below the value"),
    (lambda: inequality(five(value=[-1.0] * 5), "rate"), "value[0] is -1, below zero"),
    (lambda: inequality(five(population=[1, 2, -3, 4, 5]), "mean"), "population[2] is -3, below zero"),
    (lambda: inequality(five(band=["first"] * 5), "rate"), "band[0] is 'first', not a number"),
    (
        lambda: inequality(five(band=[1, 2, 2, 3, 4]), "rate"),
        "band[2] of area 'A' is there already, in row 1: keep one row",
    ),
    (
        lambda: inequality(five(area=["A"] * 4), "rate"),
        "band has 5 figures and area 4: there is no area[4]",
    ),
    (
        lambda: inequality(five(), "rate", seed=untyped(None)),
        "seed is None, not a whole number from 0 up",
    ),
    (
        lambda: inequality(five(), "rate", confidence=0.998, repetitions=500),
        "repetitions is 500, not a whole number from 1,000 up",
    ),
]


@pytest.mark.parametrize(
    ("call", "told"), REFUSED, ids=[f"{at}: {told}" for at, (_, told) in enumerate(REFUSED)]
)
def test_bad_input_is_refused_with_the_argument_and_the_position(
    call: Callable[[], object], told: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        call()


def test_rates_leave_the_slow_half_of_scipy_alone() -> None:
    """``scipy.stats`` takes most of a second to import, which every command would wait for."""
    modules = "crude, inequality, intervals, standardised"
    asks = (
        f"import sys; from trigpoint.analysis.rates import {modules}; sys.exit('scipy.stats' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asks], check=False).returncode == 0
