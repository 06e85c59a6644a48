"""The units right below on an indicator's page: their charts on one scale, and their figures in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trigpoint.analysis.finding import BEYOND_CHANCE, Difference, Finding, Series, WholeReason
from trigpoint.definitions.indicator import Indicator
from trigpoint.publish.chart import Chart
from trigpoint.publish.charts.multiples import MONTHS
from trigpoint.publish.charts.ranked import FEW
from trigpoint.publish.charts.whole import reach_of
from trigpoint.publish.compose.chart import axis_of, small_chart
from trigpoint.publish.compose.row import (
    NOTHING,
    attainment_mark,
    figure,
    gap_mark,
    number,
    value,
    variation_mark,
    whole_mark,
)
from trigpoint.publish.document import Children, ChildUnit, Ranked, RankedLine, RankedUnit
from trigpoint.publish.mark import Line, Link, Mark, Table, WholeMark
from trigpoint.publish.words import UNITS
from trigpoint.scorecards.figures import Figures
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

NOT_HERE = "Not measured here"


@dataclass(frozen=True, slots=True)
class Child:
    """A unit right below: its month's finding and its series (None where the indicator is not its own).

    ``address`` is that of its page of the same indicator, from the site's root; empty where it has none.
    """

    name: str
    finding: Finding | None
    series: Series | None
    address: str


def children_of(
    indicator: Indicator, children: Sequence[Child], level: Level | None, month: Month, key: str
) -> Children | None:
    """What a page says of the units right below; None where none of them measures this.

    ``key`` is the page's own. Those that do not measure it are named once, and have no chart.
    """
    here = [(child, child.finding) for child in children if child.finding is not None]
    here = [(child, found) for child, found in here if found.state is not State.NOT_APPLICABLE]
    if not here:
        return None
    units = UNITS[level] if level is not None else "units below"
    return Children(
        f"The {units}, on one scale",
        tuple(_unit(indicator, *pair, month, f"{key}-u{at}") for at, pair in enumerate(here)),
        _ranked(indicator, here, _elsewhere(children, here), units, month, f"{key}-ranked"),
    )


# --------------------------------------------------------------------------------------- small multiples


def _unit(indicator: Indicator, child: Child, found: Finding, month: Month, key: str) -> ChildUnit:
    shown = figure(indicator, found)
    between = ", " if shown.missing or found.denominator is not None else " "
    said = f"{shown.value}{between}{shown.parts}" if shown.parts else shown.value
    marks: tuple[Mark, ...] = ()
    if found.state is State.VALUE:
        marks = (variation_mark(found), *((attainment_mark(found),) if found.standard is not None else ()))
    reason = _no_chart(child.series, month)
    chart: Chart | None = None
    if child.series is not None and not reason:
        words = ". ".join([said, *(mark.words for mark in marks)])
        chart = small_chart(indicator, child.name, child.series, f"{words}.", month, key)
    return ChildUnit(child.name, child.address, said, marks, chart, reason)


def _no_chart(series: Series | None, month: Month) -> str:
    """Why there is no chart to draw; empty where there is one."""
    if series is None:
        return "No series is kept."
    figures = sum(point.value is not None and month - MONTHS < point.month for point in series.points)
    if figures > 1:
        return ""
    return f"Too few to draw: {figures or 'no'} figure{'' if figures == 1 else 's'} in {MONTHS} months."


# ---------------------------------------------------------------------------------------- in order


Pair = tuple[Child, Finding]


def _ranked(
    indicator: Indicator, held: Sequence[Pair], elsewhere: Sequence[Line], units: str, month: Month, key: str
) -> Ranked:
    shown = [(child, found) for child, found in held if found.value is not None]
    lowest_first = indicator.direction == "down" and not _counts(held)
    shown.sort(key=lambda pair: (pair[1].value or 0.0) * (1 if lowest_first else -1))
    title = f"{indicator.title}: {units} in {month.words}"
    ordered = tuple(_ranked_unit(indicator, child, found) for child, found in shown)
    return Ranked(
        key=key,
        title=title,
        description=_description(ordered, units),
        units=ordered,
        whole=_whole(indicator, shown),
        standard=_standard(indicator, shown),
        axis=axis_of(indicator),
        without=(*_without(indicator, held), *elsewhere),
        words=tuple(_words(indicator, shown)),
        table=_table(indicator, [*shown, *(pair for pair in held if pair[1].value is None)], title),
    )


def _counts(pairs: Sequence[Pair]) -> bool:
    return any(found.whole.reason == WholeReason.COUNT for _, found in pairs)


def _ranked_unit(indicator: Indicator, child: Child, found: Finding) -> RankedUnit:
    whole, shown = found.whole, found.value or 0.0
    lower = upper = None
    if whole.value is not None and whole.lower is not None and whole.upper is not None:
        lower, upper = whole.value + whole.lower, whole.value + whole.upper
    counted = figure(indicator, found).parts if found.denominator is not None else ""
    return RankedUnit(
        child.name,
        shown,
        lower,
        upper,
        whole.verdict in BEYOND_CHANCE,
        counted,
        value(indicator, found),
        child.address,
        few=whole.verdict is Difference.TOO_FEW,
    )


def _description(units: Sequence[RankedUnit], units_words: str) -> str:
    if not units:
        return f"None of the {units_words} has a figure."
    first, last = units[0], units[-1]
    differ = sum(unit.differs for unit in units)
    return (
        f"{len(units)} with a figure, from {first.name} ({first.words}) to {last.name} ({last.words}). "
        f"Beyond chance from the trust: {differ or 'none'}."
    )


def _whole(indicator: Indicator, pairs: Sequence[Pair]) -> RankedLine | None:
    levels = [found.whole.value for _, found in pairs if found.whole.value is not None]
    return RankedLine(f"Trust {Figures.of(indicator).short(levels[0])}", levels[0]) if levels else None


def _standards(pairs: Sequence[Pair]) -> set[tuple[float, str, bool]]:
    held = (found.standard for _, found in pairs)
    return {(it.required, it.sense, it.trajectory) for it in held if it is not None}


def _standard(indicator: Indicator, pairs: Sequence[Pair]) -> RankedLine | None:
    """The standard, where it is the same for all."""
    declared = _standards(pairs)
    if len(declared) != 1:
        return None
    required, sense, trajectory = declared.pop()
    words = f"{'Trajectory' if trajectory else 'Standard'} {Figures.of(indicator).required(required)}"
    return RankedLine(words, required, -1 if sense == "at_least" else 1)


def _elsewhere(children: Sequence[Child], here: Sequence[Pair]) -> tuple[Line, ...]:
    measuring = {child.name for child, _ in here}
    names = ", ".join(child.name for child in children if child.name not in measuring)
    return (Line(names, NOT_HERE),) if names else ()


def _without(indicator: Indicator, pairs: Sequence[Pair]) -> Iterator[Line]:
    for child, found in pairs:
        if found.value is None:
            shown = figure(indicator, found)
            yield Line(child.name, f"{shown.value}: {shown.parts}" if shown.parts else shown.value)


def _words(indicator: Indicator, pairs: Sequence[Pair]) -> Iterator[str]:
    """How to read the chart."""
    if _counts(pairs):
        yield "Largest on top. A count grows with the size of the unit: not compared with the trust."
    else:
        yield "Highest on top." if indicator.direction == "neutral" else "Best on top."
    if any(found.whole.lower is not None for _, found in pairs):
        yield "The whisker is the 95% interval of its difference from the trust, set on the trust's figure."
        yield "Filled: differs from the trust by more than chance explains. By chance alone, 1 in 20 would."
    if any(found.whole.verdict is Difference.TOO_FEW for _, found in pairs):
        yield f"{FEW} Too few to judge."
    if len(_standards(pairs)) > 1:
        yield "Their standards differ, so none is drawn: the table has each."


def _table(indicator: Indicator, pairs: Sequence[Pair], title: str) -> Table:
    reach = reach_of(found.whole for _, found in pairs)
    return Table(
        caption=title,
        head=("Unit", "Value", "Against the trust", "Standard", "Change", "Counted", "Out of"),
        rows=tuple(
            (
                Link(child.name, child.address) if child.address else child.name,
                value(indicator, found),
                _against_trust(indicator, found, reach),
                attainment_mark(found) if found.standard is not None else NOTHING,
                variation_mark(found),
                number(found.numerator),
                number(found.denominator),
            )
            for child, found in pairs
        ),
        numeric=frozenset({1, 5, 6}),
    )


def _against_trust(indicator: Indicator, found: Finding, reach: float) -> WholeMark:
    mark = whole_mark(found, indicator)
    return mark if mark.bearing is None else gap_mark(mark.bearing, indicator, reach, mark.words)
