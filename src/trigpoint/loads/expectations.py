"""What is expected of a delivery, gathered from the catalogue and from what the caller knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pyarrow as pa

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import Measure
from trigpoint.definitions.settings import Calendar
from trigpoint.terms.period import Month


@dataclass(frozen=True, slots=True)
class Reach:
    """What one published figure can be."""

    item: str
    least: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measure of two parts in one delivery. In a proportion the numerator is part of the denominator."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    per: float
    proportion: bool
    least: float | None
    most: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Expectations:
    """What a delivery is held against. Left out, a part is not checked.

    ``units`` are all that are known, ``closed`` those that have closed, with the last month of each;
    ``due`` gives, for each unit that should report, the months
    (first and last) in which it is open. ``month`` is the one the delivery is said to hold;
    ``first`` and ``last`` bound the months it should hold, but for those ``held`` from before.
    ``received`` is the day of delivery; local times are those of the clocks of ``zone``.
    ``plausible`` has the columns item, unit, cut (string), months (int: the window's length), low
    and high (float64).
    """

    units: frozenset[str] | None = None
    closed: Mapping[str, Month] = field(default_factory=dict)
    due: Mapping[str, tuple[tuple[Month, Month], ...]] = field(default_factory=dict)
    month: Month | None = None
    first: Month | None = None
    last: Month | None = None
    held: frozenset[Month] = frozenset()
    reaches: tuple[Reach, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    plausible: pa.Table | None = None
    received: dt.date | None = None
    calendar: Calendar = field(default_factory=Calendar)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))


def expect(
    catalogue: Catalogue,
    code: str,
    month: Month | None = None,
    received: dt.date | None = None,
    plausible: pa.Table | None = None,
    held: Iterable[Month] = (),
) -> Expectations:
    """What the catalogue expects of a source's delivery. Raises NotFound where there is no such source."""
    expects = catalogue.source(code).expects
    measures = list(_measures(catalogue, code))
    return Expectations(
        units=frozenset(catalogue.organisation.units),
        closed={
            unit: Month.of(spells[-1].to)
            for unit, spells in catalogue.organisation.units.items()
            if spells[-1].to < _LAST_DAY
        },
        due=_due(catalogue, code),
        month=month,
        first=expects.from_,
        last=expects.to,
        held=frozenset(held),
        reaches=tuple(dict.fromkeys(_reaches(measures))),
        ratios=tuple(dict.fromkeys(_ratios(measures))),
        plausible=plausible,
        received=received,
        calendar=catalogue.settings.calendar,
        zone=catalogue.settings.zone,
    )


def _due(catalogue: Catalogue, code: str) -> dict[str, tuple[tuple[Month, Month], ...]]:
    """The units that the source expects, each with the months in which it was open at the level expected."""
    expects = catalogue.source(code).expects
    named = set(expects.units)
    return {
        unit: spans
        for unit, spells in catalogue.organisation.units.items()
        if (
            spans := tuple(
                (Month.of(max(spell.from_, _FIRST_DAY)), Month.of(min(spell.to, _LAST_DAY)))
                for spell in spells
                if unit in named or spell.level == expects.level
            )
        )
    }


_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
"""The days that months are bounded by; a spell without an end runs to ``date.max``."""


def _measures(catalogue: Catalogue, code: str) -> Iterator[tuple[Indicator, Measure]]:
    for indicator in catalogue.indicators.values():
        for version in indicator.versions:
            for measure in (version.measure, version.elsewhere):
                if isinstance(measure, Measure) and measure.source == code:
                    yield indicator, measure


def _reaches(measures: list[tuple[Indicator, Measure]]) -> Iterator[Reach]:
    """Bounds of the figures that are an indicator's value by themselves."""
    for indicator, measure in measures:
        bounds = indicator.bounds
        alone = measure.value or (measure.count[0] if measure.count and len(measure.count) == 1 else None)
        if alone and (bounds.least is not None or bounds.most is not None):
            yield Reach(alone, bounds.least, bounds.most)


def _ratios(measures: list[tuple[Indicator, Measure]]) -> Iterator[Ratio]:
    """A percentage is a proportion, unless its bounds say that it may pass 100."""
    for indicator, measure in measures:
        if measure.numerator and measure.denominator:
            per, bounds = indicator.scale(measure), indicator.bounds
            whole = indicator.measured_in == "per cent" and (bounds.most is None or bounds.most <= per)
            yield Ratio(measure.numerator, measure.denominator, per, whole, bounds.least, bounds.most)
