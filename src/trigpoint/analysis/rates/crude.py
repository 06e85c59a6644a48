"""Figures of one group at a time, each with its interval: proportions, crude rates and means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trigpoint.analysis import arguments
from trigpoint.analysis.arrays import Floats, Ints
from trigpoint.analysis.rates.intervals import exact_or_byar, few, student, wilson
from trigpoint.analysis.rates.labels import Labels, Names
from trigpoint.analysis.rates.status import RateStatus, Words, sentences, status_of


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Figures, each with its interval and the method that gave it, in the shape of what was given.

    ``method`` is ``wilson``, ``exact`` or ``byar``.
    """

    value: Floats
    lower: Floats
    upper: Floats
    method: Words


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """The mean of each group's figures, [groups], in the order in which the groups first appear.

    ``deviation`` is the standard deviation of the figures, with n - 1. It and the limits are NaN where
    ``status`` says ``too_few_figures``.
    """

    group: Names
    count: Ints
    value: Floats
    deviation: Floats
    lower: Floats
    upper: Floats
    status: Words

    @property
    def sentence(self) -> Words:
        return sentences(self.status)


def proportion(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, per: float = 1.0, confidence: float = 0.95
) -> Estimate:
    """Shares, ``per`` times numerator over denominator, with Wilson's interval.

    Raises ValueError for what ``wilson`` would refuse.
    """
    part, size = arguments.proportion("numerator", numerator, "denominator", denominator)
    by = arguments.positive("per", per)
    low, high = wilson(part, size, confidence)
    method = np.full(part.shape, "wilson")
    return Estimate(by * np.minimum(part / size, 1.0), by * low, by * high, method)


def rate(
    events: npt.ArrayLike, population: npt.ArrayLike, per: float = 100_000, confidence: float = 0.95
) -> Estimate:
    """Crude rates: events ``per`` so many of the population, or of the time at risk.

    Limits are exact below 10 events and Byar's from there on, as in PHE's technical guidance. Raises
    ValueError for what is text, negative, infinite or missing, and for a population of nobody.
    """
    return _of_events("events", events, "population", population, per, confidence)


def standardised_ratio(
    observed: npt.ArrayLike, expected: npt.ArrayLike, per: float = 100, confidence: float = 0.95
) -> Estimate:
    """Events observed over events expected, times ``per``: indirectly standardised ratios, such as an SMR.

    Expected numbers are taken as known without error. Limits are exact below 10 events and Byar's from
    there on. Raises ValueError for what ``rate`` would refuse, and where nothing was expected.
    """
    return _of_events("observed", observed, "expected", expected, per, confidence)


def mean(figures: npt.ArrayLike, group: Iterable[object] | None = None, confidence: float = 0.95) -> Means:
    """The mean of each group's figures with its t interval; without ``group``, of all of them together.

    Raises ValueError for a figure that is text, infinite or missing, and for columns of unequal length.
    """
    column = arguments.finite(figures=figures)["figures"]
    arguments.alike(figures=column)
    groups = Labels.of("group", ["all"] * column.size if group is None else group)
    arguments.alike(figures=column, group=groups.code)
    count = np.bincount(groups.code, minlength=len(groups))
    value = groups.total(column) / count
    several = np.maximum(count, 2)
    deviation = np.sqrt(groups.total((column - value[groups.code]) ** 2) / (several - 1))
    low, high = student(value, deviation, several, confidence)
    deviation, low, high = (np.where(count < 2, np.nan, it) for it in (deviation, low, high))
    status = status_of((count < 2, RateStatus.TOO_FEW_FIGURES))
    return Means(groups.names, count, value, deviation, low, high, status)


def _of_events(
    top: str, events: npt.ArrayLike, bottom: str, size: npt.ArrayLike, per: float, confidence: float
) -> Estimate:
    count, whole = arguments.ratio(top, events, bottom, size)
    by = arguments.positive("per", per)
    value, low, high = (by * it / whole for it in (count, *exact_or_byar(count, confidence)))
    return Estimate(value, low, high, np.where(few(count), "exact", "byar"))
