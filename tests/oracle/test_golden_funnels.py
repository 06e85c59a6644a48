"""Funnels, over-dispersion and quantiles against FunnelPlotR 0.6.0 and PHEindicatormethods 2.1.0.

What golden's README says not to match is held to what it says is right instead. Every row of every file is
counted: a test fails where one is left over.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from trigpoint.analysis.arrays import Bools, Floats
from trigpoint.analysis.peers.funnel import Fitted, Funnel, fit, funnel
from trigpoint.analysis.peers.kinds import Kind
from trigpoint.analysis.peers.methods import METHODS, Method
from trigpoint.analysis.peers.public_health import event_limits, proportion_limits, significance
from trigpoint.analysis.peers.standing import quantiles

Row = Mapping[str, str]
CLOSE = 1e-6
"""FunnelPlotR's own constants have seven figures."""
SEARCHED = 5e-5
"""PHEindicatormethods finds limits of events by bisection, which stops so far from the quantile."""
CASES = [f"o_fun{number:03}" for number in range(1, 43)]
WITHIN_ADJUSTED = {"OD95LCL": (0, 0), "OD95UCL": (0, 1), "OD99LCL": (1, 0), "OD99UCL": (1, 1)}
WITHIN_UNADJUSTED = {"LCL95": (0, 0), "UCL95": (0, 1), "LCL99": (1, 0), "UCL99": (1, 1)}
CURVE_ADJUSTED = {"odll95": (0, 0), "odul95": (0, 1), "odll998": (1, 0), "odul998": (1, 1)}
CURVE_UNADJUSTED = {"ll95": (0, 0), "ul95": (0, 1), "ll998": (1, 0), "ul998": (1, 1)}
WRAPPED = {"o_fun007", "o_fun008", "o_fun010", "o_fun011"}
"""Cases whose largest unit has a lower limit in upstream that wrapped round; the right one is 0."""


@cache
def rows(folder: Path, file: str) -> tuple[Row, ...]:
    with (folder / "golden" / file).open(encoding="utf-8", newline="") as text:
        return tuple(csv.DictReader(text))


def column(of: Sequence[Row], name: str) -> Floats:
    return np.array([float(row[name]) if row[name] not in ("", "NA") else np.nan for row in of])


@dataclass(frozen=True)
class Case:
    """One call of funnel_plot, with its points in upstream's order."""

    row: Row
    points: tuple[Row, ...]
    curve: tuple[Row, ...]
    numerator: Floats
    denominator: Floats

    @property
    def name(self) -> str:
        return self.row["case_id"]

    @property
    def kind(self) -> Kind:
        kinds: dict[str, Kind] = {"PR": "proportion", "SR": "standardised", "RC": "counts"}
        return kinds[self.row["data_type"]]

    @property
    def per(self) -> float:
        return float(self.row["multiplier"])

    @property
    def drawn_adjusted(self) -> bool:
        return self.row["draw_adjusted"] == "TRUE"

    @property
    def level(self) -> int:
        """Which of the two levels flags outliers; upstream's 99 is 99.8%."""
        return {"95": 0, "99": 1}[self.row["limit"]]

    def method(self, *, adjusted: bool) -> Method:
        names = {"PR": "arcsine", "RC": "log"}
        name = names.get(self.row["data_type"]) or self.row["sr_method"].lower()
        return replace(
            METHODS[name], share=float(self.row["trim_by"]), adjust="always" if adjusted else "never"
        )

    @property
    def fitted_size(self) -> Floats:
        """The denominators as upstream takes them: the SHMI's with two decimals."""
        return np.round(self.denominator, 2) if self.row["sr_method"] == "SHMI" else self.denominator

    @property
    def spread(self) -> Fitted:
        """The fit behind upstream's OD columns: without over-dispersion, where it is not drawn."""
        found = self.fitted(adjusted=True)
        return (
            found if self.drawn_adjusted else replace(found, dispersion=replace(found.dispersion, tau2=0.0))
        )

    def fitted(self, *, adjusted: bool) -> Fitted:
        return fit(self.numerator, self.denominator, self.kind, method=self.method(adjusted=adjusted))

    def funnel(self, *, adjusted: bool) -> Funnel:
        return funnel(
            self.numerator,
            self.denominator,
            self.kind,
            per=self.per,
            method=self.method(adjusted=adjusted),
            units=[row["group"] for row in self.points],
        )


