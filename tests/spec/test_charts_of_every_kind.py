"""Each kind of chart worked by hand, with a calculator at most, and what each refuses to show."""

from __future__ import annotations

import math
from itertools import chain
from typing import Any

import numpy as np
import pytest

from tests.by_hand import BY_HAND, NONE, draw, ends, rows
from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.finding import SeriesStatus
from trigpoint.analysis.past.limits import STATUSES
from trigpoint.analysis.past.variation import Charts, chart
from trigpoint.definitions.profile import ChartKind


def status(found: Charts) -> SeriesStatus:
    return SeriesStatus(STATUSES[found.limits.status[0]])


# ---------------------------------------------------------------------------------------- each kind


def test_a_run_chart_has_a_median_and_no_limits() -> None:
    lower, centre, upper = ends(draw([3, 1, 4, 1, 5], ChartKind.RUN))
    assert centre == 3
    assert math.isnan(lower)
    assert math.isnan(upper)


def test_individuals() -> None:
    """Mean 44 / 4; ranges 2, 3 and 4, and so limits at 11 ± 2.66 × 3."""
    assert ends(draw([10, 12, 9, 13], ChartKind.I)) == (3.02, 11, 18.98)


def test_individuals_about_the_median_with_median_ranges() -> None:
    """Median 11 of 9, 10, 12, 20; ranges 2, 3 and 11, of which the median is 3: 11 ± 3.145 × 3."""
    profile = BY_HAND.model_copy(update={"centre": "median", "spread": "median", "limit": 3.145})
    assert ends(draw([10, 12, 9, 20], profile=profile)) == (1.565, 11, 20.435)


def test_moving_ranges() -> None:
    """Ranges 2, 3 and 4: mean 3, upper limit 3.267 × 3, lower limit 0. The first month has none."""
    found = draw([10, 12, 9, 13], ChartKind.MR)
    assert ends(found) == (0, 3, 9.801)
    assert found.grid.points[0].tolist() == [False, True, True, True]


def test_median_moving_ranges() -> None:
    """Ranges 2, 3 and 11: median 3, upper limit 3.865 × 3."""
    profile = BY_HAND.model_copy(update={"spread": "median", "limit": 3.145})
    assert ends(draw([10, 12, 9, 20], ChartKind.MR, profile=profile)) == (0, 3, 11.595)


def test_shares() -> None:
    """12 of 100, 44 of 400 and 84 of 900 are 140 of 1,400: a tenth. √(0.1 × 0.9 / 100) is 3%, and so on."""
    found = draw([12, 11, 9.3333], ChartKind.P, [100, 400, 900], scale=100)
    lower, centre, upper = rows(found)
    assert centre == [10, 10, 10]
    assert lower == [1, 5.5, 7]
    assert upper == [19, 14.5, 13]


def test_no_share_is_more_than_all_of_a_whole_or_less_than_nothing() -> None:
    """34 of 36 and 290 of 324 are 90%: of 36, √(0.9 × 0.1 / 36) is 5%, and 90 + 15 is too much."""
    nine_tenths = [100 * 34 / 36, 100 * 290 / 324]
    assert rows(draw(nine_tenths, ChartKind.P, [36, 324], scale=100)) == ([75, 85], [90, 90], [100, 95])
    a_tenth = [100 * 2 / 36, 100 * 34 / 324]
    assert rows(draw(a_tenth, ChartKind.P, [36, 324], scale=100)) == ([0, 5], [10, 10], [25, 15])


def test_shares_that_stray_beyond_chance() -> None:
    """Of 100 each, a tenth has a standard deviation of 3%. 7% and 13% are -1 and 1 of them: ranges of 2.

    Laney's sigma is 2 / 1.128, or 1.773, and the limits are 10% ± 3 × 3% × 1.773.
    """
    found = draw([0.07, 0.13, 0.07, 0.13], ChartKind.P_PRIME, [100] * 4)
    assert ends(found) == (0, 0.1, 0.26)
    assert rows(found)[2][0] == round(0.1 + 0.09 * 2 / 1.128, 3)


def test_rates() -> None:
    """4 and 16 in 100 and 400 are 4 in 100. √(0.04 / 100) is 0.02, √(0.04 / 400) is 0.01."""
    assert rows(draw([40, 40], ChartKind.U, [100, 400], scale=1000)) == ([0, 10], [40, 40], [100, 70])


