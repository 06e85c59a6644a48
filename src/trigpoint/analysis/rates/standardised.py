"""Rates made comparable between areas whose people differ in age, sex or the like: many areas at once.

The tables are long: a row for each area and band (of age, of age and sex), in any order, as columns of
equal length. Area and band are text or numbers. Answers are in the order in which areas first appear.
An area that cannot be answered has NaN, a ``status`` and a ``sentence``; the others are answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arguments import numbers, positive, refuse
from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.rates.crude import standardised_ratio
from trigpoint.analysis.rates.intervals import byar, few
from trigpoint.analysis.rates.labels import Cells, Names, by_band, keyed
from trigpoint.analysis.rates.status import RateStatus, Words, sentences, status_of

PER = 100_000
"""A rate is of so many people, unless it is said otherwise."""
RATIO_PER = 100
"""A standardised ratio is 100 where as many events happened as were to be expected."""
EUROPEAN_2013: Mapping[str, int] = MappingProxyType(
    {
        "0-4": 5000, "5-9": 5500, "10-14": 5500, "15-19": 5500, "20-24": 6000, "25-29": 6000, "30-34": 6500,
        "35-39": 7000, "40-44": 7000, "45-49": 7000, "50-54": 7000, "55-59": 6500, "60-64": 6000,
        "65-69": 5500, "70-74": 5000, "75-79": 4000, "80-84": 2500, "85-89": 1500, "90+": 1000,
    }
)  # fmt: skip
"""The European Standard Population of 2013 (Eurostat 2013, Revision of the European Standard Population)."""


@dataclass(frozen=True, slots=True, eq=False)
class DirectRates:
    """Directly standardised rates, [areas]. Rate and limits are NaN where ``status`` is not ``given``.

    ``events`` and ``population`` are the area's totals.
    """

    area: Names
    events: Floats
    population: Floats
    value: Floats
    lower: Floats
    upper: Floats
    status: Words

    @property
    def sentence(self) -> Words:
        return sentences(self.status)


@dataclass(frozen=True, slots=True, eq=False)
class IndirectRates:
    """Indirectly standardised ratios and rates, [areas]; NaN where ``status`` is not ``given``.

    ``expected`` is what the reference's rates would give the area's people. ``ratio`` is observed over
    expected, times 100; ``value`` is the ratio times the reference's crude rate. ``method`` says which
    limits both have: ``exact`` or ``byar``.
    """

    area: Names
    observed: Floats
    expected: Floats
    ratio: Floats
    ratio_lower: Floats
    ratio_upper: Floats
    value: Floats
    lower: Floats
    upper: Floats
    method: Words
    status: Words

    @property
    def sentence(self) -> Words:
        return sentences(self.status)


def directly_standardised(
    area: Iterable[object],
    band: Iterable[object],
    events: npt.ArrayLike,
    population: npt.ArrayLike,
    standard: Mapping[Any, float],
    per: float = PER,
    confidence: float = 0.95,
) -> DirectRates:
    """The rates that areas would have if their people were those of a standard population.

    ``standard`` has the standard population of each band, such as ``EUROPEAN_2013``. Limits are Byar's,
    carried over to the weighted sum (Dobson and others 1991, Statistics in Medicine 10:457-462), and not
    below 0. Fewer than 10 events in an area give no rate. Raises ValueError for columns of unequal
    length, for what is text, negative, infinite or missing, for a band that ``standard`` has not, and
    for one that an area has twice.
    """
    keyed("standard", standard)
    column = numbers(events=events, population=population)
    cells = Cells.of(area, band, standard, **column)
    cells.once(cells.first())
    return _direct(cells, column["events"], np.ones(1), column["population"], standard, per, confidence)


def directly_standardised_repeats(
    area: Iterable[object],
    band: Iterable[object],
    people: npt.ArrayLike,
    frequency: npt.ArrayLike,
    population: npt.ArrayLike,
    standard: Mapping[Any, float],
    per: float = PER,
    confidence: float = 0.95,
) -> DirectRates:
    """The same where people have the event again and again, such as admissions: events are not independent.

    A row says how many ``people`` of an area and band had the event ``frequency`` times; the band's
    population stands in each of its rows. The variance of the rate is the sum of those of each
    frequency, times the frequency squared (PHE technical guidance, directly standardised rates), so the
    limits are wider. Raises ValueError as ``directly_standardised`` does, for a frequency of 0, for one
    that is there twice, and for a band with two populations.
    """
    keyed("standard", standard)
    column = numbers(people=people, frequency=frequency, population=population)
    cells = Cells.of(area, band, standard, **column)
    often, which = np.unique(positive("frequency", column["frequency"]), return_inverse=True)
    cells.once(cells.first(which, len(often)))
    first = column["population"][cells.first()]
    refuse(
        column["population"] != first, "population", column["population"], "not that of the band's first row"
    )
    return _direct(
        cells, column["people"], column["frequency"], column["population"], standard, per, confidence
    )


def indirectly_standardised(
    area: Iterable[object],
    band: Iterable[object],
    events: npt.ArrayLike,
    population: npt.ArrayLike,
    reference: Mapping[Any, tuple[float, float]],
    per: float = PER,
    confidence: float = 0.95,
) -> IndirectRates:
    """Events observed over those that a reference population's rates would give: ratios and rates.

    ``reference`` has the events and the population of each band. Limits are exact below 10 events and
    Byar's from there on; the reference is taken as known without error. A band may hold nobody. Raises
    ValueError as ``directly_standardised`` does, and for a reference band that holds nobody.
    """
    keyed("reference", reference)
    column = numbers(events=events, population=population)
    cells = Cells.of(area, band, reference, **column)
    cells.once(cells.first())
    cases, people = _reference(reference)
    observed = cells.area.total(column["events"])
    expected = cells.area.total((cases / people)[cells.band] * column["population"])
    status = status_of(
        (cells.missing(), RateStatus.BAND_MISSING), (expected == 0, RateStatus.NOTHING_EXPECTED)
    )
    given = status == RateStatus.GIVEN
    ratio = standardised_ratio(observed, np.where(given, expected, 1.0), RATIO_PER, confidence)
    value, low, high = (np.where(given, line, np.nan) for line in (ratio.value, ratio.lower, ratio.upper))
    by = positive("per", per) / RATIO_PER * cases.sum() / people.sum()
    return IndirectRates(
        cells.area.names,
        observed,
        expected,
        value,
        low,
        high,
        by * value,
        by * low,
        by * high,
        np.where(given, ratio.method, ""),
        status,
    )


def _direct(
    cells: Cells,
    people: Floats,
    frequency: Floats,
    population: Floats,
    standard: Mapping[Any, float],
    per: float,
    confidence: float,
) -> DirectRates:
    weights, by = by_band("standard", standard), positive("per", per)
    if not weights.sum() > 0:
        raise ValueError("standard adds up to 0: it has to have people in its bands")
    weight, empty = (weights / weights.sum())[cells.band], population == 0
    each = frequency * np.where(empty, 0.0, weight / np.where(empty, 1.0, population))
    events = cells.area.total(frequency * people)
    rate, variance = cells.area.total(each * people), cells.area.total(each**2 * people)
    status = status_of(
        (cells.missing(), RateStatus.BAND_MISSING),
        (cells.area.has(empty & (weight > 0)), RateStatus.BAND_EMPTY),
        (few(events), RateStatus.TOO_FEW_EVENTS),
    )
    given = status == RateStatus.GIVEN
    stretch = np.sqrt(variance / np.where(given, events, 1.0))
    low, high = (rate + stretch * (limit - events) for limit in byar(events, confidence))
    value, low, high = (np.where(given, by * it, np.nan) for it in (rate, np.maximum(low, 0.0), high))
    living = cells.area.total(population * (cells.first() == np.arange(len(people))))
    return DirectRates(cells.area.names, events, living, value, low, high, status)


def _reference(reference: Mapping[Any, tuple[float, float]]) -> tuple[Floats, Floats]:
    """The events and the population of each band, [bands]."""
    for label, pair in reference.items():
        if np.shape(pair) != (2,):
            raise ValueError(f"reference[{label!r}] is {pair!r}, not a pair: events and population")
    cases = by_band("reference events", {band: pair[0] for band, pair in reference.items()})
    people = by_band("reference population", {band: pair[1] for band, pair in reference.items()})
    for label, holds in zip(reference, people, strict=True):
        positive(f"reference population[{label!r}]", holds)
    return cases, people
