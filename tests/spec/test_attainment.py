"""A figure against what is required of it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.panels import catalogue, panel
from tests.trusts import indicator, trust
from trigpoint.analysis.assess import assess
from trigpoint.analysis.finding import Assurance, Attainment, Finding, SeriesStatus
from trigpoint.analysis.past.assurance import ASSURANCES, assurance
from trigpoint.analysis.past.limits import STATUSES
from trigpoint.analysis.series import series
from trigpoint.analysis.standards.attainment import ATTAINMENTS, attainment, distance, streaks
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.profile import SHIPPED
from trigpoint.terms.panel import Panel
from trigpoint.terms.period import Month

SHARE = "source: returns, numerator: seen, denominator: all, rolls_up_from: team"
COUNT = "source: returns, count: seen, rolls_up_from: team"
AT_LEAST, AT_MOST, NONE = 1, -1, math.nan
SIGNS = {
    "+": Attainment.MET,
    "~": Attainment.IN_TOLERANCE,
    "x": Attainment.NOT_MET,
    ".": Attainment.NOT_ASSESSED,
}


@pytest.mark.parametrize(
    ("value", "sense", "required", "tolerance", "verdict", "apart"),
    [
        (76.0, AT_LEAST, 75.0, NONE, Attainment.MET, 1.0),
        (75.0, AT_LEAST, 75.0, NONE, Attainment.MET, 0.0),
        (74.9, AT_LEAST, 75.0, NONE, Attainment.NOT_MET, -0.1),
        (74.0, AT_LEAST, 75.0, 5.0, Attainment.IN_TOLERANCE, -1.0),
        (70.0, AT_LEAST, 75.0, 5.0, Attainment.IN_TOLERANCE, -5.0),
        (69.9, AT_LEAST, 75.0, 5.0, Attainment.NOT_MET, -5.1),
        # At most: short of it is above it.
        (4.0, AT_MOST, 6.0, NONE, Attainment.MET, 2.0),
        (6.0, AT_MOST, 6.0, NONE, Attainment.MET, 0.0),
        (7.0, AT_MOST, 6.0, 1.0, Attainment.IN_TOLERANCE, -1.0),
        (12.0, AT_MOST, 6.0, 1.0, Attainment.NOT_MET, -6.0),
        (0.0, AT_MOST, 0.0, NONE, Attainment.MET, 0.0),
        (1.0, AT_MOST, 0.0, NONE, Attainment.NOT_MET, -1.0),
        # What a computer's fractions leave over is no difference.
        (0.1 + 0.2, AT_MOST, 0.3, NONE, Attainment.MET, 0.0),
        (0.57 * 100, AT_LEAST, 57.0, NONE, Attainment.MET, 0.0),
        (1.1 + 2.2 - 0.3, AT_MOST, 2.0, 1.0, Attainment.IN_TOLERANCE, -1.0),
        # A figure that rounds to the standard does not meet it.
        (74.96, AT_LEAST, 75.0, NONE, Attainment.NOT_MET, -0.04),
        (NONE, AT_LEAST, 75.0, NONE, Attainment.NOT_ASSESSED, NONE),
        (75.0, AT_LEAST, NONE, NONE, Attainment.NOT_ASSESSED, NONE),
    ],
)
def test_a_figure_against_a_standard(
    value: float, sense: int, required: float, tolerance: float, verdict: Attainment, apart: float
) -> None:
    values, needed, senses = np.array([value]), np.array([required]), np.array([sense], dtype=np.int8)
    (code,) = attainment(values, needed, senses, np.array([tolerance]))
    assert ATTAINMENTS[code] is verdict
    assert distance(values, needed, senses)[0] == pytest.approx(apart, nan_ok=True)


@pytest.mark.parametrize(
    ("months", "streak"),
    [
        ("+ + + x x + ~ ~", "1 2 3 1 2 1 1 2"),
        # A month without a figure is in no streak, and ends the one before it.
        ("x x . x x", "1 2 0 1 2"),
        (". . +", "0 0 1"),
        (".", "0"),
    ],
)
def test_streaks(months: str, streak: str) -> None:
    codes = np.array([[ATTAINMENTS.index(SIGNS[sign]) for sign in months.split()]], dtype=np.int8)
    assert streaks(codes)[0].tolist() == [int(length) for length in streak.split()]


# ---------------------------------------------------------------------------------------- assurance


@pytest.mark.parametrize(
    ("sense", "required", "nhs_england", "plot_the_dots"),
    [
        # Limits of 40 and 60. On a limit: decided in one profile, left open in the other.
        (AT_LEAST, 39.0, Assurance.PASS, Assurance.PASS),
        (AT_LEAST, 40.0, Assurance.PASS, Assurance.HIT_OR_MISS),
        (AT_LEAST, 40.1, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        (AT_LEAST, 59.9, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        (AT_LEAST, 60.0, Assurance.FAIL, Assurance.HIT_OR_MISS),
        (AT_LEAST, 61.0, Assurance.FAIL, Assurance.FAIL),
        (AT_MOST, 61.0, Assurance.PASS, Assurance.PASS),
        (AT_MOST, 60.0, Assurance.PASS, Assurance.HIT_OR_MISS),
        (AT_MOST, 50.0, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        (AT_MOST, 40.0, Assurance.FAIL, Assurance.HIT_OR_MISS),
        (AT_MOST, 39.0, Assurance.FAIL, Assurance.FAIL),
        (AT_LEAST, NONE, Assurance.NO_STANDARD, Assurance.NO_STANDARD),
    ],
)
def test_assurance(sense: int, required: float, nhs_england: Assurance, plot_the_dots: Assurance) -> None:
    for profile, expected in (("nhs-england", nhs_england), ("plot-the-dots", plot_the_dots)):
        assert _assured(profile, sense, required, SeriesStatus.CHARTED, (40, 60), (42, 58)) is expected


@pytest.mark.parametrize("profile", SHIPPED)
@pytest.mark.parametrize(
    ("sense", "required", "points", "expected"),
    [
        # Limits without width lie on the mean: what counts is whether every point meets the standard.
        (AT_LEAST, 100.0, (100, 100), Assurance.PASS),  # always 100, and 100 is required
        (AT_LEAST, 95.0, (100, 100), Assurance.PASS),
        (AT_LEAST, 100.1, (100, 100), Assurance.FAIL),
        (AT_MOST, 0.0, (0, 0), Assurance.PASS),
        (AT_MOST, 0.0, (1, 1), Assurance.FAIL),
        (AT_LEAST, 99.0, (98, 100), Assurance.HIT_OR_MISS),
        (AT_LEAST, 98.0, (98, 100), Assurance.PASS),
    ],
)
def test_assurance_where_limits_have_no_width(
    profile: str, sense: int, required: float, points: tuple[float, float], expected: Assurance
) -> None:
    status = SeriesStatus.CONSTANT if points[0] == points[1] else SeriesStatus.ZERO_WIDTH
    assert _assured(profile, sense, required, status, (points[1], points[1]), points) is expected


@pytest.mark.parametrize("status", [SeriesStatus.TOO_FEW, SeriesStatus.NO_FIGURES, SeriesStatus.ROLLING])
def test_no_assurance_without_limits(status: SeriesStatus) -> None:
    none = (NONE, NONE)
    assert _assured("nhs-england", AT_LEAST, 75.0, status, none, none) is Assurance.NOT_ASSESSED


def _assured(
    profile: str,
    sense: int,
    required: float,
    status: SeriesStatus,
    limits: tuple[float, float],
    points: tuple[float, float],
) -> Assurance:
    lower, upper, least, most = (np.array([float(number)]) for number in (*limits, *points))
    (code,) = assurance(
        np.array([required]),
        np.array([sense], dtype=np.int8),
        status=np.array([STATUSES.index(status)], dtype=np.int8),
        lower=lower,
        upper=upper,
        least=least,
        most=most,
        profile=SHIPPED[profile],
    )
    return Assurance(ASSURANCES[code])


# ---------------------------------------------------------------------------- standards of a finding

STEPS = """
standards:
  - {name: National, set_by: national, at_least: 60, from: 2024-01, primary: yes}
  - {name: National, set_by: national, at_least: 70, tolerance: 5, from: 2024-03, primary: yes}
  - {name: Contract, set_by: contract, at_least: 80, from: 2024-02, to: 2024-03}
