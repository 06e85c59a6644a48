"""Rules by which a unit's figure is set against the whole that it is part of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pyarrow as pa
import pytest

from tests.web.findings import against_whole, finding, indicator
from tests.wholes import NOW, Figure, catalogue, panel
from trigpoint.analysis.assess import assess
from trigpoint.analysis.finding import Difference, WholeBearing, WholeReason
from trigpoint.analysis.past.chance import DIFFERENCES
from trigpoint.analysis.whole.compare import against_rest, apart
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Objective, Perspective
from trigpoint.definitions.organisation import UNATTRIBUTED
from trigpoint.definitions.pack import Pack
from trigpoint.scorecards.build import Group, Row, Scorecard, Section
from trigpoint.scorecards.quality import Star
from trigpoint.terms.panel import SCHEMA, Panel, State
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

RATE = catalogue("{source: returns, numerator: done, denominator: due, per: 1000}", measured_in="falls")


def wholes(
    figures: Mapping[str, Figure], of: Catalogue | None = None, per: float = 100.0
) -> dict[str, WholeBearing]:
    return bearings(panel(figures, per=per), of)


def bearings(figures: Panel, of: Catalogue | None = None) -> dict[str, WholeBearing]:
    return {finding.unit: finding.whole for finding in assess(figures, of or catalogue(), (), [NOW])}


def altered(figures: Panel, unit: str, **changes: Any) -> Panel:
    """The panel with one unit's observation changed."""
    rows = [asdict(replace(it, **changes) if it.unit == unit else it) for it in figures]
    return Panel.of(pa.Table.from_pylist(rows, schema=SCHEMA))


def verdict(figures: Mapping[str, Figure], of: Catalogue | None = None, per: float = 100.0) -> Difference:
    return wholes(figures, of, per)["D1"].verdict


# ------------------------------------------------------------------------------------- the difference


def test_a_unit_is_tested_against_the_rest_and_shown_against_the_whole() -> None:
    """60 of 100, in a trust of 300 of 400: the rest has 240 of 300, and the unit is a quarter of it all."""
    whole = wholes({"T": (300, 400), "D1": (60, 100)})["D1"]
    rest = apart(60, 100, 240, 300, "proportion")
    assert whole.share == 0.25
    assert whole.value == 75.0
    assert whole.difference == pytest.approx(60 - 75)
    assert whole.difference == pytest.approx(100 * (1 - 0.25) * rest.difference)
    assert whole.lower == pytest.approx(100 * (1 - 0.25) * rest.lower)
    assert whole.upper == pytest.approx(100 * (1 - 0.25) * rest.upper)
    assert (whole.unit, whole.verdict, whole.reason) == ("T", Difference.WORSE, "")


def test_a_larger_share_leaves_less_to_differ_from() -> None:
    """The same 60% beside the same 80% of everyone else lies nearer to a whole of which it is more."""
    small = wholes({"T": (60 + 720, 100 + 900), "D1": (60, 100)})["D1"].difference
    large = wholes({"T": (60 + 80, 100 + 100), "D1": (60, 100)})["D1"].difference
    assert small == pytest.approx(0.9 * -20)
    assert large == pytest.approx(0.5 * -20)


@pytest.mark.parametrize(
    ("direction", "higher", "lower"),
    [
        ("up", Difference.BETTER, Difference.WORSE),
        ("down", Difference.WORSE, Difference.BETTER),
        ("neutral", Difference.HIGHER, Difference.LOWER),
    ],
)
def test_what_is_better_depends_on_the_direction(
    direction: str, higher: Difference, lower: Difference
) -> None:
    of = catalogue(direction=direction)
    assert verdict({"T": (500, 1000), "D1": (90, 100)}, of) is higher
    assert verdict({"T": (500, 1000), "D1": (10, 100)}, of) is lower
    assert verdict({"T": (500, 1000), "D1": (50, 100)}, of) is Difference.NO_DIFFERENT


def test_a_difference_that_chance_could_explain_is_none() -> None:
    whole = wholes({"T": (750, 1000), "D1": (80, 100)})["D1"]
    assert whole.verdict is Difference.NO_DIFFERENT
    assert whole.lower is not None
    assert whole.upper is not None
    assert whole.lower < 0 < whole.upper


def test_units_at_every_level_are_set_against_the_trust() -> None:
    found = wholes({"T": (600, 1000), "D3": (90, 100), "S1": (45, 50), UNATTRIBUTED: (5, 50)})
    assert {unit: bearing.unit for unit, bearing in found.items()} == {
        "T": "",
        "D3": "T",
        "S1": "T",
        UNATTRIBUTED: "T",
    }
    assert found["S1"].verdict is Difference.BETTER
    assert found[UNATTRIBUTED].verdict is Difference.WORSE


# ------------------------------------------------------------------------------------------- too few


