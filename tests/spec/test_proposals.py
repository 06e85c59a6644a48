"""When a re-base is proposed, and when it is not, as an analyst can check it.

Figures are percentages of trust B, monthly from January 2024. The first 13 are the level that a
run of 7 is held against; a new level needs 13 figures, so the earliest proposal is in the 26th month.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.panels import catalogue, panel
from tests.spec.test_cautions import DIPS, NOISE
from tests.web.findings import indicator, past, run, series
from trigpoint.analysis.caution import Caution, Cautions
from trigpoint.analysis.finding import Series
from trigpoint.analysis.past.proposals import FAR
from trigpoint.analysis.proposal import Proposal, Weighed
from trigpoint.analysis.series import every_series
from trigpoint.analysis.series import series as series_of
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.scorecards.rebase import consider, why_not
from trigpoint.terms.period import Month

FIRST = Month(2024, 1)


def levels(*stretches: tuple[float, int]) -> list[str]:
    """Ups and downs about one level after another, each for so many months."""
    flat = [level for level, months in stretches for _ in range(months)]
    return [f"{level + it:.1f}" for level, it in zip(flat, NOISE, strict=False)]


def drawn(cells: Sequence[str], definitions: Catalogue | None = None) -> Series:
    figures, made = panel({"B": " ".join(cells)}), definitions or catalogue()
    return series_of(figures, made, made.decisions(), "X", "B", FIRST + (len(cells) - 1))


def weighed(cells: Sequence[str], definitions: Catalogue | None = None) -> Proposal:
    return drawn(cells, definitions).proposal


def decided(*decisions: str) -> Catalogue:
    lines = (f"- {{on: 2027-01-01, by: M. Penrose, indicator: X, unit: B, {it}}}" for it in decisions)
    return catalogue(decisions="\n".join(lines))


STEP = levels((50, 20), (54, 14))
"""Twenty months about 50, then 14 about 54."""


def test_a_step_that_has_held_for_thirteen_months_is_proposed_from_its_month() -> None:
    found = weighed(STEP)
    assert found.verdict is Weighed.PROPOSED
    assert found.month == Month(2025, 9), "the 21st month"
    assert (found.points_before, found.points) == (20, 14)
    assert found.before == pytest.approx(sum(map(float, STEP[:20])) / 20)
    assert found.after == pytest.approx(sum(map(float, STEP[20:])) / 14)
    assert found.rises
    assert found.distance is not None
    assert found.distance > FAR
    assert found.outside == 0


def test_the_limits_it_promises_are_those_that_the_decision_gives() -> None:
    promised = weighed(STEP)
    kept = drawn(STEP, decided("kind: rebase, month: 2025-09, reason: A new rota"))
    assert (promised.lower, promised.upper) == (kept.past.lower, kept.past.upper)
    assert kept.proposal.verdict is Weighed.TOO_FEW, "and then there is nothing more to propose"
    assert kept.proposal.waits_for == 26 - 14


def test_nothing_changes_by_itself() -> None:
    found = drawn(STEP)
    assert found.breaks == ()
    assert found.past.limits_from == FIRST


def test_fewer_than_thirteen_months_are_too_early() -> None:
    found = weighed(levels((50, 20), (54, 9)))
    assert found.verdict is Weighed.TOO_RECENT
    assert found.run_from == Month(2025, 8), "the last of the old months lay above their mean as well"
    assert (found.run, found.waits_for, found.month) == (10, 3, None)


def test_what_went_back_is_over() -> None:
    assert weighed(levels((50, 15), (54, 8), (50, 13))).verdict is Weighed.WENT_BACK


def test_thirteen_months_of_which_the_last_may_be_going_back_are_looked_at_again() -> None:
    cells = levels((50, 20), (54, 13))
    cells[-2:] = ["52.0", "52.1"]
    found = weighed(cells)
    assert found.verdict is Weighed.MAY_GO_BACK
    assert found.waits_for == 1


def test_a_run_of_seven_that_chance_explains_is_no_new_level() -> None:
    found = weighed(levels((50, 14), (50.9, 7), (50.3, 15)))
    assert found.verdict in (Weighed.WITHIN_CHANCE, Weighed.NO_SHIFT, Weighed.WENT_BACK)
    assert weighed(levels((50, 36))).verdict is Weighed.NO_SHIFT


def test_a_single_outlier_changes_nothing() -> None:
    cells = levels((50, 36))
    cells[25] = "70"
    assert weighed(cells).verdict is not Weighed.PROPOSED


def test_a_steady_drift_is_no_step() -> None:
    assert weighed([f"{50 + at / 2 + it:.1f}" for at, it in enumerate(NOISE)]).verdict is Weighed.DRIFTS


def test_seasons_make_runs_and_are_not_weighed() -> None:
    cells = [f"{50 + it + 2 * DIPS[at % 12]:.1f}" for at, it in enumerate(NOISE)]
    assert weighed(cells).verdict is Weighed.SEASONAL


def test_a_run_does_not_go_through_a_gap() -> None:
    cells = levels((50, 15), (54, 21))
    for at in range(15, 36, 5):
        cells[at] = "-"
    assert weighed(cells).verdict is Weighed.NO_SHIFT, "four in a row are no seven"


def test_a_point_left_out_is_neither_in_the_run_nor_in_the_means() -> None:
    cells = levels((50, 20), (54, 16))
    cells[30] = "99"
    held = weighed(cells, decided("kind: exclude, month: 2026-07, reason: Counted twice"))
    assert held.verdict is Weighed.PROPOSED
    assert held.points == 15
    assert held.after is not None
    assert held.after < 56


def test_only_what_came_after_the_last_re_base_is_weighed() -> None:
    made = decided("kind: rebase, month: 2024-11, reason: A new rota")
    found = weighed(levels((40, 10), (50, 26)), made)
    assert found.verdict is Weighed.NO_SHIFT, "the step of November 2024 has been dealt with"


def test_a_baseline_is_the_level_that_runs_are_held_against() -> None:
    made = catalogue("spc: {baseline: 18}")
    assert weighed(levels((50, 20), (54, 10)), made).waits_for == 1, "18 and 13 are wanted"
    assert weighed(levels((50, 20), (54, 16)), made).verdict is Weighed.PROPOSED


def test_rolling_figures_are_not_weighed() -> None:
    made = catalogue(
        "basis: rolling",
        replacing={"value: seen}}": "value: seen, window: 3}}", "direction: up\n": "direction: up\n"},
    )
    figures = panel({"B": " ".join(STEP)}, window=3)
    found = series_of(figures, made, (), "X", "B", FIRST + (len(STEP) - 1))
    assert found.proposal.verdict is Weighed.TOO_FEW
    assert found.cautions.noted == ()


def test_many_series_are_weighed_as_one_alone() -> None:
    made, month = catalogue(), FIRST + 33
    figures = panel({"B": " ".join(STEP), "C": " ".join(levels((50, 34))), "D": " ".join(levels((50, 5)))})
    together = every_series(figures, made, (), month, ["B", "C", "D"])
    for unit in "BCD":
        assert together["X", unit] == series_of(figures, made, (), "X", unit, month)


# --------------------------------------------------------------------------------------------- the words


def words(direction: str = "up", **changes: object) -> str:
    found = drawn(STEP)
    found = replace(found, proposal=replace(found.proposal, **changes))  # type: ignore[arg-type]
    return " ".join(consider(indicator(direction=direction, decimals=1), found))


def test_what_is_proposed_is_said_with_its_evidence_and_who_decides() -> None:
    assert words() == (
        "Consider re-basing the limits from September 2025. "
        "The mean was 50.1% (20 figures) and has been 54.0% since (14 figures): an improvement. "
        "The figures lay above the earlier mean for 12 months or more. "
        "All 14 lie within the new limits, 49.9% to 58.1%. "
        "Nothing is re-based by itself. Director of Nursing decides: is the cause known, and will it last?"
    )
    assert "12 of 14 lie within the new limits" in words(outside=2)
    assert "for nine months running" in words(run=9)


def test_a_concern_is_said_to_be_one() -> None:
    assert "a concern, which new limits would hide" in words("down")
    assert "neither good nor bad in itself" in words("neutral")


def test_runs_among_neighbours_that_are_alike_are_not_taken_for_more_than_they_are() -> None:
    found = drawn(STEP)
    alike = replace(found, cautions=replace(found.cautions, noted=(Caution.AUTOCORRELATED,)))
    assert "which makes runs by chance" in " ".join(consider(indicator(), alike))
    assert "which makes runs by chance" not in words()


@pytest.mark.parametrize("verdict", [it for it in Weighed if it is not Weighed.PROPOSED])
def test_what_is_not_proposed_has_its_reason(verdict: Weighed) -> None:
    proposal = Proposal(verdict, run_from=Month(2025, 9), run=8, rises=True, waits_for=4)
    held = series(run([80.0], past()), cautions=Cautions(), proposal=proposal)
    assert consider(indicator(), held) == ()
    assert re.fullmatch(r"[A-Z].*\.", why_not(held, 7))
