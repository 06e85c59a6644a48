"""How an indicator's figures are put on a chart: its kind, what sets its limits, and what it is judged by."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pytest

from tests.panels import catalogue, panel
from trigpoint.analysis.assess import assess
from trigpoint.analysis.finding import Assurance, Finding, Rule, SeriesStatus, Variation
from trigpoint.analysis.past.variation import chart
from trigpoint.analysis.series import series
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.profile import SHIPPED, ChartKind
from trigpoint.terms.period import Month

SHARE = {"{source: returns, value: seen}": "{source: returns, numerator: seen, denominator: seen}"}
STEADY = "49 51 " * 6 + "49 "
AT_LEAST = "standards: [{{name: Standard, set_by: local, at_least: {0}, from: 2020-01, primary: yes}}]"
DECIDED = "{{on: 2026-01-01, by: A, kind: {kind}, indicator: X, unit: A, month: {month}, reason: So{more}}}"


def last(figures: str, definitions: Catalogue) -> Finding:
    found = months(figures, definitions)
    return found[max(found)]


def months(figures: str, definitions: Catalogue) -> Mapping[Month, Finding]:
    drawn = panel({"A": figures})
    found = assess(drawn, definitions, definitions.decisions(), {one.month for one in drawn})
    return {finding.month: finding for finding in found if finding.unit == "A"}


def shares(extra: str = "", **others: str) -> Catalogue:
    return catalogue(extra, replacing=SHARE, **others)


def decided(kind: str, month: str, more: str = "") -> str:
    return "- " + DECIDED.format(kind=kind, month=month, more=more) + "\n"


# ---------------------------------------------------------------------------------------- kinds


def test_a_p_charts_limits_follow_what_each_month_is_out_of() -> None:
    """A month of 25 has limits twice as far from the mean as one of 100."""
    past = last("50/100 " * 12 + "12/25 ", shares("spc: {chart: p}")).past
    share = (50 * 12 + 12) / (100 * 12 + 25)
    assert past.chart is ChartKind.P
    assert past.mean == pytest.approx(100 * share)
    assert past.upper == pytest.approx(100 * (share + 3 * math.sqrt(share * (1 - share) / 25)))
    drawn = series(
        panel({"A": "50/100 " * 12 + "12/25 "}), shares("spc: {chart: p}"), (), "X", "A", Month(2025, 1)
    )
    assert drawn.points[0].upper == pytest.approx(100 * (share + 3 * math.sqrt(share * (1 - share) / 100)))


def test_a_figure_beyond_the_limits_of_its_own_month_is_a_signal() -> None:
    """62% of 200 is too far from the mean for chance; 62.5% of 40 is not."""
    steady = "100/200 102/200 " * 6
    large, small = (last(steady + at, shares("spc: {chart: p}")).past for at in ("124/200", "25/40"))
    assert (large.variation, large.rule) == (Variation.IMPROVEMENT_HIGH, Rule.OUTSIDE)
    assert small.variation is Variation.COMMON


def test_large_denominators_make_a_p_chart_too_strict_and_p_prime_not() -> None:
    """Of 100,000 people, one point up or down is far beyond chance, and yet it happens every month."""
    swinging = "50000/100000 51000/100000 " * 6 + "50000/100000 51000/100000"
    strict, wide = (last(swinging, shares(f"spc: {{chart: {kind}}}")).past for kind in ("p", "p_prime"))
    assert strict.variation is not Variation.COMMON
    assert wide.variation is Variation.COMMON


def test_a_run_chart_has_a_median_and_no_limits() -> None:
    found = last("1 2 3 4 50 6 7 8 9 10 11 12 13", catalogue("spc: {profile: anhoej}")).past
    assert (found.chart, found.mean, found.lower, found.upper) == (ChartKind.RUN, 8, None, None)
    assert found.assurance is Assurance.NO_STANDARD


def test_without_limits_nothing_is_assured() -> None:
    found = last("1 2 3 4 50 6 7 8 9 10 11 12 13", catalogue("spc: {profile: anhoej}\n" + AT_LEAST.format(5)))
    assert found.past.assurance is Assurance.NOT_ASSESSED


def test_a_run_that_is_too_long_for_chance_is_flagged_on_a_run_chart() -> None:
    """Of 24 points, more than 8 in a row on one side of the median: round(log2 24) is 5, and 3."""
    found = months("1 3 " * 6 + "4 " * 9 + "1 3 1", catalogue("spc: {profile: anhoej}"))
    flagged = [month for month, one in found.items() if one.past.rule is Rule.LONG_RUN]
    assert flagged[0] >= Month(2025, 8)


def test_a_month_that_its_chart_cannot_show_is_not_assessed() -> None:
    """More were seen than there were: a fault of the data, and no proportion."""
    found = months("50/100 49/100 " * 7 + "101/100 50/100", shares("spc: {chart: p}"))
    assert found[Month(2025, 3)].past.variation is Variation.NOT_ASSESSED
    assert found[Month(2025, 3)].value == 101
    assert found[Month(2025, 4)].past.points == 15


# ------------------------------------------------------------------------------- what sets limits


def test_a_decided_baseline_sets_the_limits_of_its_stretch() -> None:
    """The first seven months, of which the mean is 50; what came later is judged by them."""
    decision = decided("baseline", "2024-01", ", until: 2024-12")
    found = last("49 51 " * 6 + "60 61 " * 4, catalogue(decisions=decision)).past
    assert (found.mean, found.used, found.points) == (50, 12, 20)
    assert found.upper == pytest.approx(50 + 2.66 * 2)
    assert found.variation is Variation.IMPROVEMENT_HIGH


def test_a_decided_baseline_goes_before_the_definitions() -> None:
    decision = decided("baseline", "2024-07", ", until: 2025-06")
    figures = "39 41 " * 3 + "49 51 " * 6 + "49"
    found = last(figures, catalogue("spc: {baseline: 12}", decisions=decision)).past
    assert (found.mean, found.used) == (50, 12)
    assert last(figures, catalogue("spc: {baseline: 12}")).past.mean == 45


def test_baselines_re_bases_and_exclusions_hold_together() -> None:
    """The baseline is of the second stretch only, and the point that is left out is not of it."""
    decisions = (
        decided("rebase", "2025-02")
        + decided("exclude", "2025-04")
        + decided("baseline", "2025-02", ", until: 2026-02")
    )
    figures = "10 12 " * 6 + "11 " + "49 51 90 " + "49 51 " * 5 + "70"
    found = last(figures, catalogue(decisions=decisions)).past
    assert found.limits_from == Month(2025, 2)
    assert (found.used, found.points, found.mean) == (12, 13, 50)
    assert (found.variation, found.rule) == (Variation.IMPROVEMENT_HIGH, Rule.OUTSIDE)


def test_limits_from_few_points_are_trial_limits() -> None:
    few, many = (last("49 51 " * n, catalogue("spc: {profile: plot-the-dots}")).past for n in (4, 7))
    assert (few.status, few.trial, few.used) == (SeriesStatus.CHARTED, True, 8)
    assert not many.trial


# -------------------------------------------------------------------------------------- assurance

CLIPPED = """
clipped: {based_on: nhs-england, version: 1, about: Limits end where the measure does., clip_assurance: yes}
"""


@pytest.mark.parametrize(
    ("profile", "said"), [("nhs-england", Assurance.HIT_OR_MISS), ("clipped", Assurance.FAIL)]
)
def test_a_standard_of_everything_is_hit_or_miss_unless_limits_end_where_the_measure_does(
    profile: str, said: Assurance
) -> None:
    """The upper limit is 102.3%, which nobody can reach."""
    extra = f"spc: {{profile: {profile}}}\nbounds: {{least: 0, most: 100}}\n" + AT_LEAST.format(100)
    found = last("96 98 " * 7, catalogue(extra, profiles=CLIPPED)).past
    assert found.upper == pytest.approx(97 + 2.66 * 2)
    assert found.assurance is said


# -------------------------------------------------------------------------------- what a pattern says


def test_a_pattern_without_a_side_has_no_month_since_when_it_holds() -> None:
    """Crossing the median too seldom is said of all the months, not of those since the last crossing."""
    figures = "1 2 1 2 1 2 1 2 1 2 1 2 8 9 8 9 8 9 8 9 8 9 8 9 1 2 1"
    profile = "seldom: {based_on: anhoej, version: 1, about: Crossings alone., long_run: no}"
    past = last(figures, catalogue("spc: {profile: seldom}", profiles=profile)).past
    assert (past.rule, past.since) == (Rule.FEW_CROSSINGS, None)
    assert past.variation in (Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"direction": "Up"}, "direction is 'Up': expected up, down, neutral"),
        ({"kind": "zz"}, "'zz' is not a valid ChartKind"),
        ({"baseline": True}, "baseline is true or false"),
    ],
)
def test_what_looks_like_an_argument_and_is_none_is_refused(wrong: dict[str, Any], said: str) -> None:
    given: dict[str, Any] = {"profile": SHIPPED["nhs-england"], "direction": "up", **wrong}
    with pytest.raises(ValueError, match=re.escape(said)):
        chart(np.ones((1, 20)), **given)


def test_a_kind_may_be_named_in_plain_text() -> None:
    """``t`` is the T chart, not one that is almost it."""
    times = np.array([[3.0, 20, 7, 90, 15, 40, 2, 33, 18, 60, 5, 27, 44, 11]])
    by_name, by_kind = (
        chart(times, profile=SHIPPED["nhs-england"], direction="up", kind=kind)
        for kind in (cast("ChartKind", "t"), ChartKind.T)
    )
    ours, theirs = (found.limits.lines(found.grid) for found in (by_name, by_kind))
    assert (ours.upper == theirs.upper).all()