def test_rates_that_stray_beyond_chance() -> None:
    """4 in 100 with a standard deviation of 2: 3 and 5 are -½ and ½ of it, and so their ranges 1."""
    found = draw([0.03, 0.05, 0.03, 0.05], ChartKind.U_PRIME, [100] * 4)
    assert ends(found) == (0, 0.04, round(0.04 + 0.06 / 1.128, 3))


def test_laney_takes_median_ranges_for_what_they_are() -> None:
    """Ranges of 2 standard deviations: if it is their median that counts, they are 2 / 0.954 sigma."""
    profile = BY_HAND.model_copy(update={"spread": "median", "limit": 3.145})
    found = draw([0.07, 0.13, 0.07, 0.13], ChartKind.P_PRIME, [100] * 4, profile=profile)
    assert ends(found) == (0, 0.1, round(0.1 + 0.09 * 2 / 0.954, 3))


def test_counts() -> None:
    """Mean 16: 16 ± 3 × 4. Mean 4: 4 ± 3 × 2, and no count is below zero."""
    assert ends(draw([14, 18, 16], ChartKind.C)) == (4, 16, 28)
    assert ends(draw([2, 6], ChartKind.C)) == (0, 4, 10)


def test_cases_between_events() -> None:
    """Mean 4, so limits at 4 ± 3 × √(4 × 5); the line shown is the median, 3."""
    assert ends(draw([1, 3, 8], ChartKind.G)) == (0, 3, 17.416)


def test_times_between_events() -> None:
    """1, 2, 3 and 2 to the power of 3.6: mean 2, ranges of 1, limits 2 ± 2.66, all to the power of 3.6."""
    lower, centre, upper = ends(draw([1, 2**3.6, 3**3.6, 2**3.6], ChartKind.T))
    assert lower == 0
    assert centre == round(2**3.6, 3) == 12.126
    assert upper == round(4.66**3.6, 3)


def test_means_of_subgroups() -> None:
    """Means of four: A3 is 1.628. Their mean is 11, and the standard deviation within each month 2."""
    found = draw([10, 12, 11], ChartKind.XBAR, [4, 4, 4], deviations=[1, 2, 3])
    assert ends(found) == (round(11 - 2 * 1.6281, 3), 11, round(11 + 2 * 1.6281, 3))


def test_means_of_subgroups_of_different_sizes() -> None:
    """Of 4 and 9 figures: mean (4 × 10 + 9 × 12) / 13; spread √((3 × 1² + 8 × 2²) / 11); A3 1.628, 1.032."""
    lower, centre, upper = rows(draw([10, 12], ChartKind.XBAR, [4, 9], deviations=[1, 2]))
    spread = math.sqrt(35 / 11)
    assert centre == [11.385, 11.385]
    assert upper == pytest.approx([11.385 + 1.628 * spread, 11.385 + 1.032 * spread], abs=0.002)
    assert lower == pytest.approx([11.385 - 1.628 * spread, 11.385 - 1.032 * spread], abs=0.002)


def test_one_figure_alone_counts_towards_the_mean_and_has_no_limits() -> None:
    """(4 × 10 + 12 + 4 × 11) / 9: the spread within a month of one figure is not known."""
    lower, centre, upper = rows(draw([10, 12, 11], ChartKind.XBAR, [4, 1, 4], deviations=[1, NONE, 1]))
    assert centre == [10.667] * 3
    assert [math.isnan(limit) for limit in (*lower, *upper)] == [False, True, False] * 2


def test_months_of_one_figure_each_say_nothing_of_the_spread_within() -> None:
    found = draw([10, 12, 11], ChartKind.XBAR, [1, 1, 1], deviations=[1, 1, 1])
    assert status(found) is SeriesStatus.ZERO_WIDTH


def test_standard_deviations_of_subgroups() -> None:
    """Of ten figures each: B3 is 0.284 and B4 1.716. Of four, B3 is 0 and B4 2.266."""
    assert ends(draw([1, 2, 3], ChartKind.S, [10, 10, 10])) == pytest.approx((0.567, 2, 3.433), abs=0.001)
    assert ends(draw([1, 2, 3], ChartKind.S, [4, 4, 4])) == pytest.approx((0, 2, 4.532), abs=0.001)


