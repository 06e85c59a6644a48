"""One indicator at one unit as a chart shows it, up to one month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from trigpoint.analysis.bearings import against_past
from trigpoint.analysis.breaks import Decided, breaks, by_series, excluded, segments
from trigpoint.analysis.finding import Series, SeriesPoint, StandardLine
from trigpoint.analysis.findings import past_bearing
from trigpoint.analysis.history import NEVER, History, history_of
from trigpoint.analysis.profile import profile_named
from trigpoint.analysis.requirements import requirements
from trigpoint.analysis.rules import RULES
from trigpoint.analysis.variation import NO_RULE, VARIATIONS, chart
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.decision import Decision
from trigpoint.definitions.standard import Standard
from trigpoint.terms.panel import Panel, State, Status
from trigpoint.terms.period import Month


def series(
    panel: Panel,
    catalogue: Catalogue,
    decisions: Iterable[Decision],
    indicator: str,
    unit: str,
    month: Month,
) -> Series:
    """The chart as it stands in ``month``: its ``past`` is that of the month's finding.

    It has a point for each month in which a figure is due, from the first observation on. One
    without an observation is ``not_submitted`` while the indicator is in force, and otherwise
    ``not_applicable``. Trajectories run on past ``month``; other standards end there.
    """
    decided = by_series(decisions)
    history = history_of(panel, catalogue, indicator, unit, month)
    last = np.array([history.values.shape[1] - 1])
    past = against_past(history, catalogue, decided, requirements(history, catalogue), np.array([0]), last)
    return Series(
        indicator,
        unit,
        tuple(_points(history, catalogue, decided)),
        tuple(b for b in breaks(history, unit, catalogue, decided) if history.first < b.month <= month),
        tuple(_lines(history, catalogue, unit, month)),
        past_bearing(past[0].as_py()),
    )


def _points(history: History, catalogue: Catalogue, decided: Decided) -> Iterator[SeriesPoint]:
    due = slice(None, None, history.every)
    indicator = history.indicator
    left_out = excluded(history, decided)[:, due]
    drawn = chart(
        history.values[:, due] if history.charted else np.full(left_out.shape, np.nan),
        segments(history, catalogue, decided)[:, due],
        left_out,
        profile=profile_named(catalogue.profile_of(history.code)),
        direction=indicator.direction,
        baseline=indicator.spc.baseline,
    )
    limits = [
        drawn.grid.spread(part)[0] for part in (drawn.limits.mean, drawn.limits.lower, drawn.limits.upper)
    ]
    for at, month in enumerate(history.months[due]):
        mean, lower, upper = (None if np.isnan(line[at]) else float(line[at]) for line in limits)
        rule = drawn.rule[0, at]
        yield SeriesPoint(
            month=month,
            **_observed(history, at * history.every, month),
            excluded=bool(left_out[0, at]),
            mean=mean,
            lower=lower,
            upper=upper,
            variation=VARIATIONS[drawn.variation[0, at]],
            rule=None if rule == NO_RULE else RULES[rule],
        )


def _observed(history: History, column: int, month: Month) -> dict[str, Any]:
    row = int(history.row[0, column])
    if row == NEVER:
        state = State.NOT_SUBMITTED if history.indicator.in_force(month) else State.NOT_APPLICABLE
        return {"value": None, "state": state, "status": None, "numerator": None, "denominator": None}
    found = history.table.slice(row, 1).to_pylist()[0]
    return {
        "value": found["value"],
        "state": State(found["state"]),
        "status": Status(found["status"]),
        "numerator": found["numerator"],
        "denominator": found["denominator"],
    }


def _lines(history: History, catalogue: Catalogue, unit: str, month: Month) -> Iterator[StandardLine]:
    ends = [s.last for s in history.indicator.standards if s.trajectory and s.last is not None]
    held: dict[str, list[tuple[Month, Standard, float]]] = {}
    for at in history.first.through(max([month, *ends])):
        for standard in catalogue.standards(history.code, unit, at):
            required = standard.required(at)
            if required is not None and (at <= month or standard.trajectory):
                held.setdefault(standard.name, []).append((at, standard, required))
    for name, steps in held.items():
        # The latest step that holds by now says whose it is; of a standard still to come, the first.
        now = next((standard for at, standard, _ in reversed(steps) if at <= month), steps[0][1])
        values = tuple((at, required) for at, _, required in steps)
        yield StandardLine(name, now.set_by, now.sense, now.primary, now.trajectory, values)
