"""The units below a unit side by side, and where each indicator lies between change and assurance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.web.documents import UNIT, catalogue, months_of, scorecard_of
from tests.web.findings import NOW, against_whole, finding, indicator, past, standard
from trigpoint.analysis.finding import Assurance, Attainment, Difference, Finding, Variation, WholeReason
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.organisation import UNATTRIBUTED, Organisation, Spell
from trigpoint.publish.compose.comparison import comparison_page, different_by_chance
from trigpoint.publish.compose.matrix import ASKS, matrix_page
from trigpoint.publish.document import ComparisonCell, ComparisonPage
from trigpoint.publish.mark import Mark
from trigpoint.publish.places import Places
from trigpoint.scorecards.comparison import Comparison, compare
from trigpoint.scorecards.matrix import EXCEPTIONS, EXPECTED, Change, matrix
from trigpoint.terms.panel import State
from trigpoint.terms.unit import Level

DIVISIONS = ("D1", "D2", "D3")


def trust(**indicators: Any) -> Catalogue:
    """A trust of three divisions, one with a team, with the indicators A, B, C ... or those given."""
    levels = tuple(level for level in Level if level.depth >= Level.TRUST.depth)
    made = catalogue({code: indicator(code, levels=levels, **of) for code, of in indicators.items()})
    spells = {
        UNIT: (Spell(code=UNIT, name="Test Trust", level=Level.TRUST),),
        **{
            code: (Spell(code=code, name=f"Division {code[1]}", level=Level.DIVISION, parent=UNIT),)
            for code in DIVISIONS
        },
        "D1T": (Spell(code="D1T", name="Team of 1", level=Level.TEAM, parent="D1"),),
    }
    return replace(made, organisation=Organisation(spells, UNIT))


def figure(code: str, unit: str, value: float | None = 84.0, **changes: Any) -> Finding:
    return replace(finding(value), indicator=code, unit=unit, **changes)


def compared(made: Catalogue, findings: list[Finding], unit: str = UNIT) -> Comparison | None:
    return compare(findings, made, shown(findings), unit, NOW)


def shown(findings: list[Finding]) -> dict[str, dict[str, State]]:
    found: dict[str, dict[str, State]] = {}
    for one in findings:
        found.setdefault(one.unit, {})[one.indicator] = one.state
    return found


def page(made: Catalogue, findings: list[Finding], unit: str = UNIT) -> ComparisonPage:
    found = compared(made, findings, unit)
    assert found is not None
    return comparison_page(found, made, Places(made, NOW, (UNIT, *DIVISIONS, "D1T"), shown(findings)))


def cells(of: ComparisonPage) -> Iterator[ComparisonCell]:
    return (cell for section in of.sections for row in section.rows for cell in row.cells)


def test_the_trust_comes_first_then_its_children_as_declared() -> None:
    found = compared(trust(A={}), [figure("A", unit) for unit in (UNIT, "D3", "D1", "D2", "D1T")])
    assert found is not None
    assert (found.above, found.below) == ((UNIT,), DIVISIONS)


def test_a_division_stands_between_the_trust_and_its_teams() -> None:
    found = compared(trust(A={}), [figure("A", unit) for unit in (UNIT, "D1", "D1T")], "D1")
    assert found is not None
    assert (found.above, found.below) == ((UNIT, "D1"), ("D1T",))


def test_a_unit_without_children_or_with_none_that_takes_part_has_no_comparison() -> None:
    assert compared(trust(A={}), [figure("A", UNIT)]) is None
    assert compared(trust(A={}), [figure("A", "D2"), figure("A", UNIT)], "D2") is None
    absent = figure("A", "D1", None, state=State.NOT_APPLICABLE)
    assert compared(trust(A={}), [figure("A", UNIT), absent]) is None


def test_an_indicator_of_the_trust_alone_is_counted_and_not_shown() -> None:
    made = trust(A={}, B={})
    findings = [figure("A", UNIT), figure("B", UNIT), figure("A", "D1")]
    found = compared(made, findings)
    assert found is not None
    assert [row.code for row in found.rows] == ["A"]
    assert page(made, findings).remarks == (
        "1 more indicator on the scorecard is not measured for divisions.",
    )


def test_figures_of_unknown_units_have_a_column_only_where_there_are_any() -> None:
    made = trust(A={})
    some = [figure("A", UNIT), figure("A", "D1")]
    nothing = figure("A", UNATTRIBUTED, None, state=State.NOT_SUBMITTED)
    without, with_one = compared(made, [*some, nothing]), compared(made, [*some, figure("A", UNATTRIBUTED)])
    assert without is not None
    assert with_one is not None
    assert UNATTRIBUTED not in without.below
    assert with_one.below[-1] == UNATTRIBUTED
    said = page(made, [*some, figure("A", UNATTRIBUTED)])
    assert said.heads[-1].words == "Unattributed"
    assert said.heads[-1].address == ""
    assert "whose unit is not known" in said.remarks[0]


@pytest.mark.parametrize(
    ("state", "more", "said"),
    [
        (State.NOT_SUBMITTED, {}, "Not submitted"),
        (State.NOT_APPLICABLE, {}, "Not applicable"),
        (State.SUPPRESSED, {}, "Hidden"),
        (State.INCOMPLETE, {"parts": 4, "present": 3}, "Incomplete: 3 of 4 units"),
        (State.NO_DENOMINATOR, {}, "None due"),
        (State.NOT_DUE, {}, "Not due"),
    ],
)
def test_a_state_is_said_and_no_cell_is_blank(state: State, more: dict[str, int], said: str) -> None:
    findings = [figure("A", UNIT), figure("A", "D1"), figure("A", "D2", None, state=state, **more)]
    if state is State.NOT_APPLICABLE:
        findings.append(figure("B", "D2"))
    found = page(trust(A={}, B={}), findings)
    assert said in {cell.figure for cell in cells(found)}
    assert all(cell.figure for cell in cells(found))


def test_too_few_to_judge_says_of_how_many_and_keeps_its_standard() -> None:
    """The standard is judged as on the unit's own scorecard; only the comparison is withheld."""
    few = figure("A", "D1", 80.0, numerator=4.0, denominator=5.0, whole=against_whole(Difference.TOO_FEW))
    few = replace(few, standards=(standard(Attainment.NOT_MET, 85.0, 80.0),))
    _, cell = cells(page(trust(A={}), [figure("A", UNIT), few]))
    assert (cell.figure, cell.note, cell.differs) == ("80.0%", "Too few to judge: 4 of 5", None)
    assert cell.attainment == Mark("standard-not_met", "Not met")