def case(shared: Path, name: str) -> Case:
    row = next(row for row in rows(shared, "funnel_cases.csv") if row["case_id"] == name)
    points = tuple(point for point in rows(shared, "funnel_points.csv") if point["case_id"] == name)
    curve = tuple(point for point in rows(shared, "funnel_limit_curves.csv") if point["case_id"] == name)
    given = {
        unit["group"]: unit
        for unit in rows(shared, "funnel_inputs.csv")
        if unit["dataset_id"] == row["dataset_id"]
    }
    assert len(given) == len(points) == int(row["n_groups"])
    inputs = [given[point["group"]] for point in points]
    return Case(row, points, curve, column(inputs, "numerator"), column(inputs, "denominator"))


def same(ours: Floats, theirs: Floats, where: Bools | None = None) -> None:
    chosen = np.ones(theirs.shape, dtype=np.bool_) if where is None else where
    np.testing.assert_allclose(ours[chosen], theirs[chosen], rtol=CLOSE, atol=1e-12)


def test_there_are_as_many_cases_and_rows_as_there_should_be(shared: Path) -> None:
    assert [row["case_id"] for row in rows(shared, "funnel_cases.csv")] == CASES
    points = Counter(row["case_id"] for row in rows(shared, "funnel_points.csv"))
    curves = Counter(row["case_id"] for row in rows(shared, "funnel_limit_curves.csv"))
    assert (points.total(), curves.total(), len(rows(shared, "funnel_inputs.csv"))) == (5610, 1050, 728)
    assert points.keys() == set(CASES)
    assert curves == dict.fromkeys(CASES, 25)
    assert not [row["case_id"] for row in rows(shared, "funnel_cases.csv") if row["error"]]


@pytest.mark.parametrize("name", CASES)
def test_scores_and_what_is_trimmed_of_them(shared: Path, name: str) -> None:
    it = case(shared, name)
    found, drawn = it.fitted(adjusted=True), it.funnel(adjusted=True)
    same(drawn.numerator, column(it.points, "numerator"))
    same(it.fitted_size, column(it.points, "denominator"))
    same(drawn.value / it.per, column(it.points, "rr"))
    same(found.score, column(it.points, "Uzscore"))
    np.testing.assert_allclose(found.dispersion.trimmed, column(it.points, "Wuzscore"), rtol=CLOSE)
    left_out = np.isnan(found.dispersion.trimmed)
    if it.method(adjusted=True).trimming == "truncate":
        assert left_out.tolist() == (column(it.points, "truncated") == 1).tolist()
    else:
        drawn_in = found.dispersion.trimmed != found.score
        assert drawn_in.tolist() == (column(it.points, "winsorised") == 1).tolist()


@pytest.mark.parametrize("name", CASES)
def test_phi_and_tau2(shared: Path, name: str) -> None:
    it = case(shared, name)
    found = it.fitted(adjusted=True).dispersion
    if it.drawn_adjusted:
        assert found.phi == pytest.approx(float(it.row["phi"]), rel=CLOSE)
        assert found.tau2 == pytest.approx(float(it.row["tau2"]), rel=CLOSE, abs=1e-15)
    else:  # upstream reports nothing; the numbers are those of its adjusted twin
        assert (it.row["phi"], it.row["tau2"]) == ("0", "0")


@pytest.mark.parametrize("name", CASES)
def test_limits_of_units(shared: Path, name: str) -> None:
    it = case(shared, name)
    size = it.fitted_size
    for columns, fitted in ((WITHIN_ADJUSTED, it.spread), (WITHIN_UNADJUSTED, it.fitted(adjusted=False))):
        compared = {
            name_of: _same_limits(it, fitted, size, name_of, level, side, column(it.points, name_of) / it.per)
            for name_of, (level, side) in columns.items()
        }
        assert compared == dict.fromkeys(columns, len(it.points))