def test_fewer_than_ten_people_are_too_few_to_judge_but_the_difference_is_given() -> None:
    nine = wholes({"T": (900, 1000), "D1": (0, 9)})["D1"]
    assert nine.verdict is Difference.TOO_FEW
    assert nine.difference == pytest.approx(-90)
    assert nine.upper is not None
    assert nine.upper < 0
    assert nine.reason == ""
    assert verdict({"T": (900, 1000), "D1": (0, 10)}) is Difference.WORSE


def test_a_rest_of_fewer_than_ten_is_too_few_to_judge_by() -> None:
    """Eight misses of nine elsewhere are nine people, however large the unit."""
    assert verdict({"T": (801, 1009), "D1": (800, 1000)}) is Difference.TOO_FEW
    assert verdict({"T": (801, 1010), "D1": (800, 1000)}) is Difference.BETTER


def test_a_rest_in_which_fewer_than_five_events_are_expected_is_too_few_to_judge_by() -> None:
    assert verdict({"T": (1000, 1_004_900), "D1": (1000, 1_000_000)}, RATE, 1000) is Difference.TOO_FEW
    assert verdict({"T": (1000, 1_020_000), "D1": (0, 20_000)}, RATE, 1000) is Difference.WORSE


def test_a_rate_needs_five_events_expected_at_the_rate_of_the_whole() -> None:
    """1 for each 1,000 days in all: 4,999 days give 4.999 expected events, 5,000 give 5."""
    of = RATE
    assert verdict({"T": (100, 100_000), "D1": (30, 4_999)}, of, per=1000) is Difference.TOO_FEW
    assert verdict({"T": (100, 100_000), "D1": (30, 5_000)}, of, per=1000) is Difference.BETTER


def test_a_unit_in_which_less_than_one_miss_is_expected_is_too_few_to_judge_by() -> None:
    """Where 99 of 100 meet it, one miss of 50 people would decide; of 100, one is expected."""
    assert verdict({"T": (9_900, 10_000), "D1": (45, 50)}) is Difference.TOO_FEW
    assert verdict({"T": (9_900, 10_000), "D1": (90, 100)}) is Difference.WORSE
    assert verdict({"T": (100, 10_000), "D1": (5, 50)}) is Difference.TOO_FEW


def test_a_rate_is_in_the_measure_of_its_indicator() -> None:
    whole = wholes({"T": (130, 105_000), "D1": (30, 5_000)}, RATE, per=1000)["D1"]
    assert whole.value == pytest.approx(1000 * 130 / 105_000)
    assert whole.difference == pytest.approx(1000 * (30 / 5_000 - 130 / 105_000))


# ------------------------------------------------------------------------------------- not compared


def reason(figures: Mapping[str, Figure] | Panel, of: Catalogue | None = None) -> str:
    whole = bearings(figures if isinstance(figures, Panel) else panel(figures), of)["D1"]
    assert whole.verdict is Difference.NOT_COMPARED
    assert (whole.value, whole.difference, whole.lower, whole.upper, whole.share) == (None,) * 5
    return whole.reason


def test_the_trust_itself_and_other_trusts_have_no_whole() -> None:
    found = wholes({"T": (300, 400), "O": (300, 400)})
    assert {bearing.reason for bearing in found.values()} == {WholeReason.NO_WHOLE}
    assert {bearing.unit for bearing in found.values()} == {""}


def test_the_only_unit_that_provides_something_has_no_rest_to_differ_from() -> None:
    assert reason({"T": (300, 400), "D1": (300, 400)}) == WholeReason.ONLY_UNIT


def test_a_count_is_not_compared_because_it_grows_with_the_unit() -> None:
    of = catalogue("{source: returns, count: done}", measured_in="people")
    assert reason({"T": (300, None), "D1": (100, None)}, of) == WholeReason.COUNT


def test_a_figure_that_came_without_its_parts_has_no_interval() -> None:
    of = catalogue("{source: returns, value: done}")
    assert reason({"T": 75.0, "D1": 60.0}, of) == WholeReason.VALUE_ALONE


def test_what_is_declared_to_be_compared_as_nothing_is_not() -> None:
    assert reason({"T": (300, 400), "D1": (60, 100)}, catalogue(compared_as="nothing")) == (
        WholeReason.NO_CHANCE
    )


@pytest.mark.parametrize("state", [State.NOT_SUBMITTED, State.SUPPRESSED, State.INCOMPLETE])
def test_no_figure_no_comparison(state: State) -> None:
    assert reason({"T": (300, 400), "D1": state}) == WholeReason.NO_FIGURE
    assert reason({"T": state, "D1": (60, 100)}) == WholeReason.NO_WHOLE_FIGURE
    assert reason({"D1": (60, 100)}) == WholeReason.NO_WHOLE_FIGURE


def test_an_incomplete_figure_is_none_although_its_parts_are_known() -> None:
    figures = panel({"T": (300, 400), "D1": (60, 100)})
    assert reason(altered(figures, "T", state=State.INCOMPLETE, value=None)) == WholeReason.NO_WHOLE_FIGURE
    assert reason(altered(figures, "D1", state=State.INCOMPLETE, value=None)) == WholeReason.NO_FIGURE


