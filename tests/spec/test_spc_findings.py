"""A figure against its past: which chart it is on, since when, and when there is none."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pyarrow.parquet as pq
import pytest

from tests.panels import catalogue, panel
from trigpoint.analysis.assess import assess
from trigpoint.analysis.finding import Assurance, Finding, Rule, SeriesStatus, Variation
from trigpoint.analysis.findings import SCHEMA, Findings
from trigpoint.analysis.series import series
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.terms.panel import Panel, State
from trigpoint.terms.period import Month

STEADY = "49 51 " * 6 + "49 "
STANDARD = "standards: [{name: Standard, set_by: local, at_least: 40, from: 2020-01, primary: yes}]"
MONTH_14 = Month(2025, 2)


def findings(figures: Panel, definitions: Catalogue, unit: str = "A") -> Mapping[Month, Finding]:
    months = {observation.month for observation in figures}
    found = assess(figures, definitions, definitions.decisions(), months)
    return {finding.month: finding for finding in found if finding.unit == unit}


def last(figures: str, definitions: Catalogue, first: str = "2024-01") -> Finding:
    found = findings(panel({"A": figures}, first), definitions)
    return found[max(found)]


def test_a_figure_on_a_chart() -> None:
    past = last(STEADY + "30", catalogue(STANDARD)).past
    assert past.status is SeriesStatus.CHARTED
    assert past.profile == "nhs-england, version 1"
    assert past.points == 14
    assert past.limits_from == Month(2024, 1)
    assert past.mean == pytest.approx(679 / 14)
    assert past.upper == pytest.approx(679 / 14 + 2.66 * 43 / 13)
    assert past.lower == pytest.approx(679 / 14 - 2.66 * 43 / 13)
    assert (past.variation, past.rule, past.since) == (Variation.CONCERN_LOW, Rule.OUTSIDE, MONTH_14)
    assert past.assurance is Assurance.HIT_OR_MISS


def test_the_profile_is_the_indicators_own_or_the_workspaces() -> None:
    assert last(STEADY, catalogue("spc: {profile: plot-the-dots}")).past.profile == "plot-the-dots, version 1"


def test_each_month_is_judged_by_what_was_known_then() -> None:
    figures = STEADY + "51 52 53 52 53 52 53"
    found = findings(panel({"A": figures}), catalogue())
    assert found[Month(2024, 12)].past.status is SeriesStatus.TOO_FEW
    assert found[Month(2025, 7)].past.variation is Variation.COMMON, "six above the mean"
    assert found[Month(2025, 8)].past.variation is Variation.IMPROVEMENT_HIGH, "the seventh"
    assert found[Month(2025, 8)].past.since == MONTH_14, "the run began six months before"
    for months in range(13, 20):
        until = " ".join(figures.split()[:months])
        assert last(until, catalogue()) == found[Month(2024, 1) + months - 1]


@pytest.mark.parametrize("mark", ["-", "*", "/"])
def test_a_month_without_a_figure_carries_no_older_icon(mark: str) -> None:
    finding = last(STEADY + "30 " + mark, catalogue(STANDARD))
    assert finding.value is None
    past = finding.past
    assert (past.variation, past.assurance) == (Variation.NOT_ASSESSED, Assurance.NOT_ASSESSED)
    assert (past.rule, past.since) == (None, None)
    assert past.status is SeriesStatus.CHARTED
    assert past.points == 14


@pytest.mark.parametrize("basis", ["rolling", "year_to_date"])
def test_rolling_and_cumulative_series_are_refused(basis: str) -> None:
    definitions = catalogue(f"basis: {basis}\n{STANDARD}")
    past = last(STEADY + "30", definitions).past
    assert past.status is SeriesStatus.ROLLING
    assert (past.points, past.limits_from, past.mean, past.lower, past.upper) == (0, None, None, None, None)
    assert (past.variation, past.assurance) == (Variation.NOT_ASSESSED, Assurance.NOT_ASSESSED)
    chart = series(panel({"A": STEADY}), definitions, (), "X", "A", Month(2025, 1))
    assert {(point.mean, point.variation) for point in chart.points} == {(None, Variation.NOT_ASSESSED)}


REBASE = """
- {on: 2026-01-01, by: M. Penrose, kind: rebase, indicator: X, unit: A, month: 2025-02, reason: A new ward}
"""
NEW_VERSION = {
    "value: seen}}": "value: seen}}\n"
    "  - {from: 2025-02, change: break, note: Counted anew, measure: {source: returns, value: seen}}"
}


@pytest.mark.parametrize(
    ("definitions", "first", "kind", "reason"),
    [
        (catalogue(decisions=REBASE), "2024-01", "rebase", "A new ward"),
        (catalogue(replacing=NEW_VERSION), "2024-01", "definition", "Counted anew"),
        (catalogue(), "2022-12", "organisation", "Merged with its neighbour"),
    ],
)
def test_limits_start_again_at_a_break(definitions: Catalogue, first: str, kind: str, reason: str) -> None:
    """A re-base that someone decided, a definition that changed, an organisation that changed."""
    figures = panel({"A": STEADY + "69 71 " * 7, "B": STEADY + "69 71 " * 7}, first)
    found = findings(figures, definitions)
    broken = Month.parse(first) + 13
    assert found[broken - 1].past.limits_from == Month.parse(first)
    assert found[broken].past.status is SeriesStatus.TOO_FEW
    assert found[broken].past.points == 1
    final = found[broken + 13].past
    assert (final.limits_from, final.points, final.mean) == (broken, 14, 70)
    assert final.variation is Variation.COMMON
    chart = series(figures, definitions, definitions.decisions(), "X", "A", broken + 13)
    assert [(b.month, b.kind, b.reason) for b in chart.breaks] == [(broken, kind, reason)]


def test_a_decision_holds_for_its_unit_alone() -> None:
    figures = panel({"A": STEADY + "69 71 " * 7, "B": STEADY + "69 71 " * 7})
    definitions = catalogue(decisions=REBASE)
    assert findings(figures, definitions, "B")[Month(2025, 2)].past.points == 14


def test_an_excluded_point_is_drawn_and_counts_for_nothing() -> None:
    decisions = """
    - {on: 2026-01-01, by: M. Penrose, kind: exclude, indicator: X, unit: A, month: 2025-02, reason: A flood}
    """
    definitions = catalogue(STANDARD, decisions=decisions)
    figures = panel({"A": STEADY + "99 49"})
    found = findings(figures, definitions)
    assert found[MONTH_14].past.variation is Variation.NOT_ASSESSED
    assert found[MONTH_14].past.assurance is Assurance.NOT_ASSESSED
    assert found[MONTH_14].value == 99
    assert found[MONTH_14 + 1].past.points == 14
    point = series(figures, definitions, definitions.decisions(), "X", "A", MONTH_14 + 1).points[13]
    assert (point.value, point.excluded, point.variation) == (99, True, Variation.NOT_ASSESSED)


def test_a_fixed_baseline_sets_the_limits() -> None:
    past = last(STEADY + "69 71 " * 3, catalogue("spc: {baseline: 12}")).past
    assert (past.mean, past.points) == (50, 19)


def test_a_quarterly_series_is_charted_quarter_by_quarter() -> None:
    definitions = catalogue("every: 3 months")
    figures = panel({"B": STEADY + "30"}, first="2021-01", every=3)
    found = findings(figures, definitions, "B")
    past = found[Month(2024, 4)].past
    assert (past.status, past.points) == (SeriesStatus.CHARTED, 14)
    assert (past.rule, past.since) == (Rule.OUTSIDE, Month(2024, 4))
    chart = series(figures, definitions, (), "X", "B", Month(2024, 4))
    assert [point.month for point in chart.points[-2:]] == [Month(2024, 1), Month(2024, 4)]


def test_a_month_between_quarters_is_not_due_and_has_no_icon() -> None:
    definitions = catalogue("every: 3 months")
    figures = Panel.concat(
        [panel({"B": STEADY + "30"}, first="2021-01", every=3), panel({"B": "?"}, first="2024-05")]
    )
    finding = findings(figures, definitions, "B")[Month(2024, 5)]
    assert finding.state is State.NOT_DUE
    assert finding.past.variation is Variation.NOT_ASSESSED
    assert finding.past.points == 14


def test_a_figure_out_of_turn_is_no_point() -> None:
    """The quarters' chart is the same with it and without it, wherever it falls."""
    quarters = panel({"B": STEADY + "30"}, first="2021-01", every=3)
    definitions = catalogue("every: 3 months")
    for stray in ("2020-12", "2024-03", "2024-05"):
        found = findings(Panel.concat([quarters, panel({"B": "90"}, first=stray)]), definitions, "B")
        assert found[Month(2024, 4)].past == findings(quarters, definitions, "B")[Month(2024, 4)].past
        assert found[Month.parse(stray)].past.variation is Variation.NOT_ASSESSED
        assert found[Month.parse(stray)].past.since is None


