"""Rolling up: numerators and denominators are added along the tree, and what is missing is said."""

from __future__ import annotations

import pytest

from tests.trusts import FRAME, JANUARY, MARCH, SIMPLE, UNITS, indicator, observed, returned, trust
from trigpoint.terms.errors import DefinitionError
from trigpoint.terms.panel import Observation, State
from trigpoint.terms.period import Month

ALL = ("A seen 5", "A all 10", "B seen 30", "B all 40", "NEW seen 0", "NEW all 0", "W seen 9", "W all 50")


def said(one: Observation) -> tuple[float | None, float | None, str, int | None, int | None]:
    return one.numerator, one.denominator, str(one.state), one.present, one.parts


def test_percentages_are_never_averaged() -> None:
    """Half of 10 in team A and three quarters of 40 in team B: 35 of 50, and not 62.5%."""
    figures = observed(trust(), {"returns": returned(*ALL)})
    south = figures["SOUTH"]
    assert (south.numerator, south.denominator, south.value) == (30, 40, 75.0)
    assert figures["QPT"].value == pytest.approx(100 * 44 / 100)
    assert said(figures["QPT"]) == (44, 100, "value", 4, 4)


def test_a_team_s_own_figure_is_as_it_was_returned() -> None:
    figures = observed(trust(), {"returns": returned(*ALL)})
    assert said(figures["A"]) == (5, 10, "value", None, None)
    assert said(figures["NEW"]) == (0, 0, "no_denominator", None, None)


# what team B returned | South, the trust | with coverage 0.7
MISSING = """
B seen 30, B all 40 | value      | value
B seen *,  B all 40 | incomplete | value
B seen -,  B all -  | incomplete | value
                    | incomplete | value
"""


@pytest.mark.parametrize("line", MISSING.strip().splitlines())
def test_a_whole_without_a_part_is_incomplete_unless_its_coverage_allows_it(line: str) -> None:
    sent, strict, lenient = (cell.strip() for cell in line.split("|"))
    rows = [row for row in ALL if row[0] != "B"] + [row.strip() for row in sent.split(",") if row.strip()]
    figures = observed(trust(), {"returns": returned(*rows)})
    assert figures["QPT"].state == strict
    assert (figures["QPT"].present, figures["QPT"].parts) == (4 if strict == "value" else 3, 4)
    assert (figures["QPT"].value is None) is (strict == "incomplete")
    covered = observed(trust(indicator(measure=f"{SIMPLE}, coverage: 0.7")), {"returns": returned(*rows)})
    assert covered["QPT"].state == lenient
    if strict == "incomplete":
        assert said(covered["QPT"])[:2] == (14, 60)
        assert said(covered["QPT"])[3:] == (3, 4)


def test_a_whole_of_which_no_part_came_has_their_state() -> None:
    figures = observed(trust(), {"returns": returned("A seen *", "A all *")})
    assert figures["NORTH"].state == "incomplete" or figures["NORTH"].present == 0
    assert figures["SOUTH"].state == State.NOT_SUBMITTED
    hidden = observed(trust(), {"returns": returned("B seen *", "B all 4", "NEW seen *", "NEW all 3")})
    assert hidden["SOUTH"].state == State.SUPPRESSED


def test_figures_of_an_unknown_team_are_unattributed_and_in_the_trust_s_total() -> None:
    figures = observed(trust(), {"returns": returned(*ALL, "Q99 seen 6", "Q99 all 8")})
    assert said(figures["unattributed"]) == (6, 8, "value", 1, 1)
    assert said(figures["QPT"]) == (50, 108, "value", 5, 5)
    assert figures["NORTH"].numerator + figures["SOUTH"].numerator == 44  # type: ignore[operator]
    assert "unattributed" not in observed(trust(), {"returns": returned(*ALL)})


def test_a_closed_team_whose_figures_still_arrive_keeps_its_last_place() -> None:
    figures = observed(trust(), {"returns": returned(*ALL, "OLD seen 2", "OLD all 4")})
    assert "OLD" not in figures
    assert said(figures["NORTH"]) == (16, 64, "value", 3, 3)


def test_a_subtotal_that_was_delivered_is_not_counted_twice() -> None:
    figures = observed(
        trust(), {"returns": returned(*ALL, "NORTH seen 99", "NORTH all 99", "QPT seen 1", "QPT all 1")}
    )
    assert figures["QPT"].denominator == 100


def test_a_move_shows_where_figures_happened_or_where_the_team_is_now() -> None:
    """The ward moved from North to South on 11 March 2026."""
    both = {"returns": returned(*ALL, month=JANUARY)}
    as_was = observed(trust(), both, [JANUARY])
    assert (as_was["NORTH"].denominator, as_was["SOUTH"].denominator) == (60, 40)
    today = observed(trust(), both, [JANUARY], current=MARCH)
    assert (today["NORTH"].denominator, today["SOUTH"].denominator) == (10, 90)
    assert as_was["QPT"].denominator == today["QPT"].denominator == 100


