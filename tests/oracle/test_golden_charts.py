"""Every kind of chart against qicharts2 0.8.1's own output: lines, signals, runs."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from trigpoint.analysis.arrays import Bools, Floats
from trigpoint.analysis.past.variation import Charts, Sizes, chart
from trigpoint.definitions.profile import SHIPPED, ChartKind, RuleProfile

Row = Mapping[str, str]

CASES = 127
POINTS = 6_266
SIGNALS_MISSED = {("o_qic025", "2")}
"""Where qicharts2 says that there is none, although by its own counts (8 in a row, of 7 at most) there is."""
KINDS = {
    "run": ChartKind.RUN,
    "i": ChartKind.I,
    "mr": ChartKind.MR,
    "p": ChartKind.P,
    "pp": ChartKind.P_PRIME,
    "u": ChartKind.U,
    "up": ChartKind.U_PRIME,
    "c": ChartKind.C,
    "g": ChartKind.G,
    "t": ChartKind.T,
    "xbar": ChartKind.XBAR,
    "s": ChartKind.S,
}


@dataclass(frozen=True)
class Golden:
    """The published tool's inputs and outputs, by case and by series."""

    cases: Mapping[str, Row]
    points: Mapping[str, list[Row]]
    series: Mapping[str, list[Row]]


@pytest.fixture(scope="module")
def golden(shared: Path) -> Golden:
    return Golden(
        {row["case_id"]: row for row in _rows(shared / "golden/qic_cases.csv")},
        _by("case_id", shared / "golden/qic_points.csv"),
        _by("series_id", shared / "golden/qic_series.csv"),
    )


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _by(key: str, file: Path) -> Mapping[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(file):
        grouped[row[key]].append(row)
    return grouped


def profile_of(case: Row) -> RuleProfile:
    """qicharts2's rules: gaps are passed over, no minimum, ranges screened unless the case says otherwise."""
    changes = {
        "limit": 3 / 1.128,
        "minimum_points": 1,
        "minimum_ranges": 0,
        "gaps": "bridge",
        "outside": True,
        "screening": 3.267 if case["screened_mr"] == "TRUE" else None,
        "charts": "by_kind",
        "centre": "mean",
    }
    return SHIPPED["anhoej"].model_copy(update=changes)


def _months(series: list[Row]) -> Iterator[list[Row]]:
    """The rows of each month: one, or the members of a subgroup."""
    months: dict[str, list[Row]] = {}
    for row in series:
        months.setdefault(row["x"], []).append(row)
    yield from months.values()


def _drawn(case: Row, series: list[Row]) -> tuple[Floats, Sizes | None]:
    kind, scale = case["chart"], float(case["multiply"])
    months = list(_months(series))
    figures = [[float(row["y"]) for row in rows if row["y"]] for rows in months]
    if kind in ("xbar", "s"):
        means, deviations = (
            np.array([of(month) for month in figures]) for of in (np.mean, lambda it: np.std(it, ddof=1))
        )
        sizes = np.array([float(len(month)) for month in figures])
        if kind == "s":
            return deviations[None], Sizes(sizes[None])
        return means[None], Sizes(sizes[None], deviations=deviations[None])
    values = np.array([month[0] if month else math.nan for month in figures])
    if case["uses_n"] == "FALSE":
        return values[None] * scale, None
    sizes = np.array([float(rows[0]["n"]) for rows in months])
    shares = (values / sizes * scale)[None]
    return shares, None if kind == "run" else Sizes(sizes[None], scale)


def _chart(case: Row, series: list[Row]) -> Charts:
    values, sizes = _drawn(case, series)
    months = values.shape[1]
    place = np.arange(months)[None]
    excluded: Bools = np.isin(place + 1, [int(row) for row in case["exclude"].split(";") if row])
    segments = place >= int(case["part"]) if case["part"] else np.zeros_like(place)
    return chart(
        values,
        segments.astype(np.int64),
        excluded,
        profile=profile_of(case),
        direction="neutral",
        # qicharts2 ignores `freeze` beside `part`; no case has both.
        baseline=place < int(case["freeze"]) if case["freeze"] else None,
        kind=KINDS[case["chart"]],
        sizes=sizes,
    )


def test_every_line_agrees_to_a_thousand_millionth(golden: Golden) -> None:
    compared = 0
    for name, case in golden.cases.items():
        points = golden.points[name]
        found = _chart(case, golden.series[case["series_id"]])
        lines = found.limits.lines(found.grid)
        warning = found.limits.lines(found.grid, 2 / 3)
        ours = {
            "cl": lines.centre,
            "lcl": lines.lower,
            "ucl": lines.upper,
            "lcl_2s": warning.lower,
            "ucl_2s": warning.upper,
        }
        for theirs, line in ours.items():
            expected = [float(point[theirs]) if point[theirs] else math.nan for point in points]
            np.testing.assert_allclose(line[0], expected, rtol=1e-9, atol=1e-12, err_msg=f"{name} {theirs}")
        compared += len(points)
    assert len(golden.cases) == CASES
    assert compared == POINTS


def test_every_point_beyond_a_limit_agrees(golden: Golden) -> None:
    compared = flagged = 0
    for name, case in golden.cases.items():
        found = _chart(case, golden.series[case["series_id"]])
        outside = 1 << [rule.value for rule in found.signals.order].index("outside")
        ours = (found.signals.high | found.signals.low) & outside > 0
        for at, point in enumerate(golden.points[name]):
            if point["include"] == "TRUE":
                assert ours[0, at] == (point["sigma_signal"] == "TRUE"), f"{name}, point {at + 1}"
                flagged += ours[0, at]
            compared += 1
    assert compared == POINTS
    assert flagged > 100


def test_every_count_of_runs_agrees(golden: Golden) -> None:
    compared = signalled = 0
    for name, case in golden.cases.items():
        found = _chart(case, golden.series[case["series_id"]])
        runs = found.signals.runs
        assert runs is not None
        segment = runs.segment
        for at, point in enumerate(golden.points[name]):
            of = segment[at]
            ours = tuple(
                int(count[of])
                for count in (
                    runs.useful,
                    runs.longest,
                    runs.longest_allowed,
                    runs.crossings,
                    runs.fewest_allowed,
                )
            )
            theirs = ("n_useful", "longest_run", "longest_run_max", "n_crossings", "n_crossings_min")
            assert ours == tuple(int(point[key]) for key in theirs), f"{name}, point {at + 1}"
            signal = ours[1] > ours[2] or ours[3] < ours[4]
            expected = point["runs_signal"] == "TRUE" or (name, point["part"]) in SIGNALS_MISSED
            assert signal == expected, f"{name}, point {at + 1}"
            signalled += signal
        compared += 1
    assert compared == CASES
    assert signalled > 1_000
