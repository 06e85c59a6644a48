"""What the slow second opinion says of one figure, and the observation that it makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import AnyMeasure, FormulaMeasure, RecordMeasure
from trigpoint.terms.panel import ALL, Observation, State, Status
from trigpoint.terms.period import Month

WORST_FIRST = (
    *("suppressed", "not_submitted", "incomplete", "not_due", "not_applicable", "no_denominator"),
    "value",
)
"""Of several inputs' states, the first of these is the figure's."""


class Said(NamedTuple):
    """What there is to say about one figure before it is divided: two sides, one, or a value alone."""

    above: float | None
    below: float | None
    state: str
    provisional: bool = False
    parts: int | None = None
    present: int | None = None
    alone: float | None = None


def worst(states: Iterable[str]) -> str:
    """The state of what is made of several inputs."""
    found = set(states)
    return next((state for state in WORST_FIRST if state in found), "value")


def scale(it: Indicator, measure: AnyMeasure) -> float:
    """What a ratio is multiplied by. A mean and a value alone are taken as they are."""
    if isinstance(measure, RecordMeasure) and not measure.ratio:
        return 1
    per = None if isinstance(measure, FormulaMeasure) else measure.per
    return per or (100 if it.measured_in == "per cent" else 1)


def observation(
    code: str, it: Indicator, measure: AnyMeasure, unit: str, month: Month, said: Said, cut: str = ALL
) -> Observation:
    """Divide, scale, and say the state."""
    numerator = denominator = value = None
    state = said.state
    if state == "value":
        numerator, denominator, value = said.above, said.below, said.alone
        if value is None and denominator is None:
            value = numerator
        elif value is None and numerator is not None and denominator:
            value = scale(it, measure) * numerator / denominator
        state = "no_denominator" if value is None else "value"
    status = Status.PROVISIONAL if said.provisional else Status.FINAL
    key = (code, unit, measure.months(month)[0].start, month.end, cut)
    sides = (numerator, denominator, value)
    return Observation(*key, *sides, status, State(state), said.parts, said.present)
