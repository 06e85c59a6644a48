"""From a seasonal series to the picture of its last year beside the year before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from trigpoint.analysis.finding import Variation
from trigpoint.analysis.past.year_on_year import YearOnYear, YearOnYearPoint
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.profile import RuleProfile
from trigpoint.publish.charts.scale import scale_of
from trigpoint.publish.compose.chart import axis_of, shape_of
from trigpoint.publish.compose.row import NOTHING
from trigpoint.publish.mark import Table
from trigpoint.publish.words import VARIATION
from trigpoint.publish.year import YearMonth, YearOnYearChart
from trigpoint.scorecards.figures import Figures


def year_chart(
    indicator: Indicator, unit: str, found: YearOnYear, profile: RuleProfile, *, key: str
) -> YearOnYearChart:
    """``unit`` is the unit's name; ``key`` is unique on its page."""
    figures, last = Figures.of(indicator), found.points[-1]
    return YearOnYearChart(
        key=f"{key}-year",
        title=f"{indicator.title}, {unit}, the year to {last.month.words} beside the year before",
        description=_latest(figures, last),
        months=tuple(
            YearMonth(it.month, it.value, it.before, it.difference, shape_of(it.variation))
            for it in found.points
        ),
        reach=found.reach,
        axis=replace(axis_of(indicator), from_zero=False),
        year=f"Year to {last.month.words}",
        year_before="Year before",
        ticks=_ticks(figures, found),
        words=tuple(_words(indicator, found, profile)),
        table=_table(figures, found),
    )


def _latest(figures: Figures, last: YearOnYearPoint) -> str:
    """The latest difference, and whether chance could explain it."""
    month, before = last.month.words, (last.month - 12).words
    if last.difference is None or last.value is None:
        return f"{month} and {before} cannot be compared."
    high = "higher" if last.difference > 0 else "lower"
    by = f"{figures.apart(last.difference)} {high} than" if last.difference else "the same as"
    said = f"{month}: {figures.named(last.value)}, {by} in {before}"
    if last.variation is Variation.NOT_ASSESSED:
        return f"{said}."
    if last.variation is Variation.COMMON:
        return f"{said}. Chance could explain that."
    return f"{said}: more than chance alone explains."


def _words(indicator: Indicator, found: YearOnYear, profile: RuleProfile) -> Iterator[str]:
    """What stands under the picture."""
    figures, axis = Figures.of(indicator), axis_of(indicator)
    yield _latest(figures, found.points[-1])
    if found.reach is None:
        yield f"{found.differences} differences are too few for limits."
    else:
        reach = f"± {figures.apart(found.reach)} about zero, {profile.limit:g} × the mean moving range"
        yield f"Limits of a difference: {reach} of {found.differences} of them."
        yield "A change shows for a year, and then is gone."
    shown = [it for point in found.points for it in (point.value, point.before) if it is not None]
    if axis.from_zero and shown and scale_of(shown, replace(axis, from_zero=False)).low > 0:
        yield "The value axis does not start at zero."


def _ticks(figures: Figures, found: YearOnYear) -> tuple[tuple[float, str], ...]:
    differences = [abs(it.difference) for it in found.points if it.difference is not None]
    reach = found.reach or max(differences, default=0.0)
    if not reach:
        return ((0.0, "0"),)
    return ((reach, figures.change(reach)), (0.0, "0"), (-reach, figures.change(-reach)))


def _table(figures: Figures, found: YearOnYear) -> Table:
    """The months, the latest first."""

    def cell(value: float | None) -> str:
        return NOTHING if value is None else figures.short(value)

    return Table(
        caption="Each month beside the year before",
        head=("Month", "Value", "A year before", "Difference", "Change"),
        rows=tuple(
            (
                it.month.short,
                cell(it.value),
                cell(it.before),
                NOTHING if it.difference is None else figures.change(it.difference),
                VARIATION[it.variation],
            )
            for it in reversed(found.points)
        ),
        numeric=frozenset({1, 2, 3}),
    )