def test_a_neutral_indicator_is_high_or_low_and_never_assured() -> None:
    neutral = {"direction: up": "direction: neutral"}
    past = last(STEADY + "30", catalogue(STANDARD, replacing=neutral)).past
    assert (past.variation, past.assurance) == (Variation.NEUTRAL_LOW, Assurance.NOT_ASSESSED)
    assert last(STEADY + "30", catalogue(replacing=neutral)).past.assurance is Assurance.NO_STANDARD


def test_series_is_the_chart_of_the_finding() -> None:
    definitions = catalogue(STANDARD)
    figures = panel({"A": STEADY + "30 - * 51 . 49"})
    for finding in findings(figures, definitions).values():
        chart = series(figures, definitions, (), "X", "A", finding.month)
        assert chart.past == finding.past
        point = chart.points[-1]
        assert (point.value, point.state, point.month) == (finding.value, finding.state, finding.month)
        assert (point.mean, point.lower, point.upper) == (chart.past.mean, chart.past.lower, chart.past.upper)
        assert (point.variation, point.rule) == (chart.past.variation, chart.past.rule)
    states = [point.state for point in chart.points[13:]]
    assert states == ["value", "not_submitted", "suppressed", "value", "not_submitted", "value"]


def test_a_series_without_a_single_observation() -> None:
    chart = series(panel({"B": STEADY}), catalogue(), (), "X", "A", Month(2024, 6))
    assert chart.past.status is SeriesStatus.NO_FIGURES
    assert [(point.month, point.state) for point in chart.points] == [(Month(2024, 6), State.NOT_SUBMITTED)]