"""
TRAJECTORY = """
standards:
  - {name: Plan, set_by: local, primary: yes, at_least: {2024-01: 50, 2024-02: 55, 2024-03: 60, 2024-05: 70}}
  - {name: Floor, set_by: local, at_least: 40, from: 2024-01}
"""
BY_UNIT = """
standards:
  - {name: Local, set_by: local, at_least: 60, from: 2024-01, primary: yes}
  - {name: Local, set_by: local, at_least: 50, from: 2024-01, primary: yes, unit: B}
"""


def found(figures: str, definitions: Catalogue, unit: str = "A") -> list[Finding]:
    given = panel({unit: figures})
    return list(assess(given, definitions, (), {observation.month for observation in given}))


def lines(finding: Finding) -> list[str]:
    return [
        f"{'*' if s.primary else ' '}{s.name} {s.sense} {s.required:g}: {s.attainment}, {s.streak}"
        for s in finding.standards
    ]


def test_several_standards_that_step() -> None:
    january, february, march, april = found("65 65 65 65", catalogue(STEPS))
    assert lines(january) == ["*National at_least 60: met, 1"]
    assert lines(february) == ["*National at_least 60: met, 2", " Contract at_least 80: not_met, 1"]
    assert lines(march) == ["*National at_least 70: in_tolerance, 1", " Contract at_least 80: not_met, 2"]
    assert lines(april) == ["*National at_least 70: in_tolerance, 2"]
    assert april.standard is not None
    assert (april.standard.distance, april.standard.tolerance, april.standard.set_by) == (-5, 5, "national")


def test_the_primary_standard_comes_first_wherever_it_is_declared() -> None:
    second = """
    standards:
      - {name: Contract, set_by: contract, at_least: 80, from: 2024-01}
      - {name: National, set_by: national, at_least: 60, from: 2024-01, primary: yes}
    """
    for finding in found("65 85", catalogue(second)):
        assert [standard.name for standard in finding.standards] == ["National", "Contract"]


def test_a_trajectory_has_a_value_for_each_month_it_names() -> None:
    findings = found("52 52 62 62 62", catalogue(TRAJECTORY))
    assert [lines(finding)[0] for finding in findings] == [
        "*Plan at_least 50: met, 1",
        "*Plan at_least 55: not_met, 1",
        "*Plan at_least 60: met, 1",
        " Floor at_least 40: met, 4",  # April is not in the plan
        "*Plan at_least 70: not_met, 1",
    ]
    assert [finding.standard is None for finding in findings] == [False, False, False, True, False]
    assert findings[3].past.assurance is Assurance.NO_STANDARD


def test_a_trajectory_is_drawn_past_the_last_figure() -> None:
    chart = series(panel({"A": "52 52"}), catalogue(TRAJECTORY), (), "X", "A", Month(2024, 2))
    plan, floor = chart.standards
    assert (plan.name, plan.primary, plan.trajectory, plan.sense) == ("Plan", True, True, "at_least")
    assert list(plan.values) == [
        (Month(2024, 1), 50),
        (Month(2024, 2), 55),
        (Month(2024, 3), 60),
        (Month(2024, 5), 70),
    ]
    assert list(floor.values) == [(Month(2024, 1), 40), (Month(2024, 2), 40)]


def test_a_nearer_standard_holds_below_its_unit() -> None:
    a, b = assess(panel({"A": "55", "B": "55"}), catalogue(BY_UNIT), (), [Month(2024, 1)])
    assert lines(a) == ["*Local at_least 60: not_met, 1"]
    assert lines(b) == ["*Local at_least 50: met, 1"]


@pytest.mark.parametrize(
    ("measure", "standard", "asked_of"),
    [
        (COUNT, "at_least: 950", ["QPT", "XAM"]),  # no team can reach what the trust is to reach
        (COUNT, "at_most: 6", ["QPT", "XAM"]),  # and six divisions with 6 each are not within it
        (COUNT, "at_most: 0", ["ENG", "QPT", "XAM", "NORTH", "A"]),  # none anywhere
        (COUNT, "at_most: 6, unit: NORTH", ["NORTH"]),
        (SHARE, "at_least: 80", ["ENG", "QPT", "XAM", "NORTH", "A"]),
        (SHARE, "at_least: 80, unit: NORTH", ["NORTH", "A"]),
    ],
)
def test_what_a_whole_is_to_reach_by_a_count_is_no_part_s_to_reach(
    measure: str, standard: str, asked_of: list[str]
) -> None:
    standards = (
        f"standards: [{{name: Plan, set_by: contract, source: The contract, from: 2024-01, {standard}}}]"
    )
    given = trust(indicator(measure=measure, measured_in="contacts", more=standards))
    units = ("ENG", "QPT", "XAM", "NORTH", "A")
    assert [unit for unit in units if given.standards("X", unit, Month(2026, 1))] == asked_of


def test_a_figure_that_is_not_there_is_not_assessed() -> None:
    findings = found("55 - 55", catalogue(BY_UNIT))
    assert [lines(finding) for finding in findings] == [
        ["*Local at_least 60: not_met, 1"],
        ["*Local at_least 60: not_assessed, 0"],
        ["*Local at_least 60: not_met, 1"],
    ]
    assert findings[1].standards[0].distance is None


def test_a_streak_is_of_months_a_figure_was_due() -> None:
    definitions = catalogue("every: 3 months\n" + BY_UNIT)
    given = panel({"A": "55 55 55"}, every=3)
    findings = list(assess(given, definitions, (), {observation.month for observation in given}))
    assert [finding.standards[0].streak for finding in findings] == [1, 2, 3]


def test_a_figure_out_of_turn_is_assessed_and_is_in_no_streak() -> None:
    given = Panel.concat([panel({"B": "55 55"}, every=3), panel({"B": "55"}, first="2024-02")])
    definitions = catalogue("every: 3 months\n" + BY_UNIT)
    findings = assess(given, definitions, (), {observation.month for observation in given})
    assert [finding.standards[0].streak for finding in findings] == [1, 1, 2]


def test_no_standard_at_all() -> None:
    (finding,) = found("55", catalogue())
    assert finding.standards == ()
    assert finding.past.assurance is Assurance.NO_STANDARD