def test_the_lede_says_how_the_trust_does_and_who_differs_most() -> None:
    codes = "ABC"
    met, missed = (standard(Attainment.MET),), (standard(Attainment.NOT_MET, 85.0),)
    ours = [figure(code, UNIT, standards=missed if code == "C" else met) for code in codes]
    worse, better = against_whole(Difference.WORSE), against_whole(Difference.BETTER)
    same = against_whole(Difference.NO_DIFFERENT)
    theirs = [figure("A", "D1", whole=worse), figure("B", "D1", whole=worse), figure("C", "D1", whole=better)]
    theirs += [figure(code, "D2", whole=same if code == "A" else better) for code in "AB"]
    said = page(trust(A={}, B={}, C={}), [*ours, *theirs])
    assert said.lede == (
        "Test Trust meets the standard on 2 of 3 indicators and misses it on one. "
        "Division 1 differs most from the trust: worse on two, better on one."
    )
    assert said.chance == "Of 5 comparisons fewer than one would look different by chance."


def test_where_two_tie_nobody_is_singled_out_and_where_none_differs_it_is_said() -> None:
    better = against_whole(Difference.BETTER)
    tied = [figure("A", UNIT), figure("A", "D1", whole=better), figure("A", "D2", whole=better)]
    assert "differs most" not in page(trust(A={}), tied).lede
    same = [figure("A", UNIT), figure("A", "D1", whole=against_whole(Difference.NO_DIFFERENT))]
    assert page(trust(A={}), same).lede == "No figure differs from the trust's by more than chance explains."


