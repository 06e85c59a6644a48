"""The rules of statistical process control, as an analyst can check them with a pencil.

A chart is two lines: the figures, and below each what is said of it.

    .   no change             O^  beyond the upper limit        O_  beyond the lower limit
    -   no figure, or none    T^  part of a rising trend        T_  part of a falling trend
        that can be judged    2^  two of three, near the upper  2_  two of three, near the lower
                              S^  part of a run above the mean  S_  part of a run below it

``|`` is a re-base, ``(52)`` a point that a decision excludes, ``-`` a month without a figure.
Unless a test says otherwise, limits come from the first twelve figures: 49 and 51 in turn have a
mean of 50 and moving ranges of 2, and so limits at 50 ± 2.66 × 2, or 44.68 and 55.32; two sigma
of three is 50 ± 3.55, or 46.45 and 53.55.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from trigpoint.analysis.finding import Rule, SeriesStatus, Variation
from trigpoint.analysis.past.limits import STATUSES
from trigpoint.analysis.past.rules import RULES
from trigpoint.analysis.past.variation import NO_RULE, VARIATIONS, Charts, chart
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import SHIPPED

STEADY = "49 51 49 51 49 51 49 51 49 51 49 51 "
LETTERS = {Rule.OUTSIDE: "O", Rule.TREND: "T", Rule.TWO_OF_THREE: "2", Rule.SHIFT: "S"}


def draw(
    figures: str, profile: str = "nhs-england", direction: Direction = "neutral", baseline: int | None = None
) -> Charts:
    segment, values, segments, excluded = 0, [], [], []
    for cell in figures.split():
        if cell == "|":
            segment += 1
            continue
        values.append(math.nan if cell == "-" else float(cell.strip("()")))
        segments.append(segment)
        excluded.append(cell.startswith("("))
    return chart(
        np.array([values]),
        np.array([segments]),
        np.array([excluded]),
        profile=SHIPPED[profile],
        direction=direction,
        baseline=baseline,
    )


def flags(found: Charts) -> str:
    return " ".join(
        _flag(VARIATIONS[variation], rule)
        for variation, rule in zip(found.variation[0], found.rule[0], strict=True)
    )


def _flag(variation: Variation, rule: int) -> str:
    if rule == NO_RULE:
        return "-" if variation is Variation.NOT_ASSESSED else "."
    return LETTERS[RULES[rule]] + ("^" if variation.endswith("high") else "_")


def after_steady(figures: str, profile: str = "nhs-england") -> str:
    """What is said of figures that follow twelve steady ones."""
    found = draw(STEADY + figures, profile, baseline=12)
    return " ".join(flags(found).split()[12:])


def status(found: Charts, segment: int = -1) -> SeriesStatus:
    return SeriesStatus(STATUSES[found.limits.status[segment]])


BOTH = ("nhs-england", "plot-the-dots")


@pytest.mark.parametrize("profile", BOTH)
@pytest.mark.parametrize(
    ("figures", "said"),
    [
        # Seven on one side of the mean; six are not enough.
        ("50    52 52 52 52 52 52 52    50", ".    S^ S^ S^ S^ S^ S^ S^    ."),
        ("50    48 48 48 48 48 48 48    50", ".    S_ S_ S_ S_ S_ S_ S_    ."),
        ("50    52 52 52 52 52 52       50", ".    .  .  .  .  .  .        ."),
        # A point on the mean is on neither side, and breaks the run.
        ("50    52 52 52 52 50 52 52 52    ", ".    .  .  .  .  .  .  .  .     "),
        # The run goes on for as long as the points do.
        ("50    52 52 52 52 52 52 52 52 52 ", ".    S^ S^ S^ S^ S^ S^ S^ S^ S^ "),
    ],
)
def test_shift(figures: str, said: str, profile: str) -> None:
    assert after_steady(figures, profile).split() == said.split()


@pytest.mark.parametrize("profile", BOTH)
@pytest.mark.parametrize(
    ("figures", "said"),
    [
        # Seven points, each above the one before; the first is the point they rise from.
        ("47 48 49 50 51 52 53    52 ", "T^ T^ T^ T^ T^ T^ T^    . "),
        ("53 52 51 50 49 48 47    48 ", "T_ T_ T_ T_ T_ T_ T_    . "),
        ("48 49 50 51 52 53       52 ", ".  .  .  .  .  .        . "),
        # Two equal figures break it.
        ("47 48 49 49 50 51 52 53    ", ".  .  .  .  .  .  .  .    "),
    ],
)
def test_trend(figures: str, said: str, profile: str) -> None:
    assert after_steady(figures, profile).split() == said.split()


@pytest.mark.parametrize(
    ("figures", "nhs_england", "plot_the_dots"),
    [
        # Two of three near the limit, all three on one side: only the two are flagged.
        ("50    54 51 54    50", ".    2^ .  2^    .", ".    2^ .  2^    ."),
        ("50    54 54 51    50", ".    2^ 2^ .     .", ".    2^ 2^ .     ."),
        ("50    46 46 49    50", ".    2_ 2_ .     .", ".    2_ 2_ .     ."),
        # The third on the other side, or on the mean: nothing.
        ("50    54 49 54    50", ".    .  .  .     .", ".    .  .  .     ."),
        ("50    54 50 54    50", ".    .  .  .     .", ".    .  .  .     ."),
        # Two in four are not two in three.
        ("50    54 51 51 54 50", ".    .  .  .  .  .", ".    .  .  .  .  ."),
        # A point beyond the limit counts as one of the two in one profile, and not in the other.
        ("50    56 51 54    50", ".    O^ .  2^    .", ".    O^ .  .     ."),
    ],
)
def test_two_of_three(figures: str, nhs_england: str, plot_the_dots: str) -> None:
    assert after_steady(figures, "nhs-england").split() == nhs_england.split()
    assert after_steady(figures, "plot-the-dots").split() == plot_the_dots.split()


@pytest.mark.parametrize("profile", BOTH)
@pytest.mark.parametrize(
    ("figure", "said"), [("55.32", "."), ("55.33", "O^"), ("44.68", "."), ("44.67", "O_")]
)
def test_a_point_on_the_limit_is_not_beyond_it(figure: str, said: str, profile: str) -> None:
    assert after_steady(figure, profile) == said


def test_rounding_makes_no_signal() -> None:
    # 0.1 + 0.2 is not 0.3 to a computer: the mean of these is 0.3 give or take the last bit.
    thirds = "0.3 0.30000000000000004 " * 10
    assert status(draw(thirds)) is SeriesStatus.CONSTANT
    # 52.199999999999996 is 52.2: no rise, so no trend.
    assert after_steady("47 48 49 50 51 52.199999999999996 52.2").split() == ["."] * 7


@pytest.mark.parametrize(
    ("direction", "profile", "said"),
    [
        # The first point lies below the lower limit, and begins a rising trend.
        ("up", "nhs-england", "improvement_high trend"),
        ("down", "nhs-england", "improvement_low outside"),
        ("neutral", "nhs-england", "neutral_low outside"),
        ("up", "plot-the-dots", "concern_low outside"),
        ("down", "plot-the-dots", "improvement_low outside"),
        ("neutral", "plot-the-dots", "neutral_low outside"),
    ],
)
def test_where_rules_disagree(direction: Direction, profile: str, said: str) -> None:
    """The improvement wins in one profile; in the other, outside > trend > two of three > shift."""
    found = draw(STEADY + "44 45.5 47.5 49 50.5 52 53", profile, direction, baseline=12)
    assert f"{VARIATIONS[found.variation[0, 12]]} {RULES[found.rule[0, 12]]}" == said


@pytest.mark.parametrize(
    ("direction", "high", "low"),
    [
        ("up", Variation.IMPROVEMENT_HIGH, Variation.CONCERN_LOW),
        ("down", Variation.CONCERN_HIGH, Variation.IMPROVEMENT_LOW),
        ("neutral", Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW),
    ],
)
def test_what_a_signal_means_depends_on_what_is_better(
    direction: Direction, high: Variation, low: Variation
) -> None:
    found = draw(STEADY + "56 44", direction=direction, baseline=12)
    assert [VARIATIONS[code] for code in found.variation[0, 12:]] == [high, low]


@pytest.mark.parametrize(
    ("direction", "profile", "said"),
    [
        ("up", "nhs-england", "T^ T^ T^ T^ T^ T^  T^  T_ T_ T_ T_ T_ T_"),
        ("down", "nhs-england", "T^ T^ T^ T^ T^ T^  T_  T_ T_ T_ T_ T_ T_"),
        ("neutral", "nhs-england", "T^ T^ T^ T^ T^ T^  T^  T_ T_ T_ T_ T_ T_"),
        ("up", "plot-the-dots", "T^ T^ T^ T^ T^ T^  T_  T_ T_ T_ T_ T_ T_"),
    ],
)
def test_the_turning_point_of_two_trends(direction: Direction, profile: str, said: str) -> None:
    """It belongs to both, and the improvement wins; or it goes the way of the next step."""
    found = draw(STEADY + "47 48 49 50 51 52 53 52 51 50 49 48 47", profile, direction, baseline=12)
    assert flags(found).split()[12:] == said.split()


# ------------------------------------------------------------------------------------------- limits


def limits(found: Charts, segment: int = -1) -> tuple[float, float, float]:
    lines = found.limits.lines(found.grid)
    month = found.grid.starts[segment]
    lower, mean, upper = (float(line.ravel()[month]) for line in (lines.lower, lines.centre, lines.upper))
    return round(lower, 9), round(mean, 9), round(upper, 9)


def test_limits_are_the_mean_and_2_66_mean_moving_ranges() -> None:
    assert limits(draw(STEADY + "49")) == pytest.approx((44.603077, 49.923077, 55.243077), abs=1e-6)


@pytest.mark.parametrize(("profile", "mean_range"), [("nhs-england", 60 / 12), ("plot-the-dots", 2)])
def test_screening_drops_the_widest_ranges(profile: str, mean_range: float) -> None:
    """Two ranges of 20 among ten of 2 are beyond 3.267 times their mean, which is 5."""
    lower, mean, upper = limits(draw("49 51 49 51 49 51 71 51 49 51 49 51 49", profile))
    assert mean == pytest.approx(671 / 13)
    assert upper - mean == pytest.approx(2.66 * mean_range)
    assert mean - lower == pytest.approx(2.66 * mean_range)


def test_limits_need_thirteen_points() -> None:
    twelve, thirteen = draw(STEADY), draw(STEADY + "49")
    assert status(twelve) is SeriesStatus.TOO_FEW
    assert flags(twelve).split() == ["-"] * 12
    assert math.isnan(limits(twelve)[1])
    assert status(thirteen) is SeriesStatus.CHARTED
    assert flags(thirteen).split() == ["."] * 13


def test_a_rebase_starts_everything_again() -> None:
    found = draw(STEADY + "49 | " + "59 61 " * 6 + "59")
    assert limits(found, 0) == pytest.approx(limits(draw(STEADY + "49")))
    assert limits(found)[1] == pytest.approx(59.923077, abs=1e-6)
    assert flags(found).split() == ["."] * 26


def test_a_run_does_not_cross_a_rebase() -> None:
    run = "50 52 52 52 52"
    assert "S^" in flags(draw(STEADY + f"{run} 52 52 52", baseline=12))
    assert "S^" not in flags(draw(STEADY + f"{run} | 52 52 52", baseline=12))


def test_a_short_segment_after_a_rebase_has_no_limits() -> None:
    found = draw(STEADY + "49 | 59 61 59")
    assert flags(found).split() == ["."] * 13 + ["-"] * 3


# --------------------------------------------------------------------------------------------- gaps


def test_no_range_is_taken_across_a_gap() -> None:
    """With the range of 40 across it, the limits would be far too wide to see the change."""
    found = draw("49 51 49 51 49 51 49 - 89 91 89 91 89 91 89")
    assert limits(found)[2] - limits(found)[1] == pytest.approx(2.66 * 2)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ("50   52 52 52 - 52 52 52 52   50", ".   .  .  .  - .  .  .  .    ."),
        ("     47 48 49 - 50 51 52 53     ", "    .  .  .  - .  .  .  .     "),
        ("50   54 - 54               50   ", ".   .  - .                .    "),
    ],
)
def test_a_month_without_a_figure_breaks_every_pattern(figures: str, said: str) -> None:
    assert after_steady(figures).split() == said.split()


def test_thirteen_points_with_too_many_gaps_between_them_have_no_limits() -> None:
    """Thirteen points in a row have twelve ranges; with fewer than six there is too little to go by."""
    five_ranges = "49 51 - " * 5 + "49 - 51 - 49"
    six_ranges = "49 51 - " * 6 + "49"
    assert status(draw(five_ranges)) is SeriesStatus.TOO_FEW
    assert status(draw(six_ranges)) is SeriesStatus.CHARTED


def test_an_excluded_point_counts_for_nothing() -> None:
    with_it = draw(STEADY + "(99) 49 51 49")
    without = draw(STEADY + "- 49 51 49")
    assert limits(with_it) == limits(without)
    assert flags(with_it) == flags(without)
    assert with_it.limits.points[0] == 15


# ---------------------------------------------------------------------------------- degenerate series


@pytest.mark.parametrize("profile", BOTH)
def test_a_constant_series_has_limits_on_its_value_and_no_signal(profile: str) -> None:
    found = draw("100 " * 13, profile)
    assert status(found) is SeriesStatus.CONSTANT
    assert limits(found) == (100, 100, 100)
    assert flags(found).split() == ["."] * 13


def test_a_baseline_that_never_varied_cannot_say_how_far_the_process_strays() -> None:
    found = draw("100 " * 12 + "99 100 98", baseline=12)
    assert status(found) is SeriesStatus.ZERO_WIDTH
    assert limits(found) == (100, 100, 100)
    assert flags(found).split() == ["-"] * 15


def test_screening_that_would_leave_no_range_is_abandoned() -> None:
    """One dip in a series that stands still: all ranges but two are 0, and those two are screened out."""
    figures = "100 " * 12 + "90 " + "100 " * 12
    found = draw(figures, "plot-the-dots")
    assert status(found) is SeriesStatus.SCREENING_ABANDONED
    assert limits(found) == limits(draw(figures, "nhs-england"))
    assert flags(found).split()[12] == "O_"


def test_no_figures_at_all() -> None:
    found = draw("- - - - -")
    assert status(found) is SeriesStatus.NO_FIGURES
    assert flags(found).split() == ["-"] * 5


def test_limits_are_not_clipped_at_what_the_measure_can_reach() -> None:
    assert limits(draw("99 100 96 " * 5))[2] > 100


def test_an_infinite_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="infinite"):
        draw(STEADY + "inf")
