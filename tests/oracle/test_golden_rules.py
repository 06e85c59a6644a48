"""Rules of any length, and median lines, against controlchartspy 0.1.3's own output."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from trigpoint.analysis.finding import SeriesStatus
from trigpoint.analysis.past.limits import STATUSES
from trigpoint.analysis.past.variation import Charts, chart
from trigpoint.definitions.profile import SHIPPED, RuleProfile

Row = Mapping[str, str]

CASES = 228
POINTS = 9_156
DEGENERATE = {"aeo_NQT10_pct4h": ("i_mm",), "edge_all_hundred_last_dip": ("i", "i_m", "i_mm")}
"""Series (and charts) in which screening leaves no range above zero, or no two neighbours differ.

The engine draws its limits on the centre line, and flags what does not lie on it; ours keeps every
range, or gives no limits that can be judged by. They are not matched; what is answered is tested.
"""
UNMATCHED = 222
"""Their points."""
RULES = {"astpoint": "outside", "shift": "shift", "trend": "trend", "two_in_three": "two_of_three"}


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[Row]:
    return _rows(shared / "golden/pbispc_cases.csv")


@pytest.fixture(scope="module")
def points(shared: Path) -> Mapping[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(shared / "golden/pbispc_points.csv"):
        grouped[row["case_id"]].append(row)
    return grouped


def profile_of(case: Row) -> RuleProfile:
    """The engine's rules: a third point anywhere, and the whole pattern of three flagged if asked for."""
    return SHIPPED["plot-the-dots"].model_copy(
        update={
            "centre": "mean" if case["chart"] == "i" else "median",
            "spread": "median" if case["chart"] == "i_mm" else "mean",
            "limit": 3 / 1.128 if case["chart"] != "i_mm" else 3 / 0.954,
            # What of a median range is 3.267 of a mean one: 3.865 (Wheeler).
            "screening": 3.865 if case["chart"] == "i_mm" else 3.267,
            "minimum_points": 1,
            "minimum_ranges": 0,
            "shift": int(case["shift_n"]),
            "trend": int(case["trend_n"]),
            "two_of_three_counts_outside": True,
            "two_of_three_third": "any",
            "two_of_three_flags": "all" if case["two_in_three_highlight_series"] == "True" else "far",
            "turning_point": "both",
            "ties": "pass",
        }
    )


def _degenerate(case: Row) -> bool:
    return case["chart"] in DEGENERATE.get(case["series_id"], ())


def _chart(case: Row, points: list[Row]) -> Charts:
    values = np.array([[float(point["value"]) for point in points]])
    return chart(values, profile=profile_of(case), direction="neutral")


def test_every_line_agrees(cases: list[Row], points: Mapping[str, list[Row]]) -> None:
    compared = 0
    for case in cases:
        if _degenerate(case):
            continue
        rows = points[case["case_id"]]
        found = _chart(case, rows)
        lines, warning = found.limits.lines(found.grid), found.limits.lines(found.grid, 2 / 3)
        ours = {
            "target": lines.centre,
            "ll99": lines.lower,
            "ul99": lines.upper,
            "ll95": warning.lower,
            "ul95": warning.upper,
        }
        for theirs, line in ours.items():
            expected = [float(row[theirs]) for row in rows]
            np.testing.assert_allclose(
                line[0], expected, rtol=1e-9, atol=1e-12, err_msg=f"{case['case_id']} {theirs}"
            )
        compared += len(rows)
    assert len(cases) == CASES
    assert compared == POINTS - UNMATCHED


def test_every_flag_agrees(cases: list[Row], points: Mapping[str, list[Row]]) -> None:
    compared = twice = 0
    flags: Counter[str] = Counter()
    for case in cases:
        if _degenerate(case):
            continue
        found = _chart(case, points[case["case_id"]])
        good, bad = ("high", "low") if case["improvement_direction"] == "increase" else ("low", "high")
        order = [rule.value for rule in found.signals.order]
        for theirs, ours in RULES.items():
            bit = 1 << order.index(ours)
            fired = {side: getattr(found.signals, side)[0] & bit > 0 for side in ("high", "low")}
            for at, point in enumerate(points[case["case_id"]]):
                said = {"improvement": good, "deterioration": bad}.get(point[theirs])
                where = f"{case['case_id']}, {theirs}, point {at + 1}"
                ours_say = [side for side in ("high", "low") if fired[side][at]]
                # Of two opposite patterns that share a point, the engine keeps one.
                twice += len(ours_say) == 2
                assert (said in ours_say) if ours_say else said is None, where
                flags[theirs] += said is not None
        compared += len(points[case["case_id"]])
    assert compared == POINTS - UNMATCHED
    assert twice == 32
    assert min(flags.values()) > 500


def test_what_is_not_matched_is_degenerate_and_answered(
    cases: list[Row], points: Mapping[str, list[Row]]
) -> None:
    left = [case for case in cases if _degenerate(case)]
    assert sum(len(points[case["case_id"]]) for case in left) == UNMATCHED
    for case in left:
        row, found = points[case["case_id"]][0], _chart(case, points[case["case_id"]])
        assert row["ll99"] == row["ul99"], "the engine has limits of some width here after all"
        assert STATUSES[found.limits.status[0]] in (
            SeriesStatus.SCREENING_ABANDONED,
            SeriesStatus.ZERO_WIDTH,
        )