def test_a_roll_up_that_is_shown_with_parts_missing_is_compared() -> None:
    figures = panel({"T": (300, 400), "D1": (60, 100)})
    assert bearings(altered(figures, "T", parts=5, present=4))["D1"].verdict is Difference.WORSE


@pytest.mark.parametrize(
    "figures",
    [
        {"T": (300, 400), "D1": (500, 600)},  # larger than the whole
        {"T": (300, 400), "D1": (320, 350)},  # so that the rest would have fewer than none
        {"T": (300, 400), "D1": (120, 100)},  # more of the part than there is
        {"T": (300, 400), "D1": (0, 200)},  # and so, of the rest
    ],
)
def test_parts_that_do_not_fit_together_are_not_compared(figures: Mapping[str, Figure]) -> None:
    assert reason(figures) == WholeReason.NO_CHANCE


def test_the_first_reason_that_holds_is_given() -> None:
    of = catalogue("{source: returns, count: done}", measured_in="people")
    assert reason({"D1": State.NOT_SUBMITTED}, of) == WholeReason.COUNT
    assert wholes({"O": (1, None)}, of)["O"].reason == WholeReason.NO_WHOLE


# -------------------------------------------------------------------------------------- as it was then


def test_a_unit_that_joined_later_was_no_part_of_the_whole_before() -> None:
    """Division three, and the service in it, came to the trust in April 2024."""
    figures = {"T": (300, 400), "D3": (60, 100), "S1": (60, 100)}
    months = [Month(2024, 3), Month(2024, 4)]
    both = Panel.concat(panel(figures, month) for month in months)
    found = assess(both, catalogue(), (), months)
    assert {
        (finding.unit, finding.month): finding.whole.reason for finding in found if finding.unit != "T"
    } == {
        ("D3", months[0]): WholeReason.NO_WHOLE,
        ("S1", months[0]): WholeReason.NO_WHOLE,
        ("D3", months[1]): "",
        ("S1", months[1]): "",
    }


# ---------------------------------------------------------------------------- how chance is reckoned


@pytest.mark.parametrize(
    ("changes", "method"),
    [
        ({}, "proportion"),
        ({"bounds": "{least: 0, most: 100}"}, "proportion"),
        ({"bounds": "{least: 0, most: 200}"}, "rate"),  # a fill rate, say
        ({"measured_in": "falls"}, "rate"),
        ({"measured_in": "falls", "compared_as": "proportion"}, "proportion"),
        ({"compared_as": "rate"}, "rate"),
    ],
)
def test_per_cent_that_cannot_pass_100_is_a_proportion_and_the_rest_are_rates(
    changes: dict[str, str], method: Any
) -> None:
    whole = wholes({"T": (300, 400), "D1": (60, 100)}, catalogue(**changes), per=100.0)["D1"]
    per = 100.0 if changes.get("measured_in", "per cent") == "per cent" else 1.0
    expected = against_rest(60, 100, 300, 400, method, per)
    assert whole.lower == pytest.approx(float(expected.lower))
    assert whole.upper == pytest.approx(float(expected.upper))


# ------------------------------------------------------------------------------------- on a scorecard


def test_a_scorecard_counts_what_was_compared_and_what_differs() -> None:
    """Beside how many would differ by chance alone: one in twenty of those compared."""
    rows = [
        Row("A", indicator(), (finding(whole=against_whole(verdict)),), "", None, Star())
        for verdict in (
            Difference.WORSE,
            Difference.HIGHER,
            Difference.NO_DIFFERENT,
            Difference.TOO_FEW,
            Difference.NOT_COMPARED,
        )
    ]
    group = Group(Objective(title="All", perspective="all"), tuple(rows))
    pack = Pack(title="A pack", level=Level.DIVISION, audience="staff")
    card = Scorecard("D1", NOW, pack, (Section(Perspective(title="All"), (group,)),))
    assert card.compared() == tuple(rows[:3])
    assert card.differing() == tuple(rows[:2])
    assert len(card.compared()) * DIFFERENCES == pytest.approx(0.15)


# ----------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (([1, 12], [10, 10], [100, 100], [200, 200]), r"numerator\[1\] is 12, above denominator"),
        (([1, -2], [10, 10], [100, 100], [200, 200]), r"numerator\[1\] is -2, below zero"),
        (([1, 2], [10, 0], [100, 100], [200, 200]), r"denominator\[1\] is 0, not above zero"),
        (([1, 2], [10, 300], [100, 100], [200, 200]), r"denominator\[1\] is 300, above whole_denominator"),
        (([1, 2], [10, 200], [100, 100], [200, 200]), r"denominator\[1\] is 200, all of whole_denominator"),
        (([1, float("nan")], [10, 10], [100, 100], [200, 200]), r"numerator\[1\] is nan, not a number"),
        ((12, 10, 100, 200), "numerator is 12, above denominator"),
        ((0, 10, 195, 200), "whole_numerator is 195, more than whole_denominator allows"),
    ],
)
def test_impossible_numbers_are_refused_by_name_and_place(given: tuple[Any, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        against_rest(given[0], given[1], given[2], given[3], "proportion")
