"""The year to date: a financial year's figures added up, where adding them up means something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trigpoint.analysis.finding import Finding
from trigpoint.definitions.indicator import Indicator
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month

APRIL = 4
"""The month that the financial year starts with."""


@dataclass(frozen=True, slots=True)
class YearToDate:
    """A figure over the months ``first`` to ``last``. Of the ``due`` figures in them ``present`` are there.

    ``value`` is the sum of their numerators over the sum of their denominators, in the indicator's
    own measure; it is None where one of them is missing, or where no one was due in any of them.
    """

    first: Month
    last: Month
    due: int
    present: int
    numerator: float
    denominator: float | None
    value: float | None


def year_to_date(indicator: Indicator, months: Sequence[Finding], *, at_home: bool) -> YearToDate | None:
    """The year up to the last of a row's months; None where its figures cannot be added up.

    A position at one moment, a rolling figure, a median and a figure taken as it came cannot. The
    sum starts in April, or later with the indicator itself or with a break in its definition; a
    figure whose period began before is left out. Months in which the unit had no part in what is
    measured are not due; one in which no one was due adds nothing.
    """
    last = months[-1].month
    measure = indicator.measure(last, at_home=at_home)
    if indicator.basis != "flow" or measure is None or not measure.additive:
        return None
    april = _april(last)
    first = max([april, indicator.first, *(v.from_ for v in indicator.breaks() if v.from_ <= last)])
    held = {finding.month: finding for finding in months}
    due = [
        month
        for month in first.through(last)
        if indicator.expected(month)
        and measure.months(month)[0] >= april
        and (month not in held or held[month].state not in (State.NOT_APPLICABLE, State.NOT_DUE))
    ]
    if not due:
        return None
    there = [held[month] for month in due if month in held and _adds(held[month], ratio=measure.ratio)]
    scale = indicator.scale(measure) if measure.ratio else 1.0
    begins = measure.months(due[0])[0]
    return _summed(begins, last, len(due), there, scale if measure.ratio else None)


def _summed(first: Month, last: Month, due: int, there: Sequence[Finding], scale: float | None) -> YearToDate:
    """``scale`` is None for a figure without a denominator."""
    numerator = _total(finding.numerator for finding in there)
    denominator = None if scale is None else _total(finding.denominator for finding in there)
    value: float | None = None
    if len(there) == due and scale is None:
        value = numerator
    elif len(there) == due and scale is not None and denominator:
        value = numerator / denominator * scale
    return YearToDate(first, last, due, len(there), numerator, denominator, value)


def _adds(finding: Finding, *, ratio: bool) -> bool:
    """Whether a figure can be added: it is there with its parts, or there was nothing to count."""
    if finding.state is State.NO_DENOMINATOR:
        return True
    return (
        finding.state is State.VALUE
        and finding.numerator is not None
        and (not ratio or finding.denominator is not None)
    )


def _total(parts: Iterable[float | None]) -> float:
    return sum(part for part in parts if part is not None)


def _april(month: Month) -> Month:
    return Month(month.year if month.number >= APRIL else month.year - 1, APRIL)
