"""Gaps between groups of people."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.analysis.finding import Difference
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month


@dataclass(frozen=True, slots=True)
class CutGroup:
    """One group's figure, and its gap to everyone else's with a 95% interval."""

    name: str
    numerator: float | None
    denominator: float | None
    value: float | None
    state: State
    gap: float | None
    lower: float | None
    upper: float | None
    verdict: Difference


@dataclass(frozen=True, slots=True)
class CutFindings:
    """The groups of one cut, over the months that were put together for it."""

    cut: str
    title: str
    first: Month
    last: Month
    groups: tuple[CutGroup, ...]
