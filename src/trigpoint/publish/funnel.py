"""A funnel as it is drawn: units by their size, the limits about a target, every word formatted once."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.publish.chart import Axis
from trigpoint.publish.mark import Table


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """A unit. ``beyond`` counts the limits that it lies beyond: 0 none, 2 both; negative below them."""

    name: str
    denominator: float
    value: float
    words: str
    beyond: int
    ours: bool


@dataclass(frozen=True, slots=True)
class FunnelLimit:
    """The limits of one level over ``FunnelChart.across``. ``short`` is what a narrow margin says."""

    words: str
    short: str
    lower: tuple[float, ...]
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FunnelChart:
    """Units against the limits of a funnel.

    ``limits`` are drawn over the denominators ``across``, the narrowest first. ``axis`` is that of the
    values, ``size_axis`` that of the denominators, which ``size_words`` names. ``words`` stand below.
    """

    key: str
    title: str
    description: str
    points: tuple[FunnelPoint, ...]
    target: float
    target_words: str
    across: tuple[float, ...]
    limits: tuple[FunnelLimit, ...]
    axis: Axis
    size_axis: Axis
    size_words: str
    words: tuple[str, ...]
    table: Table
