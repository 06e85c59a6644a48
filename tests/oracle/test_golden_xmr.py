"""The profile ``plot-the-dots`` against NHSRplotthedots 0.2.2's own output: every limit, flag and icon."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from trigpoint.analysis.finding import Assurance, Rule, SeriesStatus, Variation
from trigpoint.analysis.past.assurance import ASSURANCES, assurance
from trigpoint.analysis.past.limits import STATUSES
from trigpoint.analysis.past.reference import judge
from trigpoint.analysis.past.rules import RULES
from trigpoint.analysis.past.variation import NO_RULE, VARIATIONS, Charts, chart
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import SHIPPED

Row = Mapping[str, str]

CASES = 190
POINTS = 7_630
UNMATCHED: Mapping[str, tuple[int, SeriesStatus]] = {
    # case: (the first so many points, the answer that is given instead)
    "o_ptd069": (36, SeriesStatus.SCREENING_ABANDONED),
    "o_ptd086": (36, SeriesStatus.CONSTANT),
    "o_ptd088": (36, SeriesStatus.CONSTANT),
    "o_ptd089": (36, SeriesStatus.CONSTANT),
    "o_ptd186": (25, SeriesStatus.SCREENING_ABANDONED),
    "o_ptd188": (12, SeriesStatus.CONSTANT),  # the segment before the re-base
    "o_ptd189": (25, SeriesStatus.ZERO_WIDTH),
}
"""Where NHSRplotthedots is degenerate and is not to be matched.

``CONSTANT`` and ``ZERO_WIDTH``: screening drops every range, those of zero too, and no limit is a
number. ``SCREENING_ABANDONED``: it leaves only ranges of zero; the limits lie on the mean and
every point is flagged.
"""

DIRECTIONS: Mapping[str, Direction] = {"increase": "up", "decrease": "down", "neutral": "neutral"}
KINDS = {
    "Above UCL": (Rule.OUTSIDE, "high"),
    "Below LCL": (Rule.OUTSIDE, "low"),
    "7 Point Trend (Increasing)": (Rule.TREND, "high"),
    "7 Point Trend (Decreasing)": (Rule.TREND, "low"),
    "2 in 3 Above CL": (Rule.TWO_OF_THREE, "high"),
    "2 in 3 Below CL": (Rule.TWO_OF_THREE, "low"),
    "7 Points Above CL": (Rule.SHIFT, "high"),
    "7 Points Below CL": (Rule.SHIFT, "low"),
}
TYPES = {
    "special_cause_improvement": "improvement",
    "special_cause_concern": "concern",
    "special_cause_neutral_high": "neutral",
    "special_cause_neutral_low": "neutral",
}
VERDICTS = {
    "consistent_pass": Assurance.PASS,
    "consistent_fail": Assurance.FAIL,
    "inconsistent": Assurance.HIT_OR_MISS,
}


@dataclass(frozen=True)
class Golden:
    """The published tool's inputs and outputs, by case."""

    cases: Mapping[str, Row]
    points: Mapping[str, list[Row]]
    icons: Mapping[str, Row]


@pytest.fixture(scope="module")
def golden(shared: Path) -> Golden:
    points: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(shared / "golden/ptd_points.csv"):
        points[row["case_id"]].append(row)
    return Golden(
        {row["case_id"]: row for row in _rows(shared / "golden/ptd_cases.csv")},
        points,
        {row["case_id"]: row for row in _rows(shared / "golden/ptd_icons.csv")},
    )


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _chart(case: Row, points: list[Row]) -> Charts:
    starts = [date for date in case["rebase_dates"].split(";") if date]
    segments = [[sum(point["date"] >= start for start in starts) for point in points]]
    screening = SHIPPED["plot-the-dots"].screening if case["screen_outliers"] == "TRUE" else None
    return chart(
        np.array([[float(point["y"]) for point in points]]),
        np.array(segments),
        profile=SHIPPED["plot-the-dots"].model_copy(update={"screening": screening}),
        direction=DIRECTIONS[case["improvement_direction"]],
        baseline=int(case["fix_after_n_points"]) if case["fix_after_n_points"] else None,
    )


