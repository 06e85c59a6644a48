"""Whether decisions fit what they are about, and one another."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.decision import Decision
from trigpoint.definitions.indicator import FEWEST_IN_BASELINE
from trigpoint.definitions.problem import Problem, unknown
from trigpoint.terms.period import Month


def decision_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Every decision about nothing, and every baseline that limits cannot be set by."""
    units = catalogue.organisation.units
    for i, decision in enumerate(catalogue.journal):
        yield from unknown(
            ("decisions", i, "indicator"), decision.indicator, "indicator", catalogue.indicators
        )
        yield from unknown(("decisions", i, "unit"), decision.unit, "unit", units)
    stand = catalogue.decisions()
    for i, decision in enumerate(catalogue.journal):
        known = decision.indicator in catalogue.indicators and decision.unit in units
        if known and decision.kind == "baseline" and any(decision is one for one in stand):
            yield from _baseline_problems(catalogue, i, decision, stand)


def _baseline_problems(
    catalogue: Catalogue, i: int, decision: Decision, stand: tuple[Decision, ...]
) -> Iterator[Problem]:
    place, first, last = ("decisions", i, "until"), decision.month, decision.until or decision.month
    it = catalogue.indicator(decision.indicator)
    due = sum(it.expected(month) for month in first.through(last))
    if due < FEWEST_IN_BASELINE:
        found = f"{due} figure{'s' * (due != 1)} due from {first.words} to {last.words}"
        yield Problem(place, found, f"a baseline of {FEWEST_IN_BASELINE} or more")
    of_series = [d for d in stand if (d.indicator, d.unit) == (decision.indicator, decision.unit)]
    starts = dict(_starts(catalogue, decision, of_series))
    if within := sorted(month for month in starts if first < month <= last):
        start = within[0]
        found = f"a baseline across {start.words}, where limits start again ({starts[start]})"
        remedy = f"End it in {(start - 1).words}, or start it in {start.words}."
        yield Problem(place, found, "one that lies between two starts", remedy)
    for other in of_series:
        if other.kind != "baseline" or other.month >= first:
            continue
        if not any(other.month < month <= first for month in starts):
            found = f"a baseline beside the one of {other.month.words}"
            remedy = f"Withdraw the one of {other.month.words}, or of {first.words}."
            yield Problem(place, found, "one baseline between two starts of the limits", remedy)


def _starts(
    catalogue: Catalogue, decision: Decision, of_series: list[Decision]
) -> Iterator[tuple[Month, str]]:
    """Where the limits of a decision's series start again, and why."""
    for version in catalogue.indicator(decision.indicator).breaks():
        yield version.from_, "a version of the definition"
    for spell in catalogue.organisation.breaks(decision.unit):
        yield Month.of(spell.from_), "a row of units.csv"
    for other in of_series:
        if other.kind == "rebase":
            yield other.month, "a re-base"
