"""A baseline that people decide on: limits from a stated stretch of months."""

from __future__ import annotations

import datetime as dt
import textwrap

import pytest

from tests.panels import catalogue, panel
from trigpoint.analysis.history import history_of
from trigpoint.analysis.past.breaks import baseline, by_series
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.decision import standing
from trigpoint.terms.errors import DefinitionError
from trigpoint.terms.period import Month

BASELINE = "kind: baseline, month: 2024-02, until: 2025-03"
"""14 months at A, whose limits start again in January 2024 (a row of units.csv breaks)."""


def journal(*entries: str) -> str:
    """Decisions about X at A, made on one day after the other."""
    lines = []
    for day, entry in enumerate(entries, start=1):
        who = "" if "unit:" in entry else ", unit: A"
        lines.append(f"- {{on: 2026-01-{day:02d}, by: Who, indicator: X{who}, reason: Why, {entry}}}")
    return "\n".join(lines)


def read(*entries: str, extra: str = "", replacing: dict[str, str] | None = None) -> Catalogue:
    return catalogue(extra, decisions=journal(*entries), replacing=replacing)


def refusal(*entries: str, extra: str = "", replacing: dict[str, str] | None = None) -> str:
    with pytest.raises(DefinitionError) as refused:
        read(*entries, extra=extra, replacing=replacing)
    return str(refused.value)


def covered(definitions: Catalogue, unit: str = "A", first: str = "2023-11", months: int = 20) -> str:
    """The months from ``first`` on that a decision sets limits from, as ``#``."""
    figures = panel({unit: " ".join(["50"] * months)}, first=first)
    history = history_of(figures, definitions, "X", unit, Month.parse(first) + (months - 1))
    found = baseline(history, by_series(definitions.decisions()))
    return "" if found is None else "".join(".#"[int(month)] for month in found[0])


# --------------------------------------------------------------------------------------- what it covers


def test_it_covers_its_months_the_first_and_the_last_included() -> None:
    assert covered(read(BASELINE)) == "...##############..."


def test_without_one_there_is_none() -> None:
    assert covered(read()) == ""
    assert covered(read("kind: exclude, month: 2024-02")) == ""


def test_it_holds_at_its_unit_alone() -> None:
    assert covered(read(BASELINE), unit="B") == ""


def test_a_history_that_begins_within_it_has_the_rest_of_it() -> None:
    assert covered(read(BASELINE), first="2025-01", months=5) == "###.."


def test_a_later_one_of_the_same_month_takes_its_place() -> None:
    longer = BASELINE.replace("2025-03", "2025-05")
    assert covered(read(BASELINE, longer)) == "...################."


def test_a_withdrawal_of_its_month_ends_it() -> None:
    withdrawn = read(BASELINE, "kind: withdraw, month: 2024-02")
    assert covered(withdrawn) == ""
    assert not withdrawn.decisions()


def test_it_counts_from_the_day_of_its_decision_on() -> None:
    decided = read(BASELINE).journal
    assert standing(decided, dt.date(2025, 12, 31)) == ()
    assert standing(decided, dt.date(2026, 1, 1)) == decided


def test_it_makes_new_findings_of_the_same_figures() -> None:
    without, with_one = read(), read(BASELINE)
    longer = read(BASELINE.replace("2025-03", "2025-05"))
    assert len({it.findings_hash for it in (without, with_one, longer)}) == 3
    assert len({it.observations_hash for it in (without, with_one, longer)}) == 1


# ----------------------------------------------------------------------------------- what stands together

REBASED_AFTER = "kind: rebase, month: 2025-04"


def test_a_stretch_may_end_where_limits_start_again() -> None:
    assert read(BASELINE, REBASED_AFTER).decisions()
    assert read("kind: rebase, month: 2024-02", BASELINE).decisions()


def test_each_stretch_between_two_starts_may_have_its_own() -> None:
    second = "kind: baseline, month: 2025-04, until: 2026-03"
    both = covered(read(BASELINE, REBASED_AFTER, second), months=30)
    assert both == "...##########################."


@pytest.mark.parametrize(
    "entries", [(BASELINE, "kind: rebase, month: 2024-09"), ("kind: rebase, month: 2024-09", BASELINE)]
)
def test_a_rebase_within_it_is_refused_whichever_came_first(entries: tuple[str, str]) -> None:
    said = refusal(*entries)
    assert "found a baseline across September 2024, where limits start again (a re-base)" in said
    assert "End it in August 2024, or start it in September 2024." in said


def test_a_withdrawn_rebase_is_no_start() -> None:
    rebased = "kind: rebase, month: 2024-09"
    assert read(rebased, "kind: withdraw, month: 2024-09", BASELINE).decisions()


def test_nor_does_it_reach_across_a_merger_or_a_new_definition() -> None:
    across = refusal("kind: baseline, month: 2023-06, until: 2024-12")
    assert "across January 2024, where limits start again (a row of units.csv)" in across
    first = "  - {from: 2020-01, measure: {source: returns, value: seen}}\n"
    again = first + first.replace("from: 2020-01", "from: 2024-08, change: break")
    assert "across August 2024, where limits start again (a version" in refusal(
        BASELINE, replacing={first: again}
    )
    assert read(BASELINE, replacing={first: again.replace("break", "restates")}).decisions()


def test_one_stretch_has_one_baseline() -> None:
    said = refusal(BASELINE, "kind: baseline, month: 2024-06, until: 2025-06")
    assert "found a baseline beside the one of February 2024" in said
    assert "Withdraw the one of February 2024, or of June 2024." in said


# -------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("kind: baseline, month: 2024-02", "a decision of kind baseline has its last month under `until`"),
        ("kind: rebase, month: 2024-02, until: 2025-03", "no other has one"),
        ("kind: baseline, month: 2024-02, until: 2024-01", "ends (2024-01) before it starts (2024-02)"),
        ("kind: baseline, month: 2024-02, until: 2025-13", "a month such as 2026-10"),
        ("kind: baseline, month: 2024-02, until: 2025-01-31", "a month such as 2026-10"),
        ("kind: basline, month: 2024-02, until: 2025-03", "Nearest: baseline"),
        ("kind: baseline, month: 2024-02, until: 2024-12", "found 11 figures due from February 2024"),
        ("kind: baseline, month: 2024-02, until: 2024-02", "found 1 figure due"),
        ("kind: baseline, month: 0001-01, until: 9999-12", "across January 2024"),
        ("kind: baseline, month: 2018-01, until: 2019-12", "found 0 figures due"),  # not in force yet
    ],
)
def test_a_baseline_that_no_limits_can_be_set_by_is_refused(entry: str, words: str) -> None:
    said = refusal(entry)
    assert "decisions.yaml:2:" in said
    assert words in said


def test_its_figures_are_counted_as_they_fall_due() -> None:
    """12 quarters are three years; 12 months hold four."""
    assert "found 4 figures due" in refusal(
        "kind: baseline, month: 2024-01, until: 2024-12", extra="every: 3 months"
    )
    assert read("kind: baseline, month: 2024-01, until: 2026-12", extra="every: 3 months").decisions()


def test_of_an_unknown_unit_only_that_is_said() -> None:
    said = refusal("unit: AA, kind: baseline, month: 2024-02, until: 2024-03")
    assert said.startswith("1 fault")
    assert textwrap.shorten(said, 400).endswith("Nearest: A.")
