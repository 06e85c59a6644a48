"""Every rule of the measure language as a case worked by hand; each implementation is held to all of them."""

from __future__ import annotations

from tests.cases_of_amounts import AGGREGATES, FORMULAS, PEOPLE, PERSONS, WINDOWS
from tests.cases_of_names import NAMES
from tests.cases_of_states import DUE, PRESENT
from tests.cases_of_time import BETWEEN, RELATED, SPANS
from tests.measure_tables import Case
from trigpoint.terms.panel import Observation, State

CASES: list[Case] = [
    *(*BETWEEN, *SPANS, *RELATED),
    *(*AGGREGATES, *PEOPLE, *WINDOWS, *PERSONS, *FORMULAS),
    *(*DUE, *PRESENT),
    *NAMES,
]


def figure(of: Observation) -> str:
    """How a case writes an observation that is no plain value: both sides, or the state."""
    if of.denominator is not None:
        return f"{of.numerator:g}/{of.denominator:g}"
    return str(of.state)


def holds(case: Case, found: set[Observation]) -> None:
    """Fails where a case's figure is not the one that was found."""
    by_key = {(o.month, o.unit if o.cut == "all" else f"{o.unit}:{o.cut}", o.indicator): o for o in found}
    for month, unit, code, said in case.expected:
        one = by_key.get((month, unit, code))
        assert one is not None, f"{case.name}: no {code} of {unit} in {month}"
        place = f"{case.name}: {code} of {unit} in {month}: {one}"
        if "/" in said:
            assert figure(one) == said, place
        elif said in set(State):
            assert one.state == said, place
        else:
            assert one.state == State.VALUE, place
            assert one.value is not None, place
            assert abs(one.value - float(said)) <= 1e-12 * max(abs(one.value), 1), place
