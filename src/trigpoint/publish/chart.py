"""A chart as it is drawn: points, limits, standards and remarks, every word formatted once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trigpoint.terms.panel import State
from trigpoint.terms.period import Month


class Shape(StrEnum):
    """The mark of a point on a chart. Shape says what colour says."""

    COMMON = "common"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    CHANGED_HIGH = "changed_high"
    CHANGED_LOW = "changed_low"


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One month of a chart. ``gap`` is what to write where there is no value."""

    month: Month
    value: float | None
    state: State
    gap: str
    shape: Shape
    provisional: bool
    excluded: bool
    mean: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class ChartStandard:
    """A required value for each month it holds in. ``fails_below`` says to which side its teeth point.

    ``steps`` has words for each earlier level, by the month from which it held; ``words`` are the latest's.
    """

    words: str
    fails_below: bool
    trajectory: bool
    values: tuple[tuple[Month, float], ...]
    steps: tuple[tuple[Month, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChartNote:
    """A numbered remark at a month: limits that start again, or a point left out of them."""

    number: int
    month: Month
    restarts: bool
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What stands in a chart's margin. Empty where there is nothing to label."""

    latest: str
    mean: str
    lower: str
    upper: str


@dataclass(frozen=True, slots=True)
class Axis:
    """How values are ticked: their unit, what the measure can reach, and whether zero belongs on the axis."""

    prefix: str
    suffix: str
    least: float | None
    most: float | None
    from_zero: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A series as it is drawn.

    ``trial`` marks limits from few points. ``remark`` stands on the picture: never varied, too few.
    """

    key: str
    title: str
    description: str
    points: tuple[ChartPoint, ...]
    standards: tuple[ChartStandard, ...]
    notes: tuple[ChartNote, ...]
    labels: Labels
    axis: Axis
    trial: bool
    remark: str