def test_one_comparison_in_twenty_differs_by_chance() -> None:
    assert different_by_chance(48) == "Of 48 comparisons about 2 would look different by chance."
    assert different_by_chance(10) == "Of 10 comparisons about 1 would look different by chance."
    assert different_by_chance(1) == "Of 1 comparison fewer than one would look different by chance."
    assert different_by_chance(0) == ""


def test_heads_lead_on_to_a_comparison_where_there_is_one_and_cells_to_the_figures_page() -> None:
    made = trust(A={})
    found = page(made, [figure("A", unit) for unit in (UNIT, "D1", "D2", "D1T")])
    assert [head.address for head in found.heads] == [
        "compare.html",
        "units/D1/compare.html",
        "units/D2/index.html",
    ]
    assert [cell.address for cell in cells(found)] == [
        "indicators/A.html",
        "units/D1/indicators/A.html",
        "units/D2/indicators/A.html",
    ]


def test_a_count_and_a_sole_provider_say_why_they_are_not_compared() -> None:
    why = against_whole(Difference.NOT_COMPARED, reason=WholeReason.ONLY_UNIT)
    _, cell = cells(page(trust(A={}), [figure("A", UNIT), figure("A", "D1", whole=why)]))
    assert (cell.note, cell.differs) == ("Only this unit provides it", None)


# ------------------------------------------------------------------------------------------ the matrix


def test_each_row_lies_in_one_square_or_off_the_matrix() -> None:
    codes = [f"I-{at}" for at in range(28)]
    made = catalogue({code: indicator(code) for code in codes})
    card = scorecard_of(made, {code: months_of(code, at) for at, code in enumerate(codes)})
    found = matrix(card)
    placed = [row.code for squares in found.squares for square in squares for row in square.rows]
    assert sorted([*placed, *(row.code for row in found.off)]) == sorted(row.code for row in card.rows)


@pytest.mark.parametrize(
    ("variation", "assurance", "asked"),
    [
        (Variation.IMPROVEMENT_LOW, Assurance.PASS, "Celebrate; consider a stretch"),
        (Variation.COMMON, Assurance.FAIL, "Exception report: redesign, or a trajectory"),
        (Variation.CONCERN_HIGH, Assurance.HIT_OR_MISS, "Exception report"),
        (Variation.CONCERN_LOW, Assurance.PASS, "Watch: a short note"),
    ],
)
def test_what_is_asked_of_an_owner(variation: Variation, assurance: Assurance, asked: str) -> None:
    said = matrix_page(_card(variation, assurance), "Test Trust")
    (square,) = [square for row in said.rows for square in row.squares if square.items]
    assert square.ask == asked
    assert square.exception == asked.startswith("Exception")
    assert ("an exception report" in said.lede) is not ("No exception report" in said.lede)


@pytest.mark.parametrize(
    ("variation", "assurance", "words"),
    [
        (Variation.NEUTRAL_HIGH, Assurance.NO_STANDARD, "84.0%; changed, higher; neither is better"),
        (Variation.COMMON, Assurance.NO_STANDARD, "84.0%; no standard"),
        (Variation.NOT_ASSESSED, Assurance.NOT_ASSESSED, "84.0%; not assessed"),
    ],
)
def test_off_the_matrix_it_says_why(variation: Variation, assurance: Assurance, words: str) -> None:
    (item,) = matrix_page(_card(variation, assurance), "Test Trust").off
    assert item.words == words


def test_every_square_asks_something_and_exceptions_are_those_that_say_so() -> None:
    assert set(ASKS) == {(change, assurance) for change in Change for assurance in EXPECTED}
    assert {place for place, ask in ASKS.items() if ask.startswith("Exception")} == EXCEPTIONS


def _card(variation: Variation, assurance: Assurance) -> Any:
    row = figure("A", UNIT, past=past(variation, assurance=assurance))
    return scorecard_of(catalogue({"A": indicator()}), {"A": (row,)})
