"""Years beside the year before, for the tests that draw them and the browser that looks at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.web.findings import indicator
from trigpoint.analysis.finding import Variation
from trigpoint.analysis.past.year_on_year import YearOnYear, YearOnYearPoint
from trigpoint.definitions.profile import SHIPPED
from trigpoint.publish.compose.year_on_year import year_chart
from trigpoint.publish.year import YearOnYearChart
from trigpoint.terms.period import Month

FIRST = Month(2025, 11)
Pair = tuple[float | None, float | None]


def year(pairs: Sequence[Pair], reach: float | None, key: str, **changes: Any) -> YearOnYearChart:
    """Figures and those of the year before; a difference beyond ``reach`` is a change."""
    points = []
    for at, (value, before) in enumerate(pairs):
        difference = None if value is None or before is None else value - before
        if difference is None or reach is None:
            variation = Variation.NOT_ASSESSED
        elif abs(difference) <= reach:
            variation = Variation.COMMON
        else:
            variation = Variation.IMPROVEMENT_HIGH if difference > 0 else Variation.CONCERN_LOW
        points.append(YearOnYearPoint(FIRST + at, value, before, difference, variation))
    found = YearOnYear(tuple(points), 24, reach)
    return year_chart(indicator(**changes), "A trust", found, SHIPPED["nhs-england"], key=key)


def _pairs(shift: float = 0.0) -> list[Pair]:
    season = [70.0, 58, 71, 69, 72, 66, 67, 70, 71, 60, 70, 73]
    return [(it + shift + at % 3, it) for at, it in enumerate(season)]


YEARS: Mapping[str, Callable[[], YearOnYearChart]] = {
    "plain": lambda: year(_pairs(), 5.0, "plain"),
    "better and worse": lambda: year(
        [*_pairs(8)[:6], *((a - 9 if a else None, b) for a, b in _pairs()[6:])], 5.0, "changed"
    ),
    "gaps": lambda: year([(None, 70), *_pairs()[1:5], (66, None), (None, None), *_pairs()[7:]], 5.0, "gaps"),
    "no limits": lambda: year(_pairs(), None, "unlimited"),
    "all the same": lambda: year([(50.0, 50.0)] * 12, None, "same"),
    "large counts": lambda: year(
        [(1_234_567.0 + 9_000 * at, 1_200_000.0) for at in range(12)],
        40_000.0,
        "large",
        measured_in="contacts",
        bounds={"least": 0},
    ),
    "a quarter at a time": lambda: year([(50, 52), (60, 55), (58, 57), (49, 50)], 4.0, "quarters"),
    "pounds": lambda: year(
        [(2.5e6 + 1e5 * at, 2.4e6) for at in range(12)],
        5e5,
        "pounds",
        measured_in="pounds",
        bounds={"least": 0},
    ),
    "nothing known": lambda: year([(None, None)] * 12, None, "unknown"),
}
