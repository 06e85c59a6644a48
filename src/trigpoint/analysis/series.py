"""Indicators at units as charts show them, up to one month: of one, or of many in one pass."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

import numpy as np

from trigpoint.analysis.advice import advice
from trigpoint.analysis.arrays import Floats, Ints
from trigpoint.analysis.bearings import against_past
from trigpoint.analysis.charting import Charting
from trigpoint.analysis.finding import Rule, Series, SeriesPoint, StandardLine
from trigpoint.analysis.findings import past_bearing
from trigpoint.analysis.history import NEVER, History, histories, history_of
from trigpoint.analysis.past.breaks import Decided, breaks, by_series
from trigpoint.analysis.past.rules import RULES
from trigpoint.analysis.past.variation import VARIATIONS
from trigpoint.analysis.standards.requirements import Requirement, requirements
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.decision import Decision
from trigpoint.definitions.standard import Standard
from trigpoint.terms.panel import Panel, State, Status
from trigpoint.terms.period import Month

_RULES: tuple[Rule | None, ...] = (*RULES, None)
"""What a code in ``Charts.rule`` means."""


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
    history = history_of(panel, catalogue, indicator, unit, month)
    return next(_series(history, catalogue, by_series(decisions), month))


def every_series(
    panel: Panel, catalogue: Catalogue, decisions: Iterable[Decision], month: Month, units: Collection[str]
) -> Mapping[tuple[str, str], Series]:
    """By indicator and unit, what ``series`` gives for each that has an observation by ``month``.

    The limits and the rules of all of an indicator's units are worked out together.
    """
    decided = by_series(decisions)
    return {
        (one.indicator, one.unit): one
        for history in histories(panel, catalogue, units=units, until=month)
        for one in _series(history, catalogue, decided, month)
    }


def _series(history: History, catalogue: Catalogue, decided: Decided, month: Month) -> Iterator[Series]:
    """One for each unit of a history that ends with ``month``."""
    rows = np.arange(len(history.units))
    last = np.full(len(rows), history.values.shape[1] - 1)
    required = _last_required(history, catalogue)
    charting = Charting.of(history, catalogue, decided)
    past = against_past(history, charting, required, rows, last).to_pylist()
    drawn = _Drawn.of(history, charting)
    lines = _lines_of(history, catalogue, month)
    advised = advice(history, charting, past)
    for row, (unit, (cautions, proposal)) in enumerate(zip(history.units, advised, strict=True)):
        first = drawn.months[drawn.starts[row]]
        yield Series(
            history.code,
            unit,
            tuple(drawn.points(row)),
            tuple(b for b in breaks(history, unit, catalogue, decided) if first < b.month <= month),
            tuple(_from(first, lines(unit))),
            past_bearing(past[row]),
            cautions,
            proposal,
        )


def _last_required(history: History, catalogue: Catalogue) -> list[Requirement]:
    """What is required in the last month, laid over all: no other is asked for, and each takes its time."""
    values, row = history.values[:, -1:], history.row[:, -1:]
    month = replace(history, first=history.months[-1], values=values, row=row)
    columns = [field.name for field in fields(Requirement) if field.name != "name"]
    return [
        Requirement(it.name, *(np.broadcast_to(getattr(it, name), history.values.shape) for name in columns))
        for it in requirements(month, catalogue)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """The points of a history's charts in columns, [units, months in which a figure is due]."""

    months: tuple[Month, ...]
    missing: tuple[State, ...]
    starts: Ints
    observed: Ints
    table: Mapping[str, list[Any]]
    left_out: list[list[bool]]
    limits: tuple[list[list[float | None]], ...]
    variation: list[list[int]]
    rule: list[list[int]]

    @classmethod
    def of(cls, history: History, charting: Charting) -> _Drawn:
        due = slice(None, None, history.every)
        found = charting.drawn()
        months, in_force = history.months[due], history.indicator.in_force
        lines = found.limits.lines(found.grid)
        return cls(
            months,
            tuple(State.NOT_SUBMITTED if in_force(month) else State.NOT_APPLICABLE for month in months),
            (history.row != NEVER).argmax(axis=1) // history.every,
            history.row[:, due],
            {name: history.table[name].to_pylist() for name in ("value", "numerator", "denominator")}
            | {"state": [*map(State, history.table["state"].to_pylist())]}
            | {"status": [*map(Status, history.table["status"].to_pylist())]},
            charting.left_out.tolist(),
            tuple(map(_known, (lines.centre, lines.lower, lines.upper))),
            found.variation.tolist(),
            found.rule.tolist(),
        )

    def points(self, row: int) -> Iterator[SeriesPoint]:
        """From the last due month that is not after the unit's first figure."""
        mean, lower, upper = (line[row] for line in self.limits)
        left_out, variation, rule = self.left_out[row], self.variation[row], self.rule[row]
        observed = self.observed[row].tolist()
        value, numerator, denominator = (self.table[it] for it in ("value", "numerator", "denominator"))
        for at in range(self.starts[row], len(self.months)):
            found = observed[at]
            there = found != NEVER
            yield SeriesPoint(
                self.months[at],
                value[found] if there else None,
                self.table["state"][found] if there else self.missing[at],
                self.table["status"][found] if there else None,
                numerator[found] if there else None,
                denominator[found] if there else None,
                left_out[at],
                mean[at],
                lower[at],
                upper[at],
                VARIATIONS[variation[at]],
                _RULES[rule[at]],
            )


def _known(line: Floats) -> list[list[float | None]]:
    """Numbers as rows hold them: None where there is none."""
    return [[None if math.isnan(value) else value for value in row] for row in line.tolist()]


Lines = tuple[StandardLine, ...]


def _lines_of(history: History, catalogue: Catalogue, month: Month) -> Callable[[str], Lines]:
    """The standards of each unit from the history's first month on; those that hold everywhere, once."""
    differ = history.indicator.standards_differ

    @cache
    def lines(unit: str) -> Lines:
        return tuple(_lines(history, catalogue, unit, month))

    return lambda unit: lines(unit if differ else history.units[0])


def _from(first: Month, lines: Iterable[StandardLine]) -> Iterator[StandardLine]:
    """Each standard from a unit's first month on."""
    for line in lines:
        values = tuple(step for step in line.values if step[0] >= first)
        if values:
            yield line if len(values) == len(line.values) else replace(line, values=values)


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