def test_every_limit_agrees_to_a_thousand_millionth(golden: Golden) -> None:
    compared = 0
    for name, case in golden.cases.items():
        skipped = UNMATCHED.get(name, (0, None))[0]
        points = golden.points[name]
        found = _chart(case, points)
        lines = found.limits.lines(found.grid)
        for line, theirs in ((lines.centre, "mean"), (lines.lower, "lpl"), (lines.upper, "upl")):
            ours = line[0, skipped:]
            expected = [float(point[theirs]) for point in points[skipped:]]
            np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=0, err_msg=f"{name} {theirs}")
        compared += len(points) - skipped
    assert len(golden.cases) == CASES
    assert compared == POINTS - sum(points for points, _ in UNMATCHED.values())


def test_every_flag_agrees(golden: Golden) -> None:
    compared, flagged = 0, 0
    for name, case in golden.cases.items():
        found = _chart(case, golden.points[name])
        for at, point in enumerate(golden.points[name]):
            if at < UNMATCHED.get(name, (0, None))[0]:
                continue
            ours = (VARIATIONS[found.variation[0, at]], _rule(found.rule[0, at]))
            assert ours == _expected(point), f"{name}, point {at + 1}"
            assert (ours[1] is Rule.OUTSIDE) == (point["outside_limits"] == "TRUE"), f"{name}, point {at + 1}"
            compared += 1
            flagged += ours[1] is not None
    assert compared == POINTS - sum(points for points, _ in UNMATCHED.values())
    assert flagged > compared / 3


def _expected(point: Row) -> tuple[Variation, Rule | None]:
    if point["special_cause_type"] == "Common Cause":
        return Variation.COMMON, None
    rule, side = KINDS[point["special_cause_type"]]
    return Variation(f"{TYPES[point['point_type']]}_{side}"), rule


def _rule(code: int) -> Rule | None:
    return None if code == NO_RULE else RULES[code]


def test_every_icon_agrees(golden: Golden) -> None:
    compared, assured = 0, 0
    for name, case in golden.cases.items():
        if UNMATCHED.get(name, (0, None))[0] == len(golden.points[name]):
            continue
        found, icons = _chart(case, golden.points[name]), golden.icons[name]
        expected = icons["variation_icon"].replace("common_cause", "common")
        assert VARIATIONS[found.variation[0, -1]] == expected, name
        compared += 1
        if icons["assurance_type"]:
            assert _assurance(found, case) is VERDICTS[icons["assurance_type"]], name
            assured += 1
    assert compared == CASES - 6
    assert assured == sum(bool(icons["assurance_type"]) for icons in golden.icons.values()) - 2


def _assurance(found: Charts, case: Row) -> Assurance:
    last, limits, lines = slice(-1, None), found.limits, found.limits.lines(found.grid)
    (code,) = assurance(
        np.array([float(case["target"])]),
        np.array([1 if case["improvement_direction"] == "increase" else -1], dtype=np.int8),
        status=limits.status[last],
        lower=lines.lower[0, last],
        upper=lines.upper[0, last],
        least=limits.least[last],
        most=limits.most[last],
        profile=SHIPPED["plot-the-dots"],
    )
    return Assurance(ASSURANCES[code])


def test_the_slow_second_opinion_agrees_with_them_too(golden: Golden) -> None:
    for name, case in golden.cases.items():
        points, skipped = golden.points[name], UNMATCHED.get(name, (0, None))[0]
        starts = [date for date in case["rebase_dates"].split(";") if date]
        screening = SHIPPED["plot-the-dots"].screening if case["screen_outliers"] == "TRUE" else None
        judged = judge(
            [float(point["y"]) for point in points],
            [sum(point["date"] >= start for start in starts) for point in points],
            [False] * len(points),
            SHIPPED["plot-the-dots"].model_copy(update={"screening": screening}),
            DIRECTIONS[case["improvement_direction"]],
            int(case["fix_after_n_points"]) if case["fix_after_n_points"] else None,
        )
        for at, (ours, theirs) in enumerate(zip(judged, points, strict=True)):
            if at >= skipped:
                assert (ours.variation, ours.rule) == _expected(theirs), f"{name}, point {at + 1}"
                assert ours.upper == pytest.approx(float(theirs["upl"]), rel=1e-9)


@pytest.mark.parametrize("name", UNMATCHED)
def test_what_is_not_matched_is_degenerate_and_answered(golden: Golden, name: str) -> None:
    first, status = UNMATCHED[name]
    for point in golden.points[name][:first]:
        assert point["upl"] in ("", point["mean"]), "NHSRplotthedots has limits here after all"
    answered = _chart(golden.cases[name], golden.points[name])
    assert STATUSES[answered.limits.status[0]] is status
