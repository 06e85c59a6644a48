"""From a funnel's statistics to the picture of it: names, labels, the words below and the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from trigpoint.analysis.arrays import Codes, Floats
from trigpoint.definitions.indicator import Indicator
from trigpoint.publish.chart import Axis
from trigpoint.publish.compose.chart import axis_of
from trigpoint.publish.compose.row import number
from trigpoint.publish.funnel import FunnelChart, FunnelLimit, FunnelPoint
from trigpoint.publish.mark import Table
from trigpoint.scorecards.figures import Figures
from trigpoint.terms.period import Month

SIZES = Axis("", "", 0, None, from_zero=True)
"""How denominators are ticked."""


class Limits(Protocol):
    """What a funnel has to bring: units, and limits by level of confidence about a target."""

    @property
    def units(self) -> Sequence[str]: ...
    @property
    def numerator(self) -> Floats: ...
    @property
    def denominator(self) -> Floats: ...
    @property
    def value(self) -> Floats: ...
    @property
    def target(self) -> float: ...
    @property
    def confidence(self) -> Sequence[float]: ...
    @property
    def adjusted(self) -> bool: ...
    @property
    def phi(self) -> float: ...
    @property
    def verdict(self) -> Codes: ...
    @property
    def curve_denominator(self) -> Floats: ...
    @property
    def curve_lower(self) -> Floats: ...
    @property
    def curve_upper(self) -> Floats: ...
    @property
    def method(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Around:
    """Whom a funnel is drawn for, and among whom: names by code, the group's title, what sizes are."""

    ours: str
    names: Mapping[str, str]
    group: str
    sizes: str
    month: Month


def funnel_of(indicator: Indicator, found: Limits, around: Around, key: str) -> FunnelChart:
    """The funnel of an indicator's units, among which is our own. Units without a size are left out."""
    figures, points = Figures.of(indicator), _points(indicator, found, around)
    title = f"{indicator.title}: {around.group}, {around.month.words}"
    return FunnelChart(
        key=key,
        title=title,
        description=" ".join(_description(points, found, around, figures)),
        points=tuple(point for point, _ in points),
        target=found.target,
        target_words=f"Average {figures.limit(found.target)}",
        across=tuple(found.curve_denominator.tolist()),
        limits=tuple(_limits(found)),
        axis=replace(axis_of(indicator), from_zero=False),
        size_axis=SIZES,
        size_words=around.sizes,
        words=tuple(_words(found)),
        table=_table(points, found, title),
    )


Row = tuple[FunnelPoint, int]
"""A unit, and its place among those of the statistics."""


def _points(indicator: Indicator, found: Limits, around: Around) -> list[Row]:
    figures = Figures.of(indicator)
    known = np.flatnonzero((found.denominator > 0) & np.isfinite(found.value)).tolist()
    points = []
    for at in known:
        unit, shown = found.units[at], float(found.value[at])
        name, size = around.names.get(unit, unit), float(found.denominator[at])
        beyond = max(-2, min(2, int(found.verdict[at])))
        points.append((FunnelPoint(name, size, shown, figures.short(shown), beyond, unit == around.ours), at))
    return points


def _percent(confidence: float) -> str:
    return f"{100 * confidence:g}%"


def _limits(found: Limits) -> Iterator[FunnelLimit]:
    levels = zip(found.confidence, found.curve_lower.tolist(), found.curve_upper.tolist(), strict=True)
    for confidence, lower, upper in levels:
        level = _percent(confidence)
        yield FunnelLimit(f"{level} limit", level, tuple(lower), tuple(upper))


def _against(beyond: int, found: Limits) -> str:
    """``Inside the limits``, ``Above the 95% limits``."""
    if not beyond:
        return "Inside the limits"
    level = _percent(found.confidence[abs(beyond) - 1])
    return f"{'Above' if beyond > 0 else 'Below'} the {level} limits"


def _description(points: Sequence[Row], found: Limits, around: Around, figures: Figures) -> Iterator[str]:
    yield f"{len(points)} units of {around.group}, the average {figures.limit(found.target)}."
    for point, at in points:
        if point.ours:
            sized = f"{point.name} has {point.words} of {number(float(found.denominator[at]))}"
            yield f"{sized}: {_against(point.beyond, found).lower()}."
    above = sum(point.beyond > 0 for point, _ in points)
    below = sum(point.beyond < 0 for point, _ in points)
    yield f"Above the limits: {above or 'none'}; below: {below or 'none'}."


def _words(found: Limits) -> Iterator[str]:
    """How to read the funnel."""
    yield "Each mark is a unit: the farther to the right, the larger."
    yield f"Limits: {found.method}."
    if found.adjusted:
        yield (
            f"They allow for units differing more than chance alone makes them (over-dispersion, "
            f"φ = {found.phi:.1f})."
        )
    shares = (f"{100 * (1 - it):.2g} in 100 beyond the {_percent(it)} limits" for it in found.confidence)
    yield f"Of units that do not differ, chance puts {', '.join(shares)}."


def _table(points: Sequence[Row], found: Limits, title: str) -> Table:
    ordered = sorted(points, key=lambda row: (-row[0].value, row[0].name))
    return Table(
        caption=title,
        head=("Unit", "Value", "Counted", "Out of", "Against the limits"),
        rows=tuple(
            (
                f"{point.name} (this unit)" if point.ours else point.name,
                point.words,
                number(float(found.numerator[at])),
                number(float(found.denominator[at])),
                _against(point.beyond, found),
            )
            for point, at in ordered
        ),
        numeric=frozenset({1, 2, 3}),
    )
