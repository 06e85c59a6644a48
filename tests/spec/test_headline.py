"""What a headline says of each finding: by the rules of the look's wording."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.findings import NOW, finding, indicator, past, peers, run, standard
from tests.web.findings import against_whole as whole
from trigpoint.analysis.finding import (
    BEYOND_CHANCE,
    Assurance,
    Attainment,
    Difference,
    Finding,
    Rule,
    SeriesStatus,
    StandardBearing,
    Variation,
)
from trigpoint.definitions.indicator import Indicator
from trigpoint.scorecards.figures import Figures
from trigpoint.scorecards.headline import LONGEST, SIGNALS, headline, words_in
from trigpoint.scorecards.runs import side_run, trend_run
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month

UP = indicator()
DOWN = indicator("Bed days lost", direction="down")
PEOPLE = indicator("People detained", direction="neutral", measured_in="people", decimals=0, bounds={})
PLACES = indicator("Placements", direction="down", measured_in="placements", decimals=0, bounds={})
YEARLY = indicator("Survey", every="12 months")
ROLLING = indicator(
    "Turnover",
    direction="down",
    basis="rolling",
    versions=[
        {
            "from": "2020-04",
            "measure": {"source": "s", "numerator": "a", "denominator": "b", "window": "12 months"},
        }
    ],
)


YEAR_TO_DATE = indicator("Spend", basis="year_to_date")


def missed(value: float, required: float, streak: int = 1, **changes: Any) -> tuple[StandardBearing, ...]:
    return (standard(Attainment.NOT_MET, required, value, streak=streak, **changes),)


def met(value: float, required: float, **changes: Any) -> tuple[StandardBearing, ...]:
    return (standard(Attainment.MET, required, value, **changes),)


AT_MOST: Any = {"sense": "at_most"}
OUTSIDE: Any = {"rule": Rule.OUTSIDE, "since": NOW}

CASES: list[tuple[Indicator, Finding, str]] = [
    # meets, no change
    (
        UP,
        finding(86.4, standards=met(86.4, 75), past=past(assurance=Assurance.PASS)),
        "Meets the 75% standard and can be relied on to. No change.",
    ),
    (
        UP,
        finding(84.0, standards=met(84, 80, streak=3)),
        "Meets the 80% standard for a third month. No change; some months will miss it by chance.",
    ),
    (
        UP,
        finding(84.0, standards=met(84, 80), past=past(assurance=Assurance.FAIL)),
        "Meets the 80% standard. No change: the usual range misses it.",
    ),
    # misses, no change
    (
        UP,
        finding(78.8, standards=missed(78.8, 85), past=past(assurance=Assurance.FAIL)),
        "78.8%, below the 85% standard. No change, so it will keep missing unless something changes.",
    ),
    (
        UP,
        finding(78.8, standards=missed(78.8, 85, 3)),
        "78.8%, below the 85% standard for a third month. No change: the usual range spans the standard.",
    ),
    (
        DOWN,
        finding(9.2, standards=missed(9.2, 7.5, 14, **AT_MOST), past=past(assurance=Assurance.FAIL)),
        "9.2%, above the 7.5% standard for 12 months or more. "
        "No change, so it will keep missing unless something changes.",
    ),
    (
        PLACES,
        finding(
            12.0, standards=missed(12, 6, trajectory=True, **AT_MOST), past=past(assurance=Assurance.FAIL)
        ),
        "12 placements, above the trajectory of 6. "
        "No change, so it will keep missing unless something changes.",
    ),
    (
        PLACES,
        finding(1.0, standards=missed(1, 0, 2, **AT_MOST)),
        "1 placement, above the standard of none for a second month. "
        "No change: the usual range spans the standard.",
    ),
    # in tolerance
    (
        UP,
        finding(59.0, standards=(standard(Attainment.IN_TOLERANCE, 60, 59, tolerance=2.0),)),
        "In tolerance: 1.0 point short of the 60% standard. No change: the usual range spans the standard.",
    ),
    # a figure that rounds to its standard shows the decimals that tell them apart
    (
        UP,
        finding(74.96, standards=missed(74.96, 75)),
        "74.96%, below the 75% standard. No change: the usual range spans the standard.",
    ),
    # concern
    (
        UP,
        finding(73.4, standards=missed(73.4, 80, 3), past=past(Variation.CONCERN_LOW, **OUTSIDE)),
        "73.4%, below the 80% standard for a third month, and lower than chance alone explains.",
    ),
    (
        UP,
        finding(
            73.4,
            standards=missed(73.4, 80, 3),
            past=past(Variation.CONCERN_LOW, rule=Rule.OUTSIDE, since=Month(2026, 8)),
        ),
        "73.4%, below the 80% standard for a third month, "
        "and lower than chance alone explains since August 2026.",
    ),
    (
        UP,
        finding(73.4, standards=met(73.4, 70), past=past(Variation.CONCERN_LOW, **OUTSIDE)),
        "Meets the 70% standard, but lower than chance alone explains. Watch.",
    ),
    (
        UP,
        finding(76.0, past=past(Variation.CONCERN_LOW, rule=Rule.TWO_OF_THREE, since=NOW)),
        "76.0%: two of the last three months are near the edge of the usual range.",
    ),
    # improvement
    (
        DOWN,
        finding(
            3.3,
            standards=met(3.3, 3.4, **AT_MOST),
            past=past(
                Variation.IMPROVEMENT_LOW, rule=Rule.OUTSIDE, since=Month(2026, 9), assurance=Assurance.FAIL
            ),
        ),
        "Meets the 3.4% standard and is improving: lower than chance alone explains for a second month.",
    ),
    # neutral
    (
        PEOPLE,
        finding(134.0, past=past(Variation.NEUTRAL_HIGH, **OUTSIDE, assurance=Assurance.NO_STANDARD)),
        "134 people, higher than chance alone explains. Neither high nor low is good.",
    ),
    (
        PEOPLE,
        finding(812.0, past=past(lower=739.6, mean=820.0, upper=905.2, assurance=Assurance.NO_STANDARD)),
        "812 people. No change: usual range 740 to 905.",
    ),
    # limits that cannot be
    (
        UP,
        finding(70.0, past=past(Variation.NOT_ASSESSED, status=SeriesStatus.TOO_FEW, points=5)),
        "70.0%. Five figures are too few to judge change.",
    ),
    (
        UP,
        finding(70.0, past=past(Variation.NOT_ASSESSED, status=SeriesStatus.TOO_FEW, points=1)),
        "70.0%. One figure is too few to judge change.",
    ),
    (UP, finding(70.0, past=past(points=9, used=9, trial=True)), "70.0%. Trial limits: 9 points."),
    (
        UP,
        finding(
            100.0,
            standards=met(100, 95),
            past=past(
                status=SeriesStatus.CONSTANT, limits_from=Month(2024, 4), lower=100.0, mean=100.0, upper=100.0
            ),
        ),
        "Always 100.0% since April 2024; the standard is 95%.",
    ),
    (
        ROLLING,
        finding(
            11.7,
            standards=met(11.7, 12, **AT_MOST),
            past=past(Variation.NOT_ASSESSED, status=SeriesStatus.ROLLING, lower=None, mean=None, upper=None),
        ),
        "Meets the 12% standard. "
        "Rolling figures are not put on a control chart, because each month shares 11 with the last.",
    ),
    (
        YEAR_TO_DATE,
        finding(70.0, past=past(Variation.NOT_ASSESSED, status=SeriesStatus.ROLLING)),
        "70.0%. Year-to-date figures are not put on a control chart, because each includes the last.",
    ),
    (
        UP,
        finding(70.0, past=past(Variation.NOT_ASSESSED, status=SeriesStatus.ZERO_WIDTH)),
        "70.0%. Hardly varies, so change cannot be judged.",
    ),
    (UP, finding(70.0, past=past(lower=None, mean=None, upper=None)), "70.0%. No change."),
    # peers, only at the ends
    (
        UP,
        finding(84.0, peers=peers(1)),
        "84.0%. No change: usual range 74.8% to 93.1%. Lowest quarter of 12 in the peer group.",
    ),
    (UP, finding(84.0, peers=peers(3)), "84.0%. No change: usual range 74.8% to 93.1%."),
    # the whole, where it adds something
    (
        UP,
        finding(84.0, standards=met(84, 80), whole=whole(Difference.BETTER)),
        "Meets the 80% standard. No change; some months will miss it by chance. "
        "Better than the trust as a whole.",
    ),
    (
        UP,
        finding(
            78.8,
            standards=missed(78.8, 85, 3),
            past=past(assurance=Assurance.FAIL),
            whole=whole(Difference.WORSE, difference=-3.2, lower=-5.1, upper=-1.3),
        ),
        "78.8%, below the 85% standard for a third month. "
        "No change, so it will keep missing unless something changes. Worse than the trust.",
    ),
    (
        UP,
        finding(84.0, whole=whole(Difference.BETTER, difference=0.8, lower=0.04, upper=1.6)),
        "84.0%. No change: usual range 74.8% to 93.1%. Better than the trust as a whole.",
    ),
    (
        UP,
        finding(
            73.4,
            standards=missed(73.4, 80),
            past=past(Variation.CONCERN_LOW, **OUTSIDE),
            whole=whole(Difference.WORSE, difference=-8.6, lower=-10.04, upper=-1.2),
        ),
        "73.4%, below the 80% standard, and lower than chance alone explains. "
        "Worse than the trust as a whole by 8.6 points (1.2 to 10.0).",
    ),
    (
        PEOPLE,
        finding(
            134.0,
            past=past(Variation.NEUTRAL_HIGH, **OUTSIDE),
            whole=whole(Difference.HIGHER, difference=12.0, lower=3.0, upper=21.0),
        ),
        "134 people, higher than chance alone explains. "
        "Higher than the trust as a whole. Neither high nor low is good.",
    ),
    (
        UP,
        finding(
            73.4,
            standards=met(73.4, 70),
            past=past(Variation.CONCERN_LOW, **OUTSIDE),
            whole=whole(Difference.WORSE, difference=-8.6, lower=-10.0, upper=-1.2),
        ),
        "Meets the 70% standard, but lower than chance alone explains. "
        "Worse than the trust as a whole by 8.6 points (1.2 to 10.0). Watch.",
    ),
    (
        UP,
        finding(
            78.8,
            standards=missed(78.8, 85),
            past=past(assurance=Assurance.FAIL),
            whole=whole(Difference.NO_DIFFERENT, value=80.1, difference=-1.3, lower=-3.0, upper=0.4),
        ),
        "78.8%, below the 85% standard. No change, so it will keep missing unless something changes. "
        "No different from the trust, which also misses.",
    ),
    (
        UP,
        finding(84.0, whole=whole(Difference.WORSE), peers=peers(1)),
        "84.0%. No change: usual range 74.8% to 93.1%. "
        "Worse than the trust as a whole by 2.0 points (0.5 to 3.5).",
    ),
    # a second standard that says otherwise
    (
        UP,
        finding(
            78.8,
            standards=(
                *missed(78.8, 90, set_by="contract"),
                standard(Attainment.MET, 75, 78.8, primary=False, name="National"),
            ),
        ),
        "78.8%, below the 90% standard. Meets the national standard (75%). "
        "No change: the usual range spans the standard.",
    ),
    # no figure
    (
        UP,
        finding(None, state=State.NOT_SUBMITTED),
        "No figure for October 2026: it was not submitted. Ask its owner: Director of Nursing.",
    ),
    (
        UP,
        finding(None, state=State.SUPPRESSED),
        "Hidden by its publisher in October 2026 to protect people's privacy.",
    ),
    (
        UP,
        finding(None, state=State.NO_DENOMINATOR),
        "None were due in October 2026, so there is nothing to measure.",
    ),
    (UP, finding(None, state=State.NOT_APPLICABLE), "Not applicable: this is not measured here."),
    (
        UP,
        finding(None, state=State.INCOMPLETE),
        "No figure for October 2026: some of its parts are missing or hidden. "
        "Ask its owner: Director of Nursing.",
    ),
    (YEARLY, finding(None, state=State.NOT_DUE), "Not due: a yearly figure. Next figure April 2027."),
]


@pytest.mark.parametrize(("of", "found", "said"), CASES, ids=[said for _, _, said in CASES])
def test_headlines(of: Indicator, found: Finding, said: str) -> None:
    assert headline(of, found) == said


NO_DIFFERENT = whole(Difference.NO_DIFFERENT, value=80.1, difference=-1.3, lower=-3.0, upper=0.4)


@pytest.mark.parametrize(
    "found",
    [
        finding(78.8, standards=missed(78.8, 80), whole=NO_DIFFERENT),  # the trust meets it
        finding(78.8, standards=missed(78.8, 85, tolerance=5.0), whole=NO_DIFFERENT),  # or nearly does
        finding(84.0, standards=met(84, 81), whole=NO_DIFFERENT),
        finding(84.0, whole=NO_DIFFERENT),
        finding(84.0, whole=whole(Difference.TOO_FEW)),
        finding(84.0, whole=whole()),
        finding(None, state=State.SUPPRESSED, whole=whole()),
    ],
)
def test_the_whole_is_named_only_where_it_adds_something(found: Finding) -> None:
    assert "trust" not in headline(UP, found)


def test_a_difference_in_pounds_and_in_what_is_counted() -> None:
    pounds = indicator("Spend", measured_in="pounds", decimals=0, bounds={})
    found = finding(900.0, whole=whole(Difference.LOWER, difference=-250.4, lower=-1400.0, upper=-100.0))
    assert headline(pounds, found).endswith("Lower than the trust as a whole by £250 (£100 to £1,400).")
    one = finding(9.0, whole=whole(Difference.HIGHER, difference=1.2, lower=0.6, upper=1.8))
    assert headline(PEOPLE, one).endswith("Higher than the trust as a whole by 1 person (1 to 2).")


SHIFTED = past(Variation.CONCERN_LOW, rule=Rule.SHIFT, since=Month(2026, 4), limits_from=Month(2024, 4))
FALLING = replace(SHIFTED, rule=Rule.TREND)


def test_months_are_counted_only_where_they_follow_each_other() -> None:
    *earlier, latest = run([85, 80, 80, 81, 80, 79, 80, 80], SHIFTED)
    assert "seven months running below its average" in headline(UP, latest, earlier)
    *earlier, latest = run([80, 80, 81, None, 79, 80, 80], SHIFTED)
    assert "below its average since April 2026" in headline(UP, latest, earlier)


def test_after_twelve_months_nobody_counts() -> None:
    *earlier, latest = run([80.0] * 13, SHIFTED)
    assert "below its average for 12 months or more" in headline(UP, latest, earlier)


def test_a_trend_is_counted_in_figures_that_fall() -> None:
    *earlier, latest = run([80, 86, 85, 84, 83, 82, 81, 80], FALLING)
    assert "falling for seven months" in headline(UP, latest, earlier)


def test_counting_stops_where_the_limits_start() -> None:
    rebased = replace(SHIFTED, limits_from=Month(2026, 8))
    *earlier, latest = run([80.0] * 8, rebased)
    assert "months running" not in headline(UP, latest, earlier)


def test_a_run_stops_at_a_figure_on_the_mean_and_a_trend_at_one_that_stays() -> None:
    assert side_run(run([80, 84, 80, 80], SHIFTED)) == 2
    assert side_run(run([80, 84], SHIFTED)) == 0
    assert trend_run(run([85, 83, 83, 82], FALLING)) == 2
    assert trend_run(run([83, 83], FALLING)) == 0
    assert trend_run(run([81, 82, 84], FALLING)) == 3


# ---------------------------------------------------------------------------------------- properties

FORBIDDEN = re.compile(
    r"special.cause|significan|statistic|control limit|slight|volatile|dipped|in line with|on par",
    re.IGNORECASE,
)
KNOWN = {"NHS", "UK"}

figures = st.floats(-1e7, 1e7, allow_nan=False).map(lambda x: round(x, 3))
indicators = st.builds(
    lambda direction, measured_in, decimals, every, owner: indicator(
        direction=direction, measured_in=measured_in, decimals=decimals, every=every, owner=owner, bounds={}
    ),
    st.sampled_from(["up", "down", "neutral"]),
    st.sampled_from(
        ["per cent", "pounds", "people", "for each 1,000 occupied bed days in adult acute wards"]
    ),
    st.integers(0, 3),
    st.sampled_from(["1 month", "3 months", "12 months", "5 months"]),
    st.sampled_from(["Director of Nursing", "the very long name of a directorate " * 6]),
)
standards = st.builds(
    lambda attainment, required, streak, sense, trajectory, set_by, primary: standard(
        attainment,
        required,
        50.0,
        streak=streak,
        sense=sense,
        trajectory=trajectory,
        set_by=set_by,
        primary=primary,
    ),
    st.sampled_from(Attainment),
    figures,
    st.integers(1, 40),
    st.sampled_from(["at_least", "at_most"]),
    st.booleans(),
    st.sampled_from(["national", "contract", "local"]),
    st.booleans(),
)
pasts = st.builds(
    lambda variation, assurance, status, rule, points, since: past(
        variation,
        assurance=assurance,
        status=status,
        rule=rule,
        points=points,
        since=since,
        limits_from=Month(2024, 4),
    ),
    st.sampled_from(Variation),
    st.sampled_from(Assurance),
    st.sampled_from(SeriesStatus),
    st.none() | st.sampled_from(Rule),
    st.integers(0, 200),
    st.none() | st.integers(0, 30).map(lambda back: NOW - back),
)
wholes = st.builds(
    lambda verdict, difference, lower, upper, value: whole(
        verdict,
        **{}
        if verdict is Difference.NOT_COMPARED
        else {"difference": difference, "lower": lower, "upper": upper, "value": value},
    ),
    st.sampled_from(Difference),
    figures,
    figures,
    figures,
    figures,
)
findings = st.builds(
    lambda value, state, held, bearing, quarter, difference: finding(
        value if state is State.VALUE else None,
        state=state,
        standards=tuple(held),
        past=bearing,
        peers=peers(quarter),
        whole=difference,
    ),
    figures,
    st.sampled_from(State),
    st.lists(standards, max_size=3),
    pasts,
    st.none() | st.integers(1, 4),
    wholes,
)


@given(indicators, findings)
def test_any_finding_has_a_short_plain_sentence(of: Indicator, found: Finding) -> None:
    said = headline(of, found)
    assert said.strip()
    assert said.endswith(".")
    assert words_in(said) <= LONGEST
    assert not FORBIDDEN.search(said)
    assert set(re.findall(r"\b[A-Z]{2,}\b", said)) <= KNOWN
    assert "None " not in said.removeprefix("None were due")
    assert "nan" not in said


@given(indicators, findings)
def test_without_a_signal_there_is_no_word_of_improvement_or_of_chance(of: Indicator, found: Finding) -> None:
    quiet = replace(found, past=replace(found.past, variation=Variation.COMMON))
    said = headline(of, quiet).lower()
    assert "improving" not in said
    assert "than chance" not in said


@given(indicators, findings)
def test_nothing_is_said_of_the_whole_that_chance_could_explain(of: Indicator, found: Finding) -> None:
    said = headline(of, found)
    beyond = found.whole.verdict in BEYOND_CHANCE
    assert ("than the trust" not in said) or beyond
    assert ("than chance" not in said) or found.past.variation in SIGNALS


# ------------------------------------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("figures", "value", "short"),
    [
        (Figures("per cent", 1), 73.44, "73.4%"),
        (Figures("pounds", 0), 1250.4, "£1,250"),
        (Figures("pounds", 0), -1250.4, "−£1,250"),
        (Figures("people", 0), 0.0, "0"),
        (Figures("per cent", 1), -0.04, "0.0%"),
    ],
)
def test_figures_carry_their_unit(figures: Figures, value: float, short: str) -> None:
    assert figures.short(value) == short


@pytest.mark.parametrize(
    ("figures", "distance", "said"),
    [
        (Figures("per cent", 1), -6.6, "6.6 points"),
        (Figures("per cent", 0), 1.0, "1 point"),
        (Figures("per cent", 1), -0.04, "less than 0.1 points"),
        (Figures("people", 0), 1.0, "1 person"),
        (Figures("people waiting", 0), 1.0, "1 person waiting"),
        (Figures("pounds", 0), 250.0, "£250"),
    ],
)
def test_differences_are_said_in_points_or_in_what_is_counted(
    figures: Figures, distance: float, said: str
) -> None:
    assert figures.apart(distance) == said


def test_nobody_is_told_to_expect_what_cannot_be() -> None:
    assert Figures("per cent", 1, 0, 100).usual_range(-3.2, 109.2) == "0.0% to 100.0%"


def test_a_proposed_re_base_is_named_where_a_figure_improves_and_nowhere_else() -> None:
    better = finding(86.0, past=past(Variation.IMPROVEMENT_HIGH, **OUTSIDE))
    said = "The limits predate the change: consider re-basing."
    assert headline(UP, better, rebase=True).endswith(said)
    assert said not in headline(UP, better)
    worse = finding(66.0, past=past(Variation.CONCERN_LOW, **OUTSIDE))
    assert said not in headline(UP, worse, rebase=True), "a concern is not to be based away"