def test_a_month_s_figure_goes_where_the_team_is_on_its_last_day() -> None:
    figures = observed(trust(), {"returns": returned(*ALL, month=MARCH)}, [MARCH])
    assert (figures["NORTH"].denominator, figures["SOUTH"].denominator) == (10, 90)


def test_on_today_s_tree_a_successor_has_its_predecessor_s_figures() -> None:
    may = Month(2025, 5)
    rows = returned(
        "A seen 1",
        "A all 2",
        "OLD seen 3",
        "OLD all 4",
        "B seen 1",
        "B all 1",
        "W seen 0",
        "W all 1",
        month=may,
    )
    as_was = observed(trust(), {"returns": rows}, [may])
    assert said(as_was["OLD"]) == (3, 4, "value", None, None)
    assert "NEW" not in as_was
    today = observed(trust(), {"returns": rows}, [may], current=MARCH)
    assert "OLD" not in today
    assert said(today["NEW"])[:3] == (3, 4, "value")
    assert today["SOUTH"].denominator == 6


def test_only_the_kinds_that_an_indicator_concerns_are_expected() -> None:
    wards = trust(indicator(measure=SIMPLE, more="kinds: [ward]"))
    figures = observed(wards, {"returns": returned("W seen 9", "W all 50")})
    assert said(figures["QPT"]) == (9, 50, "value", 1, 1)
    assert set(figures) == {"W", "N1", "NORTH", "QPT"}


def test_a_team_of_another_kind_that_sends_a_figure_shows_it() -> None:
    wards = trust(indicator(measure=SIMPLE, more="kinds: [ward]"))
    figures = observed(wards, {"returns": returned("W seen 9", "W all 50", "A seen 1", "A all 2")})
    assert said(figures["A"]) == (1, 2, "value", None, None)
    assert said(figures["QPT"]) == (10, 52, "value", 2, 2)


def test_peers_and_the_nation_come_from_a_publication() -> None:
    national = "elsewhere: {source: nation, numerator: n, denominator: d}"
    catalogue = trust(indicator(measure=SIMPLE, version=f", {national}"))
    published = returned("XAM n 1", "XAM d 4", "ENG n 70", "ENG d 100", "QPT n 1", "QPT d 1")
    figures = observed(catalogue, {"returns": returned(*ALL), "nation": published})
    assert figures["XAM"].value == 25
    assert figures["ENG"].value == 70
    assert figures["QPT"].value == 44


def test_persons_have_no_figures_here() -> None:
    assert "P1" not in observed(trust(), {"returns": returned(*ALL)})


# what is declared | what is wrong with it
WRONG = [
    ("source: returns, value: seen, rolls_up_from: team", "a value alone cannot be rolled up"),
    ("source: returns, count: seen, rolls_up_from: team, coverage: 0.9", "coverage belongs to"),
    (
        "source: returns, numerator: seen, denominator: all, rolls_up_from: service",
        "no narrower than service",
    ),
]


@pytest.mark.parametrize(("measure", "expected"), WRONG)
def test_what_cannot_be_rolled_up_is_refused(measure: str, expected: str) -> None:
    with pytest.raises(DefinitionError, match=expected):
        trust(indicator(measure=measure))


# a row of units.csv | what is wrong with it
UNIT_FAULTS = [
    ("A,Team A again,team,S1,,,2026-01-01,", "A in two places from"),
    ("G,Gap,team,N1,,,,2025-01-31\nG,Gap,team,N1,,,2025-03-01,", "a gap: G ends on 2025-01-31"),
    ("C,Circle,service,C,,,,", "a parent of a wider level"),
    ("E,Early,team,N1,,A,,", "one for a unit that goes on"),
    ("E,Ended,team,N1,,Z,,2025-01-31", "'Z', which is no unit"),
    ("E,Ended,team,N1,,N1,,2025-01-31", "a unit of the same level"),
    ("unattributed,Mine,team,N1,,,,", "kept for figures of unknown units"),
]


@pytest.mark.parametrize(("row", "expected"), UNIT_FAULTS)
def test_a_tree_that_does_not_hold_is_refused_by_its_row(row: str, expected: str) -> None:
    with pytest.raises(DefinitionError, match=expected) as refused:
        trust(units=f"{UNITS}{row}\n")
    assert all(fault.file == "definitions/units.csv" and fault.line for fault in refused.value.faults)


def test_a_kind_that_no_unit_has_is_refused() -> None:
    with pytest.raises(DefinitionError, match="the code of a kind of unit"):
        trust(indicator(measure=SIMPLE, more="kinds: [wards]"), frame=FRAME)
