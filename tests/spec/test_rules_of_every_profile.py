"""Each rule and each profile worked by hand: which points of a pattern are flagged, and what they say.

Unless a test says otherwise, limits come from the first twelve figures: 49 and 51 in turn have a mean of
50 and moving ranges of 2, and so limits at 44.68 and 55.32, two sigma at 46.45 and 53.55, and one sigma
at 48.23 and 51.77. Below a line of figures stands what is said of each: ``.`` nothing, ``-`` not judged,
and a rule's letter (``tests.by_hand.LETTERS``) with ``^`` for up or ``_`` for down.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.by_hand import STEADY, after_steady, draw, ends, only, said
from trigpoint.analysis.past.rules import RULES
from trigpoint.analysis.past.variation import VARIATIONS, Charts
from trigpoint.definitions.profile import SHIPPED, ChartKind


@pytest.mark.parametrize(
    ("rules", "figures", "flags"),
    [
        # One point beyond a limit.
        ({"outside": True}, "50 55.4 55.3 44.7 44.6", ".  O^   .    .    O_  "),
        # So many in a row on one side of the mean.
        ({"shift": 4}, "50 52 52 52 52 50 48 48 48 48", ".  S^ S^ S^ S^ .  S_ S_ S_ S_"),
        ({"shift": 4}, "50 52 52 50 52 52 50 51 51 51", ".  .  .  .  .  .  .  .  .  . "),
        # Where ties pass, a point on the mean neither counts nor ends the run.
        ({"shift": 4, "ties": "pass"}, "49 52 52 50 52 52 50 49", ".  S^ S^ S^ S^ S^ .  ."),
        # So many in a row, each above (or below) the one before.
        ({"trend": 4}, "51 48 49 50 51 51", ".  T^ T^ T^ T^ ."),
        ({"trend": 4}, "51 52 51 50 49 49", ".  T_ T_ T_ T_ ."),
        ({"trend": 4}, "51 48 49 49 50 51 51", ".  .  .  .  .  .  ."),
        # Where ties pass, two equal points neither count nor end the trend.
        ({"trend": 4, "ties": "pass"}, "51 48 49 49 50 51 51", ".  T^ T^ T^ T^ T^ ."),
        # Two of three beyond two sigma on one side, the third anywhere ...
        ({"two_of_three": True}, "50 54 48 54 50 50 46 46 50", ".  2^ .  2^ .  .  2_ 2_ ."),
        # ... or on the same side; and with it the point between.
        (
            {"two_of_three": True, "two_of_three_third": "same_side"},
            "50 54 48 54 50 54 51 54 50",
            ".  .  .  .  .  2^ .  2^ .",
        ),
        (
            {"two_of_three": True, "two_of_three_third": "same_side", "two_of_three_flags": "all"},
            "50 54 51 54 50",
            ".  2^ 2^ 2^ .",
        ),
        # Of the whole pattern, a point as far out on the other side is not flagged, near the limit or beyond.
        ({"two_of_three": True, "two_of_three_flags": "all"}, "50 54 46 54 50", ".  2^ .  2^ ."),
        ({"two_of_three": True, "two_of_three_flags": "all"}, "50 54 40 54 50", ".  2^ .  2^ ."),
        # Four of five beyond one sigma on one side; the fifth is not flagged.
        ({"four_of_five": True}, "50 52 52 49 52 52 50", ".  4^ 4^ .  4^ 4^ ."),
        ({"four_of_five": True}, "50 48 48 48 48 50", ".  4_ 4_ 4_ 4_ ."),
        ({"four_of_five": True}, "50 52 52 51 51 52 52 50", ".  .  .  .  .  .  .  ."),
        # Up and down by turns: a high point is high and a low one low, and neither is good or bad.
        ({"alternating": 5}, "51 53 49 52 48 51 51", "A^ A^ A_ A^ A_ A^ ."),
        ({"alternating": 5}, "51 53 49 49 52 48 51 51", ".  .  .  .  .  .  .  ."),
        # All within one sigma; a point on the mean stands with those above.
        ({"hugging": 4}, "56 50 51 49 51 56", ".  H^ H^ H_ H^ ."),
        ({"hugging": 4}, "56 50 51 49 56 51", ".  .  .  .  .  ."),
        # None within one sigma, and not all on one side.
        ({"avoiding": 4}, "50 52 48 48 52 50", ".  V^ V_ V_ V^ ."),
        ({"avoiding": 4}, "50 52 52 52 52 50", ".  .  .  .  .  ."),
        ({"avoiding": 4}, "50 52 48 50 52 48", ".  .  .  .  .  ."),
        # A month without a figure ends every pattern, unless gaps are bridged.
        ({"shift": 4}, "50 52 52 - 52 52 50", ".  .  .  - .  .  ."),
        ({"shift": 4, "gaps": "bridge"}, "50 52 52 - 52 52 50", ".  S^ S^ - S^ S^ ."),
        ({"trend": 4, "gaps": "bridge"}, "51 48 49 - 50 51 51", ".  T^ T^ - T^ T^ ."),
        ({"two_of_three": True, "gaps": "bridge"}, "50 54 - 54 49 50", ".  2^ - 2^ .  ."),
    ],
)
def test_rules_of_every_length(rules: dict[str, Any], figures: str, flags: str) -> None:
    assert after_steady(figures, only(**rules)) == flags.split()


def test_a_long_run() -> None:
    """Of 16 useful points a run of log2(16) + 3, or 7, is usual; one of 8 is not. A point on the median
    is no part of it, and neither adds to it nor breaks it."""
    run = only(long_run=True)
    seven = [1, 1, 1, 1, *[3] * 7, 1, 1, 1, 1, 3]
    assert set(said(draw(seven, ChartKind.RUN, profile=run))) == {"."}
    eight = [1, 1, 1, 1, *[3] * 4, 2, *[3] * 4, 1, 1, 1, 1]
    assert said(draw(eight, ChartKind.RUN, profile=run)) == [
        *["."] * 4,
        *["L^"] * 4,
        ".",
        *["L^"] * 4,
        *["."] * 4,
    ]


def test_few_crossings() -> None:
    """Twelve useful points cross the median three times or more in 95% of series that chance makes.

    Of 2 to the power of 11 series, 1 + 11 + 55 cross it less often than three times: 3.3%.
    """
    crossings = only(few_crossings=True)
    three = [1, 1, 1, 3, 3, 3, 1, 1, 1, 3, 3, 3]
    assert set(said(draw(three, ChartKind.RUN, profile=crossings))) == {"."}
    two = [1, 1, 1, 3, 3, 3, 3, 3, 3, 1, 1, 1]
    assert said(draw(two, ChartKind.RUN, profile=crossings)) == [*["F_"] * 3, *["F^"] * 6, *["F_"] * 3]


def test_of_moving_ranges_only_those_beyond_the_limit_are_flagged() -> None:
    """Neighbouring ranges share a figure, so that a run of them means nothing."""
    every = only(outside=True, shift=2, trend=3, hugging=3)
    found = draw([*STEADY, 50, 50.5, 51, 51, 60, 60], ChartKind.MR, profile=every, baseline=11)
    assert said(found) == ["-", *["."] * 15, "O^", "."]


def test_of_cases_between_events_runs_are_about_the_median_and_limits_about_the_mean() -> None:
    """1, 3 and 8: median 3, mean 4, upper limit 17.42. Four above the median, one beyond the limit."""
    profile = only(outside=True, shift=4)
    found = draw([1, 3, 8, 3.5, 17.4, 3.5, 17.5, 3], ChartKind.G, profile=profile, baseline=3)
    assert said(found) == [".", ".", "S^", "S^", "S^", "S^", "O^", "."]


def test_the_limits_of_each_month_are_its_own() -> None:
    """A tenth: of 100 the limits are 1% and 19%, of 900 7% and 13%. 15% is beyond one and not the other."""
    found = draw(
        [0.1, 0.1, 0.15, 0.15, 0.05, 0.05],
        ChartKind.P,
        [900, 900, 100, 900, 100, 900],
        profile=only(outside=True),
        baseline=2,
    )
    assert said(found) == [".", ".", ".", "O^", ".", "O_"]


# --------------------------------------------------------------------------------- how they are read


def spoken(found: Charts, place: int = -1) -> str:
    return f"{VARIATIONS[found.variation[0, place]]}, {RULES[found.rule[0, place]]}"


def test_a_pattern_without_a_side_is_neither_good_nor_bad() -> None:
    found = draw([*STEADY, 51, 53, 49, 52], profile=only(alternating=4), baseline=12)
    assert spoken(found) == "neutral_high, alternating"
    assert spoken(found, -2) == "neutral_low, alternating"


def test_a_pattern_without_a_side_yields_to_one_that_has_a_side() -> None:
    """However the profile weighs them: that a point lies beyond its limit says more."""
    order = ("alternating", "outside")
    profile = only(alternating=4, outside=True, order=order)
    found = draw([*STEADY, 51, 53, 49, 56], profile=profile, baseline=12)
    assert spoken(found) == "improvement_high, outside"
    assert spoken(found, -2) == "neutral_low, alternating"


@pytest.mark.parametrize(
    ("turning", "ties", "figures", "flags"),
    [
        # The peak belongs to both trends; of two that disagree the improvement is shown ...
        ("both", "break", "47 48 49 50 49 48 47", "T^ T^ T^ T^ T_ T_ T_"),
        # ... or it goes the way of the step that follows.
        ("next", "break", "47 48 49 50 49 48 47", "T^ T^ T^ T_ T_ T_ T_"),
        ("next", "pass", "47 48 49 50 49 48 47", "T^ T^ T^ T_ T_ T_ T_"),
        # Where ties pass, equal points within a rise are still part of it.
        ("next", "pass", "47 48 48 49 50 49 48 47", "T^ T^ T^ T^ T_ T_ T_ T_"),
    ],
)
def test_the_point_at_which_a_trend_turns(turning: str, ties: str, figures: str, flags: str) -> None:
    assert after_steady(figures, only(trend=4, turning_point=turning, ties=ties)) == flags.split()


# ------------------------------------------------------------------------------------- each profile


@pytest.mark.parametrize(
    ("profile", "figures", "flags"),
    [
        # Seven on one side: two profiles ask for seven, Nelson for nine.
        ("nhs-england", "50 51 51 51 51 51 51 51 50", ".  S^ S^ S^ S^ S^ S^ S^ ."),
        ("plot-the-dots", "50 51 51 51 51 51 51 51 50", ".  S^ S^ S^ S^ S^ S^ S^ ."),
        ("nelson", "56 50 51 51 51 51 51 51 51 50", "O^ .  .  .  .  .  .  .  .  ."),
        # Six rising: enough for Nelson alone.
        ("nhs-england", "50 48 49 50 51 51.5 52 51", ".  .  .  .  .  .  .  ."),
        ("nelson", "56 48 49 50 51 51.5 52 51", "O^ T^ T^ T^ T^ T^ T^ ."),
        # Two of three beyond two sigma, one of them beyond the limit.
        ("nhs-england", "50 56 51 54 50", ".  O^ .  2^ ."),
        ("plot-the-dots", "50 56 51 54 50", ".  O^ .  .  ."),
        ("nelson", "56 50 50 56 49 54 50", "O^ .  .  O^ .  2^ ."),
        # Four of five beyond one sigma.
        ("nhs-england", "50 52 52 49 52 52 50", ".  .  .  .  .  .  ."),
        ("nelson", "56 50 52 52 49 52 52 50", "O^ .  4^ 4^ .  4^ 4^ ."),
        # Eight beyond one sigma, on both sides.
        ("nhs-england", "50 52 48 48 52 52 48 52 48 50", ".  .  .  .  .  .  .  .  .  ."),
        ("nelson", "56 50 52 48 48 52 52 48 52 48 50", "O^ .  V^ V_ V_ V^ V^ V_ V^ V_ ."),
    ],
)
def test_each_profile_flags_what_its_rules_say(profile: str, figures: str, flags: str) -> None:
    assert after_steady(figures, SHIPPED[profile]) == flags.split()


def test_nelson_flags_fourteen_by_turns_and_fifteen_near_the_mean() -> None:
    """The steady figures go up and down by turns, and lie within one sigma: twelve are too few."""
    assert set(after_steady("51 56", SHIPPED["nelson"])) == {".", "O^"}
    by_turns = said(draw([*STEADY, 49, 51, 51], profile=SHIPPED["nelson"]))
    assert by_turns == [*["A_", "A^"] * 7, "H^"]
    thirteen = said(draw([*STEADY, 49, 49, 51], profile=SHIPPED["nelson"]))
    assert thirteen == [*["H_", "H^"] * 6, "H_", "H_", "H^"]


def test_anhoej_flags_long_runs_and_few_crossings_of_the_median() -> None:
    """Of 13 points one lies on the median and 12 are useful: a run of six is usual, one crossing is not."""
    found = draw([1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3], ChartKind.RUN, profile=SHIPPED["anhoej"])
    assert said(found) == [*["F_"] * 6, ".", *["F^"] * 6]
    eight = [1] * 8 + [3] * 8
    assert said(draw(eight, ChartKind.RUN, profile=SHIPPED["anhoej"])) == [*["L_"] * 8, *["L^"] * 8]


def test_each_profile_sets_limits_in_its_own_way() -> None:
    """Twelve ranges of 2 and a mean of 649 / 13. Nelson's limits are three sigma, and sigma 2 / 1.128."""
    figures, mean = [*STEADY, 49], 649 / 13
    for profile, width in (("nhs-england", 5.32), ("plot-the-dots", 5.32), ("nelson", 6 / 1.128)):
        expected = tuple(round(line, 3) for line in (mean - width, mean, mean + width))
        assert ends(draw(figures, profile=SHIPPED[profile])) == expected