@pytest.mark.parametrize("name", CASES)
def test_limit_curves(shared: Path, name: str) -> None:
    it = case(shared, name)
    size = column(it.curve, "number_seq")
    for columns, fitted in ((CURVE_ADJUSTED, it.spread), (CURVE_UNADJUSTED, it.fitted(adjusted=False))):
        compared = {
            name_of: _same_limits(it, fitted, size, name_of, level, side, column(it.curve, name_of) / it.per)
            for name_of, (level, side) in columns.items()
        }
        assert compared == dict.fromkeys(columns, 25)
    if it.kind != "counts":  # whose published standard error is not that of a log ratio
        roots = 1.0 if it.row["sr_method"] == "SHMI" else 2.0
        same(1 / (roots * np.sqrt(size)), column(it.curve, "s"))


def _same_limits(
    it: Case, fitted: Fitted, size: Floats, name: str, level: int, side: int, theirs: Floats
) -> int:
    """How many figures of a column of limits were compared: all of them, with what is right."""
    ours = fitted.limits(size)[side][level]
    plain = name in WITHIN_UNADJUSTED or name in CURVE_UNADJUSTED
    if it.kind == "counts":
        same(ours, _log_limit(fitted, size, level, side))
        assert (np.abs(np.log(theirs / fitted.target)) < np.abs(np.log(ours / fitted.target))).all()
        return len(theirs)
    if it.row["sr_method"] == "CQC" and not plain:
        theirs = np.maximum(theirs, 0) ** 2
    small = (size <= 30) if it.kind == "proportion" else np.zeros(size.shape, dtype=np.bool_)
    wrong = small.copy()
    if it.name in WRAPPED and level == 1 and side == 0 and not plain:
        wrong |= size == size.max()
        assert (ours[size == size.max()] == 0).all()
        assert (theirs[size == size.max()] > 0).all()
    same(ours, theirs, ~wrong)
    if small.any():
        same(ours, _arcsine_limit(fitted, size, level, side), small)
    return len(theirs)


Z = (1.959964, 3.090232)


def _log_limit(fitted: Fitted, size: Floats, level: int, side: int) -> Floats:
    """A log ratio of two counts has the variance 1 / (expected numerator) + 1 / denominator."""
    variance = 1 / (size * fitted.target) + 1 / size + (fitted.dispersion.tau2 if fitted.adjusted else 0)
    return np.asarray(fitted.target * np.exp((-1, 1)[side] * Z[level] * np.sqrt(variance)))


def _arcsine_limit(fitted: Fitted, size: Floats, level: int, side: int) -> Floats:
    """The formula itself, for each size alone, its angle stopped at the ends."""
    spread = np.sqrt(1 / (4 * size) + (fitted.dispersion.tau2 if fitted.adjusted else 0))
    angle = np.arcsin(np.sqrt(fitted.target)) + (-1, 1)[side] * Z[level] * spread
    return np.asarray(np.sin(np.clip(angle, 0, np.pi / 2)) ** 2)


@pytest.mark.parametrize("name", CASES)
def test_outliers(shared: Path, name: str) -> None:
    it = case(shared, name)
    flagged = column(it.points, "outlier") == 1
    assert flagged.sum() == int(it.row["n_outliers"])
    found = it.funnel(adjusted=it.drawn_adjusted)
    ours = np.abs(found.verdict) > it.level
    if it.kind == "counts":
        assert ours.sum() <= flagged.sum()
    elif it.row["sr_method"] == "CQC" and it.drawn_adjusted:
        low, high = found.lower[it.level] / it.per, found.upper[it.level] / it.per
        rr = found.numerator / found.denominator
        assert ours.tolist() == ((rr < low) | (rr > high)).tolist()
        assert ours.sum() < flagged.sum()
    else:
        assert ours.tolist() == flagged.tolist()


