"""A year beside the year before as it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.publish.chart import Axis, Shape
from trigpoint.publish.mark import Table
from trigpoint.terms.period import Month


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A month of a year beside the year before; ``shape`` says whether the difference is a change."""

    month: Month
    value: float | None
    before: float | None
    difference: float | None
    shape: Shape


@dataclass(frozen=True, slots=True)
class YearOnYearChart:
    """The last year by month, beside the year before, and the differences with their limits.

    ``reach`` is how far the limits lie from zero, None where there are none; ``ticks`` are the words
    at the upper limit (or the largest difference), at zero, and below.
    """

    key: str
    title: str
    description: str
    months: tuple[YearMonth, ...]
    reach: float | None
    axis: Axis
    year: str
    year_before: str
    ticks: tuple[tuple[float, str], ...]
    words: tuple[str, ...]
    table: Table
