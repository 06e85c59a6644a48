"""What a reader should know of a chart, in plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from trigpoint.analysis.caution import Caution
from trigpoint.analysis.finding import Series
from trigpoint.definitions.indicator import Indicator
from trigpoint.scorecards.figures import PER_CENT, Figures

ALIKE = "Months that follow each other are alike here, which makes runs by chance."
"""Said of a chart, and again where a run is the reason for a proposal."""


def cautions(indicator: Indicator, series: Series) -> tuple[str, ...]:
    """A sentence or two for each caution that the series calls for."""
    return tuple(_SENTENCES[caution](indicator, series) for caution in series.cautions.noted)


def amount(number: float) -> str:
    """A mean number of people or events: ``0.4``, ``7.5``, ``12``."""
    return f"{number:,.1f}".removesuffix(".0") if number < 10 else f"{number:,.0f}"


def _missing_last(indicator: Indicator, series: Series) -> str:
    known = (point.month for point in reversed(series.points) if point.value is not None)
    last = next(known, series.points[0].month)
    if series.cautions.absent == 1:
        return f"No figure for {series.points[-1].month.words}: the limits are those of {last.words}."
    return f"No figure after {last.words}, and the limits are those of then."


def _trial(indicator: Indicator, series: Series) -> str:
    points = series.cautions.points
    full = series.points[-1].month + (series.cautions.full_points - points) * indicator.every
    return f"Trial limits: {points} figures. Judge again in {full.words}."


def _gaps(indicator: Indicator, series: Series) -> str:
    missing, months = series.cautions.missing, series.cautions.months
    lack = "has" if missing == 1 else "have"
    times = "months" if indicator.every == 1 else "figures due"
    return f"{missing} of {months} {times} {lack} no figure. A run ends at each gap, so change shows later."


def _rare(indicator: Indicator, series: Series) -> str:
    held = series.cautions
    rarer = amount(held.rarer or 0.0)
    few = "With so few, single cases look like change"
    if held.denominator is None:
        more = "; the time between them says more" if indicator.basis == "flow" else ""
        return f"About {rarer} {indicator.measured_in} a month. {few}{more}."
    if indicator.measured_in == PER_CENT:
        out_of = f"Out of {amount(held.denominator)} a month on average"
        return f"{out_of}, of which about {rarer} are the exception. {few}."
    return f"About {rarer} are counted a month. {few}; the time between them says more."


def _small(indicator: Indicator, series: Series) -> str:
    out_of = series.cautions.denominator or 1.0
    step = Figures.of(indicator).apart(indicator.scale(indicator.versions[-1].measure) / out_of)
    return f"Out of {amount(out_of)} a month on average: a single one moves the figure by {step}."


def _mixed(indicator: Indicator, series: Series) -> str:
    least, most = series.cautions.least_denominator or 0.0, series.cautions.most_denominator or 0.0
    return (
        f"Out of {amount(least)} in one month and {amount(most)} in another. "
        "Months with few stray further by chance than these limits allow."
    )


def _seasonal(indicator: Indicator, series: Series) -> str:
    share = round((series.cautions.season_share or 0.0) * 10) * 10
    return f"The time of year explains about {share}% of the ups and downs. Compare with the year before."


def _alike(indicator: Indicator, series: Series) -> str:
    return f"{ALIKE} Take a run, or a figure just outside, for less than it seems."


def _lower(indicator: Indicator, series: Series) -> str:
    return _beyond(indicator, series.cautions.lower, indicator.bounds.least, "lower", "below")


def _upper(indicator: Indicator, series: Series) -> str:
    return _beyond(indicator, series.cautions.upper, indicator.bounds.most, "upper", "above")


def _beyond(indicator: Indicator, limit: float | None, bound: float | None, which: str, way: str) -> str:
    figures = Figures.of(indicator)
    lies = replace(figures, least=None, most=None).limit(limit or 0.0)
    reached = figures.required(bound or 0.0)
    return f"The {which} limit, {lies}, is {way} the {reached} that can be reached: no figure can pass it."


_SENTENCES: Mapping[Caution, Callable[[Indicator, Series], str]] = {
    Caution.MISSING_LAST: _missing_last,
    Caution.TRIAL_LIMITS: _trial,
    Caution.GAPS: _gaps,
    Caution.RARE_EVENTS: _rare,
    Caution.SMALL_DENOMINATORS: _small,
    Caution.MIXED_DENOMINATORS: _mixed,
    Caution.SEASONAL: _seasonal,
    Caution.AUTOCORRELATED: _alike,
    Caution.LOWER_LIMIT_OUT_OF_REACH: _lower,
    Caution.UPPER_LIMIT_OUT_OF_REACH: _upper,
}