def test_no_flag_and_no_limit_is_passed_over(shared: Path) -> None:
    """What README excludes, and no more: flags of ratios of counts and of adjusted CQC funnels."""
    points = [(case(shared, name), len(case(shared, name).points)) for name in CASES]
    excluded = sum(
        count
        for it, count in points
        if it.kind == "counts" or (it.row["sr_method"] == "CQC" and it.drawn_adjusted)
    )
    assert (sum(count for _, count in points), excluded) == (5610, 6 * 137 + 4 * 147 + 4 * 60)


# ------------------------------------------------------------------------- public-health indicators


def test_limits_of_a_proportion_are_inverted_wilson_intervals(shared: Path) -> None:
    table = rows(shared, "phefunnel_prop_limits.csv")
    assert len(table) == 100
    assert {(row["statistic"], row["method"]) for row in table} == {("proportion", "Wilson")}
    [baseline] = {row["baseline"] for row in table}
    low, high = proportion_limits(column(table, "Population"), float(baseline) / 100, per=100)
    for name, ours in zip(
        ("lower_2s_limit", "lower_3s_limit", "upper_2s_limit", "upper_3s_limit"), (*low, *high), strict=True
    ):
        np.testing.assert_allclose(ours, column(table, name), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("file", "events"), [("ratio", "Observed_events"), ("rate", "Events")])
def test_limits_of_events_are_exact_poisson_intervals(shared: Path, file: str, events: str) -> None:
    table = rows(shared, f"phefunnel_{file}_limits.csv")
    assert len(table) == 100
    assert {row["method"] for row in table} == {"Poisson"}
    expected = "{}_exp_events" if file == "ratio" else "{}_population_1_year"
    rate = 1.0 if file == "ratio" else float(table[0]["baseline"]) / 1000
    per = 100.0 if file == "ratio" else 1000 * rate
    found = event_limits(column(table, events))
    for level, sigma in enumerate(("2s", "3s")):
        for side, size, limit in (
            ("lower", found.lower_expected, found.lower),
            ("upper", found.upper_expected, found.upper),
        ):
            theirs = column(table, expected.format(f"{side}_{sigma}")), column(table, f"{side}_{sigma}_limit")
            np.testing.assert_allclose(size[level] / rate, theirs[0], rtol=SEARCHED)
            np.testing.assert_allclose(per * limit[level], theirs[1], rtol=SEARCHED)


@pytest.mark.parametrize(("file", "count"), [("prop", 138), ("ratio", 25), ("rate", 124)])
def test_significance(shared: Path, file: str, count: int) -> None:
    table = rows(shared, f"phefunnel_{file}_significance.csv")
    assert len(table) == count
    part, size = column(table, "numerator"), column(table, "denominator")
    reference = 1.0 if file == "ratio" else None
    found = significance(part, size, "proportion" if file == "prop" else "events", reference)
    assert list(found) == [row["significance"] for row in table]
    if file == "rate":
        np.testing.assert_allclose(1000 * part / size, column(table, "rate"), rtol=1e-9)


@pytest.mark.parametrize("groups", [4, 10])
@pytest.mark.parametrize("way", ["inv", "noinv"])
def test_quantiles(shared: Path, groups: int, way: str) -> None:
    table = rows(shared, "phe_quantile.csv")
    assert len(table) == 137
    theirs = column(table, f"q{groups}_{way}")
    ours = quantiles(column(table, "value"), groups, highest_first=way == "inv")
    assert ours.tolist() == np.nan_to_num(theirs).astype(int).tolist()
    assert set(ours) == set(range(groups + 1))


def test_every_file_of_funnels_is_read(shared: Path) -> None:
    files = {path.name for path in (shared / "golden").glob("*fun*.csv")}
    parts = [
        f"phefunnel_{it}_{what}.csv"
        for it in ("prop", "ratio", "rate")
        for what in ("limits", "significance")
    ]
    assert files == {
        "funnel_inputs.csv",
        "funnel_cases.csv",
        "funnel_points.csv",
        "funnel_limit_curves.csv",
        *parts,
    }
