"""Rules by which the groups of a cut are set beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.wholes import NOW, Figure, catalogue, panel
from trigpoint.analysis.finding import Difference
from trigpoint.analysis.whole.compare import apart
from trigpoint.analysis.whole.cuts import CutFindings, CutGroup, cuts
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.terms.panel import Panel, State
from trigpoint.terms.period import Month

BY_AGE = {"cuts": "[age_band]"}
PERCENT = catalogue(**BY_AGE)
YOUNG, ADULT, OLD = "Under 18", "18 to 64", "65 and over"


def by_age(figures: Mapping[str, Figure], month: Month = NOW, window: int = 1) -> Panel:
    return panel(figures, month, cut="age_band", window=window)


def found(figures: Panel, of: Catalogue = PERCENT, month: Month = NOW) -> CutFindings:
    [only] = cuts(figures, of, "X", "T", month)
    return only


def groups(figures: Mapping[str, Figure], **changes: Any) -> dict[str, CutGroup]:
    return {it.name: it for it in found(by_age(figures), catalogue(**BY_AGE, **changes)).groups}


# ------------------------------------------------------------------------------------------- groups


def test_groups_stand_as_declared_and_those_not_known_last() -> None:
    of = found(by_age({"Not known": (1, 2), OLD: (5, 10), YOUNG: (4, 10), ADULT: (6, 10)}))
    assert (of.cut, of.title) == ("age_band", "Age")
    assert [it.name for it in of.groups] == [YOUNG, ADULT, OLD, "Not known"]
    assert [it.value for it in of.groups] == [40.0, 60.0, 50.0, 50.0]
    assert [(it.numerator, it.denominator) for it in of.groups] == [(4, 10), (6, 10), (5, 10), (1, 2)]


def test_a_group_is_set_beside_everyone_else_together() -> None:
    of = groups({YOUNG: (300, 600), ADULT: (500, 700), OLD: (200, 300), "Not known": (0, 5)})
    expected = apart(300, 600, 700, 1005, "proportion").times(100)
    young = of[YOUNG]
    assert young.gap == pytest.approx(float(expected.difference))
    assert young.lower == pytest.approx(float(expected.lower))
    assert young.upper == pytest.approx(float(expected.upper))
    assert young.verdict is Difference.WORSE
    assert of[ADULT].verdict is Difference.BETTER
    assert of["Not known"].verdict is Difference.TOO_FEW
    assert of["Not known"].gap is not None


@pytest.mark.parametrize(
    ("direction", "verdict"),
    [("up", Difference.WORSE), ("down", Difference.BETTER), ("neutral", Difference.LOWER)],
)
def test_what_is_better_depends_on_the_direction(direction: str, verdict: Difference) -> None:
    of = groups({YOUNG: (100, 600), ADULT: (500, 700)}, direction=direction)
    assert of[YOUNG].verdict is verdict


def test_a_group_with_nobody_in_it_has_no_denominator_and_no_gap() -> None:
    of = groups({YOUNG: (0, 0), ADULT: (50, 70), OLD: (20, 30)})
    assert [of[name].state for name in (YOUNG, ADULT, "Not known")] == [
        State.NO_DENOMINATOR,
        State.VALUE,
        State.NO_DENOMINATOR,
    ]
    assert (of[YOUNG].value, of[YOUNG].gap, of[YOUNG].verdict) == (None, None, Difference.NOT_COMPARED)
    assert of[ADULT].gap is not None


def test_the_only_group_with_anyone_in_it_has_nobody_to_differ_from() -> None:
    assert groups({ADULT: (50, 70)})[ADULT].verdict is Difference.NOT_COMPARED


def test_one_hidden_group_hides_everyone_elses_figure_too() -> None:
    of = groups({YOUNG: State.SUPPRESSED, ADULT: (50, 70), OLD: (20, 30)})
    assert of[YOUNG].state is State.SUPPRESSED
    assert of[ADULT].value == pytest.approx(5000 / 70)
    assert {it.verdict for it in of.values()} == {Difference.NOT_COMPARED}


def test_counts_have_no_gap() -> None:
    of = catalogue("{source: returns, count: done}", **BY_AGE, measured_in="people")
    of_counts = found(by_age({YOUNG: (3, None), ADULT: (40, None)}), of).groups
    assert [(it.name, it.value, it.gap, it.verdict) for it in of_counts][:3] == [
        (YOUNG, 3.0, None, Difference.NOT_COMPARED),
        (ADULT, 40.0, None, Difference.NOT_COMPARED),
        (OLD, 0.0, None, Difference.NOT_COMPARED),
    ]


def test_without_any_figure_every_group_has_its_state() -> None:
    nothing = found(by_age({YOUNG: State.NOT_DUE}))
    assert [it.state for it in nothing.groups] == [State.NOT_DUE, *[State.NOT_SUBMITTED] * 3]
    assert {(it.numerator, it.denominator, it.value, it.gap) for it in nothing.groups} == {(None,) * 4}


def test_an_indicator_without_cuts_has_none() -> None:
    assert cuts(by_age({YOUNG: (1, 2)}), catalogue(), "X", "T", NOW) == ()


# ------------------------------------------------------------------------------------------- months


def months(count: int, figures: Mapping[str, Figure], last: Month = NOW) -> Panel:
    return Panel.concat(by_age(figures, last - back) for back in range(count))


def test_a_flow_is_added_up_over_a_year() -> None:
    of = found(months(15, {YOUNG: (1, 4), ADULT: (3, 4)}))
    assert (of.first, of.last) == (NOW - 11, NOW)
    assert [(it.numerator, it.denominator, it.value) for it in of.groups[:2]] == [
        (12, 48, 25.0),
        (36, 48, 75.0),
    ]
    assert of.groups[0].verdict is Difference.WORSE


def test_fewer_months_where_the_data_are_younger() -> None:
    assert found(months(4, {YOUNG: (1, 4)})).first == NOW - 3


def test_fewer_months_where_the_definition_changed() -> None:
    ratio = "{source: returns, numerator: done, denominator: due}"
    versions = f"[{{from: 2020-01, measure: {ratio}}}, {{from: 2024-04, measure: {ratio}, change: break}}]"
    of = found(months(12, {YOUNG: (1, 4)}), catalogue(**BY_AGE, versions=versions))
    assert (of.first, of.last) == (Month(2024, 4), NOW)
    assert of.groups[0].denominator == 12


def test_a_month_that_was_not_submitted_is_left_out_and_said() -> None:
    missing = by_age({YOUNG: State.NOT_SUBMITTED, ADULT: State.NOT_SUBMITTED})
    of = found(Panel.concat([months(3, {YOUNG: (1, 4), ADULT: (3, 4)}, NOW - 1), missing]))
    assert (of.first, of.last) == (NOW - 3, NOW - 1)
    assert of.groups[0].denominator == 12


def test_a_group_that_is_hidden_in_one_month_of_the_year_is_incomplete() -> None:
    before = months(3, {YOUNG: (1, 4), ADULT: (3, 4)}, NOW - 1)
    of = found(Panel.concat([before, by_age({YOUNG: State.SUPPRESSED, ADULT: (3, 4)})]))
    assert [it.state for it in of.groups[:2]] == [State.INCOMPLETE, State.VALUE]
    assert of.groups[0].value is None
    assert of.groups[1].denominator == 16


@pytest.mark.parametrize("basis", ["stock", "rolling", "year_to_date"])
def test_what_is_no_flow_stands_for_its_month_alone(basis: str) -> None:
    of = found(months(12, {YOUNG: (1, 4), ADULT: (3, 4)}), catalogue(**BY_AGE, basis=basis))
    assert (of.first, of.last) == (NOW, NOW)
    assert of.groups[0].denominator == 4


def test_quarters_make_a_year_of_whole_quarters() -> None:
    ratio = "{source: returns, numerator: done, denominator: due, window: 3 months}"
    of = catalogue(**BY_AGE, every="3 months", versions=f"[{{from: 2020-03, measure: {ratio}}}]")
    quarters = Panel.concat(by_age({YOUNG: (1, 4)}, NOW - back, window=3) for back in (0, 3, 6, 9, 12))
    year = found(quarters, of)
    assert (year.first, year.last) == (Month(2023, 7), Month(2024, 6))
    assert year.groups[0].denominator == 16