def test_findings_come_back_from_parquet_as_they_were() -> None:
    figures = panel({"A": STEADY + "30 -", "B": STEADY, "C": STEADY, "D": STEADY})
    definitions = catalogue(STANDARD)
    found = assess(figures, definitions, (), [Month(2025, 1), Month(2025, 2), Month(2025, 3)])
    file = io.BytesIO()
    pq.write_table(found.table, file)
    back = Findings(pq.read_table(file, schema=SCHEMA))
    assert list(back) == list(found)
    assert len(found) == 6
    assert [finding.unit for finding in found.of_month(Month(2025, 1))] == ["A", "B", "C", "D"]
    assert [finding.month.number for finding in found.of_unit("A")] == [1, 2, 3]


def test_two_figures_for_one_month_are_a_fault_in_trigpoint() -> None:
    twice = Panel.concat([panel({"A": "50"}), panel({"A": "51"}, window=3)])
    with pytest.raises(ValueError, match="two figures"):
        assess(twice, catalogue(), (), [Month(2024, 1)])


def test_no_figures_make_no_findings() -> None:
    nothing = Panel.concat([])
    assert list(assess(nothing, catalogue(), (), [Month(2024, 1)])) == []


def test_other_columns_are_no_findings() -> None:
    with pytest.raises(ValueError, match="findings have the columns"):
        Findings(panel({"A": "50"}).table)
