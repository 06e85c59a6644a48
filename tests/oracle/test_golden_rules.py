"""Rules of any length, and median lines, against controlchartspy 0.1.3's own output."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from trigpoint.analysis.past.variation import Charts, chart
from trigpoint.definitions.profile import SHIPPED, RuleProfile

Row = Mapping[str, str]

CASES = 228
POINTS = 9_156
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
            "minimum_points": 1,
            "minimum_ranges": 0,
            "shift": int(case["shift_n"]),
            "trend": int(case["trend_n"]),
            "two_of_three_counts_outside": True,
            "two_of_three_third": "any",
            "two_of_three_flags": "all" if case["two_in_three_highlight_series"] == "True" else "far",
            "turning_point": "both",
        }
    )


def _chart(case: Row, points: list[Row]) -> Charts:
    values = np.array([[float(point["value"]) for point in points]])
    return chart(values, profile=profile_of(case), direction="neutral")


def test_every_line_agrees(cases: list[Row], points: Mapping[str, list[Row]]) -> None:
    compared = 0
    for case in cases:
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
    assert compared == POINTS


def test_every_flag_agrees(cases: list[Row], points: Mapping[str, list[Row]]) -> None:
    compared = 0
    flags: Counter[str] = Counter()
    for case in cases:
        found = _chart(case, points[case["case_id"]])
        good, bad = ("high", "low") if case["improvement_direction"] == "increase" else ("low", "high")
        order = [rule.value for rule in found.signals.order]
        for theirs, ours in RULES.items():
            bit = 1 << order.index(ours)
            fired = {side: getattr(found.signals, side)[0] & bit > 0 for side in ("high", "low")}
            for at, point in enumerate(points[case["case_id"]]):
                said = {"improvement": good, "deterioration": bad}.get(point[theirs])
                where = f"{case['case_id']}, {theirs}, point {at + 1}"
                assert [side for side in ("high", "low") if fired[side][at]] == ([said] if said else []), where
                flags[theirs] += said is not None
        compared += len(points[case["case_id"]])
    assert compared == POINTS
    assert min(flags.values()) > 500