def test_one_figure_alone_has_no_standard_deviation() -> None:
    found = draw([1, 0, 3], ChartKind.S, [4, 1, 4])
    assert found.grid.points[0].tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("kind", "figures", "expected"),
    [
        # The same figure throughout: nothing to see where ranges set the limits ...
        (ChartKind.RUN, [5, 5, 5, 5], "constant"),
        (ChartKind.I, [5, 5, 5, 5], "constant"),
        (ChartKind.T, [5, 5, 5, 5], "constant"),
        (ChartKind.MR, [5, 5, 5, 5], "constant"),
        # ... and limits where chance does.
        (ChartKind.C, [5, 5, 5, 5], "charted"),
        (ChartKind.G, [5, 5, 5, 5], "charted"),
        (ChartKind.C, [0, 0, 0, 0], "constant"),
        (ChartKind.G, [0, 0, 0, 0], "constant"),
        # Limits from the first three: they lie on one another, and the fourth figure elsewhere.
        (ChartKind.I, [5, 5, 5, 6], "zero_width"),
        (ChartKind.C, [0, 0, 0, 6], "zero_width"),
        (ChartKind.MR, [5, 5, 5, 5, 6], "zero_width"),
        # A run chart has no limits that could have a width.
        (ChartKind.RUN, [5, 5, 5, 6], "charted"),
        (ChartKind.I, [5], "too_few"),
        (ChartKind.I, [NONE, NONE], "no_figures"),
    ],
)
def test_what_cannot_be_charted(kind: ChartKind, figures: list[float], expected: str) -> None:
    assert status(draw(figures, kind, baseline=3)) == expected


@pytest.mark.parametrize("kind", [ChartKind.P, ChartKind.P_PRIME])
def test_all_of_every_whole_is_constant_whatever_rounding_says(kind: ChartKind) -> None:
    """(0.1 + 0.2 + 0.7) × 100 / (0.1 + 0.2 + 0.7) is 99.99999999999999 to a computer."""
    found = draw([100] * 6, kind, [0.1, 0.2, 0.7, 0.3, 1.1, 2.2], scale=100)
    assert status(found) is SeriesStatus.CONSTANT
    assert ends(found) == (100, 100, 100)


def test_rounding_makes_no_moving_range() -> None:
    """0.1 + 0.2 is not 0.3 to a computer, and the difference is no range."""
    assert status(draw([0.3, 0.1 + 0.2] * 4, ChartKind.MR)) is SeriesStatus.CONSTANT


def test_a_month_out_of_nothing_is_no_point() -> None:
    found = draw([0.1, 0.9, 0.1, 0.2], ChartKind.P, [100, 0, 100, NONE])
    assert found.grid.points[0].tolist() == [True, False, True, False]
    assert rows(found)[1] == [0.1] * 4
    assert np.isnan(rows(found)[2]).tolist() == [False, True, False, True]


# --------------------------------------------------------------------------------------------- gaps


@pytest.mark.parametrize(
    ("gaps", "ranges"),
    [("break", [NONE, 2, NONE, NONE, 4]), ("bridge", [NONE, 2, NONE, 3, 4])],
)
def test_a_moving_range_across_a_missing_month(gaps: str, ranges: list[float]) -> None:
    found = draw([10, 12, NONE, 9, 13], ChartKind.MR, profile=BY_HAND.model_copy(update={"gaps": gaps}))
    assert np.where(found.grid.points, found.grid.values, NONE)[0].tolist() == pytest.approx(
        ranges, nan_ok=True
    )


@pytest.mark.parametrize(
    ("gaps", "ranges"),
    # Bridged as qicharts2 does it: a month is excluded with its own range, and serves the next.
    [("break", [NONE, 2, NONE, NONE, 4]), ("bridge", [NONE, 2, NONE, 81, 4])],
)
def test_a_moving_range_beside_an_excluded_month(gaps: str, ranges: list[float]) -> None:
    found = draw(
        [10, 12, 90, 9, 13],
        ChartKind.MR,
        profile=BY_HAND.model_copy(update={"gaps": gaps}),
        excluded=np.array([[False, False, True, False, False]]),
    )
    assert np.where(found.grid.points, found.grid.values, NONE)[0].tolist() == pytest.approx(
        ranges, nan_ok=True
    )


def test_where_gaps_are_bridged_the_months_beside_one_are_neighbours() -> None:
    """A range of 3 across the gap, beside those of 2 and 4."""
    bridging = BY_HAND.model_copy(update={"gaps": "bridge"})
    assert ends(draw([10, 12, NONE, 9, 13], profile=bridging)) == (3.02, 11, 18.98)
    assert ends(draw([10, 12, NONE, 9, 13])) == (3.02, 11, 18.98)  # (2 + 4) / 2 happens to be 3 as well
    assert ends(draw([10, 12, NONE, 6, 12], profile=bridging))[2] == round(10 + 2.66 * 14 / 3, 3)
    assert ends(draw([10, 12, NONE, 6, 12]))[2] == 10 + 2.66 * 4


def test_where_gaps_are_bridged_everything_stays_in_its_month() -> None:
    """The limits of each month, and the length of the run that each point is part of."""
    bridging = BY_HAND.model_copy(update={"gaps": "bridge", "long_run": True})
    found = draw([12, NONE, 11, 9], ChartKind.P, [100, 50, 400, 900], scale=100, profile=bridging)
    without = draw([12, 11, 9], ChartKind.P, [100, 400, 900], scale=100)
    assert [line[place] for line in rows(found) for place in (0, 2, 3)] == [*chain(*rows(without))]
    assert found.signals.runs is not None
    assert found.signals.runs.run.tolist() == [2, 0, 2, 1]


# ---------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("kind", "figures", "sizes", "expected"),
    [
        ("c", [1, -1], None, r"values\[0, 1\] is -1, below zero, which a c chart cannot show"),
        ("g", [1, -1], None, r"values\[0, 1\] is -1, below zero"),
        ("t", [1, -1], None, r"values\[0, 1\] is -1, below zero"),
        ("u", [0.1, -0.1], [5, 5], r"values\[0, 1\] is -0.1, below zero"),
        ("s", [1, -1], [5, 5], r"values\[0, 1\] is -1, below zero"),
        ("p", [0.5, 1.01], [5, 5], r"values\[0, 1\] is 1.01, below zero, or more than all of a whole"),
        ("p_prime", [0.5, 50], [5, 5], r"values\[0, 1\] is 50, below zero, or more than all of a whole"),
        ("i", [1, math.inf], None, r"values\[0, 1\] is inf, infinite"),
        ("mr", [1, -math.inf], None, r"values\[0, 1\] is -inf, infinite"),
        ("t", [1, math.inf], None, r"values\[0, 1\] is inf, infinite"),
        ("p", [0.5, 0.5], None, "a p chart needs sizes"),
        ("i", [0.5, 0.5], [5, 5], "an? i chart takes no sizes"),
        ("u", [0.5, 0.5], [5, -5], r"sizes\[0, 1\] is -5, below zero"),
        ("u", [0.5, 0.5], [5, math.inf], r"sizes\[0, 1\] is inf, infinite"),
        ("s", [0.5, 0.5], [5, 0.5], r"sizes\[0, 1\] is 0.5, less than one figure"),
        ("xbar", [1, 2], [5, 5], "an? xbar chart needs deviations"),
    ],
)
def test_what_a_kind_of_chart_cannot_show_is_refused_with_its_place(
    kind: str, figures: list[float], sizes: list[float] | None, expected: str
) -> None:
    with pytest.raises(ValueError, match=expected):
        draw(figures, ChartKind(kind), sizes)


@pytest.mark.parametrize(
    ("deviations", "expected"),
    [([1, -1], r"deviations\[0, 1\] is -1, below zero"), ([1, math.inf], r"deviations\[0, 1\] is inf")],
)
def test_deviations_that_cannot_be_are_refused(deviations: list[float], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        draw([1, 2], ChartKind.XBAR, [5, 5], deviations=deviations)


SHORT: Floats = np.zeros((1, 2))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"segments": SHORT.astype(np.int64)}, "segments are 1 by 2, where values are 1 by 3"),
        ({"excluded": SHORT > 0}, "excluded are 1 by 2, where values are 1 by 3"),
        ({"baseline": SHORT > 0}, "baseline are 1 by 2, where values are 1 by 3"),
        ({"baseline": 0}, "baseline is 0, not a number of points"),
    ],
)
def test_arguments_of_other_series_or_months_are_refused(given: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        draw([1, 2, 3], **given)


def test_sizes_of_other_months_and_a_scale_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="sizes are 1 by 2, where values are 1 by 3"):
        draw([1, 2, 3], ChartKind.U, [5, 5])
    with pytest.raises(ValueError, match="scale is 0, not a number above zero"):
        draw([1, 2, 3], ChartKind.U, [5, 5, 5], scale=0)


def test_text_and_a_series_alone_are_refused() -> None:
    for values, expected in ((np.array([["1"]]), "values are <U1, not numbers"), (SHORT[0], "1 dimension")):
        with pytest.raises(ValueError, match=expected):
            chart(values, profile=BY_HAND, direction="up")
